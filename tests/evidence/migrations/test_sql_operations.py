"""What a statement of SQL does to a program that is already running: each form by itself, and several together."""

from __future__ import annotations

import pytest

from orchestrator.evidence.ddl import Change, read_sql


def read(text: str) -> list[tuple[str, str, str]]:
    return [(change.kind, change.table, change.column) for change in read_sql(text, whole=True)]


def left(text: str) -> tuple[list[str], list[str]]:
    """The kinds that are left of a text, and the reasons why others are not."""
    undone: list[Change] = []
    return [change.kind for change in read_sql(text, whole=True, undone=undone)], [change.undone for change in undone]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("DROP VIEW IF EXISTS late", "drop_object", "late"),
        ("DROP MATERIALIZED VIEW late", "drop_object", "late"),
        ("DROP FUNCTION next_berth(int)", "drop_object", "next_berth"),
        ("DROP SCHEMA archive CASCADE", "drop_object", "archive"),
        ("DROP TYPE state", "drop_object", "state"),
        ("DROP TEMPORARY TABLE t", "drop_table", "t"),
        ("DROP TRIGGER t ON a", "unknown", "t"),
        ("DROP STATISTICS s", "other", "s"),
        ("CREATE VIEW late AS SELECT 1", "other", "late"),
        ("CREATE OR REPLACE VIEW late AS SELECT 1", "replace_object", "late"),
        ("CREATE FUNCTION f() RETURNS int AS $$ 1 $$", "other", "f"),
        ("CREATE OR REPLACE TRIGGER t BEFORE INSERT ON a", "unknown", "t"),
        ("CREATE POLICY p ON a", "unknown", "p"),
        ("CREATE EXTENSION IF NOT EXISTS pgcrypto", "other", "pgcrypto"),
        ("CREATE WAREHOUSE w", "unknown", "w"),
        ("ALTER TYPE state ADD VALUE 'late'", "other", "state"),
        ("ALTER TYPE state RENAME VALUE 'a' TO 'b'", "rename_object", "state"),
        ("ALTER TYPE point DROP ATTRIBUTE x", "rename_object", "point"),
        ("ALTER VIEW late RENAME TO later", "rename_object", "late"),
        ("ALTER SCHEMA a RENAME TO b", "rename_object", "a"),
        ("ALTER FUNCTION f(int) SET SCHEMA b", "rename_object", "f"),
        ("ALTER FUNCTION f(int) OWNER TO me", "other", "f"),
        ("ALTER FUNCTION f(int) STABLE", "unknown", "f"),
        ("ALTER INDEX i RENAME TO j", "other", "i"),
        ("ALTER SEQUENCE s RESTART WITH 5", "other", "s"),
        ("ALTER SEQUENCE s RENAME TO t", "rename_object", "s"),
        ("ALTER ROLE r NOLOGIN", "unknown", "r"),
        ("COMMENT ON TABLE a IS 'x'", "other", ""),
        ("GRANT SELECT ON a TO b", "other", ""),
        ("REVOKE SELECT ON a FROM b", "unknown", ""),
        ("MATERIALIZE x", "unknown", ""),
        ("RENAME TABLE a TO b", "rename_table", "a"),
    ],
)
def test_statements(text: str, kind: str, name: str) -> None:
    """
    What the former release can call by its name is gone or renamed; what acts by itself, and what no list names, nobody
    can tell.
    """
    found = read(text)[0]

    assert (kind, name) == found[:2]


