"""Prints the lists of a review's end: what fails, what is accepted, what is unknown, what passed."""

from __future__ import annotations

from rich.text import Text

from ..domain.assessment import Assessment
from ..domain.result import Result
from . import _blocks, ages
from ._paper import STYLES, Paper
from .select import (
    blocking,
    dismissed,
    expires_in,
    headline,
    lapses,
    listed,
    looks,
    loosened,
    needs,
    of_state,
    set_aside,
    sourced,
    state,
    statement,
)

NAMED = 4


def print_release(paper: Paper, document: Result) -> None:
    """What was reviewed as what, and what a reader must know of the run."""
    release, profile = document.release, document.profile
    at = f"{release.source} {release.commit[:10]}".rstrip() + (f" ({release.ref})" if release.ref else "")
    kind = f"{profile.kind}, {profile.scale}" if profile.scale else profile.kind
    parts = [at, kind, f"workflow {document.run.workflow}", f"policy {document.policy.name}"]
    name = paper.clean(f"{release.name} {release.version}", paper.width // 2)
    paper.hang(Text(f"{name}  ", style="bold"), " · ".join(parts), "dim")
    if release.base is not None:
        paper.hang(Text("base  ", style="dim"), release.base.said)
    for text in document.notes:
        paper.hang(Text("note  ", style="yellow"), text)
    for source in document.sources:
        paper.hang(Text("source  ", style="dim"), sourced(source))
    if document.basis is None:
        return
    for row in document.basis.loosened:
        paper.hang(Text("loosened  ", style="bold yellow"), loosened(row))
    for said in document.basis.idle:
        paper.hang(Text("of no effect  ", style="yellow"), f"{said.what}: {said.why}")


def print_failures(paper: Paper, document: Result) -> None:
    """Every failure in full."""
    every = blocking(document)
    rows = ages.told(document, every)
    for assessment in rows:
        paper.say()
        _blocks.print_block(paper, document, assessment)
    if not rows:
        paper.say()
        paper.say("No failure is new." if every else "No criterion fails.", "bold")
    if left := ages.untold(document, every):
        paper.say()
        paper.hang(Text(""), left, "dim")


def print_accepted(paper: Paper, document: Result) -> None:
    """Waived, attested, and which of their words run out."""
    for word, title in (("waived", "Waived: a person accepts the risk"), ("attested", "Attested: a person says so")):
        rows = of_state(document, word)
        if rows:
            paper.heading(f"{title} ({len(rows)})")
        for assessment in rows:
            print_statement(paper, document, assessment)
    gone = dismissed(document)
    if gone:
        paper.heading(f"Dismissed: people say that it is none ({len(gone)})")
    for assessment, dismissal in gone:
        paper.hang(_lead(paper, assessment), "; ".join(set_aside(dismissal)))
    found = lapses(document)
    if found:
        paper.heading("Running out")
    for lapse in found:
        word, style = ("expired", "bold red") if lapse.expired else ("soon", "yellow")
        verb = "ran out on" if lapse.expired else "runs out on"
        lead = Text.assemble(
            "  ",
            (f"{paper.glyphs.alarm} ", style),
            (f"{paper.clean(lapse.criterion):<11} ", "bold"),
            (f"{word:<9}", style),
        )
        paper.hang(lead, f"the {lapse.kind} of {lapse.owner} {verb} {lapse.expires}")


def print_looks(paper: Paper, document: Result) -> None:
    """What would fail if it were in force, which counts nowhere; the first of it."""
    rows = list(dict.fromkeys(row for _, look in looks(document) for row in look.rows))
    if rows:
        paper.heading(f"Worth a look, and counted nowhere ({len(rows)})")
    for criterion, message, where, why in rows[:NAMED]:
        paper.hang(Text(f"  {paper.clean(criterion):<11} ", style="bold"), f"{where}: {message} ({why})")
    if len(rows) > NAMED:
        paper.say(f"  {len(rows) - NAMED} more in report.html")


def print_statement(paper: Paper, document: Result, assessment: Assessment) -> None:
    """One waiver or attestation."""
    said = assessment.waiver or assessment.attestation
    if said is not None:
        link = f" · {said.link}" if said.link else ""
        paper.hang(_lead(paper, assessment), f"{expires_in(said, document)}, {said.owner}: {said.reason}{link}")


def print_unknown(paper: Paper, document: Result) -> None:
    """What has no evidence, each by name, grouped by what would decide it."""
    groups = needs(document)
    if not groups:
        return
    total, critical = sum(len(g.criteria) for g in groups), sum(g.critical for g in groups)
    paper.heading(f"Unknown: no evidence either way ({total}, {critical} critical)")
    for group in groups:
        ids = [a.criterion for a in group.criteria]
        grave = f" ({group.critical} critical)" if group.critical else ""
        lead = Text.assemble("  ", (f"{paper.glyphs.unknown} ", STYLES["unknown"]), (f"{len(ids):>3}  ", "bold"))
        paper.hang(lead, f"{group.title}{grave}: {listed(ids, len(ids))}")


def print_each_unknown(paper: Paper, document: Result, area: str) -> None:
    """What is not yet shown in *area*, or anywhere: each criterion with what it demands."""
    found = [(group, [a for a in group.criteria if area in ("", a.area)]) for group in needs(document)]
    for group, rows in found:
        if rows:
            paper.heading(f"Not yet shown: {group.title} ({len(rows)})")
        for assessment in rows:
            said = headline(assessment) if group.kind == "doubt" else statement(document, assessment.criterion)
            paper.hang(_lead(paper, assessment), said or headline(assessment))
    if not any(rows for _, rows in found):
        paper.say()
        paper.say(f"  Nothing is unknown{' in ' + area if area else ''}.")


def print_passes(paper: Paper, document: Result) -> None:
    """What passed, and on what."""
    rows = of_state(document, "pass")
    if rows:
        paper.heading(f"Passed ({len(rows)})")
    for assessment in rows:
        paper.hang(_lead(paper, assessment), headline(assessment))


def _lead(paper: Paper, assessment: Assessment) -> Text:
    word, severity = state(assessment), assessment.severity.value
    return Text.assemble(
        "  ",
        (f"{paper.glyphs.of(word)} ", STYLES[word]),
        (f"{paper.clean(assessment.criterion):<11} ", "bold"),
        (f"{severity:<9}", "" if word == "pass" else STYLES[severity]),
    )
