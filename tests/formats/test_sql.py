"""What has an end in SQL of each dialect, and what is said of what has none."""

from __future__ import annotations

import pytest

from orchestrator.errors import FormatError
from orchestrator.evidence.ddl import read_sql
from orchestrator.formats.sql import statements

AFTER = "\nCREATE TABLE after_it (id int);\n"
CLOSED = {
    "doubled quotes": "INSERT INTO a VALUES ('it''s');",
    "a backslash of MySQL": "INSERT INTO `a` VALUES ('it\\'s');",
    "a backslash without a sign of MySQL": "INSERT INTO a VALUES ('it\\'s');",
    "a path in standard SQL": "INSERT INTO a VALUES ('C:\\');",
    "a path beside backticks": "INSERT INTO `a` VALUES ('C:\\');",
    "an E string": "SELECT E'it\\'s', 'C:\\';",
    "a quote of Oracle": "INSERT INTO a VALUES (q'[it's]', nq'!it's!');",
    "a long text of MySQL": 'INSERT INTO a VALUES ("' + "it's " * 80 + '");',
    "a comment of MySQL": "SELECT 1; # it's\n# it's\n/* ENGINE=x */ SELECT `a`; # it's",
    "operators of PostgreSQL": "SELECT a\n#>> '{b}' FROM c;",
    "nested comments": "/* a /* b */ it's */",
    "comments that do not nest": "/* a /* b */",
    "a template": "{# it's #} SELECT 1;",
    "commands of psql": "\\echo it's\n\\connect shop\nSELECT 1;",
    "rows of COPY": "COPY a (b) FROM stdin;\nit's\t\"\n\\.\n",
    "a column named stdin": "CREATE TABLE a (stdin int);\nSELECT 1;",
    "dollar quotes": "CREATE FUNCTION f() RETURNS int AS $x$ it's $y$ $x$ LANGUAGE sql;",
    "a dollar in a name": "SELECT a$b$c FROM v$session;",
    "a delimiter": "DELIMITER $$\nCREATE TRIGGER t BEFORE UPDATE ON a BEGIN SET @a = 1; END$$\nDELIMITER ;",
    "slashes": "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END //\nDELIMITER ;\n",
    "a column named delimiter": "CREATE TABLE a (\n  delimiter text,\n  b int\n);",
    "batches of T-SQL": "CREATE TABLE [it's] ([a b] int)\nGO\nINSERT INTO [it's] VALUES (1)\nGO 5",
}
OPEN = {
    "a string": ("SELECT 1;\nINSERT INTO a VALUES ('x);", 2),
    "a name": ('CREATE TABLE "a (id int);', 1),
    "a name of MySQL": ("CREATE TABLE `a (id int);", 1),
    "a text of MySQL": ('\n\nINSERT INTO `a` VALUES ("x);', 3),
    "a comment": ("SELECT 1;\n/* x", 2),
    "dollars": ("CREATE FUNCTION f() RETURNS int AS $$ SELECT 1;", 1),
    "tagged dollars": ("DO $do$ x $$;", 1),
    "a quote of Oracle": ("SELECT q'[x';", 1),
}


class TestWhole:
    @pytest.mark.parametrize("case", CLOSED)
    def test_what_has_an_end(self, case):
        """
        What is well-formed in some dialect hides nothing of what follows it.
        """
        changes = read_sql(CLOSED[case] + AFTER, whole=True)

        assert ["after_it"] == [c.table for c in changes if c.kind == "create_table"][-1:]

    @pytest.mark.parametrize("case", OPEN)
    def test_what_has_no_end(self, case):
        """
        What has no end is said with the place where it begins; in a piece of a program's text it is let be.
        """
        text, line = OPEN[case]
        with pytest.raises(FormatError, match="without an end") as caught:
            read_sql(text + AFTER, whole=True)

        assert line == caught.value.line
        assert read_sql(text + AFTER)


class TestLimits:
    def test_many_rows(self):
        """
        However many statements change rows, no change of the schema behind them is lost.
        """
        changes = read_sql("INSERT INTO a VALUES (1);\nDELETE FROM b;\n" * 6_000 + AFTER)

        assert 10_001 == len(changes)
        assert "after_it" == changes[-1].table

    def test_many_changes(self):
        """
        More changes than are kept are refused, not left out.
        """
        with pytest.raises(FormatError, match="more than 10,000 schema changes"):
            read_sql("DROP TABLE a;\n" * 10_001)

    def test_many_words(self):
        """
        A table with more words than are kept is refused, not cut.
        """
        columns = ", ".join(f"c{n} int NOT NULL" for n in range(5_000))
        with pytest.raises(FormatError, match="more than 20,000 words"):
            read_sql(f"CREATE TABLE a ({columns}, d int);")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\\q\nCREATE TABLE a (b int);\n", []),
        ("CREATE TABLE a (b int);\n\\quit\nDROP TABLE a;\n", ["CREATE"]),
        ("\\if false\nCREATE TABLE a (b int);\n\\endif\nDROP TABLE a;\n", ["DROP"]),
        ("\\if 0\nCREATE TABLE a (b int);\n\\else\nDROP TABLE a;\n\\endif\n", ["DROP"]),
        ("\\if :fresh\nCREATE TABLE a (b int);\n\\endif\n", ["CREATE"]),
        ("\\if false\nCREATE TABLE a (b int);\n", []),
        ("\\query\nCREATE TABLE a (b int);\n", ["CREATE"]),
    ],
)
def test_what_psql_leaves_out(text: str, expected: list[str]) -> None:
    """
    What stands after its end, or under a condition that is false.
    """
    found = list(statements(text, whole=True))

    assert expected == [statement.head for statement in found]
    assert all(statement.line == text[: text.index(statement.head)].count("\n") + 1 for statement in found)
