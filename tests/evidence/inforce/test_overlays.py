"""Which manifests the kustomizations of a tree apply, and what production changes in them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.kubernetes import Kubernetes

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  template: {spec: {containers: [{name: web}]}}
"""
NONE = WEB.replace("replicas: 2", "replicas: 0")
BASE = {"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": WEB}
EMPTY = {"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": NONE}
PATCH = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"


def read(files: Mapping[str, str]) -> Kubernetes:
    fact = facts_of(files)[Kubernetes]
    assert isinstance(fact, Kubernetes)
    return fact


def kept(files: Mapping[str, str]) -> list[str]:
    return [r.path for r in read(files).resources if r.kind != "Kustomization" and r.kind != "Component"]


def reasons(files: Mapping[str, str]) -> list[str]:
    fact = read(files)
    assert all(aside.void for aside in fact.aside)
    return [aside.reason for aside in fact.aside]


class TestListed:
    @pytest.mark.parametrize(
        "kustomization",
        [
            "resources: [web.yaml]\n",
            "resources: [./web.yaml]\n",
            "bases: [web.yaml]\n",
            "resources: [other]\ncrds: [web.yaml]\n",
            "resources: [other]\npatches: [{path: web.yaml}]\n",
            "resources: [other]\ntransformers: [web.yaml]\n",
            "resources: [other]\nconfigMapGenerator: [{name: a, files: [key=web.yaml]}]\n",
            "namePrefix: a-\n",
            "resources: []\n",
            "resources: 3\n",
        ],
    )
    def test_named(self, kustomization):
        """
        What a kustomization names for whatever purpose, and what lies beside one that builds nothing, is not left out.
        """
        assert [] == reasons({"k8s/web.yaml": WEB, "k8s/kustomization.yaml": kustomization})

    def test_not_named(self):
        """
        What lies beside a kustomization that builds other things is applied by nobody.
        """
        files = {
            "k8s/web.yaml": WEB,
            "k8s/kustomization.yaml": "resources: [api.yaml] # web.yaml\n",
            "k8s/api.yaml": WEB.replace("web", "api"),
            "k8s/more/job.yaml": WEB.replace("web", "job"),
        }

        assert ["is listed by no kustomization, and its folder has one"] == reasons(files)
        assert ["k8s/api.yaml", "k8s/more/job.yaml"] == kept(files)

    def test_named_from_elsewhere(self):
        """
        A kustomization of another folder may name it.
        """
        files = {
            "k8s/web.yaml": WEB,
            "k8s/kustomization.yaml": "resources: [api.yaml]\n",
            "prod/kustomization.yaml": "resources: [../k8s/web.yaml]\n",
        }

        assert [] == reasons(files)


class TestMentioned:
    LEFT_OUT = {
        "deploy/k8s/web.yaml": WEB,
        "deploy/k8s/kustomization.yaml": "resources: [api.yaml]\n",
        "deploy/k8s/api.yaml": WEB.replace("web", "api"),
    }

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            (".github/workflows/d.yml", "jobs: {a: {steps: [{run: kubectl apply -f deploy/k8s/web.yaml}]}}\n"),
            (
                ".github/workflows/d.yml",
                "jobs: {a: {steps: [{run: kubectl -n shop apply --filename=./deploy/k8s/}]}}\n",
            ),
            ("Makefile", "deploy:\n\tcd deploy && kubectl create -f k8s/web.yaml\n"),
            ("deploy/up.sh", "kubectl apply --wait -f k8s/api.yaml -f k8s/web.yaml\n"),
            ("deploy/skaffold.yaml", "apiVersion: skaffold/v4\nkind: Config\nmanifests: {rawYaml: [./k8s/web.yaml]}\n"),
            ("skaffold.yaml", "kind: Config\ndeploy: {kubectl: {manifests: [deploy/k8s/web.yaml]}}\n"),
        ],
    )
    def test_applied_by_name(self, path, text):
        """
        What no kustomization lists and a pipeline, a script or a tool applies is in force.
        """
        assert [] == reasons({**self.LEFT_OUT, path: text})

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            (".github/workflows/d.yml", "jobs: {a: {steps: [{run: kubectl apply -k deploy/k8s}]}}\n"),
            (".github/workflows/d.yml", "jobs: {a: {steps: [{run: kubectl delete -f deploy/k8s/web.yaml}]}}\n"),
            ("deploy/up.sh", "kubectl apply -f k8s/api.yaml\n"),
            ("README.md", "kubectl apply -f deploy/k8s/web.yaml\n"),
            ("skaffold.yaml", "manifests: [\n"),
            ("skaffold.yaml", "manifests: {kustomize: {paths: [deploy/k8s]}}\n"),
        ],
    )
    def test_not_applied_by_name(self, path, text):
        """
        To build the kustomization, to take away, and to write about it is another matter.
        """
        assert ["is listed by no kustomization, and its folder has one"] == reasons({**self.LEFT_OUT, path: text})


