"""Which lines of an SQL file have an effect."""

from __future__ import annotations

import time

import pytest

from orchestrator.evidence.inforce.files import judge_of_settings
from tests.evidence.inforce.saying import said

AGAIN, BACK, NEVER = (
    "is dropped again further down",
    "is taken back further down",
    "is behind a condition that is never true",
)
AFTER, ROLLED, PSQL = "comes after what leaves its block", "is rolled back", "is left out by psql"
ONLY_BACK, COMMENT = "only takes a migration back", "is commented out"
UNCALLED = "stands in f, which nothing calls"
FUNCTION = "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$\n  DELETE FROM here;\n$$;\n"
TRIGGER = "CREATE TRIGGER here BEFORE UPDATE ON a EXECUTE FUNCTION keep();\n"


class TestStatements:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("SELECT here;\n", ""),
            ("-- here\nSELECT 1;\n", COMMENT),
            ("SELECT 1; /* ä\n here */\n", COMMENT),
            ("SELECT '-- x', here;\n", ""),
            ("CREATE TABLE `a` (x int); # here\n", COMMENT),
            ("BEGIN;\nDELETE FROM here;\nROLLBACK;\n", ROLLED),
            ("BEGIN;\nDELETE FROM here;\nCOMMIT;\n", ""),
            ("BEGIN;\nDELETE FROM x;\nROLLBACK;\nDELETE FROM here;\n", ""),
            ("BEGIN;\nCREATE TABLE `here` (x int) ENGINE=InnoDB;\nROLLBACK;\n", ""),
            ("\\q\nSELECT here;\n", PSQL),
            ("\\if false\nSELECT 1;\n\\endif\nSELECT here;\n", ""),
            ("\\if false\nSELECT here;\n\\endif\nSELECT 1;\n", PSQL),
            ("-- +goose Up\nSELECT here;\n-- +goose Down\nSELECT 1;\n", ""),
            ("-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT here;\n", ONLY_BACK),
            ("CREATE TABLE here (x int);\n-- migrate:down\nDROP TABLE here;\n", ""),
            ("SELECT 1;\n-- Down Migration\nSELECT here;\n", ONLY_BACK),
            ("-- down the road\nSELECT here;\n", ""),
        ],
    )
    def test_a_place(self, text: str, expected: str) -> None:
        """
        A statement counts where it is run, and is not taken back by its own transaction.
        """
        assert expected == said(text)

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("db/1_a.down.sql", ONLY_BACK),
            ("sql/U1__a.sql", ONLY_BACK),
            ("x/down.sql", ONLY_BACK),
            ("countdown.sql", ""),
        ],
    )
    def test_a_file_that_only_undoes(self, path: str, expected: str) -> None:
        """
        What takes a migration back supports nothing.
        """
        assert expected == said("SELECT here;\n", path)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("CREATE TABLE here (x int);\nDROP TABLE here;\n", AGAIN),
            ("CREATE TABLE here (x int);\nDROP TABLE b, public.here CASCADE;\n", AGAIN),
            ("CREATE TABLE here (x int);\nDROP TABLE other;\n", ""),
            ("DROP TABLE IF EXISTS a;\nCREATE TABLE a (here int);\n", ""),
            ("CREATE TABLE IF NOT EXISTS a (here int);\nDROP INDEX a;\n", ""),
            ("ALTER TABLE a SET (here = 1);\nDROP TABLE a;\n", AGAIN),
            ("CREATE INDEX here ON a (x);\nDROP TABLE a;\n", AGAIN),
            ("CREATE INDEX CONCURRENTLY here ON a (x);\nDROP INDEX CONCURRENTLY IF EXISTS here;\n", AGAIN),
            (f"{TRIGGER}DROP TRIGGER here ON a;\n", AGAIN),
            (f"{TRIGGER}DROP TRIGGER here ON b;\n", ""),
            (f"{TRIGGER}ALTER TABLE a DISABLE TRIGGER here;\n", "is disabled further down"),
            (f"{TRIGGER}ALTER TABLE a DISABLE TRIGGER ALL;\n", "is disabled further down"),
            (f"{TRIGGER}ALTER TABLE a DISABLE TRIGGER other;\n", ""),
            (f"{TRIGGER}ALTER TABLE b DISABLE TRIGGER here;\n", ""),
            ("ALTER TABLE here ENABLE ROW LEVEL SECURITY;\nALTER TABLE here DISABLE ROW LEVEL SECURITY;\n", BACK),
            ("ALTER TABLE here ENABLE ROW LEVEL SECURITY;\nALTER TABLE here FORCE ROW LEVEL SECURITY;\n", ""),
            ("ALTER TABLE e SET (here = 1, b = 2);\nALTER TABLE e RESET (here, b);\n", BACK),
            ("ALTER TABLE e SET (here = 1, b = 2);\nALTER TABLE e RESET (b);\n", ""),
            ("ALTER TABLE e RESET (here);\nALTER TABLE e SET (here = 1);\n", ""),
            ("REVOKE UPDATE, DELETE ON here FROM app;\nGRANT DELETE ON here TO app;\n", BACK),
            ("REVOKE UPDATE ON TABLE here FROM app;\nGRANT ALL ON here TO app;\n", BACK),
            ("REVOKE UPDATE ON here FROM app;\nGRANT SELECT ON here TO app;\n", ""),
            ("REVOKE UPDATE ON here FROM app;\nGRANT UPDATE ON here TO owner;\n", ""),
            ("GRANT UPDATE, DELETE ON here TO app;\nREVOKE UPDATE ON here FROM app;\n", ""),
            ("GRANT UPDATE ON here TO app;\nREVOKE UPDATE, DELETE ON here FROM app;\n", BACK),
            ("GRANT ALL ON here TO app;\nGRANT UPDATE ON here TO app;\n", ""),
        ],
    )
    def test_what_is_undone(self, text: str, expected: str) -> None:
        """
        The state after the last statement counts.
        """
        assert expected == said(text)


