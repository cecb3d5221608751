"""The workloads: what runs programs, in a cluster or as a provider's own service, and what is said of its health."""

from __future__ import annotations

from typing import ClassVar

from ..evidence.facts.kubernetes import SERVERS, Resource
from .inventory import Listed, Part
from .settings import Setting
from .typed import Typed

ANSWERING = frozenset({"service", "stateful", "web-app", "group"})
"""Kinds that may answer requests for as long as they live."""


class Workload(Part):
    """What runs a program."""

    def says(self, setting: str) -> Setting:
        """What it says of a setting; an object of a cluster tells by its containers whether it is asked for health."""
        resource = self.thing.resource
        told = super().says(setting)
        return _probed(resource, told) if setting == "probed" and resource is not None else told


class Workloads(Listed):
    """Every workload that the tree declares."""

    name: ClassVar[str] = "workloads"
    noun: ClassVar[str] = "workloads"

    part: ClassVar[type[Part]] = Workload

    parts: tuple[Workload, ...] = ()

    @property
    def elsewhere(self) -> list[Workload]:
        """Those that may answer requests in production, outside what Kubernetes itself has for that."""
        return [
            workload
            for workload in self.parts
            if workload.kind in ANSWERING
            and workload.production
            and (workload.thing.resource is None or workload.thing.resource.kind not in SERVERS)
        ]

    @property
    def clusters(self) -> list[Workload]:
        """Those of nodes in production, on each of which an agent may run."""
        return [w for w in self.parts if w.kind == "cluster" and w.production and w.thing.block not in _OF_TASKS]

    @property
    def task_clusters(self) -> list[Workload]:
        """Those in production that have no nodes of one's own: an agent stands beside each task, or nowhere."""
        return [w for w in self.parts if w.kind == "cluster" and w.production and w.thing.block in _OF_TASKS]


_OF_TASKS = Typed("resources/task-clusters")


def _probed(resource: Resource, nothing: Setting) -> Setting:
    every = [container for _, container in resource.containers()]
    asked = every and all(isinstance(container.get("readinessProbe"), dict) for container in every)
    return Setting(True, resource.at(*resource.pod), "each container has a readiness probe") if asked else nothing