@pytest.mark.parametrize(
    ("action", "kind", "column"),
    [
        ("SET SCHEMA archive", "rename_table", ""),
        ("RENAME TO b", "rename_table", ""),
        ("RENAME CONSTRAINT x TO y", "other", ""),
        ("RENAME c TO d", "rename_column", "c"),
        ("VALIDATE CONSTRAINT x", "other", ""),
        ("OWNER TO me", "other", ""),
        ("SET (fillfactor = 70)", "other", ""),
        ("SET UNLOGGED", "other", ""),
        ("ENGINE = InnoDB", "other", ""),
        ("ENABLE ROW LEVEL SECURITY", "unknown", ""),
        ("DISABLE TRIGGER t", "unknown", "t"),
        ("DETACH PARTITION p", "unknown", ""),
        ("DROP PARTITION p", "unknown", ""),
        ("ADD PARTITION (PARTITION p VALUES LESS THAN (5))", "other", ""),
        ("CONVERT TO CHARACTER SET utf8mb4", "unknown", ""),
        ("ALTER COLUMN c SET DEFAULT 1", "alter_column", "c"),
        ("ALTER COLUMN c DROP DEFAULT", "drop_default", "c"),
        ("ALTER COLUMN c DROP NOT NULL", "alter_column", "c"),
        ("ALTER COLUMN c SET NOT NULL", "set_not_null", "c"),
        ("ALTER COLUMN c SET STATISTICS 100", "other", "c"),
        ("ALTER COLUMN c SET GENERATED ALWAYS", "unknown", "c"),
        ("ALTER COLUMN c DROP IDENTITY", "unknown", "c"),
        ("ALTER COLUMN c RESTART WITH 3", "other", "c"),
        ("ALTER COLUMN c TYPE text", "alter_type", "c"),
        ("ALTER c SET DATA TYPE text", "alter_type", "c"),
        ("ALTER CONSTRAINT x DEFERRABLE", "unknown", ""),
        ("ALTER INDEX i INVISIBLE", "other", ""),
        ("CHANGE c d int", "rename_column", "c"),
        ("CHANGE c c int", "alter_type", "c"),
        ("ADD CONSTRAINT x CHECK (lower(c) > d AND e IS NOT NULL)", "add_check", "c, d, e"),
    ],
)
def test_actions(action: str, kind: str, column: str) -> None:
    """
    Each action of ALTER TABLE: what asks nothing of a program, what takes something from it, and what nobody can tell.
    """
    assert [(kind, "a", column)] == read(f"ALTER TABLE a {action}")


@pytest.mark.parametrize(
    ("text", "kinds", "reasons"),
    [
        ("CREATE TEMP TABLE t AS SELECT 1; DROP TABLE t", [], ["is dropped again further down"] * 2),
        ("CREATE TEMPORARY TABLE t (a int); CREATE INDEX i ON t (a)", [], ["is gone with its session"] * 2),
        ("CREATE TABLE t (a int); CREATE INDEX i ON t (a)", ["create_table", "add_index"], []),
        (
            "CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
            ["rebuild_table", "run_sql"],
            ["is rebuilt in its place"] * 2,
        ),
        (
            "CREATE TABLE n (a int); DROP TABLE t; ALTER TABLE n RENAME TO u",
            ["create_table", "drop_table", "rename_table"],
            [],
        ),
        ("DROP VIEW v; CREATE VIEW v AS SELECT 1", ["replace_object"], ["is made anew further down"]),
        ("DROP VIEW v; CREATE VIEW w AS SELECT 1", ["drop_object", "other"], []),
        ("DROP FUNCTION v; CREATE VIEW v AS SELECT 1", ["drop_object", "other"], []),
        ("DROP TABLE IF EXISTS t; CREATE TABLE t (a int)", ["remake_table"], ["is made anew further down"]),
        ("DROP TABLE t; CREATE TABLE t (a int)", ["drop_table", "create_table"], []),
    ],
)
def test_together(text: str, kinds: list[str], reasons: list[str]) -> None:
    """
    What several statements come to: a table of one session, one that is rebuilt, a view that is replaced.
    """
    assert (kinds, reasons) == left(text)


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("CREATE INDEX CONCURRENTLY i ON a (b)", False),
        ("BEGIN; CREATE INDEX CONCURRENTLY i ON a (b)", True),
        ("BEGIN; SELECT 1; COMMIT; CREATE INDEX CONCURRENTLY i ON a (b)", False),
    ],
)
def test_transaction(text: str, within: bool) -> None:
    """
    A statement says whether the text itself has begun a transaction around it.
    """
    assert within is read_sql(text)[-1].transaction
