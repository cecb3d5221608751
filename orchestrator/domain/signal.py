"""A pattern that a check looks for in source text."""

from __future__ import annotations

from typing import Literal

from .model import Model

Role = Literal["source", "test", "docs", "config", "infra", "ci", "example", "vendored", "generated", "asset", "other"]


ALL = 5_000
"""More places than a check will ever have to tell of, and few enough to be kept."""


class Signal(Model):
    """
    A line-wise pattern, found during the one pass over the tree.

    A line counts when it contains one of *anchors* (case-insensitive, plain text) and, where *pattern* is given,
    also matches it (a ``re`` pattern, searched in the line, case-insensitive). Anchors make the search linear and
    quick: choose rare ones. Patterns see one line of at most 1,000 characters and must not nest quantifiers.

    Args:
        id: Unique, dotted: ``security.rate-limit``.
        anchors: Plain strings of three or more characters, of which the line must contain one.
        pattern: Narrows the match; empty means that the anchor is enough.
        roles: The files that are searched; production source by default.
        languages: Only files of these languages (``python``, ``javascript``, ``go`` …); empty means all.
        comments: Whether lines that are nothing but a comment count.
        kept: How many places are kept with their line. Of the others only the number in each file is: a check that
            judges the lines themselves keeps :data:`ALL`, so that it can count what it finds.
    """

    id: str
    anchors: tuple[str, ...]
    pattern: str = ""
    roles: tuple[Role, ...] = ("source",)
    languages: tuple[str, ...] = ()
    comments: bool = False
    kept: int = 40
