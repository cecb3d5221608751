"""Which Kubernetes objects do anything, by what they say themselves."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.evidence.facts.kubernetes import Resource
from orchestrator.evidence.inforce.force import IN_FORCE, State
from orchestrator.evidence.inforce.workloads import of_count, of_itself

OPEN = "__helm__"


def resource(kind: str, spec: dict[str, Any] | None = None, *, origin: str = "manifest", **metadata: Any) -> Resource:
    body = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "web", **metadata}, "spec": spec or {}}
    return Resource(path="k8s/web.yaml", body=body, kind=kind, api_version="apps/v1", resource="web", origin=origin)


def pod(container: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    """The spec of a workload with one container."""
    return {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [container or {"name": "web"}], **spec},
        },
    }


def job(container: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    """The spec of a CronJob."""
    return {"schedule": "0 4 * * *", "jobTemplate": {"spec": {**pod(container), **spec}}}


RUNS = [
    resource("Deployment", pod()),
    resource("Deployment", {"replicas": 1, **pod()}),
    resource("Deployment", {"replicas": OPEN, **pod()}),
    resource("Deployment", {OPEN: True, **pod()}),
    resource("Deployment", {"paused": False, **pod()}),
    resource("Deployment", {**pod(), "selector": {"matchLabels": {OPEN: True}}}),
    resource("Deployment", {"selector": {"matchLabels": {"app": "web"}}}),
    resource("Rollout", {"selector": {"matchLabels": {"app": "web"}}, "workloadRef": {"name": "web"}}),
    resource("StatefulSet", {"replicas": "2", **pod()}),
    resource("DaemonSet", {"replicas": 0, **pod()}),
    resource("Deployment", pod(nodeSelector={"kubernetes.io/os": "linux"})),
    resource("Deployment", pod({"resources": {"requests": {"cpu": "500m", "memory": "64Gi"}}})),
    resource("Deployment", pod({"resources": {"limits": {"cpu": "1e9"}}})),
    resource("Deployment", pod({"command": ["python", "app.py"]})),
    resource("Deployment", pod({"command": ["sh", "-c", "echo starting; exec python app.py"]})),
    resource("Deployment", pod({"args": ["echo"]})),
    resource("Deployment", pod({"command": ["sh", "-e"]})),
    resource("Deployment", pod({"command": ["bash", "-x"], "args": ["/start.sh"]})),
    resource("Job", {"parallelism": 1, **pod()}),
    resource("CronJob", job()),
    resource("CronJob", {**job(), "suspend": False}),
    resource("CronJob", {**job(), "schedule": OPEN}),
    resource("CronJob", job({"command": ["sh", "-c", "pg_dump shop > /backup/shop.sql"]})),
    resource("CronJob", job({"command": ["sh", "-c", "echo $(pg_dump shop)"]})),
    resource("HelmRelease", {"suspend": False}),
    resource("Service", {"suspend": None}),
    resource("Deployment", pod(), annotations={"argocd.argoproj.io/hook": "PreSync"}),
    resource("Deployment", pod(), annotations={"helm.sh/hook": "pre-install,test"}),
    resource("ScaledObject", annotations={"autoscaling.keda.sh/paused": "false"}),
    resource("ScaledObject", annotations={"autoscaling.keda.sh/paused-replicas": "3"}),
    resource("ConfigMap", annotations={"config.kubernetes.io/local-config": "false"}),
    resource("Deployment", pod(), annotations={"kustomize.toolkit.fluxcd.io/reconcile": "enabled"}),
]
IDLE = [
    (resource("Deployment", {"replicas": 0, **pod()}), "runs no replica"),
    (resource("StatefulSet", {"replicas": "0", **pod()}), "runs no replica"),
    (resource("Rollout", {"replicas": 0, **pod()}), "runs no replica"),
    (resource("ReplicaSet", {"replicas": -1, **pod()}), "runs no replica"),
    (resource("DeploymentConfig", {"replicas": 0}), "runs no replica"),
    (resource("Deployment", {"paused": True, **pod()}), "is paused"),
    (resource("CronJob", {**job(), "suspend": True}), "is suspended"),
    (resource("Job", {"suspend": True, **pod()}), "is suspended"),
    (resource("CronJob", job(suspend=True)), "is suspended"),
    (resource("HelmRelease", {"suspend": True}), "is suspended"),
    (resource("Canary", {"suspend": "true"}), "is suspended"),
    (resource("Schedule", {"paused": True}), "is paused"),
    (resource("ExternalSecret", {"suspended": True}), "is suspended"),
    (resource("Job", {"parallelism": 0, **pod()}), "runs no pod: parallelism is 0"),
    (resource("Job", {"completions": 0, **pod()}), "runs no pod: completions is 0"),
    (resource("CronJob", job(parallelism=0)), "runs no pod: parallelism is 0"),
    (
        resource("CronJob", {**job(), "schedule": "0 0 31 2 *"}),
        "its schedule '0 0 31 2 *' names a day that never comes",
    ),
    (
        resource("Deployment", {**pod(), "selector": {"matchLabels": {"app": "api"}}}),
        "selects other pods than its own, so that nobody makes it",
    ),
    (
        resource("Rollout", {**pod(), "selector": {"matchLabels": {"tier": "web"}}}),
        "selects other pods than its own, so that nobody makes it",
    ),
    (resource("Deployment", {"template": {"spec": {"containers": []}}}), "has no container"),
    (
        resource("DaemonSet", pod(nodeSelector={"non-existing": "true"})),
        "runs on no node: its node selector asks for non-existing=true",
    ),
    (
        resource("Deployment", pod({"resources": {"requests": {"cpu": "1000000"}}})),
        "runs on no node: it asks for 1000000 of cpu",
    ),
    (
        resource("Deployment", pod({"resources": {"requests": {"memory": "1Ei"}}})),
        "runs on no node: it asks for 1Ei of memory",
    ),
    (
        resource("Deployment", pod({"command": ["sleep", "infinity"]})),
        "is told to run nothing but a command without work",
    ),
    (
        resource("CronJob", job({"command": ["echo"], "args": ["pg_restore", "/latest"]})),
        "is told to run nothing but a command without work",
    ),
    (
        resource("CronJob", job({"command": ["sh", "-c", "true # pg_restore && psql"]})),
        "is told to run nothing but a command without work",
    ),
    (
        resource("Deployment", pod({"command": ["sh", "-c", "while true; do sleep 60; done"]})),
        "is told to run nothing but a command without work",
    ),
    (
        resource("Deployment", pod({"command": ["tail", "-f", "/dev/null"]})),
        "is told to run nothing but a command without work",
    ),
    (
        resource("Deployment", pod({"command": ["psql", "--version"]})),
        "is told to run nothing but a command without work",
    ),
    (resource("Pod", {"containers": [{"command": ["true"]}]}), "is told to run nothing but a command without work"),
    (resource("Deployment", pod(), annotations={"argocd.argoproj.io/hook": "Skip"}), "is skipped by Argo CD"),
    (resource("Service", annotations={"helm.sh/hook": "test"}), "is made by `helm test` alone"),
    (resource("Pod", annotations={"helm.sh/hook": "test-success, test-failure"}), "is made by `helm test` alone"),
    (resource("ScaledObject", annotations={"autoscaling.keda.sh/paused": "true"}), "is paused"),
    (resource("ScaledObject", annotations={"autoscaling.keda.sh/paused-replicas": "0"}), "is paused at no replica"),
    (
        resource("ConfigMap", annotations={"config.kubernetes.io/local-config": "true"}),
        "is for tools on one's own machine and not applied",
    ),
]


class TestOfItself:
    @pytest.mark.parametrize("given", RUNS, ids=lambda r: str(r.body)[:150])
    def test_runs(self, given):
        """
        What says nothing against itself is in force, and so is what a template decides.
        """
        assert of_itself(given)

    @pytest.mark.parametrize(("given", "reason"), IDLE, ids=lambda r: str(getattr(r, "body", r))[:150])
    def test_does_nothing(self, given, reason):
        """
        What runs no pod, is suspended, never comes, fits no node or is not applied is void, and says why.
        """
        force = of_itself(given)

        assert force.is_void
        assert reason == force.reason

    def test_one_container_that_works_is_enough(self):
        """
        A sidecar that only sleeps takes nothing from the container beside it.
        """
        spec = pod()
        spec["template"]["spec"]["containers"] = [{"command": ["sleep", "1d"]}, {"command": ["nginx"]}]

        assert of_itself(resource("Deployment", spec))

    def test_the_count_of_a_chart_is_not_settled(self):
        """
        No replica by a chart's own values is void only where they are those of production.
        """
        given = resource("Deployment", {"replicas": 0, **pod()}, origin="helm")

        assert State.UNKNOWN is of_itself(given, settled=False).state
        assert of_itself(given, settled=True).is_void

    def test_what_overrides_the_count_decides(self):
        """
        A count from outside replaces the object's own, for the better and for the worse.
        """
        none, one = resource("Deployment", {"replicas": 0, **pod()}), resource("Deployment", {"replicas": 1, **pod()})

        assert of_itself(none, replicas=IN_FORCE)
        assert of_itself(one, replicas=of_count(0)).is_void

    def test_flux_leaves_it_alone(self):
        """
        What Flux does not reconcile may be there and may not.
        """
        given = resource("Deployment", pod(), annotations={"kustomize.toolkit.fluxcd.io/reconcile": "disabled"})

        assert State.UNKNOWN is of_itself(given).state

    def test_labels_that_a_kustomization_adds(self):
        """
        Labels may come from what applies an object, so that its own need not match.
        """
        given = resource("Deployment", {**pod(), "selector": {"matchLabels": {"app": "api"}}}, origin="kustomize")

        assert of_itself(given)
