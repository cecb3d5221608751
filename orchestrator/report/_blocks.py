"""Turns one failing criterion into a block of lines: what, where, the source, the evidence and the fix."""

from __future__ import annotations

from rich.text import Text

from ..domain.assessment import Assessment
from ..domain.finding import Finding
from ..domain.ground import Ground
from ..domain.result import Result
from . import ages
from ._paper import STYLES, Paper
from .once import Told
from .select import WHERE, counted, extent, first_place, headline, place, statement
from .visible import one_line

EXCERPT_LINES = 4
LABEL = 9


def print_block(paper: Paper, document: Result, assessment: Assessment) -> None:
    """A failing criterion, complete enough to fix it."""
    failing = [f for f in assessment.findings if f.status == assessment.status]
    first = failing[0] if failing else None
    severity = assessment.severity.value
    head = Text.assemble((f"error[{paper.clean(assessment.criterion)}]", "bold red"), (": ", "bold"))
    _title(paper, head, ages.headed(assessment, headline(assessment)), severity)
    gutter = _gutter(first)
    if first is not None:
        print_source(paper, first, gutter)
    if text := statement(document, assessment.criterion):
        note(paper, gutter, "criterion", text)
    if len(failing) > 1:
        note(paper, gutter, "also", _others(failing[1:]))
    if first is not None:
        if first.extent is not None:
            note(paper, gutter, "in all", extent(first))
        if first.measure is not None:
            note(paper, gutter, "measured", str(first.measure))
        if age := ages.said(first):
            note(paper, gutter, "age", age)
        note(paper, gutter, "evidence", evidence_line(first))
        note(paper, gutter, "judged by", judged_by(first))
    if fix := remedy(document, assessment, first):
        note(paper, gutter, "fix", fix)
    note(paper, gutter, "explain", f"gonogo explain {assessment.criterion}")


def print_line(paper: Paper, told: Told) -> None:
    """A failing criterion, with those that it speaks for, on one line; its place on the next where both do not fit."""
    assessment = told.assessment
    severity = assessment.severity.value
    lead = Text.assemble(
        "  ",
        (f"{paper.glyphs.fail} ", STYLES["fail"]),
        (f"{paper.clean(assessment.criterion):<11} ", "bold"),
        (f"{severity:<9}", STYLES[severity]),
    )
    text = paper.clean(ages.headed(assessment, headline(assessment)) + told.too)
    where = paper.clean(first_place(assessment))
    if where and lead.cell_len + len(text) + len(where) + 2 <= paper.width:
        paper.say(Text.assemble(lead, text, "  ", (where, "cyan")))
        return
    paper.hang(lead, text)
    if where:
        _point(paper, Text(" " * lead.cell_len), where, "cyan")


def print_source(paper: Paper, finding: Finding, gutter: int) -> None:
    """Print the place that a finding points to, and the source there."""
    quoted = next((e for e in finding.evidence if e.excerpt.strip()), None)
    where = place(finding) or (str(quoted.location) if quoted and quoted.location else "")
    if where:
        _point(paper, Text(" " * gutter + "--> ", style="blue"), where)
    if quoted is not None:
        print_excerpt(paper, quoted, gutter)


def print_excerpt(paper: Paper, evidence: Ground, gutter: int) -> None:
    """The quoted lines of one piece of evidence, numbered where they stand in a file."""
    number = evidence.location.line if evidence.kind == "file" and evidence.location else 0
    bar = Text(" " * gutter + " |", style="blue")
    lines = paper.lines_of(evidence.excerpt)
    paper.say(bar)
    for offset, line in enumerate(lines[:EXCERPT_LINES]):
        label = str(number + offset) if number else ""
        paper.fit(Text.assemble((f"{label:>{gutter}} | ", "blue"), line))
    if len(lines) > EXCERPT_LINES:
        paper.say(Text.assemble(bar, (f" {counted(len(lines) - EXCERPT_LINES, 'more line')}", "dim")))
    paper.say(bar)


def _point(paper: Paper, lead: Text, where: str, style: str = "") -> None:
    """Print where to look: a path stays in one piece, so that it can be copied; a sentence is broken into lines."""
    if " " in where:
        paper.hang(lead, where, style)
    else:
        paper.say(Text.assemble(lead, (paper.clean(where), style)))


def note(paper: Paper, gutter: int, label: str, text: str) -> None:
    """``= label  text`` under a finding."""
    lead = Text.assemble((" " * gutter + " = ", "blue"), (f"{label:<{LABEL}}  ", "bold"))
    paper.hang(lead, text)


def evidence_line(finding: Finding) -> str:
    """What a finding rests on, by kind and the beginning of its digest."""
    shown = [evidence_word(evidence, said=finding.where) for evidence in finding.evidence[:3]]
    if len(finding.evidence) > 3:
        shown.append(f"{len(finding.evidence) - 3} more")
    return " · ".join(shown) or "none recorded"


def evidence_word(evidence: Ground, length: int = 12, said: str = "") -> str:
    """``file sha256:7be1f00c9a12`` or ``count "9 workloads" sha256:…``; without its words where they are *said*."""
    words = one_line(evidence.statement, WHERE) if evidence.statement != said else ""
    shown = f' "{words}"' if words and evidence.kind != "file" else ""
    return f"{evidence.kind}{shown} {digest(evidence.digest, length)}"


def digest(value: str, length: int = 12) -> str:
    """The beginning of a sha256, enough to find it."""
    return "sha256:" + value.removeprefix("sha256:")[:length]


def judged_by(finding: Finding) -> str:
    """Agent, check, what kind of judgement, and how sure."""
    return f"{finding.agent} · {finding.check} ({finding.source}, confidence {finding.confidence})"


def remedy(document: Result, assessment: Assessment, finding: Finding | None) -> str:
    """How to fix it: as exact as the finding has it, else as the catalogue has it."""
    if finding is not None and finding.remedy:
        return finding.remedy
    known = document.criteria.get(assessment.criterion)
    return known.remedy if known else ""


def _title(paper: Paper, head: Text, text: str, severity: str) -> None:
    """The headline, bold, with the severity at the right edge of its first line."""
    word = severity.upper()
    room = max(paper.width - head.cell_len - len(word) - 2, 20)
    rows = Text(paper.clean(text), style="bold").wrap(paper.console, room)
    for number, row in enumerate(rows):
        row.rstrip()
        if number:
            paper.say(Text.assemble(" " * head.cell_len, row))
            continue
        gap = max(paper.width - head.cell_len - row.cell_len - len(word), 2)
        paper.say(Text.assemble(head, row, " " * gap, (word, STYLES[severity])))


def _others(findings: list[Finding]) -> str:
    shown = [place(f) or f.message for f in findings[:3]]
    rest = f" and {len(findings) - 3} more" if len(findings) > 3 else ""
    return f"{counted(len(findings), 'more finding')}: {', '.join(shown)}{rest}"


def _gutter(finding: Finding | None) -> int:
    if finding is None:
        return 2
    lines = [e.location.line + EXCERPT_LINES for e in finding.evidence if e.kind == "file" and e.excerpt and e.location]
    return max(len(str(lines[0])) if lines else 0, 2)
