"""Follows what makes something of spans: whether a collector's pipelines and a store's generator have it at work."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orchestrator import ALL, Code, Kubernetes, Signal, Source

PIPELINES = Signal(id="monitoring.collector-pipelines", pattern=r"^pipelines:", roles=("infra", "config"), kept=ALL)
PART = Signal(
    id="monitoring.collector-part",
    pattern=r"^(?:-\s*)?[\"']?(?:tail_sampling|probabilistic_sampler|span_?metrics|service_?graph)(?:/[\w-]+)?[\"']?\s*:?|"
    r"\b(?:exporters|receivers|processors):\s*\[[^\]]*(?:tail_sampling|probabilistic_sampler|span_?metrics|service_?graph)",
    roles=("infra", "config"),
    kept=ALL,
)
GENERATED = Signal(
    id="monitoring.generated-of-spans",
    pattern=r"^processors:\s*\[.*(?:span-metrics|service-graphs|local-blocks)|^-\s*(?:span-metrics|service-graphs|local-blocks)\b",
    roles=("infra", "config"),
    kept=ALL,
)
"""What Tempo's generator is to make: a list of its own names."""
READS = [PIPELINES, PART, GENERATED]
_DEFINED = re.compile(r"[\"']?(\w+)(?:/[\w-]+)?[\"']?\s*:")


def idle(code: Code, *parts: str) -> tuple[Source, ...]:
    """Where one of *parts* of a collector is set up, in a file whose pipelines do not have it."""
    found: list[Source] = []
    used = {path: _used(code[PART].within(path)) for path in code[PIPELINES].places.files}
    for hit in code[PART].first:
        named = _DEFINED.match(hit.text)
        if named and named[1].replace("_", "") in parts and hit.path in used and named[1] not in used[hit.path]:
            found.append(hit)
    return tuple(found)


def _used(lines: Iterable[Source]) -> frozenset[str]:
    """The words of those *lines* that list parts or say something of one, and set none up."""
    told = (hit.text for hit in lines if _LIST.search(hit.text) or not _DEFINED.match(hit.text))
    return frozenset(word for text in told for word in _WORD.findall(text))


_WORD = re.compile(r"\w+")


_LIST = re.compile(r"\b(?:exporters|receivers|processors):\s*\[")


def not_generated(code: Code, what: str) -> Source | None:
    """Where a generator is told what to make of spans, if none is told to make *what*."""
    told = code[GENERATED].first
    return None if any(what in hit.text for hit in told) else next(iter(told), None)


def from_elsewhere(kubernetes: Kubernetes, variable: str) -> Source | None:
    """Where a workload takes *variable* from something that the tree may not hold."""
    return next(
        (at for at, entry in environment(kubernetes) if entry.get("name") == variable and entry.get("valueFrom")), None
    )


def environment(kubernetes: Kubernetes) -> list[tuple[Source, dict[str, object]]]:
    """Each variable of the containers of workloads, with its place."""
    return [
        (workload.at(*keys, "env", number), one)
        for workload in kubernetes.written(*WORKLOADS)
        for keys, container in workload.containers()
        for number, one in enumerate(container.get("env") or ())
        if isinstance(one, dict)
    ]


WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Rollout", "Pod", "ReplicaSet")
