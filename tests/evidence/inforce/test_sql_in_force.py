"""What an SQL text leaves behind: nothing that is rolled back, dropped or disabled."""

from __future__ import annotations

import pytest

from orchestrator.evidence.ddl import read_sql
from orchestrator.evidence.ddl.changes import Change
from orchestrator.evidence.facts.migrations import Migrations
from orchestrator.evidence.facts.schema import Schema
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.migrations import MigrationsReader
from orchestrator.evidence.readers.schema import SchemaReader
from orchestrator.evidence.tree import MemoryTree

A, B = "CREATE TABLE a (x int);\n", "CREATE TABLE b (x int);\n"


def tables(text: str) -> list[str]:
    return [change.table for change in read_sql(text, whole=True)]


class TestTransactions:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"BEGIN;\n{A}ROLLBACK;\n{B}", ["b"]),
            (f"{A}BEGIN;\n{B}ROLLBACK;\n", ["a"]),
            (f"BEGIN TRANSACTION;\n{A}ROLLBACK TRANSACTION;\n", []),
            (f"BEGIN WORK;\n{A}ABORT;\n", []),
            (f"START TRANSACTION;\n{A}rollback;\n", []),
            (f"BEGIN ISOLATION LEVEL SERIALIZABLE;\n{A}ROLLBACK;\n", []),
            (f"BEGIN;\n{A}COMMIT;\n{B}ROLLBACK;\n", ["a", "b"]),
            (f"BEGIN;\n{A}END;\nROLLBACK;\n", ["a"]),
            (f"BEGIN;\n{A}COMMIT;\n", ["a"]),
            (f"{A}ROLLBACK;\n", ["a"]),
            (f"BEGIN;\n{A}BEGIN;\n{B}ROLLBACK;\n", []),
            (f"BEGIN;\n{A}SAVEPOINT s;\n{B}ROLLBACK TO s;\nCOMMIT;\n", ["a"]),
            (f"BEGIN;\n{A}SAVEPOINT s;\n{B}ROLLBACK TO SAVEPOINT S;\nCOMMIT;\n", ["a"]),
            (f"BEGIN;\n{A}SAVEPOINT s;\n{B}ROLLBACK TO other;\nCOMMIT;\n", ["a", "b"]),
            (f"BEGIN;\n{A}SAVEPOINT s;\n{B}ROLLBACK;\n", []),
            (f"BEGIN;\nROLLBACK AND CHAIN;\n{A}ROLLBACK;\n{B}", ["b"]),
            (f"BEGIN;\nROLLBACK;\n{A}ROLLBACK;\n{B}", ["a", "b"]),
            (f"-- BEGIN;\n{A}-- ROLLBACK;\n", ["a"]),
            (f"BEGIN;\nCREATE TABLE `a` (x int) ENGINE=InnoDB;\nROLLBACK;\n{B}", ["a", "b"]),
        ],
    )
    def test_what_is_left(self, text: str, expected: list[str]) -> None:
        """
        A rollback takes back its own transaction; in MySQL the schema stays as it is.
        """
        assert expected == tables(text)

    def test_what_is_taken_back_can_be_told(self) -> None:
        """
        Who asks for it hears of it.
        """
        undone: list[Change] = []

        assert [] == read_sql(f"BEGIN;\n{A}ROLLBACK;\n", whole=True, undone=undone)
        assert [("create_table", "a", 2)] == [(c.kind, c.table, c.line) for c in undone]


def schema(*texts: str) -> Schema:
    files = {f"db/{number:03}.sql": text for number, text in enumerate(texts, 1)}
    made = read_tree(MemoryTree(files), [SchemaReader()])[Schema]
    assert isinstance(made, Schema)
    return made


TABLE = "CREATE TABLE b (y int PRIMARY KEY);\nCREATE TABLE a (x int NOT NULL, y int);\n"


