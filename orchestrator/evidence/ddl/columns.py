"""Reads a column and a table constraint, alone or between the parentheses of CREATE TABLE."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ...formats.sql import Token
from .changes import Change, ColumnChange
from .cursor import Cursor

_SERIAL = ("SERIAL", "BIGSERIAL", "SMALLSERIAL")
_ENDS_TYPE = frozenset({
    "NOT", "NULL", "PRIMARY", "UNIQUE", "DEFAULT", "REFERENCES", "CHECK", "CONSTRAINT", "GENERATED", "IDENTITY",
    "AUTO_INCREMENT", "AUTOINCREMENT", "COLLATE", "COMMENT", "ON", "AS", "KEY", "FIRST", "AFTER", "CHARACTER",
    "ENCODE", "STORAGE", "USING", "SPARSE",
})  # fmt: skip


def read_constraint(cursor: Cursor, table: str) -> Change | None:
    """The table constraint or index that comes next; None where a column comes."""
    start, line = cursor.at, cursor.line
    title = ""
    if cursor.accept("CONSTRAINT"):
        if cursor.word not in ("PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE"):
            title = cursor.name()
        cursor.accept("IF", "NOT", "EXISTS")
    before = cursor.at
    change: Change | None = None
    if cursor.accept("PRIMARY", "KEY"):
        change = Change("add_unique", table, line, detail="PRIMARY KEY")
        cursor.skip("CLUSTERED", "NONCLUSTERED")
        change.columns = read_titles(cursor)
    elif cursor.accept("FOREIGN", "KEY"):
        change = Change("add_foreign_key", table, line, detail=title)
        if cursor.text != "(":
            cursor.name()
        change.columns = read_titles(cursor)
        if cursor.accept("REFERENCES"):
            change.references = cursor.name()
            change.on_delete = _on_delete(cursor.tokens[cursor.at : cursor.at + 40])
    elif cursor.word == "CHECK" and _followed_by_parenthesis(cursor):
        change = Change("add_check", table, line, _named(cursor.tokens[cursor.at + 1 :]), detail=title)
    elif cursor.accept("EXCLUDE"):
        change = Change("add_check", table, line, detail="EXCLUDE")
    elif cursor.word in ("UNIQUE", "INDEX", "KEY", "FULLTEXT", "SPATIAL") and _followed_by_parenthesis(cursor, 4):
        unique = cursor.word == "UNIQUE"
        cursor.skip("UNIQUE", "INDEX", "KEY", "FULLTEXT", "SPATIAL", "CLUSTERED", "NONCLUSTERED")
        cursor.skip("NULLS", "NOT", "DISTINCT")
        if cursor.text != "(":
            title = cursor.name()
        if cursor.accept("USING"):
            cursor.at += 1
        change = Change("add_unique" if unique else "add_index", table, line, detail=title, unique=unique)
        change.columns = read_titles(cursor)
    elif title and cursor.word == "UNIQUE":
        change = Change("add_unique", table, line, detail=title)
    if change is None or (cursor.at == before and change.kind != "add_check" and change.kind != "add_unique"):
        cursor.at = start
        return None
    if change.kind in ("add_foreign_key", "add_check"):
        words = [t.word for t in cursor.rest()]
        change.not_valid = any(pair in (("NOT", "VALID"), ("NOT", "ENFORCED")) for pair in pairwise(words))
    return change


def _followed_by_parenthesis(cursor: Cursor, within: int = 2) -> bool:
    return any(t.text == "(" and not t.literal for t in cursor.tokens[cursor.at + 1 : cursor.at + 1 + within])


def read_titles(cursor: Cursor) -> list[ColumnChange]:
    """The names in the parenthesis that comes next."""
    return [ColumnChange(part[0].text, line=part[0].line) for part in cursor.group()]


def read_column(cursor: Cursor) -> ColumnChange:
    """A column's definition, from its name on."""
    column = ColumnChange(cursor.name(), line=cursor.tokens[0].line if cursor.tokens else 0)
    words: list[str] = []
    depth = 0
    while not cursor.done and not (depth == 0 and cursor.word in _ENDS_TYPE):
        depth += (cursor.text == "(") - (cursor.text == ")")
        words.append(cursor.text)
        cursor.at += 1
    column.type = " ".join(words[:8]).lower().replace(" ( ", "(").replace(" )", ")").replace(" , ", ",")
    column.default = bool(words) and words[0].upper() in _SERIAL
    column.nullable = True
    while not cursor.done:
        if cursor.accept("NOT", "NULL"):
            column.nullable = False
        elif cursor.accept("PRIMARY", "KEY"):
            column.primary, column.nullable = True, False
        elif cursor.accept("UNIQUE"):
            column.unique = True
        elif cursor.word in ("DEFAULT", "GENERATED", "IDENTITY", "AUTO_INCREMENT", "AUTOINCREMENT"):
            column.default = not cursor.accept("DEFAULT", "NULL")
            cursor.at += 1
        elif cursor.accept("REFERENCES"):
            column.references = cursor.name()
            column.on_delete = _on_delete(cursor.tokens[cursor.at : cursor.at + 40])
        elif cursor.accept("CHECK"):
            column.checked = not _always(cursor.tokens[cursor.at : cursor.at + 5])
        elif cursor.text == "(":
            cursor.group()
        else:
            cursor.at += 1
    return column


_WORDS_OF_CONDITIONS = frozenset({
    "AND", "OR", "NOT", "NULL", "IS", "IN", "LIKE", "ILIKE", "BETWEEN", "TRUE", "FALSE", "CASE", "WHEN", "THEN", "ELSE",
    "END", "ANY", "ALL", "VALID", "ENFORCED", "INHERIT", "NO", "SIMILAR", "TO", "DISTINCT", "FROM",
})  # fmt: skip


def _named(tokens: Sequence[Token]) -> list[ColumnChange]:
    """The columns that a condition may be about: its words that are neither operators, literals nor functions."""
    found: dict[str, int] = {}
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        name = not token.literal and (token.text[:1].isalpha() or token.text[:1] == "_")
        called = following is not None and following.text == "(" and not following.literal
        if name and not called and token.word not in _WORDS_OF_CONDITIONS:
            found.setdefault(token.text, token.line)
    return [ColumnChange(title, line=line) for title, line in found.items()]


def _always(tokens: Sequence[Token]) -> bool:
    """Whether a condition in brackets holds of any value: the same on both sides, or a plain TRUE."""
    words = [t.text.lower() for t in tokens]
    if words[:1] != ["("] or len(words) < 3:
        return False
    same = len(words) == 5 and words[4] == ")" and words[2] in ("=", ">=", "<=") and words[1] == words[3]
    return same or words[1:3] == ["true", ")"]


def _on_delete(tokens: Sequence[Token]) -> str:
    words = [t.word for t in tokens[:40]]
    for at, (a, b) in enumerate(pairwise(words)):
        if (a, b) == ("ON", "DELETE"):
            action = " ".join(words[at + 2 : at + 4])
            return (
                action
                if action in ("SET NULL", "SET DEFAULT", "NO ACTION")
                else words[at + 2]
                if at + 2 < len(words)
                else ""
            )
    return ""
