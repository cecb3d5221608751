"""Evaluates parsed conditions over values of which some are known, some come with the run, and some are settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ....vocabulary import System, meanings
from ..chance import Chance
from .expressions import Call, Literal, Name, Node, NoExpression, Pattern, parse

Scalar = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Value:
    """
    What an expression comes to.

    Args:
        known: Whether it is known.
        value: Then what it is.
        chance: Else what decides it: the run, or a setting that nobody sees.
        prefix: How a text that is not known begins all the same.
        among: The texts that it can be, where those are known.
    """

    known: bool = False
    value: Scalar = None
    chance: Chance = Chance.RUNTIME
    prefix: str = ""
    among: frozenset[str] | None = None

    @property
    def truth(self) -> Chance:
        """The chance that it counts as true."""
        if not self.known:
            return self.chance
        return Chance.ALWAYS if self.value not in (None, "", 0, False) else Chance.NEVER


RUN = Value()
SETTING = Value(chance=Chance.SETTING)
THERE = Value(chance=Chance.ALWAYS)
"""Something that is not known, and never empty."""
Lookup = Callable[[tuple[str, ...]], Value]
Function = Callable[[list[Value]], Value]


def of_row(means: str) -> Value:
    """What a name comes to by its row of the vocabulary; what only a run tells where it has none."""
    return {"setting": SETTING, "there": THERE}.get(means, RUN)


def sure(value: Scalar) -> Value:
    """A value that is known."""
    return Value(True, value)


def of_chance(chance: Chance) -> Value:
    """The truth value of something that comes true with *chance*."""
    if chance in (Chance.ALWAYS, Chance.NEVER):
        return sure(chance is Chance.ALWAYS)
    return Value(chance=chance)


def chance_of(text: str, lookup: Lookup, functions: Mapping[str, Function]) -> Chance:
    """The chance that the condition in *text* holds; one of no known form is somebody's setting."""
    try:
        return evaluate(parse(text), lookup, functions).truth
    except (NoExpression, RecursionError):
        return Chance.SETTING


def evaluate(node: Node, lookup: Lookup, functions: Mapping[str, Function]) -> Value:
    """What *node* comes to."""
    if isinstance(node, Literal):
        return sure(node.value)
    if isinstance(node, Name):
        return lookup(node.parts)
    if isinstance(node, Pattern):
        return sure(node.text)
    if node.name in ("&&", "||"):
        return _logic(node, lookup, functions)
    values = [evaluate(argument, lookup, functions) for argument in node.arguments]
    if node.name == "!":
        return of_chance(values[0].truth.opposite)
    if node.name in ("==", "!="):
        same = equal(values[0], values[1])
        return of_chance(same if node.name == "==" else same.opposite)
    if node.name in ("=~", "!~"):
        fits = _matches(values[0], values[1])
        return of_chance(fits if node.name == "=~" else fits.opposite)
    if node.name in ("<", "<=", ">", ">="):
        return _ordered(node.name, *values)
    function = functions.get(node.name.lower())
    return function(values) if function is not None else Value(chance=_least(values))


def _logic(node: Call, lookup: Lookup, functions: Mapping[str, Function]) -> Value:
    left, right = (evaluate(argument, lookup, functions) for argument in node.arguments)
    decides = left.truth is (Chance.NEVER if node.name == "&&" else Chance.ALWAYS)
    if left.known:
        return left if decides else right  # GitHub's operators give one of their sides, which need not be a truth value
    pick = min if node.name == "&&" else max
    return of_chance(pick(left.truth, right.truth))


def equal(left: Value, right: Value) -> Chance:
    """The chance that two values are equal; texts are compared without regard to case, as these systems do."""
    if left.known and right.known:
        return Chance.ALWAYS if _same(left.value, right.value) else Chance.NEVER
    open_, other = (left, right) if right.known else (right, left)
    if other.known and other.value in (None, "") and open_.chance is Chance.ALWAYS:
        return Chance.NEVER
    if other.known and isinstance(other.value, str):
        text = other.value
        if open_.prefix and not text.lower().startswith(open_.prefix.lower()):
            return Chance.NEVER
        if open_.among is not None and text.lower() not in {one.lower() for one in open_.among}:
            return Chance.NEVER
    return _least([left, right])


def _same(left: Scalar, right: Scalar) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    if type(left) is type(right):
        return left == right
    return _number(left) == _number(right)


def _number(value: Scalar) -> float:
    if value is None or value == "":
        return 0.0
    try:
        return float(value)
    except ValueError:
        return float("nan")


def _ordered(sign: str, left: Value, right: Value) -> Value:
    if not (left.known and right.known):
        return Value(chance=_least([left, right]))
    one, two = _number(left.value), _number(right.value)
    return sure({"<": one < two, "<=": one <= two, ">": one > two, ">=": one >= two}[sign])


def _matches(left: Value, right: Value) -> Chance:
    if not (left.known and right.known) or len(str(right.value)) > 100:
        return _least([left, right])
    if left.value is None:
        return Chance.NEVER
    simple = re.fullmatch(r"(?:\(\?i\))?(\^?)([\w/-]*)(\$?)", str(right.value))
    if simple is None:  # a pattern of somebody else's is not run here
        return Chance.RUNTIME
    text, word = str(left.value), simple[2]
    fits = (
        text == word
        if simple[1] and simple[3]
        else text.startswith(word)
        if simple[1]
        else (text.endswith(word) if simple[3] else word in text)
    )
    return Chance.ALWAYS if fits else Chance.NEVER


def _least(values: list[Value]) -> Chance:
    return min(
        (value.chance for value in values if not value.known and value.chance < Chance.RUNTIME), default=Chance.RUNTIME
    )


def functions(system: System, broken: bool) -> dict[str, Function]:
    """The functions of *system* by their names in lower case, where something is *broken* or nothing is."""
    known: dict[str, Function] = {
        "succeeded": lambda _: sure(not broken),
        "failed": lambda _: sure(broken),
        "always": lambda _: sure(True),
        "never": lambda _: sure(False),
        "contains": contains,
        "starts": starts_with,
        "ends": ends_with,
    }
    return {name.lower(): known[means] for name, means in meanings(system, "function").items()}


def contains(values: list[Value]) -> Value:
    """``contains(text, part)``."""
    if len(values) == 2 and all(v.known and isinstance(v.value, str) for v in values):
        return sure(str(values[1].value).lower() in str(values[0].value).lower())
    return Value(chance=_least(values))


def starts_with(values: list[Value]) -> Value:
    """``startsWith(text, beginning)``."""
    if len(values) == 2 and values[1].known and isinstance(values[1].value, str):
        text, wanted = values[0], values[1].value.lower()
        if text.known:
            return sure(str(text.value or "").lower().startswith(wanted))
        prefix = text.prefix.lower()
        if prefix and not (prefix.startswith(wanted) or wanted.startswith(prefix)):
            return sure(False)
        if prefix.startswith(wanted):
            return sure(True)
        if text.among is not None and not any(one.lower().startswith(wanted) for one in text.among):
            return sure(False)
    return Value(chance=_least(values))


def ends_with(values: list[Value]) -> Value:
    """``endsWith(text, end)``."""
    if len(values) == 2 and all(v.known and isinstance(v.value, str) for v in values):
        return sure(str(values[0].value).lower().endswith(str(values[1].value).lower()))
    return Value(chance=_least(values))
