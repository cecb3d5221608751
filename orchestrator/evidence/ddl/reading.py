"""Tells a statement from its first words, and reads it as the changes that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...domain.fact import Aside
from ...errors import FormatError
from ...formats.sql import Statement, Token, speaks_mysql, statements
from ...redaction import cut
from ..inforce.sql import Transaction
from .changes import Change, ColumnChange
from .columns import read_column, read_constraint, read_titles
from .cursor import Cursor

_ROWS = frozenset({
    "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "COPY", "TRUNCATE", "SELECT", "WITH", "CALL", "DO",
    "EXEC", "EXECUTE", "VALUES", "LOAD",
})  # fmt: skip
_NOTHING = frozenset({
    "BEGIN", "COMMIT", "START", "END", "ROLLBACK", "PRAGMA", "USE", "GO", "LOCK", "UNLOCK", "ANALYZE", "VACUUM",
    "EXPLAIN", "SHOW", "SAVEPOINT", "RELEASE", "ABORT",
})  # fmt: skip
_OTHER = frozenset({
    "SET", "RESET", "COMMENT", "GRANT", "REVOKE", "REFRESH", "CLUSTER", "REINDEX", "DECLARE", "IF", "DELIMITER",
    "OPTIMIZE",
})  # fmt: skip
_MODIFIERS = frozenset({
    "OR", "REPLACE", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "UNIQUE", "FULLTEXT", "SPATIAL",
    "CLUSTERED", "NONCLUSTERED", "BITMAP", "VIRTUAL", "MATERIALIZED", "FOREIGN", "EXTERNAL", "CONSTRAINT",
    "COLUMNSTORE", "ONLINE", "OFFLINE",
})  # fmt: skip
_ENGINES = frozenset({"TINYLOG", "STRIPELOG", "DISTRIBUTED", "KAFKA", "MATERIALIZEDVIEW", "BUFFER"})
_MAX_CHANGES = 10_000


def read_sql(text: str, line: int = 1, *, whole: bool = False, undone: list[Change] | None = None) -> list[Change]:
    """
    The schema changes of *text* in order; statements that change rows are ``run_sql``, unknown ones ``other``.

    What a transaction of the text itself takes back is no change, nor is what is done to a table that the text both
    makes and drops; MySQL rolls back none of the schema.

    Args:
        text: SQL of any dialect.
        line: The line that *text* begins on.
        whole: It is a file of its own, or all that is to be run at a time.
        undone: Takes in what is rolled back or dropped again, if given.

    Raises:
        FormatError: It holds more changes than are kept; or a *whole* text has a string or a comment without an end.
    """
    mysql = speaks_mysql(text)
    taken: list[Change] = []
    try:
        changes = _changes(statements(text, line, whole=whole, backslashes=mysql), taken, mysql)
    except FormatError:
        if not whole:
            raise
        taken.clear()
        others = _in_the_other_dialect(text, line, taken, mysql)
        if others is None:
            raise
        changes = others
    if undone is not None:
        undone.extend(taken)
    return changes


def _in_the_other_dialect(text: str, line: int, taken: list[Change], mysql: bool) -> list[Change] | None:
    """The same with the strings of the other dialect; None where that cannot be read either."""
    try:
        return _changes(statements(text, line, whole=True, backslashes=not mysql), taken, mysql)
    except FormatError:
        return None


def _changes(found: Iterable[Statement], taken: list[Change], mysql: bool) -> list[Change]:
    changes: list[Change] = []
    kept = {True: 0, False: 0}
    transaction = Transaction()
    for statement in found:
        left = transaction.take(statement, len(changes))
        if left is not None and not mysql:
            for change in changes[left:]:
                change.undone = "is rolled back"
            taken.extend(changes[left:])
            del changes[left:]
        for change in _read(statement):
            rows = change.kind == "run_sql"  # so many of them say nothing new, and none hides a change of the schema
            kept[rows] += 1
            if kept[rows] <= _MAX_CHANGES:
                changes.append(change)
            elif not rows:
                raise FormatError(f"more than {_MAX_CHANGES:,} schema changes", change.line)
    _mark_dropped(changes)
    taken.extend(change for change in changes if change.undone)
    return [change for change in changes if not change.undone]


def _mark_dropped(changes: Sequence[Change]) -> None:
    """Mark what is done to tables from where they are made to where they are dropped again."""
    since: dict[str, list[Change]] = {}
    for change in changes:
        table = change.table.lower()
        if change.kind == "create_table":
            since[table] = [change]
        elif table in since:
            since[table].append(change)
            if change.kind == "drop_table":
                for one in since.pop(table):
                    one.undone = "is dropped again further down"


def set_aside(path: str, change: Change) -> Aside:
    """*change* as what is set aside, for the same text takes it back."""
    what = f"{change.kind} {change.table or change.detail}".strip()
    return Aside(path=path, line=change.line, what=cut(what, 100), reason=change.undone, about=(change.kind,))


def known(changes: Sequence[Change]) -> bool:
    """Whether anything among *changes* was understood."""
    return any(
        c.kind != "other" or c.detail in _OTHER or c.detail.startswith(("CREATE", "ALTER", "DROP")) for c in changes
    )


def _read(statement: Statement) -> Iterator[Change]:
    cursor, head, line = Cursor(statement.tokens), statement.head, statement.line
    if head in _NOTHING or _only_tells(statement):
        return
    cursor.at = 1
    if head == "CREATE":
        yield _create(cursor, line)
    elif head == "ALTER" and cursor.accept("TABLE"):
        yield from _alter(cursor)
    elif head == "DROP":
        yield from _drop(cursor, line)
    elif head == "RENAME" and cursor.accept("TABLE"):
        yield Change("rename_table", cursor.name(), line)
    elif head in ("EXEC", "EXECUTE") and any(t.word == "SP_RENAME" for t in statement.tokens[:4]):
        yield Change("rename_column", "", line, detail="sp_rename")
    elif head in _ROWS:
        cursor.skip("INTO", "FROM", "ONLY", "TABLE", "IGNORE", "LOW_PRIORITY")
        table = "" if head in ("SELECT", "WITH", "CALL", "DO", "EXEC", "EXECUTE", "VALUES") else cursor.name()
        yield Change("run_sql", table, line, detail=head)
    else:
        words = [t.text for t in statement.tokens[:3] if not t.literal]
        yield Change("other", "", line, detail=" ".join(words) if head in {"ALTER", *_OTHER} else head)


def _only_tells(statement: Statement) -> bool:
    """Whether *statement* selects nothing but texts, which changes nothing."""
    given = statement.tokens[1:]
    return statement.head == "SELECT" and bool(given) and all(token.literal or token.text == "," for token in given)


def _create(cursor: Cursor, line: int) -> Change:
    temporary = unique = False
    while cursor.word in _MODIFIERS:
        temporary |= cursor.word in ("TEMP", "TEMPORARY")
        unique |= cursor.word == "UNIQUE"
        cursor.at += 1
    what = cursor.word
    cursor.at += 1
    if what == "INDEX":
        return _index(cursor, line, unique)
    cursor.accept("IF", "NOT", "EXISTS")
    title = cursor.name()
    if what != "TABLE" or temporary:
        made = Change("other", title, line, detail=f"CREATE {what}")
        if what == "TRIGGER":
            made.references = _watched(cursor)
        return made
    table = Change("create_table", title, line)
    for part in cursor.group():
        constraint = read_constraint(Cursor(part), title)
        if constraint is not None:
            table.constraints.append(constraint)
        elif part[0].text:
            table.columns.append(read_column(Cursor(part)))
    if cursor.word == "PARTITION":
        table.detail = "PARTITION"
    elif _of_clickhouse(cursor):
        table.detail = "CLICKHOUSE"
    _fold(table)
    return table


def _watched(cursor: Cursor) -> str:
    """The table of a trigger."""
    while not cursor.done and not cursor.accept("ON"):
        cursor.at += 1
    return cursor.name()


def _of_clickhouse(cursor: Cursor) -> bool:
    """Whether the engine that follows is one of ClickHouse, which has neither foreign keys nor unique constraints."""
    words = [t.word for t in cursor.rest()[:12]]
    return "ENGINE" in words and any(w.endswith("MERGETREE") or w in _ENGINES for w in words)


def _fold(table: Change) -> None:
    """Constraints of one column that stand at the table's end belong to the column as well."""
    by_title = {c.title.lower(): c for c in table.columns}
    for constraint in table.constraints:
        for part in constraint.columns:
            column = by_title.get(part.title.lower())
            if column is None:
                continue
            if constraint.detail == "PRIMARY KEY":
                column.primary, column.nullable = True, False
            elif constraint.kind == "add_unique" and len(constraint.columns) == 1:
                column.unique = True
            elif constraint.kind == "add_foreign_key":
                column.references, column.on_delete = constraint.references, constraint.on_delete


