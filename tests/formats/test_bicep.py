"""Bicep as it is written: what each form of it is read as, where mistakes end, and how long hostile texts take."""

from __future__ import annotations

import time

import pytest

from orchestrator.errors import FormatError
from orchestrator.formats import bicep
from orchestrator.formats.azure import Call, Expression, Loop, Name


def variable(text: str) -> object:
    """What ``var x = text`` is read as."""
    read = bicep.load(f"var x = {text}\n".encode())

    assert [] == [m.error.reason for m in read.mistakes]
    return read.variables["x"]


class TestValues:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("'a'", "a"),
            (r"'it\'s\n\u{41}\${b}'", "it's\nA${b}"),
            ("'a$b'", "a$b"),
            ("'''\na ${b}\n'''", "a ${b}\n"),
            ("3", 3),
            ("-3", -3),
            ("true", True),
            ("false", False),
            ("null", None),
            ("[\n  1\n  2\n]", [1, 2]),
            ("[1, 2]", [1, 2]),
            ("{\n  a: 1 // why\n  'b-c': { d: [] }\n}", {"a": 1, "b-c": {"d": []}}),
            ("{ a: 1, /* b: 2 */ c: 3 }", {"a": 1, "c": 3}),
        ],
    )
    def test_literals(self, text: str, value: object) -> None:
        assert value == variable(text)

    @pytest.mark.parametrize(
        ("text", "call", "arguments"),
        [
            ("'a${b}c'", "concat", 3),
            ("a == 'b'", "equals", 2),
            ("a != 'b'", "differs", 2),
            ("a && b\n  && c", "and", 2),
            ("a ||\n b", "or", 2),
            ("a ?? b", "coalesce", 2),
            ("!a", "not", 1),
            ("a + 1 < 3", "less", 2),
            ("a ? b : c", "if", 3),
            ("a\n  ? b\n  : c", "if", 3),
            ("a.b", "member", 2),
            ("a!.b", "member", 2),
            ("a.?b", "member", 2),
            ("a[0]", "member", 2),
            ("a::b", "member", 2),
            ("a[?0]", "member", 2),
            ("toLower(a)", "toLower", 1),
            ("az.toLower(a)", "toLower", 1),
            ("a.list()", ".list", 0),
            ("map(a, b => b.c)", "map", 2),
            ("(a)", "", 0),
        ],
    )
    def test_expressions(self, text: str, call: str, arguments: int) -> None:
        read = variable(text)

        assert isinstance(read, Expression)
        if not call:
            assert Name("a") == read.tree
        else:
            assert isinstance(read.tree, Call)
            assert (call, arguments) == (read.tree.name, len(read.tree.arguments))

    def test_a_loop(self) -> None:
        read = variable("[for (a, i) in b: { c: a }]")

        assert isinstance(read, Expression)
        assert isinstance(read.tree, Loop)
        assert ("a", "i", {"c": Expression(Name("a"), "a")}) == (read.tree.item, read.tree.place, read.tree.body)

    def test_a_loop_with_a_condition_is_not_understood(self) -> None:
        """
        Its elements are fewer than those that it goes over, and which ones nobody works out.
        """
        read = variable("[for a in b: if (a.on) { c: a }]")

        assert isinstance(read, Expression)
        assert Call("=>") == read.tree


DECLARED = b"""targetScope = 'subscription'
@description('where')
@allowed(['a', 'b'])
param stage string = 'dev'
param size int
param one 'a' | 'b' = 'a'
param many { a: string, b: int? }[] = []
type shape = { a: string?, b: 'x' | 'y' }
func loud(text string) string => '${text}!'
var twice = 2 * 2
resource old 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: 'old'
}
resource store 'Microsoft.Storage/storageAccounts@2023-01-01' = if (stage == 'prod') {
  name: 'store'
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
  resource blobs 'blobServices' = {
    name: 'default'
  }
}
resource each 'Microsoft.Sql/servers@2023-01-01' = [for name in names: if (name != 'x') {
  name: name
}]
module db './db.bicep' = { name: 'db', params: { size: 3 } }
output id string = store.properties.primaryEndpoints.blob
"""


class TestStatements:
    def test_all_of_a_file(self) -> None:
        read = bicep.load(DECLARED)

        assert [] == read.mistakes
        assert {"stage": "dev", "size": bicep.MISSING, "one": "a", "many": []} == read.parameters
        assert ["twice"] == list(read.variables)
        assert [
            ("resource", "old", "Microsoft.KeyVault/vaults@2023-07-01", 11),
            ("resource", "store", "Microsoft.Storage/storageAccounts@2023-01-01", 14),
            ("resource", "each", "Microsoft.Sql/servers@2023-01-01", 23),
            ("module", "db", "./db.bicep", 26),
        ] == [(one.kind, one.name, one.of, one.line) for one in read.declarations]
        old, store, each, _ = read.declarations
        assert (True, False) == (old.existing, store.existing)
        assert (True, "[stage == 'prod']") == (old.given, str(store.given))
        assert ["blobs"] == [inner.name for inner in store.body.inner]
        assert {"name": 15, "properties": 16} == store.body.lines
        assert {"minimumTlsVersion": 17} == store.body["properties"].lines
        assert each.loop is not None
        assert "[name != 'x']" == str(each.given)

    def test_a_mistake_takes_its_own_statement_alone(self) -> None:
        """
        What stands before and behind it is read, and of a resource it is said which type it may be.
        """
        read = bicep.load(
            b"var a = 1\nresource b 'Microsoft.Sql/servers@2023' = {\n  name: = 'x'\n}\nvar c = (\nvar d = 2\n"
        )

        assert {"a": 1, "d": 2} == read.variables
        assert [(3, ("Microsoft.Sql/servers",)), (6, ())] == [(m.error.line, m.kinds) for m in read.mistakes]

    @pytest.mark.parametrize(
        "text",
        [
            "var a = 'b\n",
            "var a = '''b\n",
            "var a = [\n",
            "var a = {\n",
            "var a = b ? c\n",
            "var a = 1 2\n",
            "var a\n",
            "resource a '${b}' = {}\n",
            "resource a 'b' = [a]\n",
            "resource a 'b' = c\n",
            "module a 'b' = [for c of d: {}]\n",
            "nothing a = 1\n",
            "var a = " + "(" * 100 + "1" + ")" * 100,
        ],
    )
    def test_what_is_no_bicep_is_told(self, text: str) -> None:
        assert 1 == len(bicep.load(text.encode()).mistakes)

    def test_so_many_mistakes_are_the_end(self) -> None:
        read = bicep.load(b"var a = )\n" * 500 + b"var b = 1\n")

        assert bicep.MAX_MISTAKES + 1 == len(read.mistakes)
        assert {} == read.variables

    @pytest.mark.parametrize("data", [b"var a = '\xff'", b" " * (bicep.MAX_BYTES + 1)])
    def test_what_is_not_read_at_all(self, data: bytes) -> None:
        with pytest.raises(FormatError):
            bicep.load(data)

    @pytest.mark.parametrize(
        "unit",
        ["(", "[", "{\n", "'${", "var a = (\n", "var a = x(\n", "a ? ", "x.y.", "@a()\n", "/*", "param a b|\n|", "!"],
    )
    def test_hostile_texts_take_time_with_their_size(self, unit: str) -> None:
        """
        No row of open brackets takes long; a parser whose time grows with the square would take minutes.
        """
        began = time.process_time()
        bicep.load((unit * 400_000)[:400_000].encode())

        assert time.process_time() - began < 10
