"""Expressions of Terraform come to what Terraform would make of them, or to nothing."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.evidence.inforce.terraform.evaluating import Budget, Evaluator
from orchestrator.evidence.inforce.terraform.values import PRODUCTION, UNKNOWN, Mistaken
from orchestrator.formats.hcl_expressions import Expression, Template

VARIABLES: dict[str, Any] = {
    "off": False,
    "on": True,
    "word": "false",
    "name": "Shop",
    "nothing": None,
    "empty": "",
    "list": [1, 2, 3],
    "none": [],
    "map": {"a": 1, "b": {"on": True}},
    "bare": {},
    "environment": PRODUCTION,
    "half": [1, UNKNOWN],
}


def look_up(kind: str, name: str) -> Any:
    return VARIABLES.get(name, UNKNOWN) if kind == "var" else UNKNOWN


def value(text: str, budget: Budget | None = None) -> Any:
    try:
        return Evaluator(budget or Budget(), look_up).value(Expression(text))
    except Mistaken:
        return Mistaken


KNOWN: list[tuple[str, Any]] = [
    ("1 - 1", 0),
    ("2 + 3 * 4 - 1", 13),
    ("(2 + 3) * 4", 20),
    ("7 / 2", 3.5),
    ("8 / 2", 4),
    ("10 % 3", 1),
    ("-7 % 3", -1),
    ("-var.list[0]", -1),
    ("1 < 2", True),
    ("2 <= 2", True),
    ("2 < 2", False),
    ("2 > 2", False),
    ("2 >= 2", True),
    ("!var.off", True),
    ("!var.word", True),
    ("var.on && var.off", False),
    ("var.on || var.off", True),
    ("var.off && var.unheard", False),
    ("var.unheard || var.on", True),
    ("var.off ? 1 : 0", 0),
    ("var.word ? 1 : 0", 0),
    ("var.unheard ? 1 : 1", 1),
    ("var.off /* for now */ ? 1 : 0", 0),
    ("1 == 1", True),
    ('1 == "1"', False),
    ("true == 1", False),
    ('"a" != "b"', True),
    ("var.nothing == null", True),
    ('var.name == "Shop" ? 2 : 0', 2),
    ("[1, 2] == [1, 2]", True),
    ("[1] == [true]", False),
    ("{ a = 1 } == { a = 1 }", True),
    ("[for x in var.list : x * 2 if x > 1]", [4, 6]),
    ("[for i, x in var.list : i]", [0, 1, 2]),
    ('{ for k, v in var.map : k => "x" if k != "b" }', {"a": "x"}),
    ("{ for x in var.list : x > 1 => x... }", {"false": [1], "true": [2, 3]}),
    ("[for x in range(2) : [for y in range(2) : x * y]]", [[0, 0], [0, 1]]),
    ("var.list[2]", 3),
    ('var.map["b"].on', True),
    ("var.map.b.on", True),
    ("[{ a = 1 }, { a = 2 }][*].a", [1, 2]),
    ("[{ a = 1 }].*.a", [1]),
    ("var.nothing[*]", []),
    ("var.name[*]", ["Shop"]),
    ("try(var.map.c, 5)", 5),
    ("try(var.map.c, var.map.a)", 1),
    ("can(var.map.c)", False),
    ("can(var.map.a)", True),
    ('{ (var.name) = 1, "b${var.name}" = 2, plain : 3 }', {"Shop": 1, "bShop": 2, "plain": 3}),
    ('"${var.name}-${var.list[0]}"', "Shop-1"),
    ('"${var.list}"', [1, 2, 3]),
    ('" ${var.name}  ${var.off} "', " Shop  false "),
    ('"$${var.name}"', "${var.name}"),
    ('var.environment == "production"', True),
    ('var.environment == "prod"', True),
    ('"prod" != var.environment', False),
    ('var.environment == "staging" ? 1 : 0', 0),
    ('terraform.workspace == "live"', True),
    ('lower(var.environment) == "prd"', True),
    ('contains(["dev", "staging"], var.environment)', False),
    ('contains(["dev", "prod"], var.environment)', True),
    ("lookup({ dev = 1, prod = 3 }, var.environment, 2)", 3),
    ("{ dev = 1, prod = 3 }[var.environment]", 3),
]
FUNCTIONS: list[tuple[str, Any]] = [
    ("abs(-3)", 3),
    ("alltrue([true, var.off])", False),
    ("alltrue([])", True),
    ("anytrue([false, var.on])", True),
    ("anytrue([])", False),
    ("ceil(1.2)", 2),
    ("floor(-1.2)", -2),
    ('coalesce(var.nothing, "", "x")', "x"),
    ("coalescelist([], [1])", [1]),
    ('compact(["a", "", null])', ["a"]),
    ("concat([1], [], [2])", [1, 2]),
    ("concat([], var.list)[0]", 1),
    ('contains(["a"], "b")', False),
    ("contains(var.list, 2)", True),
    ("distinct([1, 1, 2])", [1, 2]),
    ("element(var.list, 4)", 2),
    ("flatten([[1, [2]], 3])", [1, 2, 3]),
    ('format("%s-%d%%", var.name, "3")', "Shop-3%"),
    ('format("%v", true)', "true"),
    ('join(",", ["a", 2])', "a,2"),
    ("keys({ b = 1, a = 2 })", ["a", "b"]),
    ("values({ b = 1, a = 2 })", [2, 1]),
    ("length(var.list)", 3),
    ("length(var.bare)", 0),
    ("length(var.empty)", 0),
    ("length(var.half)", 2),
    ('lookup(var.map, "a", 0)', 1),
    ('lookup(var.map, "z", 0)', 0),
    ("lower(var.name)", "shop"),
    ("upper(var.name)", "SHOP"),
    ("max(1, 3, 2)", 3),
    ("min(2, 1)", 1),
    ("merge({ a = 1 }, null, { a = 2, b = 3 })", {"a": 2, "b": 3}),
    ("one([5])", 5),
    ("one([])", None),
    ("range(3)", [0, 1, 2]),
    ("range(1, 6, 2)", [1, 3, 5]),
    ("range(2, 0)", [2, 1]),
    ("length(range(1024))", 1024),
    ('replace("a-b-c", "-", "")', "abc"),
    ("sensitive(var.list)", [1, 2, 3]),
    ("nonsensitive(1)", 1),
    ("slice(var.list, 1, 3)", [2, 3]),
    ('split(",", "a,b")', ["a", "b"]),
    ('startswith("prod-eu", "prod")', True),
    ('endswith("prod-eu", "us")', False),
    ('strcontains("prod-eu", "-")', True),
    ("sum([1, 2.5])", 3.5),
    ('tobool("false")', False),
    ("tobool(null)", None),
    ("tolist([1])", [1]),
    ("tomap({ a = 1 })", {"a": 1}),
    ('tonumber("1.5")', 1.5),
    ("tostring(true)", "true"),
    ("toset([])", []),
    ('toset(["a", "a"])', ["a"]),
    ('trimprefix("v1", "v")', "1"),
    ('trimsuffix("a.tf", ".tf")', "a"),
    ('trimspace(" a ")', "a"),
    ('zipmap(["a", "b"], [1, 2])', {"a": 1, "b": 2}),
    ("concat(var.list...)", Mistaken),
    ("max(var.list...)", 3),
]
UNKNOWABLE = [
    "var.unheard",
    "local.unheard",
    "aws_vpc.main.id",
    "data.aws_region.current.name",
    "path.module",
    "each.key",
    "!var.unheard",
    "-var.unheard",
    "var.unheard && var.on",
    "var.unheard ? 1 : 0",
    "var.unheard == 1",
    "[1, var.unheard] == [1, 2]",
    "length(var.unheard)",
    "[for x in var.unheard : x]",
    "[for x in var.list : x if var.unheard]",
    "{ (var.unheard) = 1 }",
    "merge({ a = 1 }, var.unheard)",
    "concat([1], var.unheard)",
    "coalesce(var.unheard, 1)",
    "contains([var.unheard], 1)",
    'lookup(var.unheard, "a", 1)',
    "try(var.unheard.a, 1)",
    "can(var.unheard.a)",
    "timestamp()",
    'jsondecode(file("a.json")).on',
    'templatefile("a", {})',
    '"a-${var.unheard}"',
    '"%{ if var.on }x%{ endif }"',
    '"${~ var.name ~}"',
    "<<EOT\nx\nEOT\n",
    "var.list.0",
    'format("%5.2f", 1.5)',
    'replace("abc", "/b/", "")',
    "1.5e300 * 1e300",
    "999999999999999 * 10",
    'var.environment == "eu-west"',
    "var.environment == 1",
    '"app-${var.environment}"',
    "length(var.environment)",
    "{ dev = 1, prod = 2, live = 3 }[var.environment]",
    "{ a = 1 }[var.environment]",
    "tostring(1.5)",
    "var.x y",
    "= 3",
    "",
]
REFUSED = [
    "1 / 0",
    "1 % 0",
    "var.list[3]",
    "var.list[-1]",
    'var.map["z"]',
    "var.name.x",
    "var.nothing ? 1 : 0",
    '"yes" && true',
    '1 + "a"',
    "1 + true",
    "1 < null",
    "length(1)",
    "toset(1)",
    "tomap([])",
    "[for x in 1 : x]",
    "{ for x in var.list : 1 => x }",
    "coalesce(null)",
    "coalescelist([])",
    'lookup({}, "a")',
    "element([], 0)",
    "one([1, 2])",
    "range(1025)",
    "range(0, 1, 0)",
    "range(1000000)",
    "range(1, 2, 1, 1)",
    "lookup(var.environment)",
    "slice(var.list, 2, 9)",
    "sum([])",
    "max()",
    'zipmap(["a"], [])',
    'format("%d", "x")',
    'format("%s")',
    'format("x", 1)',
    "try(var.map.c)",
]


@pytest.mark.parametrize(("text", "expected"), [*KNOWN, *FUNCTIONS])
def test_what_is_known(text: str, expected: Any) -> None:
    """
    What depends on literals and known values has a value, of the type that it has there.
    """
    found = value(text)

    assert (type(expected), expected) == (type(found), found)


@pytest.mark.parametrize("text", UNKNOWABLE)
def test_what_is_not(text: str) -> None:
    """
    What depends on anything else, or is written in a form that is not read, has none.
    """
    assert value(text) in (UNKNOWN, PRODUCTION)


@pytest.mark.parametrize("text", REFUSED)
def test_what_terraform_refuses(text: str) -> None:
    """
    A mistake of the author is no value, and nothing that is merely not known: ``try`` goes on behind it.
    """
    assert value(text) is Mistaken
    assert 9 == value(f"try({text}, 9)")


def test_parts_that_are_not_known():
    """
    Of a list or mapping the number of parts may be known where they are not.
    """
    assert [1, UNKNOWN] == value("[1, var.unheard]")
    assert {"a": UNKNOWN} == value("{ a = var.unheard }")
    assert [UNKNOWN, UNKNOWN] == value("toset([var.unheard, aws_vpc.main.id])")


def test_texts_as_they_stand_between_quotes():
    """
    A template is the text between its quotes, and one that is a single expression is that.
    """
    evaluator = Evaluator(Budget(), look_up)

    assert evaluator.value(Template("${var.off}")) is False
    assert "x-Shop" == evaluator.value(Template("x-${var.name}"))
    assert UNKNOWN is evaluator.value(Template("${aws_vpc.main.id}-x"))


def test_values_with_expressions_in_them():
    """
    Lists and mappings are worked out part by part, keys too.
    """
    evaluator = Evaluator(Budget(), look_up)
    written = {Expression("(var.name)"): [Expression("1 + 1"), "1 + 1"], "k": Expression("var.unheard")}

    assert {"Shop": [2, "1 + 1"], "k": UNKNOWN} == evaluator.value(written)
    assert UNKNOWN is evaluator.value({Expression("(var.unheard)"): 1})


class TestHostile:
    @pytest.mark.parametrize(
        "text",
        [
            "(" * 1_000 + "1" + ")" * 1_000,
            "!" * 1_000 + "true",
            "[" * 1_000 + "]" * 1_000,
            "1" + " + 1" * 900,
            "a" + ".b" * 900,
            "[for x in range(1000) : [for y in range(1000) : [for z in range(1000) : z]]]",
            'join("", [for x in range(1000) : "0123456789"])',
            "length([for x in range(1000) : x if length(range(1000)) > 1])",
            "true ? " * 300 + "1" + " : 0" * 300,
        ],
        ids=lambda text: text[:12],
    )
    def test_ends_without_a_value(self, text):
        """
        Deep, long and endless expressions end after a fixed number of steps.
        """
        budget = Budget()
        found = value(text, budget)

        assert UNKNOWN is found or (isinstance(found, list) and len(found) <= 2_000)
        assert Budget().left - budget.left < 60_000

    def test_a_tree_has_one_budget(self):
        """
        When it is used up nothing more is known, in whatever order the expressions stand.
        """
        budget = Budget(steps=5)

        assert [2, UNKNOWN, UNKNOWN] == [value("1 + 1", budget) for _ in range(3)]

    @pytest.mark.parametrize(("steps", "expected"), [(2, 1), (1, UNKNOWN)])
    def test_the_last_step(self, steps, expected):
        """
        What the budget just allows is worked out.
        """
        assert expected == value("1", Budget(steps=steps))

    @pytest.mark.parametrize(("length", "known"), [(4_000, True), (4_001, False)])
    def test_the_longest_text(self, length, known):
        """
        A text of four thousand characters is the longest that is known.
        """
        found = value(f'join("", [for n in range({length - 3_000}) : "x"], ["{"y" * 3_000}"])')

        assert known is (found is not UNKNOWN)

    def test_growth(self):
        """
        No function makes a text or a list that is longer than its bounds.
        """
        long = "x" * 3_000

        assert UNKNOWN is value(f'"{long}${{var.name}}{long}"')
        assert UNKNOWN is value(f'format("%s%s", join("", ["{long}"]), "{long}")'.replace(long, long[:1_990]))
        assert UNKNOWN is value('replace(join("", [for x in range(1000) : "ab"]), "a", "' + "y" * 200 + '")')
        assert UNKNOWN is value("concat([for x in range(1024) : x], range(1024))")
