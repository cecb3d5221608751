"""Ways of Kubernetes, Helm and Compose: objects that are never made, run nowhere or select nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from .._kinds import WORKLOADS, documents, dump, kind
from .._way import Void, Way, rewritten

Body = dict[str, Any]
BINDING = frozenset(
    {
        "Service",
        "HorizontalPodAutoscaler",
        "ScaledObject",
        "Canary",
        "PodDisruptionBudget",
        "NetworkPolicy",
        "DestinationRule",
    }
)
PROBES = ("readinessProbe", "livenessProbe", "startupProbe")


def _changed(name: str, change: Callable[[Body], bool]) -> Way:
    """A way that changes objects in place; those that it changes count as not there."""

    def make(text: str) -> tuple[str, str] | None:
        bodies = [body for body in documents(text) if isinstance(body, dict)]
        kept = copy.deepcopy(bodies)
        marks = [change(body) for body in bodies]
        gone = [body for body, mark in zip(kept, marks, strict=True) if not mark]
        return (dump(*bodies), dump(*gone) if gone else "") if any(marks) else None

    return rewritten(name, "kubernetes", make)


def _without_replicas(body: Body) -> bool:
    if body["kind"] not in WORKLOADS - {"DaemonSet"}:
        return False
    body.setdefault("spec", {})["replicas"] = 0
    return True


def _suspended(body: Body) -> bool:
    if body["kind"] not in ("CronJob", "Job"):
        return False
    body.setdefault("spec", {})["suspend"] = True
    return True


def _for_nobody(body: Body) -> bool:
    """Selectors and references of an object lead nowhere."""
    spec = body.get("spec")
    if not isinstance(spec, dict):
        return False
    before = copy.deepcopy(spec)
    for key in ("scaleTargetRef", "targetRef"):
        if isinstance(spec.get(key), dict):
            spec[key]["name"] = "nobody"
    for key in ("selector", "podSelector"):
        if body["kind"] in BINDING and isinstance(spec.get(key), dict):
            spec[key] = {"app": "nobody"} if body["kind"] == "Service" else {"matchLabels": {"app": "nobody"}}
    return before != spec


def _elsewhere(body: Body) -> bool:
    if body["kind"] not in BINDING:
        return False
    body["metadata"]["namespace"] = "elsewhere"
    return True


def _containers(value: Any) -> Iterator[Body]:
    if isinstance(value, dict):
        if any(probe in value for probe in PROBES):
            yield value
        for inner in value.values():
            yield from _containers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _containers(inner)


def _probing(text: str, probe: Body) -> tuple[str, str] | None:
    bodies = documents(text)
    bare = copy.deepcopy(bodies)
    for container in list(_containers(bodies)):
        container.update({name: copy.deepcopy(probe) for name in PROBES if name in container})
    for container in list(_containers(bare)):
        for name in PROBES:
            container.pop(name, None)
    return (dump(*bodies), dump(*bare)) if bodies != bare else None


def _quoted(text: str) -> str:
    held = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kept"}, "data": {"objects.yaml": text}}
    return dump(held)


def _emptied(text: str) -> tuple[str, str]:
    """Each object twice, the second time with nothing in it: the later one is what is applied."""
    bodies = [body for body in documents(text) if isinstance(body, dict)]
    later = [
        {
            "apiVersion": body.get("apiVersion"),
            "kind": body["kind"],
            "metadata": {key: body["metadata"].get(key) for key in ("name", "namespace") if key in body["metadata"]},
            "spec": {},
        }
        for body in bodies
    ]
    return dump(*bodies, *later), dump(*later)


def _templated(name: str, condition: str, values: str, production: str = "") -> Way:
    """A template of a chart under a condition that does not hold."""

    def way(path: str, text: str) -> Void | None:
        if kind(path, text) != "kubernetes" or "{{" in text:
            return None
        chart = {"chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "chart/values.yaml": values}
        if production:
            chart["chart/values-production.yaml"] = production
        template = f"chart/templates/{path.rpartition('/')[2]}"
        return Void({**chart, template: f"{{{{- if {condition} }}}}\n{text.rstrip()}\n{{{{- end }}}}\n"}, chart)

    return Way(name, way)


def _deleted(path: str, text: str) -> Void | None:
    """An overlay for production that takes away what its base has."""
    if kind(path, text) != "kubernetes":
        return None
    bodies = [body for body in documents(text) if isinstance(body, dict)]
    patch = dump(
        *(
            {"apiVersion": b.get("apiVersion"), "kind": b["kind"], "metadata": b["metadata"], "$patch": "delete"}
            for b in bodies
        )
    )
    files = {
        "k8s/base/objects.yaml": text,
        "k8s/base/kustomization.yaml": "resources: [objects.yaml]\n",
        "k8s/overlays/production/kustomization.yaml": "resources: [../../base]\npatches: [{path: delete.yaml}]\n",
        "k8s/overlays/production/delete.yaml": patch,
    }
    return Void(files, {path: ""})


def _composed(name: str, change: Callable[[Body], None]) -> Way:
    def make(text: str) -> str:
        body = documents(text)[0]
        for service in body["services"].values():
            change(service)
        return dump(body)

    return rewritten(name, "compose", make)


WAYS: tuple[Way, ...] = (
    _changed("replicas: 0", _without_replicas),
    _changed("suspended", _suspended),
    _changed("selects nothing", _for_nobody),
    _changed("in another namespace", _elsewhere),
    rewritten("probes that probe nothing", "kubernetes", lambda text: _probing(text, {"exec": {"command": ["true"]}})),
    rewritten(
        "probes that probe nothing by a shell",
        "kubernetes",
        lambda text: _probing(text, {"exec": {"command": ["sh", "-c", "exit 0"]}}),
    ),
    rewritten("quoted in a ConfigMap", "kubernetes", _quoted),
    rewritten("overridden later", "kubernetes", _emptied),
    _templated("a template under a false value", ".Values.wanted", "wanted: false\n"),
    _templated("a template under false", "false", "wanted: true\n"),
    _templated("a template that production's values switch off", ".Values.wanted", "wanted: true\n", "wanted: false\n"),
    Way("deleted by a patch for production", _deleted),
    _composed("under a profile", lambda service: service.update(profiles=["never"])),
    _composed("replicas: 0", lambda service: service.update(deploy={"replicas": 0})),
    _composed("scale: 0", lambda service: service.update(scale=0)),
)
