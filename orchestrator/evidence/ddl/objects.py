"""Reads what is made, changed and dropped beside tables: views, routines, types, schemas, triggers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ...formats.sql import Token
from .changes import Change
from .cursor import Cursor

_CALLED = frozenset({
    "VIEW", "FUNCTION", "PROCEDURE", "SCHEMA", "TYPE", "DOMAIN", "SEQUENCE", "DATABASE", "AGGREGATE", "SYNONYM",
    "EXTENSION", "ROLE", "USER", "SERVER", "PACKAGE",
})  # fmt: skip
"""What the program of the former release may call by its name."""
_UNSEEN = frozenset({
    "TRIGGER", "RULE", "POLICY", "EVENT", "CAST", "OPERATOR", "TRANSFORM", "CONVERSION", "SUBSCRIPTION",
})  # fmt: skip
"""What acts by itself on the statements of whoever is connected, so that nobody can tell what it changes for them."""
_INERT = frozenset({"INDEX", "PUBLICATION", "STATISTICS", "COLLATION", "TABLESPACE", "LANGUAGE", "SEQUENCE", "FOREIGN"})
_ON_A_TABLE = frozenset({"TRIGGER", "RULE", "POLICY"})
_KINDS_OF_VIEW = ("MATERIALIZED", "FOREIGN", "TEMPORARY", "TEMP", "EXTERNAL", "EVENT")


def made(cursor: Cursor, what: str, line: int, *, replaced: bool) -> Change:
    """
    What CREATE makes of something other than a table or an index.

    Args:
        cursor: Behind the word that says what it is.
        what: That word.
        line: Of the statement.
        replaced: Whether it may take the place of one that is there: ``OR REPLACE``.
    """
    cursor.accept("IF", "NOT", "EXISTS")
    title = cursor.name()
    change = Change("other", title, line, detail=f"CREATE {what}")
    if what in _UNSEEN:
        change.kind = "unknown"
        change.references = _watched(cursor) if what in _ON_A_TABLE else ""
    elif replaced or what not in _CALLED | _INERT:
        change.kind = "replace_object" if what in _CALLED else "unknown"
    return change


def dropped(cursor: Cursor, line: int) -> Iterator[Change]:
    """What DROP drops; each by its name where it is a table, an index or what can be called."""
    cursor.skip(*_KINDS_OF_VIEW)
    what = cursor.word
    cursor.at += 1
    concurrently = cursor.accept("CONCURRENTLY")
    tolerant = cursor.accept("IF", "EXISTS")
    kind = {"TABLE": "drop_table", "INDEX": "drop_index"}.get(what, "drop_object" if what in _CALLED else "unknown")
    if what in _INERT and kind == "unknown":
        kind = "other"
    while not cursor.done:
        title = cursor.name()
        change = Change(kind, title, line, detail="" if kind in ("drop_table", "drop_index") else f"DROP {what}")
        if kind == "drop_index":
            change.table, change.detail = cursor.name() if cursor.accept("ON") else "", title
            change.concurrently = concurrently
        elif what in _ON_A_TABLE and cursor.accept("ON"):
            change.references = cursor.name()
        change.tolerant = tolerant
        yield change
        cursor.group()
        if cursor.text != ",":
            return
        cursor.at += 1


def altered(cursor: Cursor, line: int) -> Change:
    """What ALTER does to something other than a table."""
    cursor.skip(*_KINDS_OF_VIEW)
    what = cursor.word
    cursor.at += 1
    cursor.accept("IF", "EXISTS")
    title = cursor.name()
    cursor.group()
    said = [t.word for t in cursor.rest()[:2]]
    return Change(_kind_of(what, said, cursor.rest()), title, line, detail=" ".join(["ALTER", what, *said]).strip())


def _kind_of(what: str, said: list[str], rest: list[Token]) -> str:
    if what in _INERT:
        return "rename_object" if what == "SEQUENCE" and said[:1] == ["RENAME"] else "other"
    if said[:1] == ["OWNER"] or (what, *said) in (("TYPE", "ADD", "VALUE"), ("EXTENSION", "UPDATE")):
        return "other"
    takes_away = any((one.word, other.word) == ("DROP", "ATTRIBUTE") for one, other in pairwise(rest))
    named = said[:1] == ["RENAME"] or said == ["SET", "SCHEMA"] or takes_away
    return "rename_object" if what in _CALLED and named else "unknown"


def _watched(cursor: Cursor) -> str:
    """The table of a trigger."""
    while not cursor.done and not cursor.accept("ON"):
        cursor.at += 1
    return cursor.name()
