"""Load tests and their committed results."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model


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


class LoadTests(Fact):
    """Every load test outside examples, documentation and vendored folders, and every committed report of one."""

    name: ClassVar[str] = "loadtests"

    scripts: tuple[LoadScript, ...] = ()
    results: tuple[LoadResult, ...] = ()


_HAMMERS = frozenset({"wrk", "wrk2", "ab", "hey", "vegeta", "siege", "autocannon", "bombardier", "oha"})
