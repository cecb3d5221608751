"""Decides whether a phase may act on what earlier phases found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..domain.criterion import Severity, criterion_order
from ..domain.finding import Status
from ..workflow.model import GateSpec
from .task import NodeResult


class GateDecision(NamedTuple):
    """Whether the gate before a phase is open, and what follows where it is closed."""

    open: bool
    reason: str = ""
    skip: bool = False


OPEN = GateDecision(True)


def decide(
    spec: GateSpec | None, earlier: Mapping[str, NodeResult], severities: Mapping[str, Severity], waived: frozenset[str]
) -> GateDecision:
    """
    Hold *earlier* results to the gate.

    Args:
        spec: The gate as the workflow has it; None is always open.
        earlier: Results of every node that is over.
        severities: Criterion to severity.
        waived: Criteria with a valid waiver.
    """
    if spec is None or spec.max_failed.critical < 0:
        return OPEN
    failed = {
        finding.criterion
        for result in earlier.values()
        for finding in result.findings
        if finding.status is Status.FAIL
        and severities.get(finding.criterion) is Severity.CRITICAL
        and finding.criterion not in waived
    }
    if len(failed) <= spec.max_failed.critical:
        return OPEN
    names = sorted(failed, key=criterion_order)
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    one = "criterion fails" if len(names) == 1 else "criteria fail"
    return GateDecision(False, f"{len(names)} critical {one}: {shown}", spec.when_closed == "skip")
