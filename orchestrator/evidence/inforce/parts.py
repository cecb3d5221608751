"""Takes out of a Kubernetes workload what does nothing in it: probes that ask nothing, limits that bound nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...formats.helm import OPEN
from ..facts.kubernetes import Resource
from .force import Force, void
from .probes import of_probe
from .quantities import senseless

Keys = tuple[str | int, ...]
_PROBES = ("readinessProbe", "livenessProbe", "startupProbe")


@dataclass(frozen=True)
class Part:
    """Something in a workload that is not in force: where it stands, and why it does nothing."""

    keys: Keys
    force: Force

    @property
    def name(self) -> str:
        """The last of its keys, which says what it is."""
        return str(self.keys[-1])


def idle_parts(resource: Resource) -> list[Part]:
    """The probes and limits of the containers of *resource* that are none, in the order in which they stand."""
    found: list[Part] = []
    pod = resource.section(*resource.pod)
    for keys, container in resource.containers():
        for probe in _PROBES:
            written = container.get(probe)
            if (
                isinstance(written, dict)
                and OPEN not in written
                and (force := of_probe(written, container, pod)).is_void
            ):
                found.append(Part((*keys, probe), force))
        for bound in ("limits", "requests"):
            for name, amount in resource.section(*keys, "resources", bound).items():
                if reason := senseless(str(name), amount):
                    found.append(Part((*keys, "resources", bound, str(name)), void(reason)))
    return found


def without(body: Mapping[str, Any], parts: list[Part]) -> dict[str, Any]:
    """A copy of *body* that lacks *parts*; what they do not touch is shared with it."""
    copied: dict[str, Any] = dict(body)
    for part in parts:
        copied = _without(copied, part.keys)
    return copied


def _without(value: Any, keys: Keys) -> Any:
    key, *rest = keys
    if isinstance(value, dict) and key in value:
        if not rest:
            return {k: v for k, v in value.items() if k != key}
        return {**value, key: _without(value[key], tuple(rest))}
    if isinstance(value, list) and isinstance(key, int) and rest and key < len(value):
        return [_without(item, tuple(rest)) if number == key else item for number, item in enumerate(value)]
    return value
