"""Counts tests by kind and language, and reads what is demanded of their coverage."""

from __future__ import annotations

from ...domain.fact import Aside, Fact, Source
from ...errors import FormatError
from .. import cases
from ..asides import Asides
from ..facts.files import Files
from ..facts.testsuites import CoverageRule, Suite, TestSuites
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from . import _coverage
from ._coverage_files import is_coverage_file

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
        self._aside = Asides()

    def wants(self, file: FileEntry) -> bool:
        return cases.is_candidate(file) or is_coverage_file(file)

    def read(self, source: SourceFile) -> None:
        if cases.is_candidate(source.file):
            self._count(source)
        if is_coverage_file(source.file):
            if len(self._rules) >= MAX_RULES:
                raise FormatError(f"there are more than the {MAX_RULES:,} demands on coverage that are kept")
            self._rules.extend(_coverage.rules(source))

    def finish(self, files: Files) -> Fact:
        order = {kind: n for n, kind in enumerate(cases.KINDS)}
        suites = [
            Suite(kind=k, language=lang, files=n, cases=self._cases[k, lang], first=tuple(self._first[k, lang]))
            for (k, lang), n in self._files.items()
        ]
        suites.sort(key=lambda s: (order[s.kind], s.language))
        rules = tuple(sorted(self._rules, key=_rule_order))
        return TestSuites(suites=tuple(suites), coverage=rules, aside=self._aside.kept)

    def _count(self, source: SourceFile) -> None:
        seen = cases.look(source)
        if seen is None:
            return
        if not seen.aside:
            why, line = seen.aside, seen.aside_line
            self._aside.add(
                Aside(
                    path=source.path, line=line, what="a test", reason=why.reason, about=(seen.kind,), void=why.is_void
                )
            )
        if not seen.cases and seen.kind != "load":
            return
        key = (seen.kind, seen.language)
        self._files[key] = self._files.get(key, 0) + 1
        self._cases[key] = self._cases.get(key, 0) + seen.cases
        first = self._first.setdefault(key, [])
        if len(first) < _KEPT:
            first.append(Source(path=source.path, line=seen.line))


def _rule_order(rule: CoverageRule) -> tuple[bool, str, int]:
    return rule.kind != "threshold", rule.source.path, rule.source.line
