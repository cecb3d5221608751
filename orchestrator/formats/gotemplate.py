"""Works out an expression of a Go template from the values that are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|\(|\)|\||[^\s()|"`]+')
_MAX_EXPRESSION = 1_000
_MAX_DEPTH = 20


class Unknown:
    """The outcome of an expression that cannot be told."""


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Known:
    """What an expression may ask for: the scope (``Values``, ``Chart`` …), the dot (None at the top) and variables."""

    scope: Mapping[str, Any]
    dot: Any
    variables: Mapping[str, Any]


def evaluate(expression: str, known: Known) -> Any:
    """The value of *expression*, or :data:`UNKNOWN`; a value that the chart could have and has not is None."""
    if len(expression) > _MAX_EXPRESSION or expression.count("\\") > _MAX_DEPTH:
        return UNKNOWN
    value, _ = _pipeline(known, _TOKEN.findall(expression), 0, 0)
    return value


def _pipeline(known: Known, tokens: list[str], position: int, depth: int) -> tuple[Any, int]:
    """One pipeline up to a closing bracket or the end; and where it ended."""
    value: Any = None
    first = True
    while position < len(tokens) and tokens[position] != ")":
        terms: list[Any] = []
        name = tokens[position]
        while position < len(tokens) and tokens[position] not in ("|", ")"):
            if tokens[position] == "(":
                if depth >= _MAX_DEPTH:
                    return UNKNOWN, len(tokens)
                inner, position = _pipeline(known, tokens, position + 1, depth + 1)
                terms.append(inner)
            else:
                terms.append(tokens[position] if not terms and name in _CALLS else _term(known, tokens[position]))
            position += 1
        if not first:
            terms.append(value)
        value = _call(known, name, terms) if name in _CALLS else (terms[0] if first and len(terms) == 1 else UNKNOWN)
        first = False
        if position < len(tokens) and tokens[position] == "|":
            position += 1
    return value, position


_SAME = frozenset(
    {"quote", "squote", "toYaml", "nindent", "indent", "toString", "int", "int64", "tpl", "toJson", "trim", "lower"}
    | {"upper", "trunc", "trimSuffix", "trimPrefix"}
)
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {"lt": lt, "le": le, "gt": gt, "ge": ge}
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda part, text: part in text,
    "hasPrefix": lambda part, text: text.startswith(part),
    "hasSuffix": lambda part, text: text.endswith(part),
}
_KINDS: dict[str, type | tuple[type, ...]] = {
    "map": dict,
    "slice": list,
    "string": str,
    "bool": bool,
    "int": int,
    "float64": (int, float),
}
_CALLS = (
    _SAME
    | {"default", "include", "template", "and", "or", "not", "eq", "ne", "required", "empty"}
    | {"coalesce", "ternary", "len", "hasKey", "kindIs", *_ORDERS, *_TEXTS}
)


def _call(known: Known, name: str, terms: list[Any]) -> Any:
    given = terms[1:]
    if not given:
        return UNKNOWN
    if name in ("include", "template"):
        return _chart_name(known) if re.search(r"\b(full)?name$", str(given[0])) else UNKNOWN
    if name == "tpl":
        return UNKNOWN if isinstance(given[0], str) and "{{" in given[0] else given[0]
    if name in _SAME:
        return given[-1]
    if name in ("default", "required"):
        there = given[-1] is not UNKNOWN and given[-1] not in (None, "", [], {})
        return given[-1] if there else given[0] if name == "default" else UNKNOWN
    if name == "and":
        return False if any(v is not UNKNOWN and not v for v in given) else UNKNOWN if UNKNOWN in given else given[-1]
    if name == "or":
        return next((v for v in given if v is not UNKNOWN and v), UNKNOWN if UNKNOWN in given else given[-1])
    if name == "coalesce":
        return next((v for v in given if v is UNKNOWN or v), None)
    if UNKNOWN in given:
        return UNKNOWN
    if name in ("not", "empty"):
        return not given[0]
    if name in _OTHERS:
        return _other(name, given)
    if len(given) < 2 or any(isinstance(v, (dict, list)) for v in given):
        return UNKNOWN
    return (given[0] in given[1:]) == (name == "eq")


_OTHERS = frozenset({"ternary", "len", "hasKey", "kindIs", *_ORDERS, *_TEXTS})


def _other(name: str, given: list[Any]) -> Any:
    """What the functions come to that ask for values of one kind; they are unknown where those are of another."""
    if name == "len":
        return len(given[0]) if isinstance(given[0], str | list | dict) else UNKNOWN
    if name == "ternary":
        return (given[0] if given[2] else given[1]) if len(given) == 3 else UNKNOWN
    if len(given) != 2:
        return UNKNOWN
    one, other = given
    if name == "hasKey":
        return str(other) in one if isinstance(one, Mapping) else UNKNOWN
    if name == "kindIs":
        kind = _KINDS.get(str(one))
        return UNKNOWN if kind is None else isinstance(other, kind) and (kind is bool or not isinstance(other, bool))
    if name in _TEXTS:
        return _TEXTS[name](one, other) if isinstance(one, str) and isinstance(other, str) else UNKNOWN
    numbers = all(isinstance(value, int | float) for value in given)
    return _ORDERS[name](one, other) if numbers else UNKNOWN


def _chart_name(known: Known) -> Any:
    chart = known.scope.get("Chart")
    return chart.get("Name", UNKNOWN) if isinstance(chart, Mapping) else UNKNOWN


def _term(known: Known, token: str) -> Any:
    if token[0] in '"`':
        return token[1:-1]
    if re.fullmatch(r"-?\d{1,12}", token):
        return int(token)
    if token in ("true", "false"):
        return token == "true"
    dot = known.dot
    if token == ".":
        return UNKNOWN if dot is None else dot
    if token.startswith("$"):
        name, *keys = token.split(".")
        return _lookup(known.scope if name == "$" else known.variables.get(name, UNKNOWN), keys)
    if token.startswith("."):
        keys = token[1:].split(".")
        return _lookup(known.scope if dot is None or keys[0] in known.scope else dot, keys)
    return UNKNOWN


def _lookup(value: Any, keys: list[str]) -> Any:
    for depth, key in enumerate(keys):
        if value is None and depth > 1:
            return None
        if not isinstance(value, Mapping) or (key not in value and (depth == 0 or not value)):
            return UNKNOWN
        value = value.get(key)
    return value
