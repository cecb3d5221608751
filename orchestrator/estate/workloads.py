"""The workloads: what runs programs, in a cluster or as a provider's own service, and what is said of its health."""

from __future__ import annotations

from typing import ClassVar

from ..evidence.facts.kubernetes import SERVERS, Resource
from .declared import Declared, Thing
from .environments import is_production
from .inventory import Inventory, Part
from .settings import Setting, said

ANSWERING = frozenset({"service", "stateful", "web-app", "group"})
"""Kinds that may answer requests for as long as they live."""


class Workload(Part):
    """What runs a program."""

    probed: Setting
    """Whether each of its instances is asked for its health before it gets requests."""
    spread: Setting
    """Whether several of it run, over several zones."""
    production: bool
    """False where its place or its name is one of an environment that nobody depends on."""


class Workloads(Inventory):
    """Every workload that the tree declares."""

    name: ClassVar[str] = "workloads"
    noun: ClassVar[str] = "workloads"

    parts: tuple[Workload, ...] = ()

    @classmethod
    def derive(cls, declared: Declared) -> Workloads:
        """Those that are declared, with what each says of its health."""
        found = tuple(_workload(thing) for thing in declared.belonging(cls.noun) if _is_there(thing))
        return cls(parts=found, problems=declared.doubtful(cls.noun))

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


def _is_there(thing: Thing) -> bool:
    return thing.block is None or thing.block.get("count") != 0


def _workload(thing: Thing) -> Workload:
    nothing = Setting(None, thing.at, "")
    probed = spread = nothing
    if thing.block is not None:
        probed, spread = (said(thing.block, thing.says.get(setting)) for setting in ("probed", "spread"))
    elif thing.resource is not None:
        probed = _probed(thing.resource, nothing)
    return Workload(
        kind=thing.kinds[Workloads.noun],
        address=thing.address,
        at=thing.at,
        thing=thing,
        probed=probed,
        spread=spread,
        production=is_production(thing.at.path, thing.block.label if thing.block is not None else ""),
    )


def _probed(resource: Resource, nothing: Setting) -> Setting:
    every = [container for _, container in resource.containers()]
    asked = every and all(isinstance(container.get("readinessProbe"), dict) for container in every)
    return Setting(True, resource.at(*resource.pod), "each container has a readiness probe") if asked else nothing
