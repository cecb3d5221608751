"""Judges what documents say of money: reviews of cost, and what a cheaper way would have cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from orchestrator import PASS, Document, Documents, Draft, Example, History, Priced, Source, check, passed, unsure

from ._examples import NO_CLOUD

_ADR = (
    "# Decisions\n\n1. Container Apps, not AKS (Jan 2026): EUR 260 a month against 610 EUR and a day of work a month.\n"
)
_RECORD = (
    "# 7. Managed PostgreSQL\n\nDate: 2026-03-14. Status: accepted.\n\n## Options\n\n"
    "Cloud SQL costs $410 a month. Two nodes of our own cost $240 a month and half a day of work a week.\n"
)
_WEIGHED = re.compile(
    r"\b(?:against|versus|vs\.?|rather than|instead of|compared (?:to|with)|not)\b|\boptions?\b|\balternatives?\b|"
    r"\bcheaper\b|\bmanaged\b|\bself-hosted\b|\bown\b",
    re.IGNORECASE,
)
_A_MONTH = re.compile(
    r"\b(?:a|per|each|every) (?:month|year)\b|/\s?(?:mo|month|year|yr)\b|\bmonthly\b|\byearly\b", re.IGNORECASE
)


@check(
    "CST-7.3.7",
    shows=PASS,
    clean=[
        Example("a decision with both figures", {"docs/decisions.md": _ADR}),
        Example("a record with options", {"docs/adr/0007-managed-postgresql.md": _RECORD}),
        Example(
            "a section of a design",
            {
                "docs/design.md": "# Design\n\n## Build or buy (2026-02)\n\n"
                "Managed Kafka is 900 EUR a month, three brokers of our own 350 EUR and a person's week each quarter.\n"
            },
        ),
    ],
    flagged=[
        Example(
            "a decision without figures",
            {"docs/decisions.md": "# Decisions\n\n1. Container Apps, not AKS (Jan 2026).\n"},
        ),
        Example(
            "one figure, and nothing it is held against",
            {"docs/decisions.md": "# Costs\n\nWe pay EUR 260 a month (2026-01).\n"},
        ),
        Example("three years ago", {"docs/decisions.md": _ADR.replace("2026", "2023")}),
    ],
    silent=[NO_CLOUD],
)
def alternatives_weighed(documents: Documents, history: History) -> Iterator[Draft]:
    """A dated decision of the last year compares what two ways cost a month."""
    yield from _told(documents, history, 366, _compares, "compares what two ways cost")


def _compares(document: Document, priced: Priced) -> bool:
    near = [one for one in document.priced if one.section == priced.section and abs(one.line - priced.line) <= 3]
    amounts = sum(one.amounts for one in near)
    text = " ".join(one.text for one in near)
    other = re.search(r"\bagainst \d", text) is not None  # the sign is written once
    titles = " ".join(h.text for h in document.headings if h.line == priced.section)
    return (
        amounts + other >= 2 and _WEIGHED.search(f"{titles} {text}") is not None and _A_MONTH.search(text) is not None
    )


_REVIEW = re.compile(
    r"\bcosts?[- ](?:review|check|meeting|round)|\bfinops\b|\breview of (?:the )?(?:costs?|bill|spend)", re.IGNORECASE
)
_FOUND = (
    "# Cost review 2026-11-03\n\nBill of October: 1,240 EUR. Turned off two idle databases (-90 EUR a month); "
    "the NAT gateway stays at 60 EUR.\n"
)


@check(
    "CST-7.1.7",
    shows=PASS,
    clean=[
        Example("notes of the last review", {"docs/cost-reviews/2026-11.md": _FOUND}),
        Example(
            "a section of a page on operations",
            {
                "docs/ops.md": "# Operating\n\n## Cost reviews\n\n"
                "- 2026-10-06: $402 in September, spot saves $629. Kept.\n"
            },
        ),
        Example(
            "a table",
            {
                "docs/finops.md": "# FinOps\n\n| Date | Bill | What we changed |\n|---|---|---|\n"
                "| 2026-10-01 | 900 EUR | smaller replicas, -120 EUR |\n"
            },
        ),
    ],
    flagged=[
        Example("a year ago", {"docs/cost-reviews/2025.md": _FOUND.replace("2026", "2025")}),
        Example(
            "still to come",
            {"docs/cost-reviews/next.md": "# Cost review\n\nThe next review is planned for 2026-12-01: 900 EUR.\n"},
        ),
        Example("no figure", {"docs/cost-reviews/2026-11.md": "# Cost review 2026-11-03\n\nWe looked at the bill.\n"}),
    ],
    silent=[NO_CLOUD],
)
def costs_reviewed(documents: Documents, history: History) -> Iterator[Draft]:
    """Dated notes of a review of costs with its figures, no older than a quarter."""
    yield from _told(documents, history, 92, _is_review, "tells of a review of costs")


def _is_review(document: Document, priced: Priced) -> bool:
    section = next((h for h in document.headings if h.line == priced.section), None)
    above = " ".join(
        h.text for h in document.headings if section is not None and h.level < section.level and h.line < section.line
    )
    return _REVIEW.search(f"{document.path} {document.title} {above} {section.text if section else ''}") is not None


def _told(documents: Documents, history: History, valid: int, is_one: object, what: str) -> Iterator[Draft]:
    """Pass on the newest sentence about money that *is_one* and is no older than *valid* days."""
    assert callable(is_one)
    found = [
        (document.day_of(priced), document, priced)
        for document in documents.files
        for priced in document.priced
        if is_one(document, priced)
    ]
    if not found:
        return
    day, document, priced = max(
        found, key=lambda one: (one[0] if one[0] <= history.latest.isoformat() else "", one[1].path)
    )
    place = Source(path=document.path, line=priced.line)
    if not day:
        yield unsure(f"{document.path} {what}, and not when", place)
    elif day > history.latest.isoformat():
        yield unsure(f"{document.path} {what} of a day that has not come, {day}", place)
    elif _age(day, history) > valid:
        yield unsure(f"{document.path} {what} of {day}, which is more than {valid} days ago", place)
    else:
        yield passed(f"{document.path} {what} on {day}", place, confidence="medium")


def _age(day: str, history: History) -> int:
    """How many days before the reviewed commit *day* was; none where it is not told when that was made."""
    try:
        return (date.fromisoformat(history.last_at[:10]) - date.fromisoformat(day)).days
    except ValueError:
        return 0
