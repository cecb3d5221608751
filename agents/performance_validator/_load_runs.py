"""Sorts the runs that reports tell of: at the expected load, at twice that, up to the end, for a day."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from orchestrator import History, LoadReport, LoadRun, LoadTests

P95, P99, LOST = 500.0, 1000.0, 0.01
TWICE = 1.95
"""Times the expected load; who counts 599 of 600 has doubled it."""
REACHED = 0.97
_BEYOND = 1.3
"""Times the expected load; what breaks below it has no margin, and is no end that was looked for."""
DAYLONG = 24 * 60.0

DOUBLE = re.compile(
    r"\b(?:twice|double[ds]?|two times|200\s?%)|(?<![\d.,])2(?:\.0)?\s?[x×]|[x×]\s?2(?![\d.])", re.IGNORECASE
)
_PEAK = re.compile(r"\b(?:peak|expected|target load|forecast|100\s?%)|(?<![\d.,])1\s?[x×]", re.IGNORECASE)
_END = re.compile(
    r"\b(?:break\w*|broke|until|end|limit|stress|failure|saturat\w*|max(?:imum)?|ceiling|hurts?|ramp\w*|to the top)\b",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"\b(?:soak|endurance|spike|burst|jump|surge|smoke|warm.?up|before|previous(?:ly)?|without|old|baseline)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """The newest report that says something of what is asked, and why it does not count, if it does not."""

    report: LoadReport
    why_not: str = ""


def newest(tests: LoadTests, history: History, valid: int, says: Callable[[LoadReport], object]) -> Told | None:
    """The newest report for which *says* says anything, if there is one; it counts for *valid* days."""
    found = [report for report in tests.reports if says(report)]
    if not found:
        return None
    report = max(found, key=lambda one: (one.day, one.path, one.line))
    where = f"{report.path} tells of load tests"
    undated = next((one for one in found if not one.day), None)
    if not report.day or (undated is not None and undated is not report and not report.day):
        return Told(report, f"{where}, and not when they were run")
    day = date.fromisoformat(report.day)
    if day > history.latest:
        return Told(report, f"{where} of a day that has not come, {report.day}")
    reviewed = _day_of(history)
    if reviewed is not None and (reviewed - day).days > valid:
        return Told(report, f"{where} of {report.day}, which is more than {valid} days ago")
    if doubts := report.noted("doubt"):
        return Told(report, f"{where}, and their figures may not hold for production: {doubts[0].text[:100]}")
    return Told(report)


def _day_of(history: History) -> date | None:
    try:
        return date.fromisoformat(history.last_at[:10])
    except ValueError:
        return None


@dataclass(frozen=True)
class Wanted:
    """The load that is expected, and whether it is counted a second."""

    amount: float
    rate: bool

    def of(self, run: LoadRun) -> float | None:
        """How much load a run had, counted in the same way; None where it is counted in another."""
        return run.rate if self.rate else run.load


def expected(report: LoadReport) -> Wanted | None:
    """The load that is expected: as the report says, or else that of the run which it calls so."""
    if report.expected is not None:
        said = Wanted(report.expected, report.per_second)
        if any(said.of(run) is not None for run in report.runs):
            return said
    for run in filter(_is_peak, report.runs):
        if run.load is not None:
            return Wanted(run.load, rate=False)
        if run.rate is not None:
            return Wanted(run.rate, rate=True)
    return None


def times_of(run: LoadRun, wanted: Wanted | None) -> float | None:
    """How many times the expected load a run had."""
    load = wanted.of(run) if wanted is not None else None
    return load / wanted.amount if load is not None and wanted is not None and wanted.amount else None


def loaded(run: LoadRun) -> str:
    """The load of a run, in words."""
    return f"{run.load:,.0f}" if run.load is not None else f"{run.rate or 0:,.0f} a second"


def _is_peak(run: LoadRun) -> bool:
    return _PEAK.search(run.name) is not None and not _other(run)


def _other(run: LoadRun) -> bool:
    """Whether a run is called something else than one at the expected load."""
    return any(pattern.search(run.name) for pattern in (DOUBLE, _END, _SHORT))


def at_peak(report: LoadReport) -> list[LoadRun]:
    """The runs at the expected load."""
    wanted = expected(report)
    found = []
    for run in report.runs:
        if run.p95 is None or _other(run):
            continue
        times = times_of(run, wanted)
        if _is_peak(run) or (times is not None and REACHED <= times < TWICE):
            found.append(run)
    return found


def at_twice(report: LoadReport) -> list[LoadRun]:
    """The runs at twice the expected load that were not meant to find the end."""
    wanted = expected(report)
    found = []
    for run in report.runs:
        if run.p95 is None or _END.search(DOUBLE.sub("", run.name)) or _SHORT.search(run.name):
            continue
        if DOUBLE.search(run.name) or (times_of(run, wanted) or 0) >= TWICE:
            found.append(run)
    return found


def wrong(run: LoadRun) -> str:
    """Which limit a run is over."""
    if run.p95 is not None and run.p95 >= P95:
        return f"p95 was {run.p95:,.0f} ms where less than 500 ms is wanted"
    if run.p99 is not None and run.p99 >= P99:
        return f"p99 was {run.p99:,.0f} ms where less than 1,000 ms is wanted"
    if run.failures is not None and run.failures >= LOST:
        return f"{run.failures:.1%} of requests failed where less than 1 % is wanted"
    return ""


def ends(report: LoadReport) -> list[LoadRun]:
    """The runs in which load was raised until the system broke."""
    wanted = expected(report)
    found = []
    for run in report.runs:
        times = times_of(run, wanted)
        beyond = times is not None and times > _BEYOND
        counted = times is None and (run.load is not None or run.rate is not None)
        if _broke(run) and (beyond or counted) and (_END.search(run.name) or (times or 0) > TWICE):
            found.append(run)
    return found


def _broke(run: LoadRun) -> bool:
    slow = (run.p95 or 0) >= 2 * P95 or (run.p99 or 0) >= 2 * P99
    return (run.failures or 0) >= LOST or slow


def soaks(report: LoadReport) -> list[LoadRun]:
    """The runs that lasted a day, or are called so."""
    return [
        run for run in report.runs if run.minutes is not None and (run.minutes >= DAYLONG or _SOAK.search(run.name))
    ]


_SOAK = re.compile(r"\b(?:soak|endurance)\b", re.IGNORECASE)
