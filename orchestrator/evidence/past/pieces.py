"""Hands an object on in parts that overlap, so that nothing is cut in two and memory is bounded."""

from __future__ import annotations

from collections.abc import Iterator

from ..credentials import WHOLE, Part
from .objects import Content

OVERLAP = 64_000
"""More than any credential is long."""
MARGIN = 1_000
"""How far from the edge of a part a credential must lie, so that what stands around it is there as well."""


def parts(content: Content) -> Iterator[tuple[bytes, Part]]:
    """The bytes of *content* and which part of it they are; each credential lies in exactly one of them."""
    pieces = content.pieces()
    data, line, overlap = next(pieces, b""), 1, 0
    while True:
        following = next(pieces, None)
        if following is None:
            yield data, Part(line, overlap, MARGIN) if overlap else WHOLE
            return
        yield data, Part(line, overlap, MARGIN if overlap else 0, MARGIN)
        overlap = min(OVERLAP, len(data))
        line += data.count(b"\n", 0, len(data) - overlap)
        data = data[-overlap:] + following
