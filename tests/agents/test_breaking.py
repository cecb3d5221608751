"""What a change does to the former release and to a live table: each kind, and both sides of each threshold."""

from __future__ import annotations

import pytest

from agents.database_migrator._breaking import breaks, met
from agents.database_migrator._risk import blocks, on_live_tables
from orchestrator import Migration, Operation

IN_APP = "default in the application only"


def operation(kind: str, **more: object) -> Operation:
    return Operation.model_validate({"kind": kind, "table": "a", "column": "b", **more})


@pytest.mark.parametrize(
    ("kind", "more", "breaking", "certain"),
    [
        ("drop_table", {}, True, True),
        ("rename_table", {}, True, True),
        ("drop_column", {}, True, True),
        ("rename_column", {}, True, True),
        ("add_column", {"nullable": True}, False, False),
        ("add_column", {"nullable": None}, False, False),
        ("add_column", {"nullable": False}, True, True),
        ("add_column", {"nullable": False, "default": True}, False, False),
        ("add_column", {"nullable": False, "default": True, "detail": IN_APP}, True, False),
        ("set_not_null", {}, True, True),
        ("set_not_null", {"default": True}, True, False),
        ("drop_default", {"nullable": False}, True, True),
        ("drop_default", {"nullable": None}, True, False),
        ("drop_default", {"nullable": True}, False, False),
        ("add_unique", {}, True, True),
        ("add_unique", {"detail": "PRIMARY KEY"}, False, False),
        ("add_check", {"not_valid": True}, True, True),
        ("add_foreign_key", {}, True, False),
        ("add_index", {}, False, False),
        ("drop_index", {}, False, False),
        ("drop_constraint", {}, False, False),
        ("drop_object", {"detail": "DROP VIEW"}, True, True),
        ("rename_object", {}, True, True),
        ("replace_object", {}, True, False),
        ("unknown", {"detail": "forget_all"}, True, False),
        ("other", {}, False, False),
        ("create_table", {}, False, False),
    ],
)
def test_breaks(kind: str, more: dict[str, object], breaking: bool, certain: bool) -> None:
    """
    Each kind of change breaks the former release for certain, perhaps, or not at all.
    """
    reason, sure = breaks(operation(kind, **more))

    assert (breaking, certain) == (bool(reason), sure)


@pytest.mark.parametrize(
    ("was", "now", "breaking", "certain"),
    [
        ("varchar(40)", "varchar(39)", True, True),
        ("varchar(40)", "varchar(40)", False, False),
        ("text", "varchar(20)", True, True),
        ("varchar(9)", "text", False, False),
        ("numeric(12,4)", "numeric(12,3)", True, True),
        ("numeric(12,4)", "numeric(11,4)", True, True),
        ("numeric(12,4)", "numeric(13,4)", False, False),
        ("numeric(12,4)", "numeric(13,5)", False, False),
        ("numeric(12,4)", "numeric(12,5)", True, True),
        ("numeric", "numeric(9,2)", True, True),
        ("numeric(9,2)", "numeric", False, False),
        ("int", "int unsigned", True, True),
        ("int unsigned", "int unsigned", False, False),
        ("bigint", "int", True, True),
        ("int", "bigint", False, False),
        ("int", "numeric", True, False),
        ("int", "text", True, True),
        ("", "text", True, False),
        ("hstore", "text", True, False),
    ],
)
def test_types(was: str, now: str, breaking: bool, certain: bool) -> None:
    """
    A type that cannot hold all that the former one can breaks; one that nobody knows may.
    """
    reason, sure = breaks(operation("alter_type", was=was, type=now))

    assert (breaking, certain) == (bool(reason), sure)


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("add_index", {"concurrently": False}, True),
        ("add_index", {"concurrently": True}, False),
        ("add_index", {"concurrently": True, "transaction": False}, False),
        ("add_index", {"concurrently": True, "transaction": True}, True),
        ("add_index", {}, False),
        ("add_unique", {}, True),
        ("add_unique", {"concurrently": True}, False),
        ("add_foreign_key", {"not_valid": False}, True),
        ("add_foreign_key", {"not_valid": True}, False),
        ("add_check", {"not_valid": False}, True),
        ("add_check", {"not_valid": True}, False),
        ("set_not_null", {}, True),
        ("alter_type", {"was": "int", "type": "bigint"}, True),
        ("alter_type", {"was": "int", "type": "integer"}, False),
        ("alter_type", {"was": "varchar(9)", "type": "text"}, False),
        ("alter_type", {"was": "varchar(9)", "type": "varchar(8)"}, True),
        ("alter_type", {"was": "text", "type": "jsonb"}, True),
        ("alter_type", {"type": "text"}, False),
        ("drop_column", {}, False),
    ],
)
def test_blocks(kind: str, more: dict[str, object], expected: bool) -> None:
    """
    What PostgreSQL does while everybody waits, or refuses to do at all.
    """
    assert expected is bool(blocks(operation(kind, **more)))


@pytest.mark.parametrize(
    ("kind", "column", "kept"),
    [
        ("set_not_null", "b", True),
        ("drop_default", "b", True),
        ("alter_type", "b", False),
        ("add_unique", "b", False),
        ("add_check", "c, b", False),
        ("add_check", "c", True),
        ("add_foreign_key", "b", False),
    ],
)
def test_what_the_former_release_meets(kind: str, column: str, kept: bool) -> None:
    """
    A rule over a column that the same migration adds asks nothing of the former release, but for NOT NULL.
    """
    steps = (operation("add_column"), operation(kind, column=column))
    migration = Migration(path="a.sql", framework="sql", operations=steps)

    assert kept is (steps[1] in list(met(migration)))
    assert steps[1] in list(on_live_tables(migration))


def test_a_new_table_is_not_live() -> None:
    """
    Whatever is done to a table that the same migration makes is left out.
    """
    steps = (operation("create_table"), operation("set_not_null"), operation("drop_column"))

    assert [] == list(on_live_tables(Migration(path="a.sql", framework="sql", operations=steps)))
