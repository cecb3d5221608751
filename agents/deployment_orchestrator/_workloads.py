"""Tells workloads of clusters apart: what serves users, what stores, how many there are of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from orchestrator import Block, Kubernetes, Resource, Several, Source, each, is_elsewhere, is_file_elsewhere

_BOUGHT = re.compile(
    r"(postgres(ql)?|postgis|pgvector|mysql|mariadb|percona|mongo(db)?|redis|valkey|memcached|rabbitmq|kafka|"
    r"zookeeper|elasticsearch|opensearch|etcd|cassandra|clickhouse|influxdb|couchdb|neo4j|minio|nats|cockroach|mssql|"
    r"opentelemetry|otel|prometheus|grafana|jaeger|loki|tempo|fluent|datadog|pgadmin|adminer|mailhog|localstack)"
)
_DATABASES = re.compile(
    r"(postgres(ql)?|postgis|pgvector|mysql|mariadb|percona|mongo(db)?|cockroach|mssql|couchdb|neo4j|cassandra)"
)
_STORES = re.compile(
    r"(postgres(ql)?|postgis|pgvector|mysql|mariadb|percona|mongo(db)?|redis|valkey|memcached|rabbitmq|kafka|nats|"
    r"elasticsearch|opensearch|cassandra|couchdb|neo4j|cockroach|mssql|activemq|artemis)"
)
_WATCHES = re.compile(r"(?<![a-z])exporter(?![a-z])")
"""An image that asks a database how it is, and is none."""
_SCRAPED = re.compile(r"metrics|prom(?:etheus)?|telemetry")
"""The name of a port at which numbers are fetched, and no request is answered."""
_MAX_SELECTORS = 100


@dataclass(frozen=True)
class Workload:
    """One workload by its name, with every place where the tree writes it down (plain, chart, overlay)."""

    name: str
    copies: tuple[Resource, ...]
    bought: bool
    namespace: str = ""
    """Where others of its name run in other namespaces, that of this one."""

    @property
    def at(self) -> Source:
        return self.copies[0].at()

    @property
    def title(self) -> str:
        return self.copies[0].title if self.copies[0].resource else f"{self.copies[0].kind} {self.name}"


class Estate:
    """The workloads of a tree and what the rest of the tree says of each."""

    def __init__(self, kubernetes: Kubernetes) -> None:
        self._kubernetes = kubernetes

    @cached_property
    def behind_services(self) -> list[Workload]:
        """
        The workloads that answer requests: those that a Service selects.

        Where the tree writes no Service with a selector, those with a container port stand in for them. Tests and
        development settings are left out, and what fetches numbers for the monitoring.
        """
        selectors = _Selectors(self._kubernetes.running("Service"))
        idle = any(r.kind == "Service" and r.section("spec", "selector") for r in self._kubernetes.idle)
        found: dict[str, list[Resource]] = {}
        for server in self._kubernetes.running_servers:
            chosen = selectors.choose(_labels(server)) if selectors or idle else _has_port(server)
            if chosen and _counts(server):
                found.setdefault(server.resource or server.path, []).append(server)
        return [one for name, copies in sorted(found.items()) for one in _by_namespace(name, copies)]

    @cached_property
    def answering(self) -> list[Workload]:
        """Those of the project's own behind Services of which something else is asked than numbers."""
        services = self._kubernetes.running("Service")
        if not any(_is_scraped(service) for service in services):
            return self.serving
        asked = _Selectors([service for service in services if not _is_scraped(service)])
        return [w for w in self.serving if any(asked.choose(_labels(copy)) for copy in w.copies)]

    @cached_property
    def selected(self) -> bool:
        """Whether the tree writes a Service that selects anything: what is balanced is known, and not guessed."""
        routes = self._kubernetes.of("HTTPRoute", "GRPCRoute", "Canary", "Ingress", "VirtualService", "IngressRoute")
        return bool(routes) or bool(_Selectors(self._kubernetes.running("Service")))

    @cached_property
    def serving(self) -> list[Workload]:
        """The workloads behind Services that are the project's own: no databases, caches, brokers or collectors."""
        return [w for w in self.behind_services if not w.bought]

    @cached_property
    def workers(self) -> list[Workload]:
        """The project's own workloads that run for long and that no Service selects: they work through jobs."""
        known = {copy.resource or copy.path for w in self.behind_services for copy in w.copies}
        found: dict[str, list[Resource]] = {}
        for server in self._kubernetes.running_servers:
            name = server.resource or server.path
            if name not in known and _counts(server):
                found.setdefault(name, []).append(server)
        every = [one for name, copies in sorted(found.items()) for one in _by_namespace(name, copies)]
        return [w for w in every if not w.bought]

    @cached_property
    def stores(self) -> list[Workload]:
        """Databases, caches and brokers that run as pods and that no Service selects, so far as their images tell."""
        known = {copy.resource or copy.path for w in self.behind_services for copy in w.copies}
        found: dict[str, list[Resource]] = {}
        for server in self._kubernetes.running_servers:
            name = server.resource or server.path
            if name not in known and _counts(server) and _runs(server, _STORES):
                found.setdefault(name, []).append(server)
        return [one for name, copies in sorted(found.items()) for one in _by_namespace(name, copies)]

    @cached_property
    def scalers(self) -> list[Resource]:
        """Autoscalers of workloads: HorizontalPodAutoscaler and KEDA's ScaledObject."""
        found = self._kubernetes.running("HorizontalPodAutoscaler", "ScaledObject")
        return [r for r in found if not is_file_elsewhere(r.path)]

    def scaler(self, workload: Workload) -> Resource | None:
        """The autoscaler that targets *workload*: by its name, in its namespace, and by its kind where it says one."""
        return next((s for s in self._scaled.get(workload.name, ()) if _targets(s, workload)), None)

    def replicas(self, workload: Workload) -> int | None:
        """How many of *workload* run at least; None where something outside its own text decides."""
        scaler = self.scaler(workload)
        if scaler is not None:
            return least(scaler)
        if workload.name in self._counted:
            return None
        counts: list[int] = []
        for copy in workload.copies:
            stated = copy.get("spec", "replicas")
            if copy.open("spec", "replicas") or not isinstance(stated, int | None):
                return None
            if copy.origin == "helm" and stated is not None and stated < 2:
                return None  # the chart's own value, which an installation changes before anything else
            counts.append(1 if stated is None else stated)
        return min(counts)

    def patched(self, workload: Workload) -> bool:
        """Whether an overlay adds anything to *workload*."""
        return (workload.copies[0].kind, workload.name) in self._patched

    @cached_property
    def _scaled(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for scaler in self.scalers:
            found.setdefault(str(scaler.get("spec", "scaleTargetRef", "name")), []).append(scaler)
        return found

    @cached_property
    def _patched(self) -> set[tuple[str, str]]:
        return {(p.kind, p.resource) for p in self._kubernetes.patches}

    @cached_property
    def _counted(self) -> set[str]:
        """Names whose count of replicas an overlay sets."""
        names = {p.resource for p in self._kubernetes.patches if p.get("spec", "replicas") is not None}
        for kustomization in self._kubernetes.of("Kustomization", "Component"):
            names.update(str(item.get("name")) for item in kustomization.items("replicas") if isinstance(item, dict))
        return names


def _by_namespace(name: str, copies: list[Resource]) -> list[Workload]:
    """
    The workloads that *copies* of one name are: one, wherever it is written down, or one in each of several namespaces.
    """
    spaces = sorted({copy.namespace for copy in copies if copy.namespace})
    if len(spaces) < 2:
        return [Workload(name, tuple(copies), any(_runs(copy, _BOUGHT) for copy in copies))]
    found = []
    for space in spaces:
        own = tuple(copy for copy in copies if copy.namespace in ("", space))
        found.append(Workload(name, own, any(_runs(copy, _BOUGHT) for copy in own), space))
    return found


def _targets(scaler: Resource, workload: Workload) -> bool:
    """Whether *scaler*, which names *workload*, means it: not one of another namespace or kind."""
    spaces = {copy.namespace for copy in workload.copies if copy.namespace} or {""}
    kind = str(scaler.get("spec", "scaleTargetRef", "kind") or "")
    kinds = {copy.kind for copy in workload.copies}
    near = not scaler.namespace or spaces == {""} or scaler.namespace in spaces
    return near and (not kind or kind in kinds or scaler.origin == "nomad")


KNATIVE = ("spec", "template", "metadata", "annotations")
"""Where a service of Knative says how many of it run."""


def knative(kubernetes: Kubernetes) -> list[Resource]:
    """The services of Knative, as Cloud Run runs them too."""
    found = [r for r in kubernetes.of("Service") if r.api_version.startswith("serving.knative.dev/")]
    return [r for r in found if not is_file_elsewhere(r.path) and not is_elsewhere(r.namespace)]


def databases(kubernetes: Kubernetes) -> list[Resource]:
    """Databases that run as workloads of the tree."""
    return [s for s in kubernetes.running_servers if _runs(s, _DATABASES) and not is_file_elsewhere(s.path)]


def least(scaler: Resource) -> int | None:
    """The smallest count that *scaler* allows; its kind's default where it states none, None where it is open."""
    key, default = ("minReplicas", 1) if scaler.kind == "HorizontalPodAutoscaler" else ("minReplicaCount", 0)
    stated = scaler.get("spec", key)
    if isinstance(stated, int):
        return stated
    return None if stated is not None or scaler.open("spec", key) else default


def titled(workloads: Iterable[Workload], at: Callable[[Workload], Source] | None = None) -> Several:
    """Workloads by their titles; *at* says where, if not at their heads."""
    return each(workloads, name=lambda workload: workload.title, at=at or (lambda workload: workload.at))


def addressed(blocks: Iterable[Block], at: Callable[[Block], Source] | None = None) -> Several:
    """Resources by their addresses; *at* says where, if not at their heads."""
    return each(blocks, name=lambda block: block.address, at=at or (lambda block: block.at()))


def _images(resource: Resource) -> Iterator[str]:
    for _, container in resource.containers():
        if isinstance(container.get("image"), str):
            yield container["image"]


def _runs(resource: Resource, pattern: re.Pattern[str]) -> bool:
    return any(pattern.match(name) and not _WATCHES.search(name) for name in _names(resource))


def _counts(server: Resource) -> bool:
    """Whether *server* runs where users are, and does more than to fetch numbers."""
    names = list(_names(server))
    watches = bool(names) and all(_WATCHES.search(name) for name in names)
    return not watches and not is_file_elsewhere(server.path) and not is_elsewhere(server.namespace)


def _labels(server: Resource) -> dict[str, Any]:
    return server.section(*server.pod[:-1], "metadata", "labels")


def _names(resource: Resource) -> Iterator[str]:
    """The last parts of the names of the images of *resource*."""
    for image in _images(resource):
        yield image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()


def _has_port(resource: Resource) -> bool:
    for _, container in resource.containers():
        ports = container.get("ports")
        for port in ports if isinstance(ports, list) else []:
            if isinstance(port, dict) and "metric" not in str(port.get("name", "")):
                return True
    return False


def _is_scraped(service: Resource) -> bool:
    """Whether all that a Service hands on is numbers for the monitoring."""
    ports = service.items("spec", "ports")
    names = [str(port.get("name") or port.get("port") or "") for port in ports if isinstance(port, dict)]
    return bool(names) and all(_SCRAPED.search(name.lower()) for name in names)


class _Selectors:
    """Label selectors by one of their labels, so that each workload meets few of them."""

    def __init__(self, services: list[Resource]) -> None:
        selectors = [s for s in (service.section("spec", "selector") for service in services) if s]
        seen = Counter((key, str(value)) for selector in selectors for key, value in selector.items())
        self._by_label: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        for selector in selectors:
            rarest = min(((key, str(value)) for key, value in selector.items()), key=lambda label: seen[label])
            bucket = self._by_label.setdefault(rarest, {})
            if len(bucket) < _MAX_SELECTORS:
                bucket[str(sorted(selector.items(), key=str))] = selector

    def __bool__(self) -> bool:
        return bool(self._by_label)

    def choose(self, labels: dict[str, Any]) -> bool:
        return any(
            all(labels.get(k) == v for k, v in selector.items())
            for key, value in labels.items()
            for selector in self._by_label.get((key, str(value)), {}).values()
        )
