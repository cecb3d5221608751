"""Tells what answers requests outside of clusters: tasks of ECS, container apps, web apps, services of Cloud Run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from orchestrator import Block, Infrastructure, Source, Typed, as_flag, as_number, is_file_elsewhere

from ._types import SCALERS, TARGETS

SERVED = Typed("resources/served")
"""Services that a cloud runs as many instances of as something says, and that answer requests."""
_DEFINITIONS = Typed("resources/task-definitions")
_SUBNETS = Typed("resources/subnets")
_PLACES = Typed("resources/places")
"""What services of Azure run in, and whether that spans zones."""


@dataclass(frozen=True)
class Served:
    """One service of a cloud that answers requests."""

    block: Block
    least: int | None
    """How many run at least; None where that cannot be told."""
    probed: bool | None
    """Whether it is asked for its health before it gets requests; None where a default asks, or it cannot be told."""
    spread: bool | None
    """Whether it runs in more than one zone."""

    @property
    def address(self) -> str:
        return self.block.address

    @property
    def at(self) -> Source:
        return self.block.at()

    @property
    def spread_at(self) -> Source:
        """Where it says in which zones it runs."""
        return SERVED.place(self.block, "subnets" if SERVED.tells(self.block, "subnets") else "within")


class Clouds:
    """The services of clouds that answer requests, and what the rest of the tree says of each."""

    def __init__(self, infrastructure: Infrastructure) -> None:
        self._all = infrastructure
        self._blocks = [b for b in SERVED.among(infrastructure) if not is_file_elsewhere(b.path)]

    @cached_property
    def serving(self) -> list[Served]:
        """Those that answer requests; a task that opens no port works through jobs."""
        return [
            Served(b, self._least(b), self._probed(b), self._spread(b)) for b in self._blocks if not self._is_worker(b)
        ]

    @cached_property
    def workers(self) -> list[Served]:
        """Those that nothing sends requests to."""
        return [Served(b, self._least(b), None, self._spread(b)) for b in self._blocks if self._is_worker(b)]

    def _is_worker(self, block: Block) -> bool:
        if SERVED.kind(block) == "task":
            if SERVED.value(block, "balanced") or SERVED.value(block, "found"):
                return False
            task = self._task(block)
            return task is not None and not _OPENS.search(_text(task))
        if SERVED.kind(block) == "app":
            return not SERVED.value(block, "entry")
        return False

    def _task(self, block: Block) -> Block | None:
        """The task definition that a service of ECS runs."""
        text = str(SERVED.value(block, "task"))[:2_000]
        return next((self._defined[name] for name in _NAMES.findall(text) if name in self._defined), None)

    @cached_property
    def _defined(self) -> dict[str, Block]:
        """The task definitions by what others call them: type and label in Terraform, the label in a template."""
        found: dict[str, Block] = {}
        for block in _DEFINITIONS.among(self._all):
            found.setdefault(f"{block.type}.{block.label}" if block.tool == "terraform" else block.label, block)
        return found

    def _probed(self, block: Block) -> bool | None:
        kind = SERVED.kind(block)
        if kind == "task":
            task = self._task(block)
            if task is not None and _ASKS.search(_text(task)):
                return True
            groups = [g for g in TARGETS.among(self._all) if _means(str(SERVED.value(block, "balanced"))[:2_000], g)]
            if groups:
                return True if all(TARGETS.says(g, "asked").value for g in groups) else None
            if SERVED.value(block, "balanced"):
                return None
            return False if task is not None else None
        if kind == "app":
            probes = [p for c in SERVED.parts(block, "containers") for p in _probes(c)]
            ready = [p for p in probes if p.lower() == "readiness"]
            return True if ready else None if SERVED.value(block, "containers") is None else False
        if kind == "site":
            said = SERVED.says(block, "probed").value
            return None if said is None else bool(said)
        return None

    def _spread(self, block: Block) -> bool | None:
        kind = SERVED.kind(block)
        if kind == "regional":
            return True
        if kind == "task":
            return self._zones_of(SERVED.value(block, "subnets"))
        place = next(
            (p for p in _PLACES.among(self._all) if _means(str(SERVED.value(block, "within"))[:2_000], p)), None
        )
        if place is None:
            return None
        said = _PLACES.says(place, "spread").value
        return None if said is None else bool(said)

    def _zones_of(self, value: Any) -> bool | None:
        """Whether *value*, the subnets of a service, lie in more than one zone."""
        listed = value if isinstance(value, list) else [value]
        texts = [str(one)[:500] for one in listed if one not in (None, "")]
        zones: set[str] = set()
        for text in texts:
            found = [s for s in _SUBNETS.among(self._all) if _means(text, s)]
            many = [s for s in found if _is_many(s) and not _ONE.search(text) and _in_each_zone(s)]
            if many:
                return True
            for subnet in found:
                zone = str(_SUBNETS.value(subnet, "zone") or "")
                zones.add(f"{zone}{_ONE.findall(text)[:1]}" if zone else f"?{text}")
            if not found and ("module." in text or "var." in text or "data." in text or "local." in text):
                return None
            if not found:
                zones.add(text)
        if not zones:
            return None
        if len(zones) > 1:
            return None if any(zone.startswith("?") for zone in zones) else True
        return False

    def _least(self, block: Block) -> int | None:
        bounds = [s for s in SCALERS.among(self._all, "bounds") if _means(str(SCALERS.value(s, "of"))[:2_000], block)]
        if bounds:
            least = as_number(SCALERS.value(bounds[0], "least"))
            return int(least) if least is not None else None
        for what in ("least", "count"):
            if SERVED.tells(block, what) and (said := as_number(SERVED.value(block, what))) is not None:
                return int(said)
        place = next(
            (p for p in _PLACES.among(self._all) if _means(str(SERVED.value(block, "within"))[:2_000], p)), None
        )
        count = (
            as_number(_PLACES.value(place, "count")) if place is not None and _PLACES.tells(place, "count") else None
        )
        return int(count) if count is not None else None


_OPENS = re.compile(r"\bportMappings\b|\bPortMappings\b", re.IGNORECASE)
_ASKS = re.compile(r"\bhealthCheck\b|\bHealthCheck\b", re.IGNORECASE)
_ONE = re.compile(r"\[\s*[\"']?[\w-]{1,40}[\"']?\s*\](?!\.\*)(?!\[)")


_NAMES = re.compile(r"[\w-]+(?:\.[\w-]+)?")


def _text(block: Block) -> str:
    return str(block.body)[:50_000]


def _means(text: str, block: Block) -> bool:
    """Whether *text* refers to *block*: by its type and label in Terraform, by its label alone in a template."""
    if block.tool == "terraform":
        return re.search(rf"(?<![\w.]){re.escape(block.type)}\.{re.escape(block.label)}(?![\w-])", text) is not None
    return re.search(rf"(?<![\w-]){re.escape(block.label)}(?![\w-])", text) is not None


def _probes(container: dict[str, Any]) -> Iterator[str]:
    """The types of the probes of a container of an app of Azure."""
    probes = container.get("probes")
    for probe in probes if isinstance(probes, list) else []:
        if isinstance(probe, dict):
            yield str(probe.get("type", ""))
    if container.get("readiness_probe"):
        yield "readiness"


def _is_many(subnet: Block) -> bool:
    """Whether *subnet* stands for several."""
    every, count = subnet.get("for_each"), subnet.get("count")
    if isinstance(every, dict | list):
        return len(every) > 1
    if every is not None:
        return re.search(r"zones?|azs?\b", str(every)) is not None
    number = as_number(count)
    return (
        number > 1 if number is not None else count is not None and re.search(r"zones?|azs?\b", str(count)) is not None
    )


_EACH = re.compile(r"each\.(?:key|value)|count\.index")


def _in_each_zone(subnet: Block) -> bool:
    return _EACH.search(str(_SUBNETS.value(subnet, "zone") or "")) is not None


def is_switched_on(value: Any) -> bool:
    """Whether *value* says yes."""
    return as_flag(value) is True
