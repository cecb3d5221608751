"""Puts the answers to an auditor's questions into lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..audit.diff import Change, Difference, MeasureChange
from ..audit.rejudge import FindingChange, Rejudged
from ..audit.what_if import Judged, WhatIf
from ..report.visible import one_line

_MESSAGE = 160
_READ_THEN = "facts are as they were read then: a reader or a pattern that has changed since has not seen the tree"
_MOST = 20
"""Rows of what is merely open; what fails is always shown in full."""


def what_if(answer: WhatIf) -> Iterator[str]:
    """What other rules would make of a run."""
    before, after = answer.recorded, answer.supposed
    yield f"WHAT IF  {answer.run} by {answer.config}: {answer.notes[0]}"
    yield ""
    yield _row("policy", before.policy.name, after.policy.name)
    yield _row("verdict", before.verdict, after.verdict)
    yield _row("score", _percent(before.score.percent), _percent(after.score.percent))
    yield _row("gate", _gate(before), _gate(after))
    yield _row("waived", str(before.waivers), str(after.waivers))
    yield _row("attested", str(before.attestations), str(after.attestations))
    old, new = ({(r.rule, r.found, r.allowed) for r in side.gate.reasons} for side in (before, after))
    yield from _block("no longer in the way", (f"{r}: {f}, allowed {a}" for r, f, a in sorted(old - new)))
    yield from _block("in the way", (f"{r}: {f}, allowed {a}" for r, f, a in sorted(new)))
    yield from _block(
        "accepted otherwise",
        (
            f"{s.criterion:<12}{s.severity:<10}{s.before or 'not accepted'} → {s.after or 'not accepted'}"
            for s in answer.statements
        ),
    )
    yield from _block("notes", answer.notes[1:])


def rejudged(answer: Rejudged) -> Iterator[str]:
    """What today's agents make of a run."""
    code = "the same code" if answer.same_code else "code that has changed since"
    yield f"REJUDGED  {answer.run}, recorded by {answer.tool}, by {code} ({answer.today}); nothing is written"
    yield ""
    yield _row("verdict", answer.before, answer.after)
    yield _row("score", _percent(answer.percent_before), _percent(answer.percent_after))
    recorded = len(answer.facts) + len(answer.not_comparable)
    yield f"{'facts':<10}{len(answer.facts)} of {recorded} that are recorded were judged by"
    yield from _block("not comparable", (f"{n.fact:<16}{one_line(n.reason, _MESSAGE)}" for n in answer.not_comparable))
    if not answer.changes:
        yield ""
        yield "every finding is the same, and so is every assessment"
    for word in ("appears", "vanishes", "changes"):
        found = [f for f in answer.findings if f.change == word]
        yield from _block(f"{len(found)} {'finding' if len(found) == 1 else 'findings'}: {word}", _findings(found))
    yield from _block(
        "assessments",
        (
            f"{a.criterion:<12}{a.severity:<10}{_status(a.before)} → {_status(a.after)}: {one_line(a.reason, _MESSAGE)}"
            for a in answer.assessments
        ),
    )
    title = "not what this code judges by" if answer.same_code else "changed since, or not what the run was judged by"
    yield from _block(title, (f"{r.what:<12}{one_line(r.said, 2 * _MESSAGE)}" for r in answer.rules))
    yield from _block("notes", [*answer.notes, *([] if answer.same_code else [_READ_THEN])])
    yield from _block("taken on trust", answer.trusted)
    if answer.same_code and answer.changes:
        yield ""
        yield "DIVERGED  the same code finds something else in the same facts: the record's findings do not follow"
    if answer.same_code and answer.rules:
        yield ""
        yield "DIVERGED  the same code judges by other rules, or reads other facts, than the record says"