class TestSchema:
    @pytest.mark.parametrize(
        ("make", "take", "of"),
        [
            ("ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0);", "ALTER TABLE a DROP CONSTRAINT c;", "checks"),
            ("ALTER TABLE a ADD CHECK (x > 0);", "ALTER TABLE a DROP CONSTRAINT IF EXISTS a_x_check;", "checks"),
            ("ALTER TABLE a ADD CONSTRAINT c UNIQUE (x, y);", "ALTER TABLE a DROP CONSTRAINT c;", "unique_sets"),
            ("ALTER TABLE a ADD UNIQUE (x);", "ALTER TABLE a DROP CONSTRAINT a_x_key;", "unique_sets"),
            ("CREATE UNIQUE INDEX c ON a (x);", "DROP INDEX c;", "unique_sets"),
            ("CREATE INDEX c ON a (x);", "DROP INDEX c;", "indexes"),
            ("CREATE INDEX c ON a (x);", "DROP INDEX CONCURRENTLY IF EXISTS C;", "indexes"),
            ("CREATE INDEX c ON a (x);", "DROP INDEX c ON a;", "indexes"),
            ("CREATE INDEX c ON a (x);", "ALTER TABLE a DROP INDEX c;", "indexes"),
        ],
    )
    def test_constraints_that_are_dropped(self, make: str, take: str, of: str) -> None:
        """
        In the same file, or in a later one; without the drop they count.
        """

        def counted(*texts: str) -> int:
            return int(getattr(next(t for t in schema(*texts).tables if t.title == "a"), of))

        assert 1 == counted(TABLE + make)
        assert 0 == counted(f"{TABLE}{make}\n{take}")
        assert 0 == counted(TABLE, make, take)
        assert 1 == counted(TABLE, take, make)
        assert 1 == counted(f"{TABLE}{make}\n{take.replace(' c', ' d').replace(' C', ' d').replace(' a_', ' d_')}")

    @pytest.mark.parametrize(
        ("make", "take", "of", "with_it", "without"),
        [
            (
                "ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (y) REFERENCES b (y);",
                "DROP CONSTRAINT c",
                "references",
                "b",
                "",
            ),
            ("ALTER TABLE a ADD FOREIGN KEY (y) REFERENCES b (y);", "DROP CONSTRAINT a_y_fkey", "references", "b", ""),
            ("ALTER TABLE a ADD CONSTRAINT c UNIQUE (y);", "DROP CONSTRAINT c", "unique", True, False),
            ("CREATE UNIQUE INDEX c ON a (y);", "DROP INDEX c", "unique", True, False),
            ("CREATE INDEX c ON a (y);", "DROP INDEX c", "indexed", True, False),
            ("CREATE UNIQUE INDEX c ON a (y, x);", "DROP INDEX c", "with_others", True, False),
            ("ALTER TABLE a ALTER COLUMN y SET NOT NULL;", "ALTER COLUMN y DROP NOT NULL", "nullable", False, True),
        ],
    )
    def test_columns(self, make: str, take: str, of: str, with_it: object, without: object) -> None:
        """
        What a constraint says of its column goes with it.
        """

        def said(text: str) -> object:
            table = next(t for t in schema(text).tables if t.title == "a")
            return getattr(next(c for c in table.columns if c.title == "y"), of)

        assert with_it == said(TABLE + make)
        assert without == said(f"{TABLE}{make}\nALTER TABLE a {take};")

    @pytest.mark.parametrize(
        ("columns", "take", "of"),
        [
            ("y int UNIQUE", "a_y_key", "unique"),
            ("y int, CONSTRAINT c UNIQUE (y)", "c", "unique"),
            ("y int REFERENCES b (y)", "a_y_fkey", "references"),
            ("y int, CONSTRAINT c FOREIGN KEY (y) REFERENCES b (y)", "c", "references"),
        ],
    )
    def test_constraints_of_a_new_table(self, columns: str, take: str, of: str) -> None:
        """
        Those that stand in the table's own statement can be dropped as well, by the names that they get.
        """
        text = f"CREATE TABLE b (y int PRIMARY KEY);\nCREATE TABLE a (x int, {columns});\n"

        def said(text: str) -> object:
            table = next(t for t in schema(text).tables if t.title == "a")
            return getattr(next(c for c in table.columns if c.title == "y"), of)

        assert said(text)
        assert not said(f"{text}ALTER TABLE a DROP CONSTRAINT {take};")
        assert said(f"{text}ALTER TABLE a DROP CONSTRAINT other;")

    def test_checks_of_columns(self) -> None:
        """
        A check beside a column has a name of its own.
        """
        text = "CREATE TABLE a (x int CHECK (x > 0));\n"

        assert [1] == [t.checks for t in schema(text).tables]
        assert [0] == [t.checks for t in schema(text + "ALTER TABLE a DROP CONSTRAINT a_x_check;").tables]

    @pytest.mark.parametrize(
        ("take", "left"),
        [
            ("DROP TRIGGER t ON a;", 1),
            ("DROP TRIGGER t;", 1),
            ("DROP TRIGGER IF EXISTS T ON a CASCADE;", 1),
            ("DROP TRIGGER t ON b;", 2),
            ("DROP TRIGGER other ON a;", 2),
            ("ALTER TABLE a DISABLE TRIGGER t;", 1),
            ("ALTER TABLE a DISABLE TRIGGER ALL;", 0),
            ("ALTER TABLE a DISABLE TRIGGER USER;", 0),
            ("ALTER TABLE b DISABLE TRIGGER ALL;", 2),
            ("ALTER TABLE a ENABLE TRIGGER t;", 2),
            ("DROP TABLE a;", 0),
            ("DROP TABLE b;", 2),
        ],
    )
    def test_triggers(self, take: str, left: int) -> None:
        """
        One that is dropped or disabled is no rule of the schema, nor is one of a table that is gone.
        """
        made = "".join(f"CREATE TRIGGER {t} BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();\n" for t in "ts")

        assert 2 == len(schema(TABLE + made).rules)
        assert left == len(schema(TABLE + made, take).rules)

    def test_exclusions(self) -> None:
        """
        They are rules as well, in the order in which they are made.
        """
        made = schema("CREATE TABLE a (x int);\nALTER TABLE a ADD CONSTRAINT c EXCLUDE USING gist (x WITH =);\n" * 2)

        assert [2, 4] == [rule.line for rule in made.rules]

    def test_files_that_only_drop(self) -> None:
        """
        They count where their number says when they are run.
        """
        made = "CREATE TABLE a (x int);\n"
        read = read_tree(MemoryTree({"db/001.sql": made, "db/clean.sql": "DROP TABLE a;\n"}), [SchemaReader()])[Schema]
        assert isinstance(read, Schema)

        assert ["a"] == [table.title for table in read.tables]
        assert () == schema(made, "DROP TABLE a;\n").tables

    def test_what_is_rolled_back_is_set_aside(self) -> None:
        """
        With its line; the table is none of the schema.
        """
        made = schema(f"BEGIN;\n{A}ROLLBACK;\n{B}")

        assert ["b"] == [table.title for table in made.tables]
        assert ["db/001.sql:2: create_table a is rolled back"] == [*map(str, made.aside)]
        assert [True] == [aside.void for aside in made.aside]


