"""Tells which of several manifests of one Kubernetes object is the one that is left in the cluster."""

from __future__ import annotations

from collections.abc import Sequence

from ...formats.helm import OPEN
from ..facts.kubernetes import Resource
from ..stages import stage_of_file
from .force import Force, unknown, void
from .namespaces import Namespace


def overwritten(resources: Sequence[Resource], forces: Sequence[Force], namespace: Namespace) -> dict[int, Force]:
    """
    What is to be said of those *resources* that a later one of the same kind, namespace and name replaces, by number.

    Of one file the last is left. Of several files in one folder nobody can tell which is applied last, or whether both
    are: so both are in force, unless a later one is not by what it says itself (*forces*). Files whose names say that
    they are for different stages, and copies that say the same, are left alone.
    """
    found: dict[int, Force] = {}
    last: dict[tuple[str, ...], tuple[int, Resource]] = {}
    for number, resource in reversed(list(enumerate(resources))):
        name = resource.resource
        if not name or OPEN in name or OPEN in resource.namespace or resource.kind == "Kustomization":
            continue
        folder, _, file = resource.path.rpartition("/")
        key = (folder, _stage(file), resource.api_version.partition("/")[0], resource.kind, namespace(resource), name)
        if key not in last:
            last[key] = number, resource
            continue
        at, later = last[key]
        if later.body == resource.body:
            continue
        if later.path == resource.path:
            found[number] = void(f"is replaced by the same object at line {later.line}")
        elif resource.origin == "manifest" and not forces[at]:
            found[number] = unknown(f"stands again in {later.at()}, where it {forces[at].reason}")
    return found


def _stage(file: str) -> str:
    """What tells files apart that are for different stages: the name, where it says one."""
    return file if stage_of_file(file) else ""
