"""Writes the result for pull requests and job summaries: GitHub-flavoured Markdown, bounded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..domain.basis import Basis
from ..domain.result import Result
from . import ages, select
from .once import Told, once
from .visible import cut, one_line, visible

LIMIT = 60_000
"""Characters; GitHub refuses a comment of more than 65,536."""
IN_FULL = 12
_RESERVE = 1_500
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$]|^[-+#])")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_MENTION = re.compile(r"([@#])(?=\w)")
_WEB = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp|www)(?=[:.])")
_TICKS = re.compile(r"`+")
_MARKS = {"fail": "❌", "unknown": "❔", "pass": "✅", "waived": "🟣", "attested": "🔷", "not_applicable": "➖"}


@dataclass(frozen=True)
class Part:
    """A heading and entries that may be left out from the end, with a line that says how many were."""

    heading: str
    entries: tuple[str, ...]
    closing: str = ""


def render(document: Result) -> str:
    """
    The result as Markdown of at most ``LIMIT`` characters.

    What does not fit is counted and named; the verdict, the gate and the areas always fit.
    """
    head = cut(_head(document), LIMIT // 3)
    tail = _tail(document)
    room = LIMIT - len(head) - len(tail) - _RESERVE
    texts = []
    for part in (
        _failing(document),
        _lesser(document),
        _unknown(document),
        _accepted(document),
        _looks(document),
        _plan(document),
    ):
        text = _fill(part, room)
        room -= len(text)
        texts.append(text)
    return "\n".join(part for part in (head, *texts, tail) if part).rstrip("\n") + "\n"


def escape(text: str, limit: int = 400) -> str:
    """Text that Markdown shows as it is: no markup, no mention, no link, on one line."""
    shown = _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", one_line(text, limit)))
    shown = shown.replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")
    shown = _MENTION.sub("\\1&#8203;", shown)
    return _WEB.sub("\\1&#8203;", shown)


def code(text: str, limit: int = 240) -> str:
    """Text as a code span that its own backticks cannot end."""
    shown = one_line(text, limit)
    ticks = "`" * (max((len(run) for run in _TICKS.findall(shown)), default=0) + 1)
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{space}{shown}{space}{ticks}" if shown else ""


def _head(document: Result) -> str:
    score, cover = document.score, document.coverage
    reserves = {"words": _MARKS["attested"], "rules": "⚠️"}
    mark = reserves.get(select.reserved(document)) or {0: "✅", 3: "❔"}.get(document.exit_code, "❌")
    lines = [
        f"## {mark} {document.verdict}: {escape(document.release.name, 120)} {escape(document.release.version, 80)}",
        "",
        f"{select.meaning(document)} {select.deployment(document).capitalize()}.",
        "",
        f"Score **{score.percent:.1f} %** ({escape(score.band)}), {cover.decided} of {cover.applicable} applicable "
        f"criteria decided ({cover.percent:.1f} %), commit {code(document.release.commit[:12]) or 'none'}.",
    ]
    if document.release.base is not None:
        lines += ["", f"{escape(_sentence(document.release.base.said))}."]
    if aged := ages.ages(select.blocking(document)):
        lines += ["", f"Failing: {aged}."]
    if left := ages.untold(document, select.blocking(document)):
        lines += ["", f"{escape(left)}."]
    blocks = []
    for reason in select.gate(document):
        ids = f": {select.listed(map(code, reason.criteria), 8)}" if reason.criteria else ""
        only = " *(missing evidence only)*" if reason.evidence_only else ""
        blocks.append(
            f"- **{escape(reason.rule)}**: {escape(reason.found)}, {escape(select.allowed(reason))}{ids}{only}"
        )
    if blocks:
        lines += ["", "**What blocks**", "", *blocks]
    if document.basis is not None:
        lines += ["", f"Rests on: {select.rests_on(document.basis)}."]
        lines += _loosened(document.basis)
    if document.notes:
        lines += ["", *(f"> {escape(text)}" + "  " for text in document.notes[:10])]
    if document.sources:
        lines += ["", *(f"> Source {escape(select.sourced(row))}" + "  " for row in document.sources[:10])]
    return "\n".join([*lines, "", *_areas(document), ""])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _loosened(basis: Basis) -> list[str]:
    """The rules that ask less than what ships, and words that count for nothing."""
    rows = [f"- **loosened** {escape(select.loosened(row))}" for row in basis.loosened[:40]]
    rows += [f"- **of no effect** {escape(said.what)}: {escape(said.why)}" for said in basis.idle[:40]]
    return ["", *rows] if rows else []


def _areas(document: Result) -> list[str]:
    lines = [
        "| area | score | pass | fail | unknown | waived | attested | n/a |",
        "| :-- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for area in document.areas[:40]:
        numbers = (area.passed, area.fail, area.unknown, area.waived, area.attested, area.not_applicable)
        percent = select.percent(area.earned, area.possible) or "n/a"
        lines.append(f"| {escape(area.title, 80)} | {percent} | {' | '.join(map(str, numbers))} |")
    return lines


def _failing(document: Result) -> Part:
    rows, told = _told(document, lambda rank: rank < 2)
    entries = tuple(_block(document, one, n < IN_FULL) for n, one in enumerate(told))
    return Part(f"### Failing, critical and high ({rows})", entries)


def _lesser(document: Result) -> Part:
    rows, told = _told(document, lambda rank: rank >= 2)
    return Part(f"### Failing, medium and low ({rows})", tuple(_block(document, one, False) for one in told))


def _told(document: Result, holds: Callable[[int], bool]) -> tuple[int, list[Told]]:
    """How many criteria of such severity fail, and those of them that are told."""
    every = ages.told(document, select.blocking(document))
    told = [one for one in once(document, every) if holds(one.assessment.severity.rank)]
    return sum(holds(row.severity.rank) for row in every), told


def _block(document: Result, told: Told, full: bool) -> str:
    assessment = told.assessment
    at = select.first_place(assessment)
    where = f" {code(at)}" if at else ""
    said = escape(ages.headed(assessment, select.headline(assessment)) + told.too)
    title = f"- {_MARKS['fail']} **{code(assessment.criterion)}** {assessment.severity}: {said}{where}"
    if not full:
        return title
    lines = [title]
    first = next((f for f in assessment.findings if f.status == assessment.status), None)
    quoted = next((e for e in first.evidence if e.excerpt.strip()), None) if first else None
    if quoted is not None:
        lines += [f"  {row}" for row in _fence(quoted.excerpt).split("\n")]
    if first is not None and (rests := select.words_of(first)):
        lines.append(f"  Rests on: {escape(select.listed(rests, 3))}  ")
    if first is not None and first.extent is not None:
        lines.append(f"  In all: {escape(select.extent(first))}  ")
    if first is not None and first.measure is not None:
        lines.append(f"  Measured: {escape(str(first.measure))}  ")
    if first is not None and (aged := ages.said(first)):
        lines.append(f"  Age: {escape(aged)}  ")
    known = document.criteria.get(assessment.criterion)
    remedy = (first.remedy if first else "") or (known.remedy if known else "")
    if remedy:
        lines.append(f"  Fix: {escape(remedy)}")
    return "\n".join(lines)


def _fence(text: str) -> str:
    shown = cut(visible(text[:1200].expandtabs(4)), 300).strip("\n")
    fence = "`" * max(3, max((len(run) for run in _TICKS.findall(shown)), default=0) + 1)
    return f"{fence}text\n{shown}\n{fence}"


def _unknown(document: Result) -> Part:
    groups = select.needs(document)
    total, critical = sum(len(g.criteria) for g in groups), sum(g.critical for g in groups)
    entries = tuple(
        f"- {_MARKS['unknown']} {len(g.criteria)} ({g.critical} critical), {escape(g.title)}: "
        + select.listed((code(a.criterion) for a in g.criteria), 8)
        for g in groups
    )
    return Part(f"### Unknown: no evidence either way ({total}, {critical} critical)", entries)


def _accepted(document: Result) -> Part:
    entries = []
    for lapse in select.lapses(document):
        verb = "**expired on**" if lapse.expired else "expires on"
        entries.append(
            f"- ⚠️ {code(lapse.criterion)}: the {lapse.kind} of {escape(lapse.owner, 80)} {verb} {escape(lapse.expires)}"
        )
    for word in ("waived", "attested"):
        for assessment in select.of_state(document, word):
            said = assessment.waiver or assessment.attestation
            if said is not None:
                until = select.expires_in(said, document)
                entries.append(
                    f"- {_MARKS[word]} {word} {code(assessment.criterion)} {assessment.severity}, {escape(until)}, "
                    + "; ".join(map(escape, select.spoken_by(said)))
                )
    for assessment, dismissal in select.dismissed(document):
        rows = "; ".join(map(escape, select.set_aside(dismissal)))
        entries.append(f"- {_MARKS['waived']} dismissed {code(assessment.criterion)} {assessment.severity}, {rows}")
    title = "Waived, attested and dismissed" if select.dismissed(document) else "Waived and attested"
    return Part(f"### {title} ({len(entries)})", tuple(entries))


def _plan(document: Result) -> Part:
    entries = tuple(
        f"- [ ] {code(item.criterion)} {escape(item.severity)}, {item.effort:g} h: {escape(item.what)}"
        + (f" {code(item.where)}" if item.where else "")
        for item in document.remediation
    )
    hours = sum(item.effort for item in document.remediation)
    heading = f"<details><summary>Remediation plan: {len(entries)} items, about {hours:g} h</summary>"
    return Part(heading, entries, "\n</details>")


def _looks(document: Result) -> Part:
    rows = list(dict.fromkeys(row for _, look in select.looks(document) for row in look.rows))
    entries = (f"- {escape(row[0], 40)} {code(row[2])}: {escape(row[1])} ({escape(row[3], 160)})" for row in rows)
    return Part("### Worth a look, and counted nowhere", tuple(entries))


def _tail(document: Result) -> str:
    run, events = document.run, select.counted(document.journal.events, "event")
    return (
        f"<sub>{escape(run.tool)}, run {code(run.id)}, {select.spoken(run.seconds)}, "
        f"policy {escape(document.policy.name)}, record of {events}, "
        f"head at the verdict {code(document.journal.head)}</sub>"
    )


def _fill(part: Part, room: int) -> str:
    """The heading and as many entries as fit; a count of those that do not."""
    if not part.entries:
        return ""
    lines, left = [part.heading, ""], room - len(part.heading) - len(part.closing) - 120
    for number, entry in enumerate(part.entries):
        left -= len(entry) + 1
        if left < 0:
            lines.append(f"- … {len(part.entries) - number} more, left out for length: see report.html or verdict.json")
            break
        lines.append(entry)
    return "\n".join([*lines, *([part.closing] if part.closing else []), ""])
