"""Reads ALTER TABLE, action by action."""

from __future__ import annotations

from collections.abc import Iterator

from ...formats.sql import Token
from .changes import Change, ColumnChange
from .columns import read_column, read_constraint
from .cursor import Cursor

_ASKS_NOTHING = frozenset({
    ("VALIDATE", "CONSTRAINT"), ("OWNER", "TO"), ("SET", "("), ("RESET", "("), ("SET", "LOGGED"), ("SET", "UNLOGGED"),
    ("SET", "TABLESPACE"), ("SET", "WITHOUT"), ("SET", "STATISTICS"), ("CLUSTER", "ON"), ("REPLICA", "IDENTITY"),
    ("ATTACH", "PARTITION"), ("CHECK", "CONSTRAINT"), ("WITH", "CHECK"), ("ORDER", "BY"), ("DEFAULT", "CHARACTER"),
    ("DEFAULT", "CHARSET"), ("DEFAULT", "COLLATE"), ("CHARACTER", "SET"),
})  # fmt: skip
"""First words of actions that change how a table is kept, and nothing of what a program reads and writes."""
_OPTIONS = frozenset({
    "ENGINE", "AUTO_INCREMENT", "COMMENT", "ROW_FORMAT", "ALGORITHM", "LOCK", "CHECKSUM", "KEY_BLOCK_SIZE",
    "STATS_PERSISTENT", "COLLATE", "CHARSET", "REBUILD", "NOWAIT",
})  # fmt: skip


def altered_table(cursor: Cursor) -> Iterator[Change]:
    """What ALTER TABLE does, from behind the word TABLE."""
    cursor.accept("IF", "EXISTS")
    cursor.accept("ONLY")
    table = cursor.name()
    cursor.skip("*", "WITH", "NOCHECK")
    depth = 0
    part: list[Token] = []
    for token in cursor.rest():
        sign = "" if token.literal else token.text
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth <= 0:
            yield from _action(Cursor(part), table)
            part = []
        else:
            part.append(token)
    yield from _action(Cursor(part), table)


def renamed_table(cursor: Cursor, table: str, line: int) -> Change:
    """A table that has another name from here on, which comes after TO or AS."""
    cursor.skip("TO", "AS")
    return Change("rename_table", table, line, detail=cursor.name())


def _action(cursor: Cursor, table: str) -> Iterator[Change]:
    line = cursor.line
    if cursor.done:
        return
    if cursor.accept("ADD"):
        yield from _added(cursor, table, line)
    elif cursor.accept("DROP"):
        yield _dropped(cursor, table, line)
    elif cursor.accept("RENAME"):
        yield _renamed(cursor, table, line)
    elif cursor.accept("SET", "SCHEMA"):
        yield Change("rename_table", table, line, detail="SET SCHEMA")
    elif cursor.word == "ALTER" and cursor.tokens[1:2] and cursor.tokens[1].word in ("CONSTRAINT", "INDEX"):
        yield Change("other" if cursor.tokens[1].word == "INDEX" else "unknown", table, line, detail="ALTER CONSTRAINT")
    elif cursor.accept("ALTER"):
        cursor.skip("COLUMN")
        yield _altered(cursor, table, line)
    elif cursor.accept("MODIFY") or cursor.accept("CHANGE"):
        yield _declared_anew(cursor, table, line)
    else:
        yield _kept_otherwise(cursor, table, line)


def _added(cursor: Cursor, table: str, line: int) -> Iterator[Change]:
    if cursor.accept("PARTITION"):
        yield Change("other", table, line, detail="ADD PARTITION")
        return
    constraint = read_constraint(cursor, table)
    if constraint is not None:
        yield constraint
        return
    cursor.skip("COLUMN")
    cursor.accept("IF", "NOT", "EXISTS")
    for part in cursor.group() if cursor.text == "(" else [cursor.rest()]:
        yield Change("add_column", table, part[0].line if part else line, [read_column(Cursor(part))])


