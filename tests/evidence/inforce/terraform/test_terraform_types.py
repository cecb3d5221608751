"""A variable has its value in the type that its declaration asks for."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.evidence.inforce.terraform.types import convert
from orchestrator.evidence.inforce.terraform.values import PRODUCTION, UNKNOWN, Mistaken
from orchestrator.formats.hcl_expressions import Expression, parse

CONVERTED: list[tuple[str, Any, Any]] = [
    ("bool", "true", True),
    ("bool", UNKNOWN, UNKNOWN),
    ("string", PRODUCTION, PRODUCTION),
    ("bool", None, None),
    ("number", "3", 3),
    ("string", 3, "3"),
    ("any", {"a": "1"}, {"a": "1"}),
    ('"string"', True, "true"),
    ('"map"', {"a": 1}, {"a": 1}),
    ("list(number)", ["1", 2], [1, 2]),
    ("set(string)", ["a", "a"], ["a"]),
    ("map(bool)", {"a": "false"}, {"a": False}),
    ("tuple([string, number])", [1, "2"], ["1", 2]),
    ("object({ a = number })", {"a": "1", "more": 2}, {"a": 1}),
    ("object({ a = optional(bool) })", {}, {"a": None}),
    ("object({ a = optional(bool, true) })", {}, {"a": True}),
    ("object({ a = optional(bool, true) })", {"a": None}, {"a": True}),
    ("object({ a = optional(bool, true) })", {"a": False}, {"a": False}),
    ("object({ a = optional(list(string), []) })", {}, {"a": []}),
    ('object({ a = optional(map(string), { k = "v" }) })', {}, {"a": {"k": "v"}}),
    ("object({ a = optional(number, 1 + 1) })", {}, {"a": UNKNOWN}),
    ("list(object({ a = optional(number, 1) }))", [{}, {"a": 2}], [{"a": 1}, {"a": 2}]),
    ("strange(string)", "x", UNKNOWN),
    ("list()", [1], UNKNOWN),
    ("object(string)", {}, UNKNOWN),
]
REFUSED: list[tuple[str, Any]] = [
    ("bool", "yes"),
    ("number", "x"),
    ("string", []),
    ("list(string)", {}),
    ("map(string)", []),
    ("tuple([string])", []),
    ("object({ a = number })", {}),
    ("object({ a = number })", []),
]


@pytest.mark.parametrize(("wanted", "value", "expected"), CONVERTED)
def test_converted(wanted: str, value: Any, expected: Any) -> None:
    """
    Values are converted, left out attributes have their defaults, and attributes that nobody asked for are gone.
    """
    found = convert(value, parse(Expression(wanted)))

    assert (type(expected), expected) == (type(found), found)


@pytest.mark.parametrize(("wanted", "value"), REFUSED)
def test_refused(wanted: str, value: Any) -> None:
    """
    What cannot be converted is the author's mistake.
    """
    with pytest.raises(Mistaken):
        convert(value, parse(Expression(wanted)))


def test_depth():
    """
    A type that is deeper than anybody writes gives nothing that is known.
    """
    value: Any = 1
    for _ in range(30):
        value = [value]
    found = convert(value, parse(Expression("list(" * 30 + "number" + ")" * 30)))
    while isinstance(found, list):
        found = found[0]

    assert UNKNOWN is found
