"""Prints the first screen of a result: what is wrong, what to do next, what is not yet shown, and the verdict."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rich.console import Console
from rich.text import Text

from ..domain.result import JournalHead, Result
from . import _briefly, _ending, _rules
from ._paper import Draft

SCREEN = 40
"""Lines: what a person sees without scrolling."""


@dataclass(frozen=True)
class Room:
    """How many of each are shown, and on how many lines each."""

    apart: bool = True
    """Whether a blank line stands before each part."""
    failures: int = 6
    lines: int = 2
    looks: int = 3
    steps: int = 3
    step_lines: int = 2
    gate: int = 4
    rules: int = 6
    head: int = 2


def print_screen(document: Result, console: Console, end: JournalHead, report: str) -> None:
    """As much of *document* as fits on a screen; what does not is a command away, and is counted."""
    for room in _rooms():
        draft = Draft(console)
        _lay(draft, document, end, report, room)
        if draft.rows <= SCREEN:
            break
    draft.print()


def _rooms() -> Iterator[Room]:
    """From the widest to the narrowest: what is said elsewhere too gives way first, failures and rules last."""
    room = Room()
    yield room
    for change in (
        {"apart": False},
        {"step_lines": 1},
        {"gate": 3},
        {"failures": 5},
        {"head": 1},
        {"looks": 2},
        {"gate": 2},
        {"failures": 4},
        {"looks": 1},
        {"gate": 1},
        {"lines": 1},
        {"rules": 5},
        {"failures": 3},
        {"rules": 4},
        {"steps": 2},
        {"failures": 2},
        {"rules": 3},
    ):
        room = replace(room, **change)
        yield room


def _lay(draft: Draft, document: Result, end: JournalHead, report: str, room: Room) -> None:
    parts: tuple[Callable[[], None], ...] = (
        lambda: _rules.print_head(draft, document, room.head),
        lambda: _rules.print_rules(draft, document, room.rules),
        lambda: _briefly.print_failures(draft, document, room.failures, room.lines),
        lambda: _briefly.print_looks(draft, document, room.looks),
        lambda: _briefly.print_steps(draft, document, room.steps, room.step_lines),
        lambda: _briefly.print_unshown(draft, document),
        lambda: _ending.print_areas(draft, document, apart=False),
    )
    for number, part in enumerate(parts):
        before = draft.rows
        part()
        if room.apart and number and draft.rows > before:
            draft.say()
    _ending.frame_verdict(draft, document, _briefly.facts(document, end, room.gate), _briefly.ON_ONE_LINE)
    _tail(draft, document, report)
    _ending.print_exit(draft, document)


def _tail(draft: Draft, document: Result, report: str) -> None:
    """Where more of it stands."""
    rows = ["gonogo show ID: one", "gonogo show -v: all"]
    if not document.run.config:
        rows.append("gonogo init: configure")
    draft.hang(Text("more      ", style="dim"), " · ".join(rows), "dim", 1)
    runs = report.rpartition("/")[0].rpartition("/")[0]
    if report and runs != "runs":
        option = f"--runs {shlex.quote(runs or '.')}"
        draft.say(Text.assemble(("runs      ", "dim"), ("to these commands add: ", "dim"), draft.clean(option)))
    if report:
        draft.say(Text.assemble(("report    ", "dim"), (draft.clean(report), "bold")))
