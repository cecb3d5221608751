"""What the history of a folder adds to a change: what a column was before it."""

from __future__ import annotations

import pytest

from orchestrator.evidence.facts.migrations import Migrations, Operation
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.migrations import MigrationsReader
from orchestrator.evidence.tree import MemoryTree


def last(*texts: str) -> list[Operation]:
    """The operations of the last of several SQL files."""
    files = {f"db/migrations/{number:03}_a.sql": text for number, text in enumerate(texts, 1)}
    fact = read_tree(MemoryTree(files), [MigrationsReader()])[Migrations]
    assert isinstance(fact, Migrations)
    return [o for m in fact.files if m.path.endswith(f"{len(texts):03}_a.sql") for o in m.operations]


A = "CREATE TABLE a (id int PRIMARY KEY, b varchar(40) NULL, c int NOT NULL DEFAULT 1, d numeric(9,2));"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("ALTER TABLE a MODIFY b varchar(40) NOT NULL", ["set_not_null"]),
        ("ALTER TABLE a MODIFY b varchar(9) NOT NULL", ["alter_type", "set_not_null"]),
        ("ALTER TABLE a MODIFY c int NOT NULL", ["alter_column"]),
        ("ALTER TABLE a MODIFY x int NOT NULL", ["alter_type"]),
        ("ALTER TABLE a ALTER COLUMN d TYPE numeric(6,2)", ["alter_type"]),
        ("ALTER TABLE a RENAME TO z", ["rename_table"]),
    ],
)
def test_declared_anew(change: str, expected: list[str]) -> None:
    """
    A column that is declared anew changes only in what it was not before.
    """
    assert expected == [o.kind for o in last(A, change)]


def test_former_values() -> None:
    """
    A change knows the type, the default and the nullability that it meets, under the name that the column has by then.
    """
    renamed = "ALTER TABLE a RENAME b TO e; ALTER TABLE a RENAME TO z;"

    assert ["varchar(40)"] == [o.was for o in last(A, renamed, "ALTER TABLE z ALTER COLUMN e TYPE text")]
    assert [False] == [o.nullable for o in last(A, "ALTER TABLE a ALTER COLUMN c DROP DEFAULT")]
    assert [True] == [o.nullable for o in last(A, "ALTER TABLE a ALTER COLUMN b DROP DEFAULT")]
    assert [None] == [o.nullable for o in last(A, "ALTER TABLE a ALTER COLUMN x DROP DEFAULT")]
    assert [True] == [o.default for o in last(A, "ALTER TABLE a ALTER COLUMN c SET NOT NULL")]
    assert [False] == [o.default for o in last(A, "ALTER TABLE a ALTER COLUMN b SET NOT NULL")]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("id int, b varchar(40), c int, d numeric(9,2)", ["other"]),
        ("id int, c int, d numeric(9,2)", ["drop_column", "other"]),
        ("id int, b text NOT NULL, c int, d numeric(9,2)", ["alter_type", "set_not_null", "other"]),
        ("id int, b varchar(40), c int, d numeric(9,2), e int NOT NULL", ["add_column", "other"]),
    ],
)
def test_rebuilt(columns: str, expected: list[str]) -> None:
    """
    A table that is copied and put in place again is held against what it was, column by column.
    """
    text = f"CREATE TABLE n ({columns}); DROP TABLE a; ALTER TABLE n RENAME TO a;"

    assert expected == [o.kind for o in last(A, text)]
    assert ["unknown"] == [o.kind for o in last("CREATE TABLE other (x int);", text)]


def test_made_anew() -> None:
    """
    What is dropped where it is there, and made, loses only what was there; what is replaced is new the first time.
    """
    again = "DROP TABLE IF EXISTS a; CREATE TABLE a (id int);"
    function = "CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ 1 $$;"

    assert ["create_table"] == [o.kind for o in last(again)]
    assert ["drop_table", "create_table"] == [o.kind for o in last(A, again)]
    assert ["other"] == [o.kind for o in last(function)]
    assert ["replace_object"] == [o.kind for o in last(function, function)]
