"""Prints a review's last lines: the areas, the verdict, what to do next, and why the exit code."""

from __future__ import annotations

from collections.abc import Container, Sequence

from rich.text import Text

from ..domain.result import AreaSummary, JournalHead, Result
from . import ages
from ._paper import STYLES, Paper
from .select import (
    allowed,
    blocking,
    counted,
    deployment,
    gate,
    listed,
    meaning,
    of_state,
    percent,
    reserved,
    rests_on,
    spoken,
    verdict_clause,
)

HEADS = {"pass": "pass", "fail": "fail", "unknown": "unknown", "waived": "waived", "attested": "attest", "n/a": "n/a"}
_RESERVES = {"": "", "words": ", partly on people's words", "rules": ", by loosened rules"}
TITLE = 28
WITHOUT_TITLE = 46
"""Columns of a row of the area table beside its title and meter."""


def print_areas(paper: Paper, document: Result, *, apart: bool = True) -> None:
    """One row per area: score, meter and counts; a narrow terminal goes without the meter."""
    spare = paper.width - WITHOUT_TITLE
    title = min(TITLE, max(spare, 10))
    room = min(max(spare - title - 2, 0), 24)
    if apart:
        paper.say()
    paper.say(f" {'area':<{title}} {'score':>7}  {' ' * (room + 2 if room else 0)}{' '.join(HEADS.values())}", "dim")
    for area in document.areas:
        paper.say(_area(paper, area, title, room))


def print_verdict(paper: Paper, document: Result, end: JournalHead) -> None:
    """The panel; its biggest words are the verdict, never the band; its head is that of the whole record, to *end*."""
    paper.say()
    frame_verdict(paper, document, _facts(document, end))


def frame_verdict(
    paper: Paper, document: Result, facts: Sequence[tuple[str, str]], single: Container[str] = ()
) -> None:
    """The verdict and *facts*, each after its label; those whose label is one of *single* are cut to a line."""
    style, inner = verdict_style(document), paper.width - 4
    mark = paper.glyphs.passed if document.exit_code == 0 else paper.glyphs.fail
    title = f"{mark}  {document.verdict}" + _RESERVES[reserved(document)]
    rows = [Text(title.center(inner), style=f"reverse {style}")]
    for label, text in facts:
        lead = Text(f"{label:<9} ", style="dim")
        body = Text(paper.clean(text), style="bold" if label == "result" else "")
        room = max(inner - lead.cell_len, 20)
        for number, row in enumerate([paper.cut(body, room)] if label in single else body.wrap(paper.console, room)):
            row.rstrip()
            rows.append(Text.assemble(lead if number == 0 else " " * lead.cell_len, row))
    paper.frame(rows, style)


def print_next(paper: Paper, document: Result, report: str) -> None:
    """Commands that can be pasted, with what each is good for."""
    failing, unknown = blocking(document), of_state(document, "unknown")
    rows: list[tuple[str, str]] = []
    if failing:
        rows.append((f"gonogo show {failing[0].criterion}", "one criterion with all its evidence"))
        rows.append(("gonogo show --failed", f"all {len(failing)} that fail" if len(failing) > 1 else "what fails"))
    elif unknown:
        rows.append((f"gonogo show {unknown[0].criterion}", "what would decide it"))
    if unknown and not document.run.config:
        rows.append(("gonogo init", "readiness.yaml: what it is, targets, rules"))
    folder = report.rpartition("/")[0]
    elsewhere = folder not in ("", f"runs/{document.run.id}")
    rows.append((f"gonogo verify {folder if elsewhere else document.run.id}", "check the record"))
    wide = max((len(command) for command, _ in rows if len(command) <= 24), default=0)
    for number, (command, why) in enumerate(rows):
        lead = "next      " if number == 0 else " " * 10
        paper.say(Text.assemble((lead, "dim"), (f"{paper.clean(command):<{wide}}  ", "bold"), (why, "dim")))
    if report:
        paper.say(Text.assemble(("report    ", "dim"), (paper.clean(report), "bold")))


def print_exit(paper: Paper, document: Result) -> None:
    """The last line: the exit code and its reason."""
    text = f"exit {document.exit_code}: {verdict_clause(document)}"
    paper.say(paper.clean(text), verdict_style(document))


def verdict_style(document: Result) -> str:
    """Green for ready on evidence alone and by the rules that ship; what else it rests on has a colour of its own."""
    if rests := reserved(document):
        return {"words": "bold cyan", "rules": "bold yellow"}[rests]
    return {0: "bold green", 3: "bold yellow"}.get(document.exit_code, "bold red")


def _area(paper: Paper, area: AreaSummary, width: int, room: int) -> Text:
    share = area.earned / area.possible if area.possible else 0.0
    filled = int(share * room)
    title = Text(paper.clean(area.title, width))
    title.truncate(width, pad=True)
    line = Text.assemble(" ", title, f" {percent(area.earned, area.possible) or 'n/a':>7}  ")
    if room:
        line.append(paper.glyphs.full * filled, "green" if share >= 0.9 else "yellow" if share >= 0.6 else "red")
        line.append(paper.glyphs.rest * (room - filled) + "  ", "dim")
    numbers = (area.passed, area.fail, area.unknown, area.waived, area.attested, area.not_applicable)
    cells = []
    for word, number in zip(HEADS, numbers, strict=True):
        style = STYLES["not_applicable" if word == "n/a" else word] if number else "dim"
        cells.append(Text(f"{number:>{len(HEADS[word])}}", style=style))
    return line.append_text(Text(" ").join(cells))


def _facts(document: Result, end: JournalHead) -> list[tuple[str, str]]:
    score, cover, run = document.score, document.coverage, document.run
    rows = [("result", f"{meaning(document)} {deployment(document).capitalize()}.")]
    rows.append(("score", f"{score.percent:.1f} % ({score.earned} of {score.possible} points), band {score.band}"))
    label = "gate"
    for reason in gate(document):
        names = f": {listed(reason.criteria, 6)}" if reason.criteria else ""
        only = " (missing evidence only)" if reason.evidence_only else ""
        rows.append((label, f"{reason.rule}: {reason.found}, {allowed(reason)}{names}{only}"))
        label = ""
    failing = blocking(document)
    if said := ages.ages(failing):
        counts = "; only new ones are listed, and all of them count" if run.new_only else ""
        rows.append(("failing", f"{said}{counts}"))
    if document.basis is not None:
        rows.append(("rests on", rests_on(document.basis)))
    decided = f"{cover.decided} of {cover.applicable} applicable criteria decided ({cover.percent:.1f} %)"
    rows.append(("coverage", decided))
    events = counted(end.events, "event")
    rows.append(("record", f"{run.id}, {spoken(run.seconds)}, {events}"))
    rows.append(("head", end.head))
    return rows
