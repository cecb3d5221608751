"""Says in a line or two what the long form says in a block: failures, steps, what is not yet shown, the verdict."""

from __future__ import annotations

from rich.text import Text

from ..domain.assessment import Assessment
from ..domain.policy import Policy
from ..domain.result import JournalHead, Result
from . import ages
from ._paper import STYLES, Paper
from .once import Told, once
from .select import (
    BY,
    SEVERITIES,
    allowed,
    blocking,
    counted,
    counts,
    deployment,
    dismissed,
    first_place,
    gate,
    headline,
    listed,
    looks,
    needs,
    of_state,
    rests_on,
    spoken,
)
from .steps import cheapest

ON_ONE_LINE = ("gate", "", "score", "record", "accepted")
LEAST = 24
"""Cells that a message needs to say anything beside its place."""


def print_failures(paper: Paper, document: Result, most: int, lines: int) -> None:
    """The gravest, of one gravity the new ones first, and how many more there are."""
    every = blocking(document)
    rows = sorted(ages.told(document, every), key=lambda a: (a.severity.rank > 1, ages.rank(a), a.severity.rank))
    if not rows:
        open_ = len(of_state(document, "unknown"))
        rest = f"; {counted(open_, 'criterion', 'criteria')} not yet shown" if open_ else ""
        paper.say("No failure is new." if every else f"Nothing fails{rest}.", "bold")
    else:
        compared = any(ages.word_of(row) in ("new", "old") for row in rows)
        said = f", {ages.ages(rows)}" if compared else ""
        title, meant = Text(f"Wrong here: {_by_severity(rows)}{said}  ", style="bold"), legend(document.policy)
        if title.cell_len + len(meant) > paper.width:
            title.rstrip()
            paper.say(title)
            title = Text("  ")
        paper.hang(title, meant, "dim")
    told = once(document, rows)
    shown = told if len(told) <= most else told[: most - 1]
    for one in shown:
        print_failure(paper, one, lines)
    if len(told) > len(shown):
        left = [one.assessment for one in told[len(shown) :]]
        paper.say(Text.assemble(f"  and {len(left)} more ({_by_severity(left)}): ", ("gonogo show --failed", "bold")))
    if left_out := ages.untold(document, every):
        paper.hang(Text(""), left_out, "dim", 2)


def print_failure(paper: Paper, told: Told, lines: int) -> None:
    """
    One failing criterion, with those that it speaks for, on a line, or on two where *lines* allows and it needs them.

    A path is never cut, so that it can be copied; on a single line one that is too long gives way to the message.
    """
    assessment = told.assessment
    severity = assessment.severity.value
    lead = Text.assemble(
        "  ",
        (f"{paper.glyphs.fail} ", STYLES["fail"]),
        (f"{paper.clean(assessment.criterion):<11} ", "bold"),
        (f"{severity:<9}", STYLES[severity]),
    )
    word = "old: " if ages.word_of(assessment) == "old" else ""
    message = Text(paper.clean(word + ages.headed(assessment, headline(assessment)) + told.too))
    place = paper.clean(first_place(assessment))
    room = max(paper.width - lead.cell_len, LEAST)
    where = Text(place, style="cyan")
    if " " in place:
        paper.cut(where, room)
    beside = room - where.cell_len - 2
    said = place in message.plain and len(message.wrap(paper.console, room)) <= lines
    if said or not place:
        paper.hang(lead, message, "", lines)
    elif message.cell_len <= beside or (lines == 1 and beside >= LEAST):
        paper.say(Text.assemble(lead, paper.cut(message, beside), "  ", where))
    elif lines == 1:
        paper.say(Text.assemble(lead, paper.cut(message, room)))
    else:
        first, *others = message.wrap(paper.console, room)
        first.rstrip()
        rest = Text(" ").join(others)
        if others and beside < LEAST:
            first = paper.cut(Text.assemble(first, " ", rest), room)
        paper.say(Text.assemble(lead, first))
        begun = Text.assemble(paper.cut(rest, beside), "  ") if others and beside >= LEAST else Text()
        paper.say(Text.assemble(" " * lead.cell_len, begun, where))


def legend(policy: Policy) -> str:
    """What the severities mean by this policy: which of them block a launch, and which cost points."""
    limits = (policy.max_failed_critical, policy.max_failed_high, policy.max_failed_medium, -1)
    words: dict[str, list[str]] = {}
    for severity, limit in zip(SEVERITIES, limits, strict=True):
        say = "blocks a launch" if limit == 0 else f"blocks from {limit + 1} on" if limit > 0 else "costs points"
        words.setdefault(say, []).append(severity)
    return "; ".join(f"{' or '.join(names)} {say}" for say, names in words.items())


def print_looks(paper: Paper, document: Result, most: int) -> None:
    """What would fail if it were in force, a line each."""
    rows = list(dict.fromkeys(row for _, look in looks(document) for row in look.rows))
    if rows:
        more = f"; {len(rows) - most} more in report.html" if len(rows) > most else ""
        paper.say(f"Worth a look, and counted nowhere ({len(rows)}{more})", "bold")
    for criterion, message, where, why in rows[:most]:
        paper.hang(Text(f"  {paper.clean(criterion):<11} ", style="bold"), f"{where}: {message} ({why})", "", 1)


