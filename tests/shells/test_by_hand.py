"""Holds checks to whole releases that were emptied by hand: what only seems to be there supports no pass."""

from __future__ import annotations

import hashlib

import pytest
from pydantic import ValidationError

from orchestrator.domain.finding import Status
from tools.shells.by_hand import Edit, Emptied, Honest, releases, statuses, still_open

ALL = releases()
ASKED = 150
ONE_IN = 4
"""Of so many shells one is part of the sample."""
MOST_PERCENT = 2


def shells() -> list[tuple[Honest, Emptied]]:
    return [(release, shell) for release in ALL for shell in release.shells]


def drawn(release: Honest, shell: Emptied) -> bool:
    return hashlib.sha256(f"{release.name}: {shell.name}".encode()).digest()[0] % ONE_IN == 0


@pytest.mark.parametrize("release", ALL, ids=lambda release: release.name)
def test_honest_passes(release: Honest) -> None:
    """
    The release from which shells are made passes whatever they must lose.
    """
    said = statuses(release.files, release.sought)

    assert {} == {criterion: status for criterion, status in said.items() if status is not Status.PASS}


@pytest.mark.parametrize(
    ("release", "shell"),
    [pytest.param(r, s, id=f"{r.name}: {s.name}", marks=() if drawn(r, s) else pytest.mark.soak) for r, s in shells()],
)
def test_emptied_does_not(release: Honest, shell: Emptied) -> None:
    """
    A shell loses what was taken out of it; what it keeps is written down, with the reason or as open.
    """
    said = statuses(release.emptied(shell), shell.not_pass)

    assert {*shell.passes, *still_open(release, shell)} == {c for c, s in said.items() if s is Status.PASS}


def test_are_many() -> None:
    """
    There are at least as many as were asked for, each with a name of its own.
    """
    names = [(release.name, shell.name) for release, shell in shells()]

    assert len(names) >= ASKED
    assert sorted(set(names)) == sorted(names)


def test_reasons() -> None:
    """
    Each shell says what makes it empty, and each that rightly passes says why in a sentence.
    """
    short = [shell.name for _, shell in shells() if len(shell.why.split()) < 4]
    unsaid = [shell.name for _, shell in shells() for why in shell.passes.values() if len(why.split()) < 6]

    assert ([], []) == (short, unsaid)


def test_passes_are_of_its_own() -> None:
    """
    What is accepted or open is among what the shell must not pass.
    """
    foreign = [s.name for r, s in shells() if not {*s.passes, *still_open(r, s)} <= set(s.not_pass)]

    assert [] == foreign


class TestEdit:
    FILES = {"a.yml": "one: 1\ntwo: 2\n", "b.yml": "x"}

    @pytest.mark.parametrize(
        ("edit", "files"),
        [
            ({"replace": "1", "by": "3"}, {"a.yml": "one: 3\ntwo: 2\n", "b.yml": "x"}),
            ({"replace": "one: 1\n"}, {"a.yml": "two: 2\n", "b.yml": "x"}),
            ({"all": "new"}, {"a.yml": "new", "b.yml": "x"}),
            ({"to": "attic/a.yml"}, {"b.yml": "x", "attic/a.yml": "one: 1\ntwo: 2\n"}),
            ({"to": "nowhere"}, {"b.yml": "x"}),
        ],
    )
    def test_changes(self, edit: dict[str, str], files: dict[str, str]) -> None:
        """
        A stretch is replaced, a text is put in, a file goes elsewhere or nowhere.
        """
        assert files == Edit.model_validate({"in": "a.yml", **edit}).applied(self.FILES)

    @pytest.mark.parametrize("edit", [{"replace": "three"}, {"replace": "o"}, {"to": "c.yml", "in": "d.yml"}])
    def test_misses(self, edit: dict[str, str]) -> None:
        """
        What is not there, or there twice, is no change.
        """
        with pytest.raises(ValueError, match=r"there is no d\.yml|times in a\.yml"):
            Edit.model_validate({"in": "a.yml", **edit}).applied(self.FILES)

    @pytest.mark.parametrize("edit", [{}, {"replace": "1", "all": "x"}, {"all": "x", "to": "b"}])
    def test_does_one_thing(self, edit: dict[str, str]) -> None:
        """
        An edit says one of its three ways.
        """
        with pytest.raises(ValidationError, match="one of replace, all and to"):
            Edit.model_validate({"in": "a.yml", **edit})


def test_at_most_so_many_pass() -> None:
    """
    Of all shells two in a hundred may pass, those that rightly do and those that are open.
    """
    passing = [shell.name for release, shell in shells() if shell.passes or still_open(release, shell)]

    assert len(passing) * 100 <= MOST_PERCENT * len(shells())
