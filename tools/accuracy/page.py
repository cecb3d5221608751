"""Writes what was measured: a page for people, and the same as a document for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from orchestrator.catalogue.loader import catalogue
from orchestrator.planning.roster import built_in

from .answers import Answer
from .scores import Caught, OfReleases, Score, Scores, Share, by, calibration, caught, of_releases, scores
from .trials import Tried

ORDER = ("crashed", "wrong pass", "wrong failure", "missed failure", "missed pass", "other word")
"""The gravest first."""
SHOWN = 100
"""Lines of a list; a document has all of them."""


def document(answers: Sequence[Answer], tried: Mapping[str, Tried]) -> dict[str, Any]:
    """All that was measured, as JSON."""
    checks = [check for agent in built_in() for check in agent.checks]
    return {
        "all": _plain(scores(answers)),
        "area": _plain(by(_area, answers)),
        "criterion": _plain(by(lambda answer: answer.criterion, answers)),
        "kind": _plain(by(lambda answer: answer.kind, answers)),
        "confidence": _plain(calibration(answers)),
        "checks": _plain(caught(checks, answers)),
        "releases": _plain(of_releases(answers)),
        "trials": {
            name: {"tried": trial.tried, "ways": trial.table(), "found": list(trial.told())}
            for name, trial in tried.items()
        },
        "disagreements": [_disagreement(answer) for answer in _ordered(answers)],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Share):
        return {"part": value.part, "whole": value.whole}
    if isinstance(value, Score):
        return {**asdict(value), "precision": value.precision.rate, "recall": value.recall.rate}
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def _disagreement(answer: Answer) -> dict[str, str]:
    return {
        "fault": answer.fault,
        "name": answer.name,
        "origin": answer.origin,
        "kind": answer.kind,
        "criterion": answer.criterion,
        "expected": answer.expected,
        "got": str(answer.got),
        "message": answer.message,
    }


def _ordered(answers: Iterable[Answer]) -> list[Answer]:
    wrong = [answer for answer in answers if answer.fault]
    return sorted(wrong, key=lambda a: (ORDER.index(a.fault), a.kind, a.criterion, a.name, a.origin))


def _area(answer: Answer) -> str:
    return catalogue()[answer.criterion].area


def text(answers: Sequence[Answer], tried: Mapping[str, Tried]) -> str:
    """The page, but for its head."""
    checks = [check for agent in built_in() for check in agent.checks]
    total = scores(answers)
    lines = [
        f"{total.answers:,} answers, of which {total.holding:,} are as labelled and {total.decided:,} are decided.",
        "",
        *_table("", {"all": total}),
        *_releases(of_releases(answers)),
        *_confidence(calibration(answers)),
        *_trials(tried),
        *_table("area", by(_area, answers)),
        *_table("kind", by(lambda answer: answer.kind, answers)),
        *_table("criterion", by(lambda answer: answer.criterion, answers)),
        *_checks(caught(checks, answers)),
        *_list(_ordered(answers)),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _table(of: str, groups: Mapping[str, Scores]) -> list[str]:
    head = [f"## By {of}", ""] if of else []
    return [
        *head,
        f"| {of} | answers | as labelled | decided | failures: precision | recall | passes: precision | recall |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {_cell(name)} | {s.answers:,} | {s.holding:,} | {s.decided:,} | {s.failures.precision} | "
            f"{s.failures.recall} | {s.passes.precision} | {s.passes.recall} |"
            for name, s in groups.items()
        ),
        "",
    ]


def _releases(found: OfReleases) -> list[str]:
    rows = {
        "of *shown*, passes": (found.shown_passes, "at least 0.75"),
        "of *broken*, fails": (found.broken_fails, "at least 0.75"),
        "of *partial*, passes": (found.partial_passes, "at most 0.01"),
        "of *partial*, fails": (found.partial_fails, "at most 0.01"),
        "of seeded faults, fails": (found.faults_fail, ""),
    }
    lines = ["## Complete releases", "", "| | share | target |", "| --- | ---: | ---: |"]
    return [*lines, *(f"| {name} | {share} | {target} |" for name, (share, target) in rows.items()), ""]


def _confidence(shares: Mapping[str, Share]) -> list[str]:
    lines = [
        "## Confidence",
        "",
        "Of the findings that decide a criterion, those that are wrong; of *high* at most 0.01.",
        "",
        "| said with | wrong |",
        "| --- | ---: |",
    ]
    return [*lines, *(f"| {name} | {share} |" for name, share in shares.items()), ""]


def _trials(tried: Mapping[str, Tried]) -> list[str]:
    lines: list[str] = []
    for trial in tried.values():
        lines += [
            f"## {trial.title}",
            "",
            trial.about,
            "",
            "| way | tried | " + " | ".join(trial.kinds) + " | accepted |",
            "| --- | ---: |" + " ---: |" * (len(trial.kinds) + 1),
        ]
        for way, (number, *found) in sorted(trial.table().items()):
            lines.append(f"| {_cell(way)} | {number:,} | " + " | ".join(f"{n:,}" for n in found) + " |")
        lines += ["", *_at_most(trial.told()), ""]
    return lines


def _checks(found: Mapping[str, Caught]) -> list[str]:
    lines = [
        "## By check",
        "",
        "What each check that can fail catches of what is broken, and what it leaves alone of the rest.",
        "",
        "| check | caught | left alone |",
        "| --- | ---: | ---: |",
    ]
    return [*lines, *(f"| {name} | {c.faults} | {c.controls} |" for name, c in found.items()), ""]


def _list(wrong: Sequence[Answer]) -> list[str]:
    lines = ["## Disagreements", ""]
    for fault in ORDER:
        those = [answer for answer in wrong if answer.fault == fault]
        if those:
            lines += [f"### {fault.capitalize()}: {len(those):,}", ""]
            lines += _at_most(
                f"{a.criterion} of {a.origin} *{a.name}*: expected {a.expected}, got {a.got}: {a.message}"
                for a in those
            )
            lines.append("")
    return lines if wrong else [*lines, "None.", ""]


def _at_most(told: Iterable[str]) -> list[str]:
    """The first of *told* as points of a list, and how many more there are."""
    every = [f"* {_cell(line)}" for line in told]
    return [*every[:SHOWN], *([f"* and {len(every) - SHOWN:,} more, in `accuracy.json`"] if every[SHOWN:] else [])]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")[:300]
