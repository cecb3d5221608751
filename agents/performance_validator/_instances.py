"""Counts the instances of services, and the processes of each, as far as anything says how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orchestrator import Block, Code, Infrastructure, Kubernetes, Typed, as_number

from ._database_signals import WORKERS

_SERVED = Typed("resources/served")
_SCALERS = Typed("resources/scalers")


@dataclass(frozen=True)
class Count:
    """How many instances there are of all services that may connect: at least, and at most where that is told."""

    least: int
    most: int | None


def instances_of(infrastructure: Infrastructure, kubernetes: Kubernetes) -> Count | None:
    """How many instances of services there are, as far as anything says; None where nothing does."""
    found = [*_pods(kubernetes), *_tasks(infrastructure.some)]
    if not found:
        return None
    largest = max(most if most is not None else 1 for most in found)
    return Count(largest, None if None in found else sum(most or 0 for most in found))


def _pods(kubernetes: Kubernetes) -> Iterator[int | None]:
    """The most pods of each deployment."""
    scaled: dict[str, object] = {}
    for scaler in kubernetes.running("HorizontalPodAutoscaler", "ScaledObject"):
        most = scaler.get("spec", "maxReplicas") or scaler.get("spec", "maxReplicaCount")
        scaled[str(scaler.get("spec", "scaleTargetRef", "name"))] = most
    for server in kubernetes.running_servers:
        if server.kind in ("Deployment", "Rollout"):
            number = as_number(scaled.get(server.resource, server.get("spec", "replicas", default=1)))
            yield int(number) if number is not None else None
    for service in kubernetes.running("Service"):
        if "knative" in service.api_version:
            annotations = service.get("spec", "template", "metadata", "annotations")
            number = (
                as_number(annotations.get("autoscaling.knative.dev/maxScale"))
                if isinstance(annotations, dict)
                else None
            )
            yield int(number) if number is not None else None


def _tasks(blocks: Iterable[Block]) -> Iterator[int | None]:
    """The most tasks of each service of a cloud."""
    blocks = [block for block in blocks if block.block == "resource"]
    targets = [block for block in blocks if _SCALERS.kind(block) == "bounds"]
    scaled = {
        label: as_number(_SCALERS.value(t, "most")) for t in targets for label in _SERVED.named(_SCALERS.value(t, "of"))
    }
    for block in blocks:
        told = next((what for what in ("most", "count") if _SERVED.tells(block, what)), None)
        if told is not None:
            number = scaled.get(block.label, as_number(_SERVED.value(block, told)))
            yield int(number) if number is not None else None


_COUNT = re.compile(r"(?:--workers|--processes|-w|workers|WEB_CONCURRENCY|processes)['\"]?[\s,=:'\"]{1,5}(\d{1,3})\b")


def workers_of(code: Code) -> int | None:
    """How many processes each instance has; None where that is a variable."""
    hits = code[WORKERS].first
    found = [int(number[1]) for hit in hits if (number := _COUNT.search(hit.text))]
    if len(found) < len(hits):
        return None
    return max(found, default=1)
