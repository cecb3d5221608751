"""What several signals ask of one line is found out once, and says for each what it would alone."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.signal import Signal
from orchestrator.evidence.facts.code import Code
from orchestrator.evidence.inforce.code import Remembering, judge_of
from orchestrator.evidence.inforce.code.syntax import Syntax
from orchestrator.evidence.inforce.code.tree import TreeJudge
from orchestrator.evidence.inforce.force import IN_FORCE, Force
from orchestrator.evidence.readers import _mentioned, code
from orchestrator.evidence.readers._mentioned import Mentioned
from orchestrator.evidence.tree import SourceFile, entry

SIGNALS = (
    Signal(id="t.audit", pattern=r"\baudit\.record\("),
    Signal(id="t.any", words=("audit.record(",)),
    Signal(id="t.who", pattern=r"record\((?=.*user)|never\(said"),
)
FILES = {"a.js": "audit.record(user)\naudit.record(1)\n// audit.record(user)\nunaudit.record(user)\n", "b.js": "x()\n"}


def hits(signals: tuple[Signal, ...], files: dict[str, str] = FILES) -> Code:
    found = facts_of(files, signals)[Code]
    assert isinstance(found, Code)
    return found


def syntax_of(data: bytes) -> Syntax:
    judge = judge_of(data, "a.js", "javascript")
    assert isinstance(judge, TreeJudge)
    return judge.syntax


class TestLines:
    def test_each_signal_finds_what_it_finds_alone(self):
        together = hits(SIGNALS)
        for signal in SIGNALS:
            assert hits((signal,))[signal] == together[signal]
        assert [2, 3, 2] == [together[signal].total for signal in SIGNALS]

    def test_a_line_is_redacted_once_for_all(self, monkeypatch):
        asked: list[str] = []

        def cut(text: str, limit: int) -> str:
            asked.append(text)
            return text[:limit]

        monkeypatch.setattr(code, "cut", cut)
        hits(SIGNALS)
        assert asked == FILES["a.js"].splitlines()

    def test_letters_beyond_ascii_are_left_to_the_pattern(self):
        signal = Signal(id="t.said", pattern=r"\bmasking\b.*keep|other thing")
        found = hits((signal,), {"a.js": "masking('\u212aeep')\nmasking('keep')\nmasking(1)\n"})
        assert [1, 2] == [place.line for place in found[signal].first]


class TestJudges:
    def test_one_stretch_is_judged_once(self):
        asked: list[tuple[int, int]] = []

        class Judge:
            def running(self, start: int, end: int) -> bytes:
                asked.append((start, end))
                return b"x"

            def judge(self, start: int, end: int) -> Force:
                asked.append((start, end))
                return IN_FORCE

        judge = Remembering(Judge())
        for _ in range(2):
            assert (judge.running(0, 5), judge.judge(0, 3), judge.judge(1, 3)) == (b"x", IN_FORCE, IN_FORCE)
        assert asked == [(0, 5), (0, 3), (1, 3)]

    def test_a_way_is_the_same_whoever_asked_before(self):
        data = b"import x from 'y'\nfunction f (a) { if (a) { return g(a) } }\nconst g = b => [b, f(b)]\nf(1)\n" * 3
        syntax = syntax_of(data)
        places = [*range(len(data)), *range(len(data) - 1, -1, -7), *range(0, len(data), 13)]
        for place in places:
            alone = syntax_of(data).way(place) if place % 11 == 0 else None
            way = syntax.way(place)
            assert all(step.node.start_byte <= place < step.node.end_byte for step in way[1:])
            assert [step.type for step in way] == [step.node.type for step in way]
            if alone is not None:
                assert [(s.type, s.part, s.node.start_byte) for s in alone] == [
                    (s.type, s.part, s.node.start_byte) for s in way
                ]

    def test_a_way_that_was_handed_out_is_its_owners(self):
        syntax = syntax_of(b"f(g(1))\n")
        syntax.way(4).clear()
        assert "number" == syntax.way(4)[-1].type


class TestNames:
    @pytest.mark.parametrize("most", [2, 3, 100])
    def test_no_more_are_kept_than_may_be(self, monkeypatch, most):
        monkeypatch.setattr(_mentioned, "_MOST", most)
        names = Mentioned()
        for path, text in (("a.js", b"one two"), ("b.js", b"two three four")):
            names.add(SourceFile(entry(path, len(text)), text))
        assert names.elsewhere("two", "a.js")
        assert not names.elsewhere("one", "a.js")
        assert [most > 2, most > 3] == [names.says("four"), names.says("three")]
        assert names.elsewhere("nobody", "a.py") == (most < 100)
