"""Prints all that is known of one criterion."""

from __future__ import annotations

from rich.text import Text

from ..domain.assessment import Assessment
from ..domain.finding import Finding
from ..domain.result import Result
from . import _blocks, ages
from ._paper import STYLES, Paper
from .select import WORDS, expires_in, extent, headline, set_aside, spoken_by, state, words_on


def print_criterion(paper: Paper, document: Result, assessment: Assessment) -> None:
    """What it demands, how it stands, and each finding with its evidence."""
    known = document.criteria.get(assessment.criterion)
    word, severity = state(assessment), assessment.severity
    title = known.statement if known and known.statement else headline(assessment)
    paper.hang(Text(f"{paper.clean(assessment.criterion)}  ", style="bold"), title, "bold")
    paper.say()
    label = f"{paper.glyphs.of(word)} {WORDS[word]}"
    weight = (f"{severity.value}, {severity.points} points", STYLES[severity.value])
    _field(paper, "status", Text.assemble((label, f"bold {STYLES[word]}"), "  ", weight))
    _field(paper, "because", assessment.reason)
    for kind, said in (("waiver", assessment.waiver), ("attested", assessment.attestation)):
        if said is not None:
            _field(paper, kind, expires_in(said, document))
            for row in spoken_by(said):
                _field(paper, "", row)
    for dismissal in assessment.dismissed:
        first, *others = set_aside(dismissal)
        _field(paper, "dismissed", first)
        for row in others:
            _field(paper, "", row)
    if known:
        kinds = f" ({', '.join(known.evidence)})" if known.evidence else ""
        _field(paper, "section", f"{assessment.section} {known.section_title}")
        _field(paper, "matters", known.why)
        _field(paper, "decides", f"{known.needs}{kinds}")
        if words := words_on(known.person, known.valid):
            _field(paper, "words", words)
        _field(paper, "fix", f"{known.remedy} (about {known.effort:g} h)")
    for number, finding in enumerate(assessment.findings, 1):
        _print_finding(paper, number, finding)
    if not assessment.findings:
        paper.say()
        paper.say("No agent has found anything for or against it.", "dim")


def _print_finding(paper: Paper, number: int, finding: Finding) -> None:
    word = finding.status.value
    paper.say()
    paper.hang(
        Text.assemble((f"{number}. ", "bold"), (f"{paper.glyphs.of(word)} {WORDS[word]}  ", STYLES[word])),
        Text(paper.clean(finding.message), style="bold"),
    )
    if finding.location and not any(e.location == finding.location for e in finding.evidence):
        paper.say(Text.assemble(("   --> ", "blue"), paper.clean(str(finding.location))))
    for evidence in finding.evidence:
        if evidence.location:
            paper.say(Text.assemble(("   --> ", "blue"), paper.clean(str(evidence.location))))
        if evidence.excerpt.strip():
            _blocks.print_excerpt(paper, evidence, 3)
        _blocks.note(paper, 3, "evidence", _blocks.evidence_word(evidence, length=24))
    if finding.extent is not None:
        _blocks.note(paper, 3, "in all", extent(finding))
    if finding.measure is not None:
        _blocks.note(paper, 3, "measured", str(finding.measure))
    if age := ages.said(finding):
        _blocks.note(paper, 3, "age", age)
    _blocks.note(paper, 3, "judged by", _blocks.judged_by(finding))
    if finding.remedy:
        _blocks.note(paper, 3, "fix", finding.remedy)


def _field(paper: Paper, label: str, text: Text | str) -> None:
    if text:
        paper.hang(Text(f"  {label:<9} ", style="dim"), text)
