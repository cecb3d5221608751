"""The own set is judged as it is labelled, and its trees keep their answers beside others and in other forms."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.accuracy.laid import a_case, a_release, write
from tests.sampling import WHOLE
from tools.accuracy import __main__ as command
from tools.accuracy import trees
from tools.accuracy.answers import Labelled, answers
from tools.accuracy.masking import masking
from tools.accuracy.numbers import ONE_IN, accepted, counted, faults, lowered, most, too_many
from tools.accuracy.reading import OWN, read
from tools.accuracy.renaming import renaming
from tools.accuracy.trials import Accepted, Attempt, Tried, drawn

OURS = read(OWN)
FEW = 40
"""So many trees are tried in other forms at least."""
AT_ONCE = 1
"""The tests are two processes already."""
TRIALS = {"masking": masking, "renaming": renaming}


def part(whole: bool) -> str:
    return "whole" if whole else "sample"


@WHOLE
def test_as_labelled(whole: bool) -> None:
    """
    No more answers are wrong than are written down, by kind of fault; `make accuracy` lists them.
    """
    things: list[Labelled] = [*OURS.cases, *OURS.releases]
    asked = [thing for thing in things if whole or drawn(thing.name, ONE_IN)]
    said = [answer for thing in asked for answer in answers(thing)]
    over = too_many(faults(said), most().get("answers", {}), part(whole))

    assert {} == {fault: [f"{a.criterion} {a.name}: {a.message}" for a in said if a.fault == fault] for fault in over}


@WHOLE
@pytest.mark.parametrize("name", TRIALS)
def test_keeps_its_answers(name: str, whole: bool) -> None:
    """
    No more trees are masked, and no more change by another form, than are written down.
    """
    tested = [*trees.examples(), *trees.cases(OURS), *(trees.releases(OURS) if name == "renaming" else ())]
    trial = TRIALS[name](tested, accepted(name), sample=not whole, at_once=AT_ONCE)
    over = too_many(trial.counts(), most().get(name, {}), part(whole))

    assert trial.tried > FEW
    assert {} == {kind: trial.names()[kind][:20] for kind in over}
    if whole:
        assert [] == [entry for entry in accepted(name) if entry not in trial.used]


def test_has_reasons() -> None:
    """
    Each line of what is accepted says why in a sentence.
    """
    assert [] == [e for name in TRIALS for e in accepted(name) if len(e.reason.split()) < 6]


def test_is_labelled_by_somebody() -> None:
    """
    Each case has a name of its own, lies in the file of its criterion, and says who has labelled it.
    """
    names = Counter(laid.case.case for laid in OURS.cases)

    assert [] == [name for name, many in names.items() if many > 1]
    assert [] == [laid.name for laid in OURS.cases if laid.case.criterion != laid.file.stem]
    assert [] == [laid.name for laid in OURS.cases if laid.case.labelled is None]


def test_faults_are_laid_out() -> None:
    """
    Each fault changes something of its release, which is labelled for what it breaks.
    """
    assert [] == [fault.name for fault in OURS.faults if fault.files == fault.release.files]


class TestNumbers:
    def test_only_fall(self) -> None:
        """
        What is less than before is written down, and what is zero or new is not.
        """
        known = {"masking": {"passes: a": {"whole": 9, "sample": 2}, "passes: b": {"whole": 1, "sample": 0}}}
        there = {"masking": {"passes: a": {"whole": 7, "sample": 3}, "passes: c": {"whole": 4, "sample": 4}}}

        assert {"masking": {"passes: a": {"whole": 7, "sample": 2}}} == lowered(known, there)

    def test_too_many(self) -> None:
        """
        One more than is written down is too many, and so is the first of what is not.
        """
        known = {"a": {"whole": 2, "sample": 1}}

        assert {} == too_many({"a": 2}, known, "whole")
        assert {"a": 3} == too_many({"a": 3}, known, "whole")
        assert {"a": 2, "b": 1} == too_many({"a": 2, "b": 1}, known, "sample")

    def test_samples_are_parts_of_the_whole(self) -> None:
        """
        What the sample is allowed is what it has of the whole.
        """
        trial = Tried("Trial", "", ("passes",), 4)
        trial.add(Attempt("way", f"tree {n}", "passes") for n in range(400))
        numbers = counted([], {"masking": trial})["masking"]["passes: way"]

        assert 400 == numbers["whole"]
        assert 60 < numbers["sample"] < 140
        assert numbers["sample"] == sum(drawn(f"way tree {n}", 4) for n in range(400))


class TestAccepted:
    ATTEMPT = Attempt("case beside case", "SEC-2.2.1: a beside b", "passes", "it passes")

    @pytest.mark.parametrize(
        ("ways", "names", "found", "covered"),
        [
            (("*",), ("SEC-2.2.1: *",), "passes", True),
            (("case beside case",), ("SEC-2.2.1: a beside b",), "passes", True),
            (("case beside example",), ("*",), "passes", False),
            (("*",), ("SEC-2.2.1: a",), "passes", False),
            (("*",), ("*",), "becomes unknown", False),
        ],
    )
    def test_covers(self, ways: tuple[str, ...], names: tuple[str, ...], found: str, covered: bool) -> None:
        """
        What is accepted is accepted of these ways, names and kinds; it is counted apart, and its line is of use.
        """
        entry = Accepted(ways, names, found, "why")
        trial = Tried("Masking", "", ("passes",), 1, (entry,))
        trial.add([self.ATTEMPT])

        assert covered == entry.covers(self.ATTEMPT)
        assert {"case beside case": [1, int(not covered), int(covered)]} == trial.table()
        assert ({entry} if covered else set()) == trial.used


class TestCommand:
    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Path:
        key = "AWS_KEY = 'AKIA" + "QYLPMN5HHHFPZAM2'\n"
        found = a_case("found/typed", files={"shop/mail.py": key})
        missed = a_case("missed/word", files={"shop/mail.py": "NAME = 'shop'\n"})
        write(tmp_path / "corpus" / "cases.yaml", [found, missed])
        folder = a_release(tmp_path / "corpus", SEC_2_2_1="shown")
        fault = {"criterion": "SEC-2.2.1", "what": "a key in the code", "files": {"shop/keys.py": key}}
        write(folder / "faults" / "1.yaml", fault)
        return tmp_path / "corpus"

    def test_measures_a_folder(
        self, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """
        What is labelled in a folder is judged there: page and document have the same numbers and each disagreement.
        """
        monkeypatch.setenv("OUT", str(tmp_path / "out"))
        monkeypatch.setattr(trees, "examples", lambda _only: [])

        assert 0 == command.main([str(corpus)])
        page = capsys.readouterr().out
        assert (tmp_path / "out" / "accuracy.md").read_text().endswith(page)
        found = json.loads((tmp_path / "out" / "accuracy.json").read_text())
        assert ["missed/word"] == [d["name"] for d in found["disagreements"]]
        assert {"part": 1, "whole": 1} == found["releases"]["faults_fail"]
        assert (2, 3) == (found["all"]["failures"]["found"], found["all"]["failures"]["sought"])
        assert "| SEC-2.2.1 | 5 | 4 | 5 | 1.000 (2 of 2) | 0.667 (2 of 3) |" in page

    def test_writes_nothing_of_another_set(
        self, corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """
        Without a place for it nothing is written of a set that is not ours, and its numbers are not kept.
        """
        monkeypatch.delenv("OUT", raising=False)
        monkeypatch.setenv("NUMBERS", "1")
        monkeypatch.setattr(trees, "examples", lambda _only: [])
        monkeypatch.setattr(command, "keep", lambda _: pytest.fail("numbers of another set were kept"))
        before = os.stat(command.DOCS).st_mtime_ns

        assert 0 == command.main([str(corpus)])
        assert before == os.stat(command.DOCS).st_mtime_ns

    def test_says_what_is_wrong(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """
        A folder that is not there is a mistake of its own, in one line.
        """
        assert 2 == command.main([str(tmp_path / "gone")])
        assert re.fullmatch(r"accuracy: .*gone is not there\n", capsys.readouterr().err)
