"""Reads whole releases that were emptied by hand, and asks all checks about what they only seem to have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Self

import yaml
from pydantic import Field, model_validator

from orchestrator.contract.checks import Check
from orchestrator.contract.testing import facts_of
from orchestrator.domain.finding import Status
from orchestrator.domain.model import Model
from orchestrator.planning.roster import built_in

from ._asking import crashes

FOLDER = Path(__file__).parents[2] / "tests" / "shells" / "by_hand"
OPEN = Path(__file__).with_name("open.yaml")


class Edit(Model):
    """One change to a file: a stretch of it replaced, all of it, or its place."""

    path: str = Field(alias="in")
    replace: str = ""
    """What has to stand in the file exactly once."""
    by: str = ""
    all: str = ""
    """The whole text from now on, also of a file that was not there."""
    to: str = ""
    """Where the file goes; ``nowhere`` takes it out."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if sum(map(bool, (self.replace, self.all, self.to))) != 1:
            raise ValueError(f"an edit of {self.path} says one of replace, all and to")
        return self

    def applied(self, files: Mapping[str, str]) -> dict[str, str]:
        """
        *files* with the change.

        Raises:
            ValueError: What it changes is not there, or is there more than once.
        """
        if self.all:
            return {**files, self.path: self.all}
        text = files.get(self.path, "")
        if self.to:
            moved = {path: content for path, content in files.items() if path != self.path}
            if len(moved) == len(files):
                raise ValueError(f"there is no {self.path}")
            return moved if self.to == "nowhere" else {**moved, self.to: text}
        if text.count(self.replace) != 1:
            raise ValueError(f"{self.replace!r} stands {text.count(self.replace)} times in {self.path}")
        return {**files, self.path: text.replace(self.replace, self.by)}


class Emptied(Model):
    """A release of which some part does nothing any more, though it still looks as if it did."""

    name: str
    why: str
    """What makes it empty."""
    edits: tuple[Edit, ...]
    not_pass: tuple[str, ...]
    """The criteria that must not pass any more."""
    passes: Mapping[str, str] = {}
    """Those of them that still do, each with the reason why nobody can tell, or why that is right."""


class Honest(Model):
    """A small release that has what it says, and what lazy or dishonest teams would leave of it."""

    name: str = ""
    about: str
    files: Mapping[str, str]
    shells: tuple[Emptied, ...]

    @cached_property
    def sought(self) -> tuple[str, ...]:
        """The criteria that it must pass, so that its shells can lose them."""
        return tuple(sorted({criterion for shell in self.shells for criterion in shell.not_pass}))

    def emptied(self, shell: Emptied) -> dict[str, str]:
        """The files of *shell*."""
        files = dict(self.files)
        for edit in shell.edits:
            files = edit.applied(files)
        return files


def releases(folder: Path = FOLDER) -> tuple[Honest, ...]:
    """Every release that was written down, by name."""
    return tuple(
        Honest.model_validate({"name": file.stem, **yaml.safe_load(file.read_text(encoding="utf-8"))})
        for file in sorted(folder.glob("*.yaml"))
    )


@cache
def _open() -> dict[str, dict[str, list[str]]]:
    return yaml.safe_load(OPEN.read_text(encoding="utf-8")) or {}


def still_open(release: Honest, shell: Emptied) -> tuple[str, ...]:
    """The criteria that *shell* still passes and must not."""
    return tuple(_open().get(release.name, {}).get(shell.name, ()))


def statuses(files: Mapping[str, str], criteria: Iterable[str]) -> dict[str, Status | None]:
    """What all checks together say of *criteria*; None where they are silent."""
    return {criterion: _merged(said) for criterion, said in words(files, criteria).items()}


def words(files: Mapping[str, str], criteria: Iterable[str]) -> dict[str, dict[str, tuple[Status, str]]]:
    """What each check says of each of *criteria* that it judges: check to status and message."""
    asked = tuple(criteria)
    judging = [check for check in _checks() if not set(asked).isdisjoint(check.criteria)]
    signals = tuple({signal.id: signal for check in judging for signal in check.reads}.values())
    facts = facts_of(files, signals)
    if broken := crashes(facts.values()):
        raise AssertionError(f"the judging broke on {broken[0]}: what is silent for that is not stopped")
    said: dict[str, dict[str, tuple[Status, str]]] = {criterion: {} for criterion in asked}
    for check in judging:
        for number, draft in enumerate(check.run(facts)):
            if draft.criterion in said:
                said[draft.criterion][f"{check.id}#{number}"] = draft.status, draft.message
    return said


def _checks() -> list[Check]:
    return [check for agent in built_in() for check in agent.checks]


def _merged(said: Mapping[str, tuple[Status, str]]) -> Status | None:
    """One failure decides; without one, whoever could not tell takes a pass back."""
    of = {status for status, _ in said.values()}
    return next((status for status in (Status.FAIL, Status.UNKNOWN, Status.PASS) if status in of), None)
