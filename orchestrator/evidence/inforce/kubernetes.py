"""Sifts the Kubernetes objects of a tree: what is in force, what is void, and of what it cannot be told."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field

from ..facts.kubernetes import Resource
from .cluster import RELATED, Cluster
from .force import IN_FORCE, Force, State, all_of
from .kustomizations import Kustomization
from .overlays import Overlays
from .parts import Part, idle_parts, without
from .scaling import wakes
from .twice import overwritten
from .workloads import COUNTED, of_itself

_CONFIGURATION = frozenset({"Kustomization", "Component"})


@dataclass
class Sifted:
    """What became of the objects of a tree; each of the lists in the order in which they were handed in."""

    kept: list[Resource] = field(default_factory=list)
    """In force; without the parts of them that do nothing."""
    aside: list[tuple[Resource, Force]] = field(default_factory=list)
    """Not in force, or not known to be, and why."""
    parts: list[tuple[Resource, Part]] = field(default_factory=list)
    """What was taken out of objects that are in force."""

    @property
    def idle(self) -> list[Resource]:
        """The objects that are not in force, or not known to be."""
        return [resource for resource, _ in self.aside]


def sift(
    resources: Sequence[Resource],
    patches: Sequence[Resource] = (),
    *,
    doubted: Container[tuple[str, int]] = (),
    settled: Container[str] = (),
    mentioned: Collection[str] = (),
    closed: bool = True,
) -> Sifted:
    """
    Tell what is in force of *resources*.

    Args:
        resources: All objects of the tree, those of Kustomize among them.
        patches: What kustomizations lay over them.
        doubted: Places (path, line) of objects that a template makes under a condition that cannot be told.
        settled: Paths of templates that were filled in with the values of production.
        mentioned: Files and folders that something applies by name, as it is written there.
        closed: No object of the tree went unread, so that what is not there is nowhere.
    """
    own = [Kustomization(r.path, r.body) for r in resources if _is_kustomize(r)]
    overlays = Overlays(
        own, patches, [r for r in resources if r.kind == "Kustomization" and not _is_kustomize(r)], mentioned
    )
    forces = _by_themselves(resources, overlays, settled)
    for number, resource in enumerate(resources):
        if forces[number] and (resource.path, resource.line) in doubted:
            forces[number] = Force(State.UNKNOWN, "is made under a condition that cannot be told")
    namespace = overlays.namespace
    running = [r for r, force in zip(resources, forces, strict=True) if force]
    idle = [r for r, force in zip(resources, forces, strict=True) if force.is_void]
    cluster = Cluster(running, idle, namespace, closed=closed and not overlays.remote)
    for services in (True, False):
        for number, resource in enumerate(resources):
            if forces[number] and resource.kind in RELATED and (resource.kind == "Service") is services:
                forces[number] = cluster.judge(resource)
        if services:
            serving = [r for r, f in zip(resources, forces, strict=True) if f and r.kind == "Service"]
            cluster.serve(serving, patches)
    return _parted(resources, forces)


def _by_themselves(resources: Sequence[Resource], overlays: Overlays, settled: Container[str]) -> list[Force]:
    """What is to be said of each object by itself and by what is laid over it."""
    woken = {str(r.get("spec", "scaleTargetRef", "name")) for r in resources if wakes(r)}
    forces: list[Force] = []
    for resource in resources:
        if resource.kind in _CONFIGURATION and _is_kustomize(resource):
            forces.append(IN_FORCE)
            continue
        count = overlays.count(resource) if resource.kind in COUNTED else None
        if resource.resource in woken and resource.kind in COUNTED:
            count = IN_FORCE  # it is scaled up from nothing as soon as there is something to do
        itself = of_itself(resource, replicas=count, settled=resource.path in settled)
        forces.append(all_of([itself, overlays.applied(resource), overlays.deleted(resource)]))
    replaced = overwritten(resources, forces, overlays.namespace)
    return [all_of([force, replaced.get(number, IN_FORCE)]) for number, force in enumerate(forces)]


def _parted(resources: Sequence[Resource], forces: Sequence[Force]) -> Sifted:
    sifted = Sifted()
    for resource, force in zip(resources, forces, strict=True):
        if not force:
            sifted.aside.append((resource, force))
            continue
        parts = idle_parts(resource)
        sifted.parts += [(resource, part) for part in parts]
        kept = resource.model_copy(update={"body": without(resource.body, parts)}) if parts else resource
        sifted.kept.append(kept)
    return sifted


def _is_kustomize(resource: Resource) -> bool:
    return resource.kind in _CONFIGURATION and "toolkit.fluxcd.io" not in resource.api_version
