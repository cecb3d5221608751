"""Reads other agents' findings again: what they quoted must still stand there, and they must agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from orchestrator import Brief, Draft, Exhibit, Finding, Source, Status, each, unsure

_NAMED = 3


class Reread(NamedTuple):
    """What came of reading again."""

    doubts: tuple[Draft, ...]
    exhibit: Exhibit


async def reread(brief: Brief) -> Reread:
    """
    Quote every place again that a finding rests on, and look for agents that contradict each other.

    A quotation is redacted each time in the same way, so what is withheld compares equal.

    Returns:
        One *could not tell* for each criterion in doubt, which withdraws its pass, and a table of what was read.
    """
    findings = [f for f in brief.findings if f.agent != brief.agent]
    places = sorted({place for f in findings for place in _places(f)})
    now = await brief.quote([Source(path=path, line=line) for path, line, _ in places]) if places else {}
    gone = {(path, line, said) for path, line, said in places if not _same(said, now.get((path, line)))}
    doubts = [*_misquoted(findings, gone), *_contradictions(findings)]
    return Reread(tuple(doubts), _table(findings, gone, doubts))


def _places(finding: Finding) -> list[tuple[str, int, str]]:
    """Path, line and excerpt of each quotation."""
    return [
        (e.location.path, e.location.line, e.excerpt)
        for e in finding.evidence
        if e.kind == "file" and e.excerpt and e.location is not None and e.location.line > 0
    ]


def _same(said: str, now: str | None) -> bool:
    return now is not None and said.strip() == now.strip()


def _misquoted(findings: Sequence[Finding], gone: set[tuple[str, int, str]]) -> list[Draft]:
    by_criterion: dict[str, list[tuple[str, int, str]]] = {}
    agents: dict[str, set[str]] = {}
    for finding in findings:
        for place in _places(finding):
            if place in gone:
                by_criterion.setdefault(finding.criterion, []).append(place)
                agents.setdefault(finding.criterion, set()).add(finding.agent)
    return [
        unsure(
            each(sorted(agents[criterion])).say(
                "{} quoted {lines:line that reads|lines that read} otherwise now", lines=len(set(places))
            ),
            *dict.fromkeys(Source(path=path, line=line) for path, line, _ in sorted(set(places))[:_NAMED]),
            criterion=criterion,
        )
        for criterion, places in sorted(by_criterion.items())
    ]


def _contradictions(findings: Sequence[Finding]) -> list[Draft]:
    drafts = []
    for criterion in sorted({f.criterion for f in findings}):
        said = [f for f in findings if f.criterion == criterion]
        passing = sorted({f.agent for f in said if f.status is Status.PASS})
        failing = sorted({f.agent for f in said if f.status is Status.FAIL})
        if passing and failing and (len(passing) > 1 or len(failing) > 1 or passing != failing):
            message = f"{each(passing)} found that it holds, {each(failing)} that it does not"
            places = [Source(path=f.location.path, line=f.location.line) for f in said if f.location is not None]
            drafts.append(unsure(message, *dict.fromkeys(places[:_NAMED]), criterion=criterion))
    return drafts


def _table(findings: Sequence[Finding], gone: set[tuple[str, int, str]], doubts: Sequence[Draft]) -> Exhibit:
    rows = []
    for agent in sorted({f.agent for f in findings}):
        ours = [f for f in findings if f.agent == agent]
        places = {place for f in ours for place in _places(f)}
        rows.append((agent, f"{len(ours):,}", f"{len(places):,}", f"{len(places & gone):,}"))
    places = {place for f in findings for place in _places(f)}
    disagreements = len(doubts)
    note = (
        f"{len(places):,} quotations behind {len(findings):,} findings were read again; "
        + (f"{disagreements} criteria are in doubt." if disagreements else "every one still reads as it was quoted.")
    )  # fmt: skip
    return Exhibit(
        title="Re-verified",
        note=note if findings else "No other agent has found anything before this one.",
        columns=("agent", "findings", "evidence re-read", "disagreements"),
        rows=tuple(rows),
    )
