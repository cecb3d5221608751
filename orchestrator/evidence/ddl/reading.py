"""Tells a statement from its first words, and reads it as the changes that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...domain.fact import Aside
from ...errors import FormatError
from ...formats.sql import Statement, speaks_mysql, statements
from ...redaction import cut
from ..inforce.sql import Transaction
from . import objects
from .altering import altered_table, renamed_table
from .changes import Change
from .columns import read_column, read_constraint, read_titles
from .cursor import Cursor
from .settling import settle

_ROWS = frozenset({
    "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "COPY", "TRUNCATE", "SELECT", "WITH", "CALL", "DO",
    "EXEC", "EXECUTE", "VALUES", "LOAD",
})  # fmt: skip
_NOTHING = frozenset({
    "BEGIN", "COMMIT", "START", "END", "ROLLBACK", "PRAGMA", "USE", "GO", "LOCK", "UNLOCK", "ANALYZE", "VACUUM",
    "EXPLAIN", "SHOW", "SAVEPOINT", "RELEASE", "ABORT",
})  # fmt: skip
_OTHER = frozenset({"SET", "RESET", "COMMENT", "GRANT", "REFRESH", "CLUSTER", "REINDEX", "DELIMITER", "OPTIMIZE"})
"""What asks nothing of a program that runs."""
_PROCEDURAL = frozenset({"REVOKE", "DECLARE", "IF"})
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
            change.transaction = transaction.begun
            if kept[rows] <= _MAX_CHANGES:
                changes.append(change)
            elif not rows:
                raise FormatError(f"more than {_MAX_CHANGES:,} schema changes", change.line)
    settle(changes)
    taken.extend(change for change in changes if change.undone)
    return [change for change in changes if not change.undone]


def set_aside(path: str, change: Change) -> Aside:
    """*change* as what is set aside, for the same text takes it back."""
    what = f"{change.kind} {change.table or change.detail}".strip()
    return Aside(path=path, line=change.line, what=cut(what, 100), reason=change.undone, about=(change.kind,))


def known(changes: Sequence[Change]) -> bool:
    """Whether anything among *changes* was understood."""
    return any(
        c.kind != "unknown" or c.detail in _PROCEDURAL or c.detail.startswith(("CREATE", "ALTER", "DROP"))
        for c in changes
    )


def _read(statement: Statement) -> Iterator[Change]:
    cursor, head, line = Cursor(statement.tokens), statement.head, statement.line
    if head in _NOTHING or _only_tells(statement):
        return
    cursor.at = 1
    if head == "CREATE":
        yield _create(cursor, line)
    elif head == "ALTER" and cursor.accept("TABLE"):
        yield from altered_table(cursor)
    elif head == "ALTER":
        yield objects.altered(cursor, line)
    elif head == "DROP":
        yield from objects.dropped(cursor, line)
    elif head == "RENAME" and cursor.accept("TABLE"):
        yield renamed_table(cursor, cursor.name(), line)
    elif head in ("EXEC", "EXECUTE") and any(t.word == "SP_RENAME" for t in statement.tokens[:4]):
        yield Change("rename_column", "", line, detail="sp_rename")
    elif head in _ROWS:
        cursor.skip("INTO", "FROM", "ONLY", "TABLE", "IGNORE", "LOW_PRIORITY")
        table = "" if head in ("SELECT", "WITH", "CALL", "DO", "EXEC", "EXECUTE", "VALUES") else cursor.name()
        yield Change("run_sql", table, line, detail=head)
    else:
        words = [t.text for t in statement.tokens[:3] if not t.literal]
        known_head = head in _OTHER
        yield Change("other" if known_head else "unknown", "", line, detail=" ".join(words) if known_head else head)


def _only_tells(statement: Statement) -> bool:
    """Whether *statement* selects nothing but texts, which changes nothing."""
    given = statement.tokens[1:]
    return statement.head == "SELECT" and bool(given) and all(token.literal or token.text == "," for token in given)


def _create(cursor: Cursor, line: int) -> Change:
    said: set[str] = set()
    while cursor.word in _MODIFIERS:
        said.add(cursor.word)
        cursor.at += 1
    what = cursor.word
    cursor.at += 1
    if what == "INDEX":
        return _index(cursor, line, "UNIQUE" in said)
    if what != "TABLE":
        return objects.made(cursor, what, line, replaced="REPLACE" in said)
    cursor.accept("IF", "NOT", "EXISTS")
    title = cursor.name()
    table = Change("create_table", title, line)
    table.temporary = bool(said & {"TEMP", "TEMPORARY"})
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
