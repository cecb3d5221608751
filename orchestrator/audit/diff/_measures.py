"""Compares the numbers of two runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from ...domain.assessment import Assessment
from ...domain.finding import Finding, Status
from ...domain.measure import Measure
from ...domain.model import Model


class MeasureChange(Model):
    """A number that findings of both runs rest on and that is another one now, whatever became of the criterion."""

    criterion: str
    severity: str
    status_before: Status
    status: Status
    check: str
    name: str
    before: Measure
    after: Measure
    trend: Literal["better", "worse", ""] = ""
    """Empty where no limit says which way is worse, and where only the limit has moved."""
    where: str = ""


def changed_measures(old: Assessment, new: Assessment) -> Iterable[MeasureChange]:
    """Each measure of one criterion that both runs have and that differs, by check, name and place."""
    for was, now in _pairs(_measured(old), _measured(new)):
        before, after = was.measure, now.measure
        if before is not None and after is not None and before != after:
            yield MeasureChange(
                criterion=new.criterion,
                severity=new.severity,
                status_before=old.status,
                status=new.status,
                check=now.check,
                name=after.name,
                before=before,
                after=after,
                trend=_trend(before, after),
                where=now.where,
            )


def _measured(assessment: Assessment) -> dict[tuple[str, str], list[Finding]]:
    """Findings with a measure by (check, name of the measure), the check's own names in their order."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(assessment.findings, key=lambda f: (f.check, f.sort_key)):
        if finding.measure is not None:
            found.setdefault((finding.check, finding.measure.name), []).append(finding)
    return found


def _pairs(
    old: Mapping[tuple[str, str], Sequence[Finding]], new: Mapping[tuple[str, str], Sequence[Finding]]
) -> Iterable[tuple[Finding, Finding]]:
    """What belongs together: the only ones of a name, else those of a file, else those of a line; no guesses."""
    for key in sorted(old.keys() & new.keys()):
        left, right = list(old[key]), list(new[key])
        for place in (_anywhere, _path, _line):
            for was, now in _unique(left, right, place):
                left.remove(was)
                right.remove(now)
                yield was, now


def _unique(
    left: Sequence[Finding], right: Sequence[Finding], place: Callable[[Finding], str]
) -> list[tuple[Finding, Finding]]:
    """Pairs of findings that are the only ones at their *place* on either side."""
    counts = [Counter(map(place, side)) for side in (left, right)]
    there = {place(f): f for f in right}
    return [(f, there[at]) for f in left if (at := place(f)) in there and all(c[at] == 1 for c in counts)]


def _anywhere(_: Finding) -> str:
    return ""


def _path(finding: Finding) -> str:
    return finding.location.path if finding.location else ""


def _line(finding: Finding) -> str:
    return str(finding.location or "")


def _trend(before: Measure, after: Measure) -> Literal["better", "worse", ""]:
    least = before.at_least is not None and after.at_least is not None
    most = before.at_most is not None and after.at_most is not None
    if before.unit != after.unit or before.value == after.value or not (least or most):
        return ""
    return "better" if (after.value > before.value) is least else "worse"
