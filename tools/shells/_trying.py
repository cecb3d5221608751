"""Makes the shells of a check and asks the check about each of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import yaml

from orchestrator.contract.checks import Check, Shows
from orchestrator.domain.finding import Status
from orchestrator.planning.roster import built_in

from ._asking import answer
from ._companions import companion
from ._kinds import kind
from ._way import Files, Void, Way
from .ways import GROUPS

AREAS = {
    "INF": "infrastructure", "SEC": "security", "PRF": "performance", "OBS": "observability", "DEP": "deployment",
    "DAT": "data", "CST": "cost", "CMP": "compliance",
}  # fmt: skip
ONE_IN = 5
"""Of so many shells one is part of the sample."""
Side = Literal["clean", "flagged"]


@dataclass(frozen=True)
class Shell:
    """
    An example of a check in which all that a way applies to, or the file *only*, was made void.

    A clean one must not pass any more, and a flagged one must not fail any more.
    """

    check: Check
    side: Side
    example: int
    way: str
    only: str
    files: Files
    before: str = ""
    """What went wrong where the check was asked about the tree without the void thing, if anything did."""

    @property
    def area(self) -> str:
        """The area of the first criterion of the check."""
        return AREAS[self.check.criteria[0].partition("-")[0]]

    @cached_property
    def key(self) -> str:
        """The name under which it is known."""
        return f"{self.check.id}[{self.side} {self.example}] {self.way}" + (f" of {self.only}" if self.only else "")

    @property
    def drawn(self) -> bool:
        """Whether it is part of the sample, by its name."""
        return hashlib.sha256(self.key.encode()).digest()[0] % ONE_IN == 0

    @property
    def deceives(self) -> bool:
        """Whether the check still says what it said of the example."""
        return self._heard.says

    @property
    def crash(self) -> str:
        """What of the judging broke on it: then nobody knows whether it deceives."""
        return self.before or self._heard.crash

    @cached_property
    def _heard(self) -> Heard:
        return heard(self.check, self.side, self.files)


class Heard(NamedTuple):
    """Whether a check says of a tree what its side is about, and what of the judging broke on it."""

    says: bool
    crash: str


def heard(check: Check, side: Side, files: Files) -> Heard:
    """Whether *check* shows a criterion of a tree and nothing takes that back, or fails one."""
    drafts, crash = answer(check, files)
    said = defaultdict(set)
    for draft in drafts:
        said[draft.criterion].add(draft.status)
    if side == "flagged":
        return Heard(any(Status.FAIL in statuses for statuses in said.values()), crash)
    return Heard(any(statuses == {Status.PASS} for statuses in said.values()), crash)


def checks(side: Side) -> list[Check]:
    """The checks that can show a pass, or a failure."""
    shows = Shows.PASS if side == "clean" else Shows.FAIL
    return [check for agent in built_in() for check in agent.checks if shows in check.shows]


def shells(check: Check, side: Side = "clean", sample: bool = False) -> Iterator[Shell]:
    """Every shell of the examples of *check* that says what it says because of what was made void."""
    for number, example in enumerate(getattr(check, side)):
        rests = _Rests(check, side)
        for group, ways in GROUPS.items():
            for way in ways:
                for only, files, bare in _made(way, example.files, side):
                    shell = Shell(check, side, number, f"{group}/{way.name}", only, files)
                    if shell.drawn or not sample:
                        without = rests.without(bare)
                        if without.crash or not without.says:
                            yield replace(shell, before=without.crash)


class _Rests:
    """Remembers of trees without the void thing what the check says of them."""

    def __init__(self, check: Check, side: Side) -> None:
        self._check, self._side = check, side
        self._known: dict[tuple[tuple[str, str], ...], Heard] = {}

    def without(self, bare: Files) -> Heard:
        """What the check says where nothing stands in the place of the void thing."""
        tree = tuple(sorted(bare.items()))
        if tree not in self._known:
            self._known[tree] = heard(self._check, self._side, bare)
        return self._known[tree]


def _attempted(way: Way, path: str, text: str, side: Side) -> Void | None:
    """What *way* makes of a file; nothing of what is flagged for not being what it should be."""
    try:
        return way.make(path, text)
    except (LookupError, TypeError, AttributeError, ValueError, yaml.YAMLError):
        if side == "clean":
            raise
        return None


def _made(way: Way, files: Files, side: Side) -> Iterator[tuple[str, Files, Files]]:
    """
    What *way* makes of all files together, and of each of several alone; with what would be there without the void.

    A file of the same kind with nothing of interest in it is put beside them, so that the tree stays one of its kind.
    """
    made = {path: void for path, text in files.items() if (void := _attempted(way, path, text, side))}
    made = {path: void for path, void in made.items() if void.files != {path: files[path]}}
    targets = [("", made)] if made else []
    if len(made) > 1:
        targets += [(path, {path: void}) for path, void in made.items()]
    for only, voids in targets:
        kept = {path: text for path, text in files.items() if path not in voids}
        beside = dict(companion(kind(path, files[path])) for path in voids)
        void_files = {path: text for void in voids.values() for path, text in void.files.items()}
        gone = {path: text for void in voids.values() for path, text in void.gone.items() if text}
        yield only, {**beside, **kept, **void_files}, {**beside, **kept, **gone}
