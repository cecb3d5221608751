"""Reads tests and their coverage as a fact."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model
from ...errors import FormatError
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from . import _cases
from ._coverage_files import is_coverage_file
from .files import Files


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


class TestSuites(Fact):
    """The tests of the tree by kind, and what is demanded of their coverage."""

    __test__ = False
    name: ClassVar[str] = "testsuites"

    suites: tuple[Suite, ...] = ()
    coverage: tuple[CoverageRule, ...] = ()

    def of(self, *kinds: str) -> list[Suite]:
        return [s for s in self.suites if s.kind in kinds]


_KEPT = 12
MAX_RULES = 2_000


class TestSuitesReader(Reader):
    """Counts test cases by language and sorts test files into kinds; reads what is demanded of coverage."""

    __test__ = False
    fact = TestSuites

    def __init__(self) -> None:
        self._files: dict[tuple[str, str], int] = {}
        self._cases: dict[tuple[str, str], int] = {}
        self._first: dict[tuple[str, str], list[Source]] = {}
        self._rules: list[CoverageRule] = []

    def wants(self, file: FileEntry) -> bool:
        return _cases.is_candidate(file) or is_coverage_file(file)

    def read(self, source: SourceFile) -> None:
        if _cases.is_candidate(source.file):
            self._count(source)
        if is_coverage_file(source.file):
            from . import _coverage

            if len(self._rules) >= MAX_RULES:
                raise FormatError(f"there are more than the {MAX_RULES:,} demands on coverage that are kept")
            self._rules.extend(_coverage.rules(source))

    def finish(self, files: Files) -> Fact:
        order = {kind: n for n, kind in enumerate(_cases.KINDS)}
        suites = [
            Suite(kind=k, language=lang, files=n, cases=self._cases[k, lang], first=tuple(self._first[k, lang]))
            for (k, lang), n in self._files.items()
        ]
        suites.sort(key=lambda s: (order[s.kind], s.language))
        return TestSuites(suites=tuple(suites), coverage=tuple(sorted(self._rules, key=_rule_order)))

    def _count(self, source: SourceFile) -> None:
        seen = _cases.look(source)
        if seen is None:
            return
        key = (seen.kind, seen.language)
        self._files[key] = self._files.get(key, 0) + 1
        self._cases[key] = self._cases.get(key, 0) + seen.cases
        first = self._first.setdefault(key, [])
        if len(first) < _KEPT:
            first.append(Source(path=source.path, line=seen.line))


def _rule_order(rule: CoverageRule) -> tuple[bool, str, int]:
    return rule.kind != "threshold", rule.source.path, rule.source.line