def difference(answer: Difference) -> Iterator[str]:
    """What differs between two runs."""
    before, after = answer.before, answer.after
    yield f"before  {before.run}"
    yield f"after   {after.run}"
    yield ""
    yield _row("release", f"{before.release} {before.version}", f"{after.release} {after.version}")
    yield _row("verdict", before.verdict, after.verdict)
    moved = after.percent - before.percent
    word = "" if not moved else f" ({'better' if moved > 0 else 'worse'} by {abs(moved):.1f})"
    yield _row("score", _percent(before.percent), _percent(after.percent)) + word
    for title, changes in (
        ("newly failing", answer.newly_failing),
        ("newly passing", answer.newly_passing),
        ("now unknown", answer.now_unknown),
        ("no longer applicable", answer.now_not_applicable),
    ):
        most = len(changes) if title.startswith("newly") else _MOST
        more = [f"and {len(changes) - most} more; --format json has them all"] if len(changes) > most else []
        yield from _block(f"{title}: {len(changes)}", [*_changes(changes[:most]), *more])
    yield from _block(f"changed measures: {len(answer.measures)}", _measures(answer.measures))
    yield from _block(
        "waivers and attestations",
        (
            f"{s.criterion:<12}{s.severity:<10}{s.kind} {s.change}: {one_line(s.after or s.before, _MESSAGE)}"
            for s in answer.statements
        ),
    )
    yield from _block(
        "the catalogue, not the release",
        (
            f"{c.criterion:<12}{c.change:<10}{one_line(' → '.join(t for t in (c.before, c.after) if t), _MESSAGE)}"
            for c in answer.catalogue
        ),
    )
    yield from _block("notes", answer.notes)
    yield ""
    yield from [f"regression: {why}" for why in answer.because] or ["no regression"]


def _row(name: str, before: str, after: str) -> str:
    return f"{name:<10}{before}" if before == after else f"{name:<10}{before} → {after}"


def _percent(number: float) -> str:
    return f"{number:.1f} %"


def _gate(judged: Judged) -> str:
    count = len(judged.gate.reasons)
    return "holds" if judged.gate.holds else f"{count} {'rule does' if count == 1 else 'rules do'} not hold"


def _status(status: str) -> str:
    return status.replace("_", " ")


def _block(title: str, lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    """*lines* under *title*; nothing where there are none."""
    rows = list(lines)
    if rows:
        yield ""
        yield title
        yield from (f"  {line}" for line in rows)


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        where = f"  {one_line(change.where, _MESSAGE)}" if change.where else ""
        accepted = " (accepted)" if change.accepted else ""
        said = one_line(change.reason, _MESSAGE)
        moved = f"{_status(change.before)} → {_status(change.after)}"
        yield f"{change.criterion:<12}{change.severity:<10}{moved}{accepted}: {said}{where}"


def _measures(changes: Sequence[MeasureChange]) -> Iterator[str]:
    for change in changes:
        status = _status(change.status)
        if change.status_before is not change.status:
            status = f"{_status(change.status_before)} → {status}"
        where = f"  {one_line(change.where, _MESSAGE)}" if change.where else ""
        yield f"{change.criterion:<12}{change.severity:<10}{status}: {_moved(change)}{where}"


def _moved(change: MeasureChange) -> str:
    """``coverage 86 % → 83.1 % (at least 80 %), worse``."""
    before, after = change.before, change.after
    amounts = after.amount if before.amount == after.amount else f"{before.amount} → {after.amount}"
    limits = after.limit if before.limit == after.limit else f"{before.limit or 'no limit'} → {after.limit or 'none'}"
    trend = f", {change.trend}" if change.trend else ""
    return one_line(f"{change.name} {amounts}" + (f" ({limits})" if limits else "") + trend, _MESSAGE)


def _findings(changes: Sequence[FindingChange]) -> Iterator[str]:
    for change in changes:
        yield f"{change.criterion:<12}{change.check}{_versions(change)}"
        for word, said in (("then", change.before), ("today", change.after)):
            if said is not None:
                where = f"  {one_line(said.where, _MESSAGE)}" if said.where else ""
                number = f" [{one_line(said.measure, _MESSAGE)}]" if said.measure else ""
                yield f"  {word:<7}{_status(said.status)}: {one_line(said.message, _MESSAGE)}{number}{where}"


def _versions(change: FindingChange) -> str:
    """Which version of the check spoke: the one of then, of today, or both where they differ."""
    said = [side.version.removeprefix("sha256:")[:8] for side in (change.before, change.after) if side and side.version]
    return f" @ {' → '.join(dict.fromkeys(said))}" if said else ""
