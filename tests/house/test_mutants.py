"""The tool that breaks the house makes edits, notices a broken word, and has no stale excuse."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.mutants._choosing import chosen, equivalents
from tools.mutants._copies import neutral
from tools.mutants._edits import KINDS, Edit, edits_of
from tools.mutants._knowing import Teller
from tools.mutants._patterns import alternatives
from tools.mutants._trial import Bench

ROOT = Path(__file__).parents[2]
MODULE = '''
import re
WORDS = re.compile(r"\\b(alpha|beta(one|two)?)$")
NAMES = frozenset(["left", "right"])
MOST = 40


def told(text, count):
    """Say."""
    if not text:
        return None
    if WORDS.search(text) and count < MOST:
        return text[:12]
    return [w for w in text.split() if w in NAMES]
'''


def whats(kind: str) -> list[str]:
    return [edit.what for edit in edits_of("agents/toy.py", MODULE) if edit.kind == kind]


SOME = ("orchestrator/redaction/_personal.py", "orchestrator/formats/sql.py")


def of(*paths: str) -> list[Edit]:
    return [edit for path in paths for edit in edits_of(path, (ROOT / path).read_text())]


class TestEdits:
    def test_words(self) -> None:
        """
        Each alternative, entry, anchor and plain word is an edit of its own.
        """
        found = whats("word")

        assert {"no |alpha|", "no |beta(one|two)?|", "no |one|", "no |two|"} <= set(found)
        assert {'no entry "left"', 'no entry "right"'} <= set(found)
        assert any(w.startswith("no $ in") for w in found)
        assert any(w.endswith("-> alqha") for w in found)

    def test_thresholds(self) -> None:
        """
        A limit moves by one, a bound by a factor, and an order takes its limit in.
        """
        wanted = {"count < MOST: < -> <=", "40 -> 80", "40 -> 20", "12 -> 13 in :12", "12 -> 11 in :12"}

        assert wanted == set(whats("threshold"))

    def test_branches(self) -> None:
        """
        Conditions are negated, guards dropped, joints exchanged, filters opened, functions left early.
        """
        assert {
            "not text -> (not (not text))",
            "not text -> False",
            "WORDS.search(text) and count < MOST -> ((WORDS.search(text)) or (count < MOST))",
            "WORDS.search(text) and count < MOST -> ((count < MOST))",
            "w in NAMES -> True",
        } <= set(whats("branch"))
        assert any(what.startswith("return before if WORDS.search(text)") for what in whats("branch"))

    def test_alternatives_survive_brackets(self) -> None:
        """
        A bar in a class, behind a backslash or in another group belongs to nobody else.
        """
        pattern = r"a[|)]b|c\|d(e|f)"

        assert ["e", "f", r"a[|)]b", r"c\|d(e|f)"] == [pattern[a.start : a.end] for a in alternatives(pattern)]

    def test_what_is_neutral_says_the_same(self) -> None:
        """
        The comment that every copy carries moves no statement.
        """
        changed = neutral(MODULE)

        assert MODULE != changed
        assert ast.dump(ast.parse(MODULE), include_attributes=True) == ast.dump(
            ast.parse(changed), include_attributes=True
        )


class TestChosen:
    def test_same_seed_same_edits(self) -> None:
        """
        A seed says which edits are tried, a third of each kind, and all of them are still Python.
        """
        everything = {kind: [edit for edit in of(*SOME) if edit.kind == kind] for kind in KINDS}
        first, again, other = (list(chosen(ROOT, everything, seed, 12)) for seed in ("1", "1", "2"))

        assert first == again != other
        assert dict.fromkeys(KINDS, 4) == {kind: sum(e.kind == kind for e in first) for kind in KINDS}

    def test_no_excuse_is_stale(self) -> None:
        """
        Every edit on the list of those that change nothing can still be made.
        """
        keys = {edit.key for edit in of(*{entry.path for entry in equivalents()})}

        assert [] == [entry for entry in equivalents() if entry.key not in keys]
        assert len(equivalents()) <= 60


@pytest.fixture
def bench(tmp_path: Path):
    """A toy house of one module and one test of it, twice."""
    for name in ("base", "copy"):
        (tmp_path / name / "agents").mkdir(parents=True)
        (tmp_path / name / "tests").mkdir()
        (tmp_path / name / "agents" / "toy.py").write_text(MODULE)
        (tmp_path / name / "tests" / "test_toy.py").write_text(
            "from agents.toy import told\n\n\n"
            "def test_told():\n    assert 'alpha' == told('alpha', 39)\n    assert [] == told('alpha', 40)\n"
        )
    return Bench(tmp_path / "base", [tmp_path / "copy"])


class TestTrial:
    def test_a_test_kills_and_another_edit_survives(self, tmp_path: Path, bench: Bench) -> None:
        """
        An edit that a test notices is killed by that test, one that none notices survives, and the copy is whole again.
        """
        wanted = {"no |alpha|": "killed", "count < MOST: < -> <=": "killed", 'no entry "left"': "survived"}
        chosen = [edit for edit in edits_of("agents/toy.py", MODULE) if edit.what in wanted]
        test = Teller("tests/test_toy.py::test_told", 0.01)

        trials = {trial.edit.what: trial.ending for trial in bench.tried((edit, [test]) for edit in chosen)}

        assert wanted == trials
        assert MODULE == (tmp_path / "copy" / "agents" / "toy.py").read_text()

    def test_without_a_test_it_is_untested(self, bench: Bench) -> None:
        """
        An edit that no test was ever near is not killed.
        """
        edit = next(iter(edits_of("agents/toy.py", MODULE)))

        assert ["untested"] == [trial.ending for trial in bench.tried([(edit, [])])]
