"""Judges the text of a query by where in it stands what is no constant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...host.late import late
from .making import Hole, How, Piece, worst

_VERBS = late(
    r"^[\s(]*(?:select\s|insert\s+(?:or\s+\w+\s+)?into\s|update\s[\s\S]{0,200}?\sset\s|delete\s+from\s|with\s[\s\S]{0,200}?\bas\s*\(|create\s+\w+\s|alter\s+\w+\s|"
    r"drop\s+\w+\s|truncate\s|call\s|exec(?:ute)?\s|merge\s+into\s|replace\s+into\s|grant\s|set\s+\w|from\s+\w+\s+\w+|copy\s|"
    r"update\s*\0|select\s*\0|delete\s+\w|explain\s|show\s|pragma\s|vacuum|begin|commit|refresh\s|lock\s|analyze|values\s)",
    re.IGNORECASE,
)
_TAKES_A_VALUE = late(
    r"(?:=|<|>|\b(?:not\s+)?i?like|\bin\s*\(|\bvalues\s*\((?:[^()]|\([^()]*\))*|\blimit|\boffset|\bbetween|\binterval)\s*[('%]*\s*$",
    re.IGNORECASE,
)
"""What stands before a value, which could be bound; names of tables and columns cannot."""
_COMPARES = late(r"=|<|>|\blike\b|\bilike\b|\bin\s*\(|\bis\s+null|\bbetween\b", re.IGNORECASE)


def spelled(pieces: Sequence[Piece]) -> str:
    """The text, with a NUL for what is no constant."""
    return "".join(piece if isinstance(piece, str) else "\0" for piece in pieces)


def is_sql(pieces: Sequence[Piece]) -> bool:
    """Whether the text is a statement of SQL, as far as it is known."""
    return _VERBS.match(spelled(pieces).lstrip()) is not None


def is_condition(pieces: Sequence[Piece]) -> bool:
    """Whether the text compares something."""
    return _COMPARES.search(spelled(pieces)) is not None


def judged(pieces: Sequence[Piece]) -> How:
    """
    How bad the text of a query is.

    What a request brings is bad wherever it stands. What a caller brings is where a value stands, which could be bound,
    and cannot be told where a table, a column or a whole condition does.
    """
    worst_of_all = How.HARMLESS
    before = ""
    for piece in pieces:
        if isinstance(piece, str):
            before += piece
            continue
        worst_of_all = max(worst_of_all, _hole(piece, before))
        before += "0"
    return worst_of_all


def _hole(hole: Hole, before: str) -> How:
    if hole.how in (How.INPUT, How.HARMLESS):
        return hole.how
    quoted = before.count("'") % 2 == 1
    placed = quoted or _TAKES_A_VALUE.search(before[-400:]) is not None
    if not placed:
        return How.UNTOLD
    if hole.how is How.VALUE and "." in hole.says and not quoted:
        return How.UNTOLD  # an attribute that no quotes stand around is a number more often than not
    return hole.how


def says(pieces: Sequence[Piece]) -> str:
    """The name of the worst part of the text."""
    bad = worst(pieces)
    return next((p.says for p in pieces if isinstance(p, Hole) and p.how is bad), "")
