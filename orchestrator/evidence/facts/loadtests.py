"""Load tests and their committed results."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import AddedLater, Model


class LoadScript(Model):
    """One load test: what it imitates, each trait with the line where it shows (0: not seen)."""

    path: str
    tool: str
    """k6, locust, gatling, jmeter, artillery; or wrk, ab, hey, vegeta, siege, autocannon, bombardier, oha."""
    line: int = 1
    requests: int = 0
    """How many different requests it makes."""
    think: int = 0
    """It pauses as a person would."""
    data: int = 0
    """It varies what it sends."""
    stages: int = 0
    """Its load changes over time: ramp, steps, spike."""
    thresholds: int = 0
    """It fails by itself when a limit is crossed."""

    def at(self, line: int = 0) -> Source:
        return Source(path=self.path, line=line or self.line)

    @property
    def hammer(self) -> bool:
        """A tool that repeats one request as fast as it can."""
        return self.tool in _HAMMERS


class LoadResult(Model):
    """One committed report of a load test, in milliseconds and shares from 0 to 1; None where it does not say."""

    path: str
    tool: str
    p95: float | None = None
    p99: float | None = None
    failures: float | None = None
    requests: int = 0

    @property
    def source(self) -> Source:
        return Source(path=self.path)


class LoadRun(Model):
    """One run that a written report tells of, in milliseconds and shares from 0 to 1; None where it does not say."""

    line: int
    name: str
    """What the report calls it: ``twice, 10 min``."""
    load: float | None = None
    """How many users at once, devices, sessions: whatever the report counts."""
    rate: float | None = None
    """How many requests a second."""
    p95: float | None = None
    p99: float | None = None
    failures: float | None = None
    minutes: float | None = None
    flat: bool = False
    """Memory is told to have stayed as it was."""


class LoadJump(Model):
    """A sudden jump of load: from how much to how much, in how long, and after how long all was well again."""

    line: int
    before: float
    after: float
    seconds: float
    recovered: bool = False
    failures: float | None = None


class LoadNote(Model):
    """A sentence of a report that says something of one kind."""

    line: int
    kind: str
    """limit: what is full first; resource: how full one is; growth; trigger: at which figure to add what; doubt."""
    text: str


class LoadReport(Model):
    """What one section of prose tells of load tests that were run on one day."""

    path: str
    line: int = 1
    day: str = ""
    """``2026-11-20``; empty where it does not say."""
    expected: float | None = None
    """The load that is expected, as it says in so many words."""
    per_second: bool = False
    """That is a rate, and no number of users."""
    runs: tuple[LoadRun, ...] = ()
    jumps: tuple[LoadJump, ...] = ()
    notes: tuple[LoadNote, ...] = ()

    def at(self, line: int = 0) -> Source:
        return Source(path=self.path, line=line or self.line)

    def noted(self, kind: str) -> tuple[LoadNote, ...]:
        return tuple(note for note in self.notes if note.kind == kind)


class LoadTests(Fact):
    """Every load test outside examples, documentation and vendored folders, and every committed report of one."""

    name: ClassVar[str] = "loadtests"

    scripts: tuple[LoadScript, ...] = ()
    results: tuple[LoadResult, ...] = ()
    reports: Annotated[tuple[LoadReport, ...], AddedLater()] = ()
    """What prose tells of runs, with their figures."""


_HAMMERS = frozenset({"wrk", "wrk2", "ab", "hey", "vegeta", "siege", "autocannon", "bombardier", "oha"})