def _declared_anew(cursor: Cursor, table: str, line: int) -> Change:
    """A column as MySQL's MODIFY and CHANGE declare it anew."""
    renamed = cursor.tokens[cursor.at - 1].word == "CHANGE"
    cursor.skip("COLUMN")
    title = cursor.text
    if renamed:
        cursor.at += 1
        renamed = cursor.text != title
    column = read_column(cursor)
    detail, column.title = column.title, title
    return Change("rename_column" if renamed else "alter_type", table, line, [column], detail=detail if renamed else "")


def _kept_otherwise(cursor: Cursor, table: str, line: int) -> Change:
    what = " ".join(t.text for t in cursor.tokens[:2] if not t.literal)
    words = tuple(t.word or t.text for t in cursor.tokens[:2])
    if words in _ASKS_NOTHING or words[0] in _OPTIONS:
        return Change("other", table, line, detail=what)
    switched = what.upper() == "DISABLE TRIGGER" and len(cursor.tokens) > 2
    named = [ColumnChange(cursor.tokens[2].text, line=line)] if switched else []
    return Change("unknown", table, line, named, detail=what)


def _dropped(cursor: Cursor, table: str, line: int) -> Change:
    if cursor.word == "PARTITION":
        return Change("unknown", table, line, detail="DROP PARTITION")
    if cursor.accept("CONSTRAINT") or cursor.accept("FOREIGN", "KEY") or cursor.accept("PRIMARY", "KEY"):
        cursor.accept("IF", "EXISTS")
        return Change("drop_constraint", table, line, detail=cursor.name())
    if cursor.accept("CHECK"):
        return Change("drop_constraint", table, line, detail=cursor.name())
    if cursor.accept("INDEX") or cursor.accept("KEY"):
        return Change("drop_index", table, line, detail=cursor.name())
    cursor.skip("COLUMN")
    cursor.accept("IF", "EXISTS")
    return Change("drop_column", table, line, [ColumnChange(cursor.name(), line=line)])


def _renamed(cursor: Cursor, table: str, line: int) -> Change:
    if cursor.word in ("TO", "AS"):
        return renamed_table(cursor, table, line)
    if cursor.word in ("CONSTRAINT", "INDEX", "KEY"):
        return Change("other", table, line, detail=f"RENAME {cursor.word}")
    cursor.skip("COLUMN")
    change = Change("rename_column", table, line, [ColumnChange(cursor.name(), line=line)])
    cursor.skip("TO")
    change.detail = cursor.name()
    return change


def _altered(cursor: Cursor, table: str, line: int) -> Change:
    columns = [ColumnChange(cursor.name(), line=line)]
    if cursor.accept("SET", "NOT", "NULL"):
        return Change("set_not_null", table, line, columns)
    said = " ".join(t.text for t in cursor.rest()[:3])
    if cursor.accept("DROP", "DEFAULT"):
        return Change("drop_default", table, line, columns, detail=said)
    if cursor.accept("SET", "DEFAULT"):
        columns[0].default = True
        return Change("alter_column", table, line, columns, detail=said)
    if cursor.accept("DROP", "NOT", "NULL"):
        columns[0].nullable = True
        return Change("alter_column", table, line, columns, detail=said)
    if cursor.word in ("SET", "RESTART", "RESET") and not cursor.accept("SET", "DATA", "TYPE"):
        harmless = cursor.word != "SET" or _next(cursor) in ("STATISTICS", "STORAGE", "COMPRESSION", "(")
        return Change("other" if harmless else "unknown", table, line, columns, detail=said)
    if cursor.word in ("DROP", "ADD"):
        return Change("unknown", table, line, columns, detail=said)
    cursor.skip("TYPE")
    cursor.at -= 1  # a column's definition begins with its name
    found = read_column(cursor)
    columns[0].type, columns[0].nullable = found.type, False if found.nullable is False else None
    return Change("alter_type", table, line, columns)


def _next(cursor: Cursor) -> str:
    ahead = cursor.tokens[cursor.at + 1 : cursor.at + 2]
    return (ahead[0].word or ahead[0].text) if ahead else ""
