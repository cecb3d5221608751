"""Holds checks to what is in force: an example that was made void says nothing any more."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from orchestrator.contract.checks import Draft
from orchestrator.evidence.extract import readers
from orchestrator.evidence.reader import Reader
from orchestrator.evidence.tree import SourceFile
from tools.shells.__main__ import main
from tools.shells._accepted import Accepted, accepted, lowered, most
from tools.shells._table import Tally
from tools.shells._trying import Side, checks, shells
from tools.shells.by_hand import releases, statuses

SIDES: tuple[Side, ...] = ("clean", "flagged")
FEW = 20
"""In so many ways at least each clean example is made void."""
FEWER = {
    "security-validator.injection.sql-takes-parameters": 19,
    **dict.fromkeys(
        (
            "database-migrator.backups.another-region",
            "database-migrator.backups.encryption",
            "database-migrator.backups.thirty-days",
            "gap-analyzer.disaster-recovery.copies-elsewhere",
            "gap-analyzer.disaster-recovery.encrypted-backups",
            "gap-analyzer.disaster-recovery.retention",
        ),
        18,
    ),
}
"""A manifest and one function, or a file of settings: there are no more ways that are different."""
OF_ABSENCE = {
    "security-validator.authentication.no-credential-in-place",
    "security-validator.secrets.no-secret-in-version-control",
}
"""Checks that pass where nothing is: nothing that is void can be why."""


@pytest.mark.parametrize("sample", [True, pytest.param(False, marks=pytest.mark.soak)], ids=["sample", "whole"])
@pytest.mark.parametrize("side", SIDES)
def test_void_says_nothing(side: Side, sample: bool) -> None:
    """
    No more shells of each way deceive than are written down, and none of a way of which none is; `make shells` prints
    all of them.
    """
    tally = Tally(side, accepted())
    for check in checks(side):
        for shell in shells(check, side, sample):
            tally.add(shell)
    assert [] == tally.told_of_crashes()
    allowed = most()
    part = "sample" if sample else "whole"
    too_many = {way: n for way, n in tally.by_way().items() if n > allowed.get(way, {}).get(part, 0)}
    names = defaultdict(list)
    for shell in tally.deceiving:
        names[f"{side} {shell.way}"].append(shell.key)

    assert {} == {f"{way}: {n}": names[way][:20] for way, n in too_many.items()}


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, id=check.id, marks=() if number % 8 == 0 else pytest.mark.soak)
        for number, check in enumerate(checks("clean"))
    ],
)
def test_ways_are_many(check) -> None:
    """
    Each clean example is made void in twenty ways at least, each of them another text.
    """
    ways: dict[int, set[str]] = defaultdict(set)
    for shell in shells(check):
        ways[shell.example].add(shell.way)

        assert shell.files != check.clean[shell.example].files

    if check.id not in OF_ABSENCE:
        assert [] == [n for n in range(len(check.clean)) if len(ways[n]) < FEWER.get(check.id, FEW)]


@pytest.mark.soak
def test_accepted_is_needed() -> None:
    """
    Each line of what is accepted is about a shell that there is and that deceives.
    """
    found = [shell for side in SIDES for check in checks(side) for shell in shells(check, side)]

    assert [] == [entry for entry in accepted() if not any(entry.covers(s) and s.deceives for s in found)]


def breaking(_reader: Reader, _source: SourceFile) -> None:
    """Put in the place of what a reader does with a file."""
    raise IndexError("out of bounds")


class TestCrash:
    shell = next(iter(shells(checks("clean")[0])))

    def test_of_a_reader_is_no_kill(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """
        A reader that breaks takes the pass away; it is told as what it is, counted apart, and the run fails.
        """
        name = self.shell.check.id
        for kind in {type(reader) for reader in readers(())}:
            monkeypatch.setattr(kind, "read", breaking)
        shell = next(iter(shells(self.shell.check)))
        tally = Tally("clean", [])
        tally.add(shell)

        assert not shell.deceives
        assert [shell] == tally.crashed
        assert "IndexError" in tally.told_of_crashes()[0]
        assert Counter() == tally.by_way()
        monkeypatch.setenv("SIDES", "clean")
        assert 1 == main([name])
        assert f"crashed: {shell.key}: " in (said := capsys.readouterr().out)
        assert "the judging broke on" in said.splitlines()[-1]

    def test_of_a_check_is_no_kill(self) -> None:
        """
        A check that breaks is told and counted as well.
        """

        def breaks() -> list[Draft]:
            raise IndexError("out of bounds")

        shell = replace(self.shell, check=replace(self.shell.check, function=breaks))

        assert "IndexError: out of bounds" == shell.crash

    def test_of_a_release_by_hand_is_no_silence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        Where the judging breaks on a release, nobody is told that its criteria are silent.
        """
        for kind in {type(reader) for reader in readers(())}:
            monkeypatch.setattr(kind, "read", breaking)
        release = releases()[0]

        with pytest.raises(AssertionError, match=r"the judging broke on .*IndexError"):
            statuses(release.files, release.sought)


class TestAccepted:
    shell = next(iter(shells(checks("clean")[0])))

    @pytest.mark.parametrize(
        ("names", "ways", "side", "covered"),
        [
            ((shell.check.id,), (shell.way,), "clean", True),
            (("*",), ("*",), "clean", True),
            ((shell.check.id[:-1] + "*",), (shell.way,), "clean", True),
            ((shell.check.id[:-1],), (shell.way,), "clean", False),
            ((shell.check.id,), (shell.way[:-1],), "clean", False),
            ((shell.check.id,), (shell.way,), "flagged", False),
        ],
    )
    def test_covers(self, names: tuple[str, ...], ways: tuple[str, ...], side: str, covered: bool) -> None:
        """
        What is accepted is accepted of these checks, in these ways, on this side.
        """
        assert covered == Accepted(names, ways, "why", side).covers(self.shell)

    def test_has_reasons(self) -> None:
        """
        Each line says why in a sentence.
        """
        assert [] == [entry for entry in accepted() if len(entry.reason.split()) < 6]


def test_numbers_only_fall() -> None:
    """
    What is counted is written down where it is less than before, and what is zero or new is not.
    """
    known = {
        "clean a": {"whole": 9, "sample": 2},
        "clean b": {"whole": 3, "sample": 0},
        "clean c": {"whole": 1, "sample": 1},
    }

    assert {"clean a": {"whole": 7, "sample": 2}, "clean b": {"whole": 3, "sample": 0}} == lowered(
        known, Counter({"clean a": 7, "clean b": 5, "clean d": 4}), Counter({"clean a": 3})
    )
