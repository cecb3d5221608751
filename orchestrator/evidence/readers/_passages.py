"""Keeps the sections of prose that speak of people on duty, of escalation, or of what a service aims at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...redaction import cut
from ..facts.documents import Passage

MAX_PASSAGES = 20
MAX_TEXT = 2_000
_CUES = (
    "on call", "on-call", "oncall", "on duty", "duty", "rota", "pager", "opsgenie", "escalat", "acknowledg",
    "victorops", "squadcast", "standby", "stand-by",
    "slo", "sli", "kpi", "objective", "promise", "target", "availability", "p95", "p99", "percentile", "indicator",
    "aim", "goal", "we want",
)  # fmt: skip


def passages(sections: Iterable[tuple[int, str, Sequence[str]]]) -> list[Passage]:
    """The first of *sections* (line, heading, lines of prose) that say one of these words, heading and all."""
    found: list[Passage] = []
    for line, heading, lines in sections:
        text = "\n".join(lines).strip()
        spoken = f"{heading} {text}".lower()
        if text and any(cue in spoken for cue in _CUES):
            found.append(Passage(line=line, text=cut(text, MAX_TEXT)))
            if len(found) >= MAX_PASSAGES:
                break
    return found
