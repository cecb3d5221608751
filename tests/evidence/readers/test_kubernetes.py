"""What the Kubernetes reader makes of odd, templated and malformed files."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.kubernetes import Kubernetes

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: shop/web:1
"""
CHART = "apiVersion: v2\nname: shop\nversion: 1.2.0\nappVersion: '7'\n"


def read(files: Mapping[str, str]) -> Kubernetes:
    fact = facts_of(files)[Kubernetes]
    assert isinstance(fact, Kubernetes)
    return fact


class TestPlainManifests:
    def test_several_documents(self):
        """
        Each document of a file is its own object, with its own lines.
        """
        fact = read({"k8s/a.yaml": f"{DEPLOYMENT}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"})

        assert [("Deployment", 1), ("Service", 12)] == [(r.kind, r.line) for r in fact.resources]
        assert 5 == fact.servers[0].at("spec", "replicas").line

    def test_lists_are_unfolded(self):
        """
        The items of a List are objects, also of a list in a list, and keep their lines.
        """
        text = (
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: a}\n"
            "- apiVersion: v1\n  kind: List\n  items:\n  - apiVersion: v1\n    kind: Service\n    metadata:\n"
            "      name: b\n"
        )
        fact = read({"a.yaml": text})

        assert ["a", "b"] == [r.resource for r in fact.resources]
        assert 13 == fact.resources[1].at("metadata", "name").line

    def test_malformed_is_a_problem(self):
        """
        A manifest that cannot be parsed is said, with its line.
        """
        fact = read({"k8s/a.yaml": "apiVersion: v1\nkind: Service\nmetadata: [\n"})

        assert "k8s/a.yaml" == fact.problems[0].path
        assert not fact.resources

    @pytest.mark.parametrize(
        ("text", "about"),
        [
            ("apiVersion: v1\nkind: Service\n x: y: z\n", ("Service",)),
            ("apiVersion: v1\nkind: Secret\n---\napiVersion: v1\nkind: Service\n x: y: z\n", ("Secret", "Service")),
            ("kind: Secret\napiVersion: v1\n x: y: z\n", ("Secret",)),
            ('{"apiVersion": "v1", "kind": "Secret", "x": {,}}\n', ("Secret",)),
            ("apiVersion: v1\nkind: Service\n---\napiVersion: v1\n x: y: z # kind\n", ()),
            ("apiVersion: v1\nkind: *one\n x: y: z\n", ()),
        ],
    )
    def test_malformed_is_about_the_kinds_that_it_names(self, text, about):
        """
        A file that cannot be parsed could hold what it names as kinds; where it does not name all, anything.
        """
        fact = read({"k8s/web.yaml": text})

        assert [("k8s/web.yaml", about)] == [(problem.path, problem.about) for problem in fact.problems]

    def test_other_documents_are_none(self):
        """
        Files that merely look alike are not Kubernetes, however odd they are.
        """
        fact = read(
            {
                "a.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\n",
                "b.yaml": "apiVersion: [v1]\nkind: {a: b}\n",
                "c.yaml": "- apiVersion\n- kind\n",
                "d.yaml": "apiVersion: first\nkind: Nothing\n",
                "tests/e.yaml": DEPLOYMENT,
                "examples/f.yaml": DEPLOYMENT,
                "docs/g.yaml": DEPLOYMENT,
            }
        )

        assert () == fact.resources
        assert () == fact.problems

    def test_odd_shapes(self):
        """
        Values of another shape than Kubernetes wants are no reason to stumble.
        """
        fact = read({"a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: 3\nspec: {containers: {a: 1}}\nitems: 4\n"})

        assert [] == list(fact.resources[0].containers())
        assert "" == fact.resources[0].resource

    def test_large_parts_are_cut(self):
        """
        The data of a ConfigMap and the schema of a custom resource do not swell the fact.
        """
        fact = read(
            {
                "a.yaml": f"apiVersion: v1\nkind: ConfigMap\ndata: {{a: {'x' * 50_000}}}\n",
                "b.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {a: {b: c}}\n",
            }
        )

        assert len(fact.model_dump_json()) < 6_000


class TestKustomize:
    def test_patches_are_no_objects(self):
        """
        A fragment that is laid over an object says nothing by what it lacks, so it is kept apart.
        """
        fact = read(
            {
                "base/kustomization.yaml": "resources: [web.yaml]\n",
                "base/web.yaml": DEPLOYMENT,
                "prod/kustomization.yaml": "resources: [../base]\npatches:\n- path: more.yaml\n- patch: |-\n"
                "    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n",
                "prod/more.yaml": DEPLOYMENT.replace("replicas: 2", "replicas: 5"),
            }
        )

        assert ["Kustomization", "Deployment", "Kustomization"] == [r.kind for r in fact.resources]
        assert "kustomize" == fact.servers[0].origin
        assert [("prod/kustomization.yaml", 4), ("prod/more.yaml", 1)] == [(p.path, p.line) for p in fact.patches]

    def test_odd_kustomizations(self):
        """
        Entries of the wrong shape are passed over.
        """
        fact = read({"kustomization.yaml": "resources: 3\npatches: [1, {path: 2}, {patch: '{{'}]\nnamePrefix: a\n"})

        assert ["Kustomization"] == [r.kind for r in fact.resources]


