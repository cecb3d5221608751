"""Prints the end of a review: failures first, the verdict last, and the reason for the exit code."""

from __future__ import annotations

import difflib

from rich.console import Console
from rich.text import Text

from ..domain.result import JournalHead, Result
from ..errors import UnknownCriterion, UsageError
from . import _blocks, _criterion, _ending, _lists, _screen, ages
from ._paper import Paper
from .once import once
from .select import blocking, loosened, of_state

SUMMARY_LINES = 50
_CONFIGURATION = "readiness.yaml"
"""What a note names that says how much of the tree's own configuration counts: that is told to everybody."""


def print_report(
    document: Result, console: Console, end: JournalHead, *, verbose: bool = False, report: str = ""
) -> None:
    """
    Print the final part of a review: a screen of it, or everything.

    Args:
        document: The result.
        console: Where to; its width, colours and encoding are respected.
        end: Where the whole record ends, which the document, laid down before that, does not say.
        verbose: Every failure in full, every unknown by name, and the passes as well.
        report: Path of the HTML report where there is one, for the list of next commands.
    """
    if not verbose:
        _screen.print_screen(document, console, end, report)
        return
    paper = Paper(console)
    _lists.print_release(paper, document)
    _lists.print_failures(paper, document)
    _lists.print_accepted(paper, document)
    _lists.print_unknown(paper, document)
    _lists.print_looks(paper, document)
    _lists.print_passes(paper, document)
    _ending.print_areas(paper, document)
    _ending.print_verdict(paper, document, end)
    _ending.print_next(paper, document, report)
    _ending.print_exit(paper, document)


def print_summary(document: Result, console: Console) -> None:
    """Print only what must be acted on: the blocking failures and the verdict."""
    paper = Paper(console)
    every = blocking(document)
    rows = ages.told(document, every)
    told = once(document, rows)
    for one in told[:SUMMARY_LINES]:
        _blocks.print_line(paper, one)
    if len(told) > SUMMARY_LINES:
        paper.say(f"  {len(told) - SUMMARY_LINES} more: gonogo show --failed")
    if left := ages.untold(document, every):
        paper.say(f"  {left}")
    release, score = document.release, document.score
    paper.hang(
        Text.assemble((document.verdict, _ending.verdict_style(document)), "  "),
        f"{release.name} {release.version}, score {score.percent:.1f} % ({score.band})",
    )
    for row in document.basis.loosened if document.basis is not None else ():
        paper.hang(Text("loosened  ", style="bold yellow"), loosened(row))
    for note in document.notes:
        if _CONFIGURATION in note:
            paper.hang(Text("note  ", style="yellow"), note)
    _ending.print_exit(paper, document)


def print_failed(document: Result, console: Console, area: str = "") -> None:
    """
    Print every failing criterion on a line or two, waived ones last.

    Args:
        document: The result.
        console: Where to.
        area: An area's id or a part of its title; empty for all.

    Raises:
        UsageError: No area of the document is meant by *area*.
    """
    paper = Paper(console)
    wanted = _area(document, area)
    every = [a for a in blocking(document) if not wanted or a.area == wanted]
    rows = ages.told(document, every)
    waived = [a for a in of_state(document, "waived") if not wanted or a.area == wanted]
    _lists.print_release(paper, document)
    paper.say()
    for one in once(document, rows):
        _blocks.print_line(paper, one)
    if not rows:
        what = "No failure is new" if every else "No criterion fails"
        paper.say(f"  {what}{' in ' + wanted if wanted else ''}.")
    if left := ages.untold(document, every):
        paper.say(f"  {left}")
    if waived:
        paper.heading("Waived: a person accepts the risk")
        for assessment in waived:
            _lists.print_statement(paper, document, assessment)


def print_unknown(document: Result, console: Console, area: str = "") -> None:
    """
    Print every criterion that nothing was found on, by what would decide it.

    Args:
        document: The result.
        console: Where to.
        area: An area's id or a part of its title; empty for all.

    Raises:
        UsageError: No area of the document is meant by *area*.
    """
    paper = Paper(console)
    wanted = _area(document, area)
    _lists.print_release(paper, document)
    _lists.print_each_unknown(paper, document, wanted)


def print_criterion(document: Result, criterion_id: str, console: Console) -> None:
    """
    Print all that is known of one criterion.

    Raises:
        UnknownCriterion: The document has no such criterion.
    """
    known = {a.criterion.upper(): a for a in document.assessments}
    assessment = known.get(criterion_id.upper())
    if assessment is None:
        near = difflib.get_close_matches(criterion_id.upper(), known, 1)
        meant = f"did you mean '{near[0]}'? " if near else ""
        raise UnknownCriterion(
            f"run {document.run.id} has no criterion '{criterion_id}'",
            remedy=f"{meant}`gonogo criteria` lists all {len(known)}",
        )
    _criterion.print_criterion(Paper(console), document, assessment)


def _area(document: Result, wanted: str) -> str:
    word = wanted.casefold()
    for area in document.areas if wanted else ():
        if word == area.id.casefold() or word in area.title.casefold():
            return area.id
    if wanted:
        names = ", ".join(area.id for area in document.areas)
        raise UsageError(f"no area is called '{wanted}'", remedy=f"one of {names}, or a part of its title")
    return ""
