"""Tests by kind and language, and what is demanded of their coverage."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ...domain.fact import Aside, Fact, Source
from ...domain.model import AddedLater, Model

SKIPPED = "is skipped by its own file"
"""Why a test counts for nothing that runners are told to leave out where it is written."""


class Suite(Model):
    """The test files of one kind and language."""

    kind: str
    """unit, integration, e2e, load, smoke, accessibility, contract, visual."""
    language: str
    files: int
    cases: int
    """Test functions seen; 0 where they cannot be counted."""
    first: tuple[Source, ...] = ()


class CoverageRule(Model):
    """A place that demands or reports a coverage."""

    percent: float | None
    """The threshold demanded or the figure reported; None where it is measured without a limit of its own."""
    kind: str
    """threshold (a build fails below it, or below the last figure where percent is None) or report."""
    source: Source
    about: Annotated[str, AddedLater()] = ""
    """The path or pattern whose files it is about; empty where it is about the whole."""


class TestSuites(Fact):
    """The tests of the tree by kind, and what is demanded of their coverage."""

    __test__ = False
    name: ClassVar[str] = "testsuites"
    whole: ClassVar[bool] = False

    suites: tuple[Suite, ...] = ()
    coverage: tuple[CoverageRule, ...] = ()

    @property
    def skipped(self) -> tuple[Aside, ...]:
        """The first test of each file that counts for nothing, where every one of them is skipped by its own file."""
        return self.aside if all(aside.reason == SKIPPED for aside in self.aside) else ()

    def of(self, *kinds: str) -> list[Suite]:
        self.sought.update(kinds)
        return [s for s in self.suites if s.kind in kinds]
