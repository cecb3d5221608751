"""Tells whether what a Kubernetes object is for is there: its target, the pods it selects, the Service it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ...formats.helm import OPEN
from ..facts.kubernetes import WORKLOADS, Resource
from .force import IN_FORCE, Force, any_of, unknown, void
from .namespaces import Namespace, Together, nearest
from .quantities import quantity
from .scaling import of_numbers
from .selectors import Labelled, Selector
from .workloads import COUNTED

_TARGETING = {
    "HorizontalPodAutoscaler": ("spec", "scaleTargetRef"),
    "VerticalPodAutoscaler": ("spec", "targetRef"),
    "ScaledObject": ("spec", "scaleTargetRef"),
    "Canary": ("spec", "targetRef"),
}
_BY_LABELS = {
    "AuthorizationPolicy": ("spec", "selector"),
    "PeerAuthentication": ("spec", "selector"),
    "RequestAuthentication": ("spec", "selector"),
    "NetworkPolicy": ("spec", "podSelector"),
    "PodDisruptionBudget": ("spec", "selector"),
    "PodMonitor": ("spec", "selector"),
}
_ON_SERVICES = frozenset(
    {"ServiceMonitor", "DestinationRule", "VirtualService", "Ingress", "HTTPRoute", "BackendConfig"}
)
RELATED = frozenset({*_TARGETING, *_BY_LABELS, *_ON_SERVICES, "Service"})
"""The kinds that do nothing without others."""
_ELSEWHERE = frozenset({"HelmRelease", "HelmChart", "Application", "ApplicationSet", "GitRepository", "OCIRepository"})
"""Kinds that bring objects that stand in no file of the tree."""
_MAKERS = frozenset({"Prometheus", "Alertmanager", "PrometheusAgent", "ThanosRuler"})
_CLUSTERS_OWN = frozenset({"kube-system", "default"})
"""Where what belongs to the cluster itself runs, which is in no tree."""
_OWN_GROUPS = ("apps/", "batch/", "autoscaling", "policy/", "networking.", "rbac.", "storage.", "apiextensions.",
               "monitoring.coreos.com", "cert-manager.io", "security.istio.io", "keda.sh", "external-secrets.io",
               "gateway.networking.k8s.io", "scheduling.", "admissionregistration.", "apiregistration.", "kustomize.",
               "bitnami.com", "cloud.google.com", "networking.gke.io", "kyverno.io", "coordination.")  # fmt: skip
"""API groups none of whose objects makes pods of its own accord, beyond the workloads that are known."""


class Cluster:
    """
    What a tree puts into its clusters, by name and by labels.

    Args:
        running: The objects that are in force, as far as they say themselves.
        idle: Those that are not.
        namespace: Where each of them ends up.
        closed: Whether the objects of the tree are all that there are, so that what is not there is nowhere.
    """

    def __init__(
        self, running: Sequence[Resource], idle: Iterable[Resource], namespace: Namespace, *, closed: bool
    ) -> None:
        self._namespace = namespace
        self._closed = closed and not any(r.kind in _ELSEWHERE for r in running)
        self._makers = [r for r in running if _may_make_pods(r)]
        self._making = {r.resource for r in self._makers} - {""}
        pods = [r for r in running if _labels(r) is not None]
        self._pods = Labelled((_labels(r) or {}, r) for r in pods)
        self._still = Labelled((labels, r) for r in idle if (labels := _labels(r)) is not None)
        self._named: dict[str, list[Resource]] = {}
        for resource in running:
            if resource.kind in WORKLOADS or resource.kind in COUNTED:
                self._named.setdefault(resource.resource, []).append(resource)
        self._still_named = {(r.kind, r.resource) for r in idle}
        self._open_names = any(OPEN in name for name in self._named)
        self._services: dict[str, list[Resource]] = {}
        self._by_service_labels: Labelled[Resource] = Labelled(())
        self._backends: set[str] = set()

    def serve(self, services: Iterable[Resource], patches: Iterable[Resource] = ()) -> None:
        """Take the Services that select something, which other objects are for, and what is laid over Services."""
        listed = list(services)
        for service in listed:
            self._services.setdefault(service.resource, []).append(service)
        self._by_service_labels = Labelled((s.section("metadata", "labels"), s) for s in listed)
        laid_over = [patch for patch in patches if patch.kind == "Service"]
        self._backends = {str(s.section("metadata", "annotations")) for s in (*listed, *laid_over)}

    def judge(self, resource: Resource) -> Force:
        """Whether what *resource* is for is there; in force where it is for nothing in particular."""
        kind = resource.kind
        if kind == "Service":
            return self._service(resource)
        if kind in _TARGETING:
            return self._targeting(resource) and of_numbers(resource)
        if kind in _BY_LABELS:
            return self._labelling(resource) and _budgeting(resource)
        if kind in _ON_SERVICES and self._services:
            return self._on_services(resource)
        return IN_FORCE

    def _targeting(self, resource: Resource) -> Force:
        target = resource.section(*_TARGETING[resource.kind])
        name, kind = str(target.get("name") or ""), str(target.get("kind") or "Deployment")
        if resource.open(*_TARGETING[resource.kind]) or OPEN in target or OPEN in f"{name}{kind}":
            return IN_FORCE
        if not name:
            return void("names no target")
        if self._open_names and name not in self._named:
            return IN_FORCE
        same = [r for r in self._named.get(name, ()) if r.kind == kind]
        if kind not in WORKLOADS and kind not in COUNTED:
            return IN_FORCE
        near = nearest(self._namespace(resource), same, self._namespace)
        if near is None:
            return self._nowhere(resource, name, kind)
        return _near(near, f"its target {kind} {name}")

    def _nowhere(self, resource: Resource, name: str, kind: str) -> Force:
        if (kind, name) in self._still_named:
            return void(f"its target {kind} {name} does not run")
        if others := self._named.get(name):
            return void(f"its target is a {kind}, and {name} is a {others[0].kind}")
        if self._closed and self._named:
            return void(f"its target {kind} {name} is nowhere in the tree")
        return unknown(f"its target {kind} {name} is not in the tree")

    def _service(self, resource: Resource) -> Force:
        labels = resource.section("spec", "selector")
        if not labels or resource.get("spec", "type") == "ExternalName":
            return IN_FORCE
        return self._selecting(resource, Selector(labels))

    def _labelling(self, resource: Resource) -> Force:
        keys = _BY_LABELS[resource.kind]
        written = resource.get(*keys)
        if not isinstance(written, dict) or not written or written == {"matchLabels": {}}:
            none = resource.kind == "PodDisruptionBudget" and written is None and not resource.open(*keys)
            return void("selects no pods") if none else IN_FORCE
        anywhere = resource.kind == "PodMonitor" and bool(resource.get("spec", "namespaceSelector"))
        return self._selecting(resource, Selector.of(written), anywhere=anywhere)

    def _selecting(self, resource: Resource, selector: Selector, *, anywhere: bool = False) -> Force:
        if (not self._pods and not self._still) or self._pods.crowded(selector):
            return IN_FORCE
        found = self._pods.chosen(selector)
        near = Together.SAME if anywhere and found else nearest(self._namespace(resource), found, self._namespace)
        if near is not None:
            return _near(near, f"what it selects, {found[0].kind} {found[0].resource},")
        if selector.open:
            return unknown("selects what a template decides")
        if any(selector.names(name) for name in self._making):
            return IN_FORCE  # an operator makes the pods, and labels them with the name of what it makes them of
        if self._still.chosen(selector):
            return void("selects only what does not run")
        if self._closed and not self._makers:
            return void("selects nothing in the tree")
        others = f"; {self._makers[0].kind} {self._makers[0].resource} may make it" if self._makers else ""
        return unknown(f"selects nothing in the tree{others}")

    def _on_services(self, resource: Resource) -> Force:
        if resource.kind == "ServiceMonitor":
            return self._monitoring(resource)
        if resource.kind == "BackendConfig":
            named = not resource.resource or any(f'"{resource.resource}"' in said for said in self._backends)
            return IN_FORCE if named else self._absent("no Service names it")
        names = list(_backends(resource))
        if not names:
            return IN_FORCE
        return any_of(self._reaching(resource, name) for name in names)

    def _reaching(self, resource: Resource, name: str) -> Force:
        """Whether the Service that is called *name*, perhaps with its namespace, is there."""
        short, _, rest = name.partition(".")
        domain = rest.partition(".")[2]
        if OPEN in name or "*" in name or (rest and domain not in ("", "svc", "svc.cluster.local")):
            return IN_FORCE  # a host outside of the cluster
        namespace = rest.partition(".")[0] or self._namespace(resource)
        near = nearest(namespace, self._services.get(short, ()), self._namespace)
        if near is None:
            return IN_FORCE if self._open(short) else self._absent(f"no Service is called {short}")
        return _near(near, f"Service {short}")

    def _open(self, name: str) -> bool:
        return any(OPEN in other for other in self._services)

    def _monitoring(self, resource: Resource) -> Force:
        selector = Selector.of(resource.section("spec", "selector"))
        if self._by_service_labels.crowded(selector):
            return IN_FORCE
        found = self._by_service_labels.chosen(selector)
        elsewhere = resource.section("spec", "namespaceSelector")
        names = elsewhere.get("matchNames")
        if not found:
            if isinstance(names, list) and names and set(map(str, names)) <= _CLUSTERS_OWN:
                return IN_FORCE
            return unknown("selects what a template decides") if selector.open else self._absent("selects no Service")
        spaces = [str(n) for n in names] if isinstance(names, list) else [self._namespace(resource)]
        if elsewhere.get("any") is True or OPEN in elsewhere or OPEN in str(names):
            return IN_FORCE
        near = max(
            (nearest(space, found, self._namespace) or Together.APART for space in spaces), default=Together.SAME
        )
        return _near(near, f"the Service that it selects, {found[0].resource},")

    def _absent(self, reason: str) -> Force:
        return void(reason) if self._closed else unknown(reason)


def _near(near: Together, what: str) -> Force:
    if near is Together.APART:
        return void(f"{what} is in another namespace")
    return (
        unknown(f"{what} may be in another namespace: only one of the two names its own") if not near >= 2 else IN_FORCE
    )


def _labels(resource: Resource) -> dict[str, Any] | None:
    """The labels of the pods that *resource* makes; None where it makes none, as far as is known."""
    if resource.kind == "Pod":
        keys: tuple[str, ...] = ("metadata", "labels")
    elif resource.kind == "CronJob":
        keys = ("spec", "jobTemplate", "spec", "template", "metadata", "labels")
    else:
        keys = ("spec", "template", "metadata", "labels")
    if resource.kind not in WORKLOADS and not isinstance(resource.get(*keys), dict):
        return None
    return {OPEN: True} if resource.open(*keys) and not resource.get(*keys) else resource.section(*keys)


def _may_make_pods(resource: Resource) -> bool:
    version = resource.api_version
    if resource.kind in _MAKERS:
        return True
    if resource.kind in WORKLOADS or resource.kind == "Kustomization" or "/" not in version:
        return False
    return not version.startswith(_OWN_GROUPS) and "toolkit.fluxcd.io" not in version and ".k8s.io/" not in version


def _budgeting(resource: Resource) -> Force:
    """Whether a budget for disruptions keeps any pod."""
    if resource.kind != "PodDisruptionBudget":
        return IN_FORCE
    least, most = resource.get("spec", "minAvailable"), resource.get("spec", "maxUnavailable")
    if str(most).strip() == "100%" or (least is not None and quantity(str(least).rstrip("%")) == 0):
        return void("lets all pods go at once")
    return IN_FORCE


def _backends(resource: Resource) -> Iterator[str]:
    """The names of the Services that *resource* sends to."""
    if resource.kind == "DestinationRule":
        yield from _texts([resource.get("spec", "host")])
    elif resource.kind == "VirtualService":
        for protocol in ("http", "tcp", "tls"):
            for rule in _dicts(resource.items("spec", protocol)):
                for route in _dicts(rule.get("route")):
                    destination = route.get("destination")
                    yield from _texts([destination.get("host")] if isinstance(destination, dict) else [])
    elif resource.kind == "HTTPRoute":
        for rule in _dicts(resource.items("spec", "rules")):
            references = _dicts(rule.get("backendRefs"))
            yield from _texts(r.get("name") for r in references if r.get("kind", "Service") == "Service")
    else:
        backends = [resource.get("spec", "defaultBackend"), resource.get("spec", "backend")]
        for rule in _dicts(resource.items("spec", "rules")):
            http = rule.get("http")
            paths = http.get("paths") if isinstance(http, dict) else None
            backends += [path.get("backend") for path in _dicts(paths)]
        for backend in _dicts(backends):
            service = backend.get("service")
            named = service.get("name") if isinstance(service, dict) else backend.get("serviceName")
            annotated = isinstance(service, dict) and service.get("port") == {"name": "use-annotation"}
            yield from () if annotated or backend.get("servicePort") == "use-annotation" else _texts([named])


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(values: Iterable[object]) -> Iterator[str]:
    return (value for value in values if isinstance(value, str) and value)