class TestComponents:
    def test_not_named(self):
        """
        A component that nobody names is an offer.
        """
        files = {
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": WEB,
            "more/kustomization.yaml": "kind: Component\nresources: [policy.yaml]\n",
            "more/policy.yaml": WEB.replace("web", "policy"),
        }

        assert ["is in a component that no kustomization names"] == reasons(files)
        assert [] == reasons({**files, "base/kustomization.yaml": "resources: [web.yaml]\ncomponents: [../more]\n"})

    def test_named_by_flux(self):
        """
        What Flux is told to add counts as named.
        """
        files = {
            "more/kustomization.yaml": "kind: Component\nresources: [policy.yaml]\n",
            "more/policy.yaml": WEB.replace("web", "policy"),
            "flux/web.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\n"
            "spec: {path: ./apps/web, components: [../../more]}\n",
        }

        assert [] == reasons(files)
        assert ["is in a component that no kustomization names"] == reasons(
            {**files, "flux/web.yaml": files["flux/web.yaml"].replace("../../more", "../../less")}
        )


class TestStages:
    def test_production_leaves_it_out(self):
        """
        What only an overlay for development applies is not in production.
        """
        files = {
            **BASE,
            "extra/kustomization.yaml": "namePrefix: extra-\nresources: [tools.yaml]\n",
            "extra/tools.yaml": WEB.replace("web", "tools"),
            "overlays/dev/kustomization.yaml": "resources: [../../base, ../../extra, mail.yaml]\n",
            "overlays/dev/mail.yaml": WEB.replace("web", "mail"),
            "overlays/prod/kustomization.yaml": "resources: [../../base]\n",
        }

        assert {"is applied by overlays/dev alone, which is not production"} == set(reasons(files))
        assert ["base/web.yaml"] == kept(files)

    def test_without_production(self):
        """
        Where no overlay is for production a base stands for itself, and what a folder for development adds does not.
        """
        files = {
            **BASE,
            "overlays/dev/kustomization.yaml": "resources: [../../base, mail.yaml]\n",
            "overlays/dev/mail.yaml": WEB.replace("web", "mail"),
        }

        assert ["base/web.yaml"] == kept(files)

    def test_overlays_beside_each_other(self):
        """
        What both stages apply, and what only production does, is in force.
        """
        files = {
            **BASE,
            "overlays/dev/kustomization.yaml": "resources: [../../base]\n",
            "overlays/production/kustomization.yaml": "resources: [../../base, hpa.yaml]\n",
            "overlays/production/hpa.yaml": WEB.replace("web", "hpa"),
        }

        assert ["base/web.yaml", "overlays/production/hpa.yaml"] == kept(files)