class TestMigrations:
    def migrations(self, files: dict[str, str]) -> Migrations:
        made = read_tree(MemoryTree(files), [MigrationsReader()])[Migrations]
        assert isinstance(made, Migrations)
        return made

    def test_a_way_back_that_is_rolled_back_is_none(self) -> None:
        """
        Its file undoes nothing.
        """
        up, down = "db/migrations/001_a.up.sql", "db/migrations/001_a.down.sql"
        good = self.migrations({up: A, down: "DROP TABLE a;\n"})
        void = self.migrations({up: A, down: "BEGIN;\nDROP TABLE a;\nROLLBACK;\n"})

        assert [True] == [m.reversible for m in good.files]
        assert [False] == [m.reversible for m in void.files]
        assert [f"{down}:2: drop_table a is rolled back"] == [*map(str, void.aside)]

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (f"BEGIN;\n{A}ROLLBACK;\n", "rolls all of itself back"),
            (f"{A}INSERT INTO a VALUES (1);\nDROP TABLE A;\n", "undoes all of itself"),
            (f"/*\n{A}*/\n", "has no statement"),
            ("-- later\n", "has no statement"),
        ],
    )
    def test_a_migration_that_changes_nothing_is_none(self, text: str, reason: str) -> None:
        """
        It is set aside, and those beside it are not.
        """
        made = self.migrations({"db/migrations/001_a.sql": text, "db/migrations/002_b.sql": B})

        assert ["db/migrations/002_b.sql"] == [m.path for m in made.files]
        assert f"db/migrations/001_a.sql:1: the migration {reason}" in [*map(str, made.aside)]

    @pytest.mark.parametrize(
        ("up", "down", "expected"),
        [
            (A, "CREATE FUNCTION f() RETURNS void AS $$ DROP TABLE a; $$;\n", False),
            ("CREATE FUNCTION f() AS $$ 2 $$;\n", "CREATE OR REPLACE FUNCTION f() AS $$ 1 $$;\n", True),
            (A, "DO $$ BEGIN x(); END $$;\n", None),
            (A, "DO $$ BEGIN x(); END $$;\nDROP TABLE a;\n", True),
            (A, "DELETE FROM b;\n", False),
            (A, "SELECT 1;\n", False),
        ],
    )
    def test_a_way_back_that_can_undo_something(self, up: str, down: str, expected: bool | None) -> None:
        """
        To make a function undoes nothing but another of it, and what a block does nobody tells.
        """
        made = self.migrations({"db/migrations/001_a.up.sql": up, "db/migrations/001_a.down.sql": down})

        assert [expected] == [m.reversible for m in made.files]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"{A}DROP TABLE a;\n{A}", ["a"]),
            (f"DROP TABLE a;\n{A}", ["a", "a"]),
            (f"{A}CREATE INDEX i ON a (x);\nDROP TABLE a;\n{B}", ["b"]),
            (f"{A}{B}DROP TABLE b;\n", ["a"]),
        ],
    )
    def test_a_table_that_is_dropped_again(self, text: str, expected: list[str]) -> None:
        """
        Nothing is left of what is done to a table between its making and its end.
        """
        assert expected == tables(text)

    @pytest.mark.parametrize("mark", ["", "-- +goose Up\n", "--liquibase formatted sql\n--changeset a:1\n"])
    def test_each_tool(self, mark: str) -> None:
        """
        Nothing of what is rolled back is an operation.
        """
        made = self.migrations({"db/migrations/001_a.sql": f"{mark}BEGIN;\n{A}ROLLBACK;\n{B}"})

        assert ["b"] == [o.table for m in made.files for o in m.operations]
        assert 1 == len(made.aside)


class TestQueries:
    @pytest.mark.parametrize(
        ("text", "kinds"),
        [
            ("SELECT 'DROP TABLE a';", []),
            ("SELECT $text$\nDROP TABLE a;\n$text$;", []),
            ("SELECT 'a', 'b';", []),
            ("SELECT archive('a');", ["run_sql"]),
            ("SELECT;", ["run_sql"]),
            ("INSERT INTO a VALUES ('b');", ["run_sql"]),
        ],
    )
    def test_a_query_that_only_gives_texts_back_changes_nothing(self, text, kinds):
        """
        What calls a function may change something.
        """
        assert kinds == [change.kind for change in read_sql(text, whole=True)]
