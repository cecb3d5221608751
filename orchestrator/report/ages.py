"""Says of failures whether this release brought them, and which of them a report lists."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.age import Word
from ..domain.assessment import Assessment
from ..domain.finding import Finding
from ..domain.result import Result

_ORDER: dict[Word | None, int] = {"new": 0, "unknown": 1, None: 1, "old": 2}


def word_of(assessment: Assessment) -> Word | None:
    """The age of a criterion: new where one of its findings is, old where all are; None where nobody asked."""
    words = {f.age.word for f in assessment.findings if f.age is not None and f.status == assessment.status}
    if not words:
        return None
    return "new" if "new" in words else "old" if words == {"old"} else "unknown"


def rank(assessment: Assessment) -> int:
    """What is new comes first, what is old last."""
    return _ORDER[word_of(assessment)]


def ages(rows: Iterable[Assessment]) -> str:
    """``3 new, 12 old, 5 of unknown age``; empty where nobody asked."""
    words = [word for row in rows if (word := word_of(row)) is not None]
    said = ((words.count("new"), "new"), (words.count("old"), "old"), (words.count("unknown"), "of unknown age"))
    return ", ".join(f"{number} {word}" for number, word in said if number)


def told(document: Result, rows: Iterable[Assessment]) -> list[Assessment]:
    """Those of *rows* that are listed: all of them, or the new ones where the run was asked for these alone."""
    return [row for row in rows if not document.run.new_only or word_of(row) == "new"]


def untold(document: Result, rows: Iterable[Assessment]) -> str:
    """How many of *rows* are not listed, and that they count all the same; empty where all are."""
    kept = list(rows)
    hidden = [row for row in kept if row not in told(document, kept)]
    if not hidden:
        return ""
    fail = "criterion fails" if len(hidden) == 1 else "criteria fail"
    return f"{len(hidden)} more {fail} and {'is' if len(hidden) == 1 else 'are'} not listed, as --new-only asks: " + (
        f"{ages(hidden) or 'of unknown age'}; the verdict and the gate count all"
    )


def said(finding: Finding) -> str:
    """``new: app/a.py:10 was added or changed``; empty where nobody asked."""
    if finding.age is None:
        return ""
    word = "of unknown age" if finding.age.word == "unknown" else finding.age.word
    return f"{word}: {finding.age.because}"


def headed(assessment: Assessment, headline: str) -> str:
    """*headline* with ``new:`` before it, where the criterion's failure came with the release."""
    return f"new: {headline}" if word_of(assessment) == "new" else headline