def print_steps(paper: Paper, document: Result, most: int, lines: int) -> None:
    """The cheapest things to do in the repository, by points for an hour of work."""
    steps = cheapest(document, most)
    if steps:
        title = Text("Cheapest next steps  ", style="bold")
        paper.hang(title, "most points for an hour; why and how: gonogo explain ID", "dim", 1)
    for number, step in enumerate(steps, 1):
        state = "fails    " if step.assessment.blocks else "not shown"
        cost = f"{step.points:>2} points, {step.hours:g} h"
        lead = Text.assemble(
            f"  {number}. ",
            (f"{paper.clean(step.assessment.criterion):<10} ", "bold"),
            (f"{state} {cost}  ", "dim"),
        )
        paper.hang(lead, step.what, "", lines)


def print_unshown(paper: Paper, document: Result) -> None:
    """What is unknown, by how it would be shown, and where all of it is listed."""
    groups = needs(document)
    if not groups:
        return
    total, critical = sum(len(g.criteria) for g in groups), sum(g.critical for g in groups)
    grave = f", {critical} critical" if critical else ""
    lead = Text(f"Not yet shown ({total}{grave}): ", style="bold")
    counted_ = {group.kind: len(group.criteria) for group in groups}
    where = Text("gonogo show --unknown", style="bold")
    if len(beside := _ways(counted_, 1000)) + lead.cell_len + where.cell_len + 2 <= paper.width:
        paper.say(Text.assemble(lead, beside, ": ", where))
    else:
        paper.say(Text.assemble(lead, where))
        paper.say(f"  {_ways(counted_, paper.width - 2)}")


def _ways(numbers: dict[str, int], room: int) -> str:
    """``94 by the repository, 22 by a report, 3 otherwise``: as many as fit on *room* cells, largest first."""
    rows = sorted(numbers.items(), key=lambda item: -item[1])
    for many in range(len(rows), -1, -1):
        said = [f"{number} {BY.get(kind, 'in another way')}" for kind, number in rows[:many]]
        if rest := sum(number for _, number in rows[many:]):
            said.append(f"{rest} otherwise")
        if len(text := ", ".join(said)) <= room:
            break
    return text


def facts(document: Result, end: JournalHead, most: int) -> list[tuple[str, str]]:
    """The rows of the panel, of the gate's reasons the first *most*."""
    score, cover, run = document.score, document.coverage, document.run
    rows = [("result", f"{_result(document)} {deployment(document).capitalize()}.")]
    reasons = gate(document)
    shown = reasons if len(reasons) <= most else reasons[: max(most - 1, 1)]
    for number, reason in enumerate(shown):
        later = " (not yet shown)" if reason.evidence_only else ""
        rest = f": {listed(reason.criteria, 2)}" if reason.criteria else ""
        if most == 1 < len(reasons):
            rest = f"; {counted(len(reasons) - 1, 'more reason')}"
        text = f"{reason.rule}: {reason.found}, {allowed(reason)}{later}{rest}"
        rows.append(("" if number else "gate", text))
    if len(reasons) > len(shown) and most > 1:
        rows.append(("", f"and {len(reasons) - len(shown)} more: gonogo show -v"))
    accepted = {word: [a.criterion for a in of_state(document, word)] for word in ("waived", "attested")}
    accepted["dismissed"] = list(dict.fromkeys(a.criterion for a, _ in dismissed(document)))
    if any(accepted.values()):
        rows.append(("accepted", ", ".join(f"{word} {listed(ids, 2)}" for word, ids in accepted.items() if ids)))
    if document.basis is not None:
        rows.append(("rests on", rests_on(document.basis)))
    decided = f"{cover.decided} of {cover.applicable} criteria decided ({cover.percent:.1f} %)"
    rows.append(("score", f"{score.percent:.1f} %, {score.band}; {decided}"))
    rows.append(("record", f"{run.id}, {spoken(run.seconds)}, {counted(end.events, 'event')}"))
    return rows


def _result(document: Result) -> str:
    """What the verdict says, in words that tell what fails from what nobody has shown."""
    failing, unknown = len(blocking(document)), len(of_state(document, "unknown"))
    if document.exit_code == 0:
        return "The gate holds."
    if document.exit_code not in (1, 3):
        return {
            4: "Released, failed its checks and rolled back.",
            5: "The rollback itself failed: a person is needed now.",
            6: "Waiting for approval.",
        }.get(document.exit_code, "The gate is not met.")
    if not failing and unknown:
        return "Not yet shown, and nothing fails."
    if document.exit_code == 3:
        return "Could not judge: evidence is missing."
    if not failing:
        return "The gate is not met, though nothing fails."
    return f"The gate is not met: {counted(failing, 'criterion fails', 'criteria fail')}."


def _by_severity(rows: list[Assessment]) -> str:
    by = counts(rows, severities=True)
    return ", ".join(f"{by[word]} {word}" for word in SEVERITIES if by[word])
