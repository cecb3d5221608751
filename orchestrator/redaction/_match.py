"""What was found, and which of two finds counts where they overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..formats.tokens import SHAPES, Confidence

_ISSUED = {shape.kind for shape in SHAPES}
"""Kinds that say whose a credential is."""

ASSIGNED = "assigned-secret"
"""A quoted literal given to a name such as ``db_password``."""
ENVIRONMENT = "environment-secret"
"""An unquoted value on a line of its own, as in ``.env`` files and YAML; in program code it is an expression."""
PLACEHOLDER = "placeholder"
"""What stands where a secret is expected, and says itself that it is an example."""


@dataclass(frozen=True, slots=True)
class Match:
    """The place of a credential: ``data[start:end]`` is the credential itself."""

    kind: str
    start: int
    end: int
    confidence: Confidence
    value: bytes = b""
    """What it stands for where it is written otherwise: encoded, or over several lines."""

    def surer(self) -> Match:
        """The same, where somebody else says so too."""
        return replace(self, confidence="high")


def disjoint(matches: Iterable[Match]) -> list[Match]:
    """In order; of two that overlap the surer stays, then the longer, then the one that says whose it is."""
    rank = {"high": 0, "medium": 1, "low": 2}
    kept: list[Match] = []
    for match in sorted(
        set(matches), key=lambda m: (m.start, -m.end, rank[m.confidence], m.kind not in _ISSUED, m.kind)
    ):
        if kept and match.start < kept[-1].end:
            if (rank[match.confidence], match.start - match.end) < (
                rank[kept[-1].confidence],
                kept[-1].start - kept[-1].end,
            ):
                kept[-1] = match
        else:
            kept.append(match)
    return kept