class TestRoutines:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (FUNCTION, UNCALLED),
            (f"{FUNCTION}SELECT f();\n", ""),
            (f"{FUNCTION}CREATE TRIGGER t BEFORE UPDATE ON a EXECUTE FUNCTION f();\n", ""),
            (f"{FUNCTION}COMMENT ON FUNCTION f IS 'f';\nGRANT EXECUTE ON FUNCTION f TO app;\n", UNCALLED),
            (f"{FUNCTION}BEGIN;\nSELECT f();\nROLLBACK;\n", UNCALLED),
            (f"SELECT 1;\n\\q\nSELECT f();\n{FUNCTION}", PSQL),
            ('CREATE OR REPLACE PROCEDURE "Shop"."F"() AS $$ DELETE FROM here; $$;\n', UNCALLED),
            ("DO $$ BEGIN\n  IF false THEN\n    DELETE FROM here;\n  END IF;\nEND $$;\n", NEVER),
            ("DO $$ BEGIN\n  IF 1 = 2 THEN\n    DELETE FROM here;\n  END IF;\nEND $$;\n", NEVER),
            ("DO $$ BEGIN\n  IF (1 <> 1) THEN\n    DELETE FROM here;\n  END IF;\nEND $$;\n", NEVER),
            ("DO $$ BEGIN\n  IF 1 < 2 THEN\n    DELETE FROM here;\n  END IF;\nEND $$;\n", ""),
            ("DO $$ BEGIN\n  IF 2 > 2 THEN\n    DELETE FROM here;\n  END IF;\nEND $$;\n", NEVER),
            ("DO $$ BEGIN\n  IF a.false_one THEN\n    DELETE FROM here;\n  END IF;\nEND $$;\n", ""),
            ("DO $$ BEGIN\n  IF false THEN\n    x();\n  ELSE\n    DELETE FROM here;\n  END IF;\nEND $$;\n", ""),
            ("DO $$ BEGIN\n  IF false THEN\n    IF a THEN b(); END IF;\n    here();\n  END IF;\nEND $$;\n", NEVER),
            ("DO $$ BEGIN\n  IF false THEN\n    a();\n  END IF;\n  here();\nEND $$;\n", ""),
            ("DO $$ BEGIN\n  WHILE false LOOP\n    here();\n  END LOOP;\nEND $$;\n", NEVER),
            ("DO $$ BEGIN\n  FOR x IN a LOOP\n    here();\n  END LOOP;\nEND $$;\n", ""),
            ("DO $$ BEGIN\n  RETURN;\n  here();\nEND $$;\n", AFTER),
            ("DO $$ BEGIN\n  IF a THEN\n    RETURN;\n  END IF;\n  here();\nEND $$;\n", ""),
            ("DO $$ BEGIN\n  RETURN;\nEXCEPTION WHEN others THEN\n  here();\nEND $$;\n", ""),
            ("DO $$ BEGIN\n  -- here\n  a();\nEND $$;\n", COMMENT),
            ("CREATE FUNCTION g() RETURNS int\nBEGIN\n  RETURN 1;\nEND;\nSELECT g();\nSELECT here;\n", ""),
            ("IF 0 = 1\nBEGIN\n  DELETE FROM here\nEND\n", NEVER),
            ("DROP TABLE IF EXISTS a;\nCREATE TABLE here (x int);\n", ""),
        ],
    )
    def test_a_body(self, text: str, expected: str) -> None:
        """
        A body counts as far as somebody calls it and it comes to the place.
        """
        assert expected == said(text)

    def test_another_file_may_call_it(self) -> None:
        """
        A function is void unless another file says its name.
        """
        judge = judge_of_settings(FUNCTION.encode(), "a.sql")

        assert judge is not None
        assert "f" == judge.judge(60, 61).unless

    @pytest.mark.parametrize(
        "text",
        [
            "IF false THEN\n" * 40_000,
            "GRANT UPDATE ON a TO b;\nREVOKE UPDATE ON a FROM b;\n" * 10_000,
            "CREATE FUNCTION f() AS $$ x $$;\nSELECT g();\n" * 10_000,
            "-- migrate:down\n" * 40_000,
            "".join(f"$x{number}$ " for number in range(60_000)),
            "FOR " * 100_000,
        ],
    )
    def test_a_hostile_text_takes_no_time(self, text: str) -> None:
        """
        Nothing in a text makes the time grow with its square.
        """
        began = time.process_time()
        judge = judge_of_settings(text.encode(), "a.sql")

        assert judge is not None
        judge.judge(0, 1)
        assert 10 > time.process_time() - began