class TestCounts:
    @pytest.mark.parametrize(
        "kustomization",
        [
            "resources: [../base]\nreplicas: [{name: web, count: 0}]\n",
            f"resources: [../base]\npatches:\n- patch: |-\n{''.join('    ' + line for line in PATCH.splitlines(True))}"
            "    spec: {replicas: 0}\n",
            "resources: [../base]\npatches:\n- target: {kind: Deployment, name: web}\n"
            "  patch: '[{op: replace, path: /spec/replicas, value: 0}]'\n",
            "resources: [../base]\npatchesJson6902:\n- target: {kind: Deployment, name: web}\n"
            "  patch: '[{op: add, path: /spec/replicas, value: 0}]'\n",
        ],
    )
    def test_production_runs_none(self, kustomization):
        """
        A count of none that production lays over a base decides, however it is written; that of a test does not.
        """
        assert ["runs no replica, by prod/kustomization.yaml"] == reasons(
            {**BASE, "prod/kustomization.yaml": kustomization}
        )
        assert ["base/web.yaml"] == kept(
            {**BASE, "prod/kustomization.yaml": "resources: [../base]\n", "test/kustomization.yaml": kustomization}
        )

    @pytest.mark.parametrize(
        "kustomization",
        [
            "resources: [../base]\nreplicas: [{name: web, count: 3}]\n",
            "resources: [../base]\npatches:\n- target: {kind: Deployment, name: .*}\n"
            "  patch: '[{op: replace, path: /spec/replicas, value: 1}]'\n",
            "resources: [../base]\npatches:\n- target: {kind: Deployment}\n"
            "  patch: '[{op: remove, path: /spec/replicas}]'\n",
        ],
    )
    def test_production_runs_some(self, kustomization):
        """
        A base without replicas is in force where production gives it some.
        """
        assert ["base/web.yaml"] == kept({**EMPTY, "prod/kustomization.yaml": kustomization})

    @pytest.mark.parametrize(
        "kustomization",
        [
            "resources: [../base]\n",
            "resources: [../base]\nreplicas: [{name: api, count: 3}]\n",
            "resources: [../base]\npatches:\n- target: {kind: StatefulSet, name: web}\n"
            "  patch: '[{op: replace, path: /spec/replicas, value: 1}]'\n",
            "resources: [../base]\npatches:\n- target: {kind: Deployment, name: web}\n  patch: '[{'\n",
        ],
    )
    def test_production_changes_others(self, kustomization):
        """
        What is laid over other objects changes nothing in this one.
        """
        assert ["runs no replica"] == reasons({**EMPTY, "prod/kustomization.yaml": kustomization})

    def test_the_outermost_decides(self):
        """
        Of overlays upon overlays the last one has the last word.
        """
        middle = {**BASE, "middle/kustomization.yaml": "resources: [../base]\nreplicas: [{name: web, count: 0}]\n"}

        assert ["runs no replica, by middle/kustomization.yaml"] == reasons(
            {**middle, "prod/kustomization.yaml": "resources: [../middle]\n"}
        )
        assert [] == reasons(
            {**middle, "prod/kustomization.yaml": "resources: [../middle]\nreplicas: [{name: web, count: 1}]\n"}
        )

    def test_two_productions(self):
        """
        One production that runs it is enough.
        """
        none = "resources: [../base]\nreplicas: [{name: web, count: 0}]\n"

        assert [] == reasons(
            {**BASE, "prod-a/kustomization.yaml": none, "prod-b/kustomization.yaml": "resources: [../base]\n"}
        )
        assert ["runs no replica, by prod-a/kustomization.yaml"] == reasons(
            {**BASE, "prod-a/kustomization.yaml": none, "prod-b/kustomization.yaml": none}
        )


class TestEnds:
    @pytest.mark.parametrize(
        ("patch", "reason"),
        [
            ("    $patch: delete\n", "is deleted by prod/kustomization.yaml"),
            ("    spec: {suspend: true}\n", "is suspended by prod/kustomization.yaml"),
        ],
    )
    def test_taken_away(self, patch, reason):
        """
        What production deletes or suspends is not in production.
        """
        head = "".join("    " + line for line in PATCH.splitlines(True))
        files = {**BASE, "prod/kustomization.yaml": f"resources: [../base]\npatches:\n- patch: |-\n{head}{patch}"}

        assert [reason] == reasons(files)
        assert [] == reasons({**files, "live/kustomization.yaml": "resources: [../base]\n"})

    def test_suspended_by_an_operation(self):
        """
        A JSON patch suspends as well, and wakes.
        """
        text = (
            "resources: [../base]\npatches:\n- target: {kind: Deployment}\n"
            "  patch: '[{op: add, path: /spec/paused, value: VALUE}]'\n"
        )

        assert ["is suspended by prod/kustomization.yaml"] == reasons(
            {**BASE, "prod/kustomization.yaml": text.replace("VALUE", "true")}
        )
        assert [] == reasons({**BASE, "prod/kustomization.yaml": text.replace("VALUE", "false")})


class TestFlux:
    def test_suspended(self):
        """
        What Flux is told to leave alone is not in force, unless another object follows the folder.
        """
        follower = (
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: NAME}\n"
            "spec: {path: ./apps/web, suspend: SUSPEND}\n"
        )
        off = follower.replace("SUSPEND", "true").replace("NAME", "a")
        files = {"apps/web/a/web.yaml": WEB, "apps/api/api.yaml": WEB.replace("web", "api"), "flux/web.yaml": off}

        assert ["is in a folder of which Flux is told to leave it alone", "is suspended"] == reasons(files)
        assert ["is suspended"] == reasons(
            {**files, "flux/b.yaml": follower.replace("SUSPEND", "false").replace("NAME", "b")}
        )


class TestNamespaces:
    def test_set_by_a_kustomization(self):
        """
        The namespace that a kustomization sets is that of all that it names.
        """
        scaler = (
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\n"
            "spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: web}}\n"
        )
        files = {
            "k8s/kustomization.yaml": "namespace: shop\nresources: [web.yaml]\n",
            "k8s/web.yaml": WEB,
            "hpa/hpa.yaml": scaler.replace("name: web}\nspec", "name: web, namespace: shop}\nspec"),
        }

        assert [] == reasons(files)
        assert ["its target Deployment web is in another namespace"] == reasons(
            {**files, "k8s/kustomization.yaml": "namespace: other\nresources: [web.yaml]\n"}
        )