def _index(cursor: Cursor, line: int, unique: bool) -> Change:
    concurrently = cursor.accept("CONCURRENTLY")
    cursor.accept("IF", "NOT", "EXISTS")
    title = "" if cursor.word == "ON" else cursor.name()
    while not cursor.done and not cursor.accept("ON"):
        cursor.at += 1
    cursor.accept("ONLY")
    table = cursor.name()
    if cursor.accept("USING"):
        cursor.at += 1
    columns = read_titles(cursor)
    return Change("add_index", table, line, columns, concurrently=concurrently, unique=unique, detail=title)


def _drop(cursor: Cursor, line: int) -> Iterator[Change]:
    what = cursor.word
    cursor.at += 1
    concurrently = cursor.accept("CONCURRENTLY")
    cursor.accept("IF", "EXISTS")
    kind = {"TABLE": "drop_table", "INDEX": "drop_index"}.get(what, "other")
    while not cursor.done:
        title = cursor.name()
        if kind == "drop_index":
            yield Change(
                kind, cursor.name() if cursor.accept("ON") else "", line, detail=title, concurrently=concurrently
            )
        else:
            dropped = Change(kind, title, line, detail=f"DROP {what}" if kind == "other" else "")
            dropped.references = cursor.name() if what == "TRIGGER" and cursor.accept("ON") else ""
            yield dropped
        if cursor.text != "," or kind == "other":
            return
        cursor.at += 1