class TestHelm:
    def chart(self, template: str, values: str = "") -> Kubernetes:
        return read({"c/Chart.yaml": CHART, "c/values.yaml": values, "c/templates/web.yaml": template})

    def test_values_are_filled_in(self):
        """
        What the chart's own values say stands in the object; what they do not is open.
        """
        fact = self.chart(
            'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include "shop.fullname" . }}\n'
            '  labels:\n    {{- include "shop.labels" . | nindent 4 }}\nspec:\n'
            "  {{- if not .Values.autoscaling.enabled }}\n  replicas: {{ .Values.replicas | default 1 }}\n"
            "  {{- end }}\n"
            "  template:\n    spec:\n      {{- with .Values.affinity }}\n      affinity:\n"
            "        {{- toYaml . | nindent 8 }}\n      {{- end }}\n      containers:\n        - name: web\n"
            '          image: "{{ .Values.image }}:{{ .Chart.AppVersion }}"\n          resources:\n'
            "            {{- toYaml .Values.resources | nindent 12 }}\n          env: {{ .Values.unheard }}\n",
            "replicas: 3\nimage: shop/web\nautoscaling: {enabled: false}\naffinity: {}\n"
            "resources:\n  limits:\n    cpu: 1\n",
        )
        web = fact.servers[0]
        container = next(keys for keys, _ in web.containers())

        assert ("shop", "helm", 3, "shop/web:7") == (
            web.resource,
            web.origin,
            web.get("spec", "replicas"),
            web.get(*container, "image"),
        )
        assert {"limits": {"cpu": 1}} == web.section(*container, "resources")
        assert 21 == web.at(*container, "resources", "limits").line
        assert web.open(*web.pod, "affinity")
        assert web.open(*container, "env")
        assert not web.open(*container, "resources")
        assert not web.open(*container, "readinessProbe")

    def test_switched_off_by_default(self):
        """
        An object that the values switch off is not there; if and else are not both.
        """
        fact = self.chart(
            "{{- if .Values.hpa.enabled }}\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n"
            "  name: a\n{{- else }}\napiVersion: v1\nkind: Service\nmetadata:\n  name: b\n{{- end }}\n",
            "hpa: {enabled: false}\n",
        )

        assert ["b"] == [r.resource for r in fact.resources]

    def test_unparsable_template_is_counted(self):
        """
        A template that no YAML can be made of is left out and named, and is not a problem.
        """
        fact = self.chart("apiVersion: v1\nkind: Service\n - a: [{{ .x }}\n")

        assert ("c/templates/web.yaml",) == fact.unparsed
        assert () == fact.problems

    def test_templates_of_other_tools(self):
        """
        Braces outside a chart are taken as a template too.
        """
        fact = read({"deploy/web.yml": DEPLOYMENT.replace("2", "{{ replicas }}").replace("web}", "{{ name }}}")})

        assert () == fact.problems
        assert fact.unparsed or fact.servers[0].open("spec", "replicas")

    def test_unbalanced_and_nested(self):
        """
        Ends without beginnings, beginnings without ends and deep nesting cost nothing but the object.
        """
        for template in (
            "{{ end }}{{ else }}{{ end }}\napiVersion: v1\nkind: Service\n",
            "{{ if .Values.a }}" * 5_000 + "\napiVersion: v1\nkind: Service\n",
            "apiVersion: v1\nkind: Service\na: {{ " + "(" * 900 + " }}\n",
            "apiVersion: v1\nkind: Service\na: {{ \n",
            'apiVersion: v1\nkind: Service\na: {{ | | ) ( }} {{ $x := }} {{ . }} {{ $ }} {{ $y.z }} {{ "a }}\n',
        ):
            assert () == self.chart(template).problems

    def test_what_values_switch_off_is_told(self):
        """
        A template that the chart's own values leave empty is not an object, and what it would be is not forgotten.
        """
        template = (
            "{{- if .Values.scaling.enabled }}\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n{{- end }}\n"
        )
        found = self.chart(template, "scaling: {enabled: false}\n")

        assert () == found.resources
        assert [("HorizontalPodAutoscaler", 3)] == [(s.kind, s.source.line) for s in found.switched_off]

    def test_extras_are_an_offer(self):
        """
        What lies among extras is left out where the tree has workloads elsewhere, and counts where it has none.
        """
        pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n"
        extra = {"extras/hpa/pod.yaml": pod.replace("web", "more")}

        assert ["web"] == [r.resource for r in read({"k8s/pod.yaml": pod, **extra}).resources]
        assert ["more"] == [r.resource for r in read(extra).resources]

    def test_hostile_templates_stay_linear(self):
        """
        Many expressions on one line, quotes without end and large values written out often take no time.
        """
        big = "big:\n" + "".join(f"  k{n}: {'v' * 50}\n" for n in range(5_000))
        head = "apiVersion: v1\nkind: Service\n"
        started = time.process_time()
        for template in (
            "a: " + "{{ .Values.x }}" * 18_000,
            ("a: {{ " + '"' + '\\"' * 490 + " }}\n") * 280,
            "  {{ toYaml .Values.big | nindent 2 }}\n" * 7_000,
            "{{" * 140_000,
            ("{{\n" * 100_000)[:280_000],
            "{{ if eq .Values.big .Values.big }}\n" * 7_000,
        ):
            self.chart(head + template, big)

        assert time.process_time() - started < 10