def _alter(cursor: Cursor) -> Iterator[Change]:
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


def _action(cursor: Cursor, table: str) -> Iterator[Change]:
    line = cursor.line
    if cursor.done:
        return
    if cursor.accept("ADD"):
        constraint = read_constraint(cursor, table)
        if constraint is not None:
            yield constraint
            return
        cursor.skip("COLUMN")
        cursor.accept("IF", "NOT", "EXISTS")
        for part in cursor.group() if cursor.text == "(" else [cursor.rest()]:
            yield Change("add_column", table, part[0].line if part else line, [read_column(Cursor(part))])
    elif cursor.accept("DROP"):
        yield _dropped(cursor, table, line)
    elif cursor.accept("RENAME"):
        yield _renamed(cursor, table, line)
    elif cursor.accept("ALTER"):
        cursor.skip("COLUMN")
        yield _altered(cursor, table, line)
    elif cursor.accept("MODIFY") or cursor.accept("CHANGE"):
        renamed = cursor.tokens[cursor.at - 1].word == "CHANGE"
        cursor.skip("COLUMN")
        title = cursor.text
        if renamed:
            cursor.at += 1
            renamed = cursor.text != title
        column = read_column(cursor)
        column.title = title
        yield Change("rename_column" if renamed else "alter_type", table, line, [column])
    else:
        what = " ".join(t.text for t in cursor.tokens[:2] if not t.literal)
        named = [ColumnChange(cursor.tokens[2].text, line=line)] if _switches_off(what, cursor) else []
        yield Change("other", table, line, named, detail=what)


def _switches_off(what: str, cursor: Cursor) -> bool:
    return what.upper() == "DISABLE TRIGGER" and len(cursor.tokens) > 2


def _dropped(cursor: Cursor, table: str, line: int) -> Change:
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
        return Change("rename_table", table, line)
    if cursor.word in ("CONSTRAINT", "INDEX", "KEY"):
        return Change("other", table, line, detail=f"RENAME {cursor.word}")
    cursor.skip("COLUMN")
    return Change("rename_column", table, line, [ColumnChange(cursor.name(), line=line)])


def _altered(cursor: Cursor, table: str, line: int) -> Change:
    columns = [ColumnChange(cursor.name(), line=line)]
    if cursor.accept("SET", "NOT", "NULL"):
        return Change("set_not_null", table, line, columns)
    if cursor.word in ("SET", "DROP", "ADD", "RESTART") and not cursor.accept("SET", "DATA", "TYPE"):
        return Change("alter_column", table, line, columns, detail=" ".join(t.text for t in cursor.rest()[:3]))
    cursor.skip("TYPE")
    cursor.at -= 1  # a column's definition begins with its name
    columns[0].type = read_column(cursor).type
    return Change("alter_type", table, line, columns)
