"""PromQL to a small tree, within bounds that no expression can stall or break."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import promql_parser

from ..errors import FormatError
from ..host.late import late

MAX_LENGTH = 20_000
MAX_SIGNS = 120
"""So many brackets and operators at most: the parser goes down once for each, and nothing catches it when it falls."""

_NESTING = late(
    r"(?P<passed>#[^\n]*+|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`[^`]*+`)|(?P<brace>[{}])"
    r"|(?P<sign>[(\[+\-*/%^<>=!]|\b(?:and|or|unless|atan2)\b)",
    re.IGNORECASE,
)
_BRACKETS = late(r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`[^`]*+`|#[^\n]*+|(?P<bracket>[()\[\]{}])")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_RANGE = late(r"\[\s*(?:\$\w+|\$\{[^{}]*\}|\[\[\w+\]\]|\{\{[^{}]*\}\}|x)\s*(?=[\]:])")
_STEP = late(r":\s*(?:\$\w+|\$\{[^{}]*\}|\[\[\w+\]\]|\{\{[^{}]*\}\})\s*\]")
_LINES = late(
    r"(\{[^{}]{0,2000}\})(?:\"(?:[^\"\\\n]|\\.){0,500}\"|`[^`]{0,500}`|[^\[\]{}\"`]){0,200}?\[([^\[\]]{1,40})\]"
)
_OF_LOGS = late(r"\b(?:bytes_rate|bytes_over_time|rate_counter|count_over_time)\s*\(")
_RENAMED = late(r"\bholt_winters\s*\(")
_BLANK = late(r"\{\{[^{}]*\}\}|\$\{\w+(?::\w+)?\}|\[\[\w+\]\]|\$__?\w+|\$[A-Za-z]\w*")
CONSTANT = "two constants are compared, which Prometheus refuses"
LINES = "log_lines"
FILLED = "filled_in"
"""What stands where a template says nothing yet; no threshold is read from it."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A constant text, as functions take it."""

    value: str


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on a label."""

    label: str
    sign: str
    """``=``, ``!=``, ``=~`` or ``!~``."""
    value: str


@dataclass(frozen=True, slots=True)
class Selector:
    """Series of one metric, at an instant or over a range; lengths of time are in seconds."""

    metric: str
    matchers: tuple[Matcher, ...] = ()
    range: float = 0
    offset: float = 0


@dataclass(frozen=True, slots=True)
class Window:
    """An expression over a range of its own: ``(…)[1h:1m]``."""

    inner: Node
    range: float
    offset: float = 0


@dataclass(frozen=True, slots=True)
class Call:
    """A function of series or numbers."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Series put together: ``sum by (job) (…)``."""

    operator: str
    inner: Node
    parameter: Node | None = None
    labels: tuple[str, ...] = ()
    by: bool = True
    """The labels are those that are kept, rather than those that go."""


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides and what is between them; ``on`` is None where all labels have to match."""

    sign: str
    left: Node
    right: Node
    boolean: bool = False
    """It answers 0 or 1 for each series instead of leaving series out."""
    on: tuple[str, ...] | None = None
    ignoring: tuple[str, ...] = ()


Node = Number | Text | Selector | Window | Call | Aggregate | Binary


def parse(text: str) -> Node:
    """
    The tree of an expression; comments are gone, templates of Grafana and Helm are filled in.

    Raises:
        FormatError: It is no PromQL, or longer or deeper than is read.
    """
    if len(text) > MAX_LENGTH:
        raise FormatError(f"an expression of more than {MAX_LENGTH:,} characters")
    filled = fill(text)
    if _signs(filled) > MAX_SIGNS:
        raise FormatError(f"an expression of more than {MAX_SIGNS} brackets and operators")
    try:
        return _node(promql_parser.parse(filled))
    except (ValueError, UnicodeEncodeError, OverflowError) as error:
        if "between scalars" in str(error):
            raise FormatError(CONSTANT) from None
        raise FormatError(f"no PromQL: {error}") from None


def fill(text: str) -> str:
    """*text* with a plain range or name wherever a template of Grafana or Helm stands."""
    text = _STEP.sub(":]", _RANGE.sub("[5m", text))
    return _RENAMED.sub("double_exponential_smoothing(", _BLANK.sub(FILLED, text))


def of_logs(text: str) -> str:
    """An expression of LogQL as one of PromQL: what is asked of lines becomes a series of its own."""
    return _OF_LOGS.sub("rate(", _LINES.sub(lambda found: f"{LINES}{found[1]}[{found[2]}]", text))


def _signs(text: str) -> int:
    """How many brackets and operators *text* has; those in comments, texts and braces lead nowhere."""
    signs, inside = 0, False
    for found in _NESTING.finditer(text):
        if found["brace"]:
            inside = found["brace"] == "{"
        elif found["sign"] and not inside:
            signs += 1
    return signs


def balanced(text: str) -> bool:
    """Whether every bracket of *text* outside of texts and comments is closed by its own kind."""
    open_: list[str] = []
    for found in _BRACKETS.finditer(text):
        sign = found["bracket"]
        if not sign:
            continue
        if sign in _CLOSING:
            open_.append(_CLOSING[sign])
        elif not open_ or open_.pop() != sign:
            return False
    return not open_


def walk(node: Node) -> Iterator[Node]:
    """*node* and all below it, each before what it holds."""
    todo = [node]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(reversed(inside(node)))


def inside(node: Node) -> tuple[Node, ...]:
    """What *node* directly holds, from left to right."""
    match node:
        case Binary():
            return (node.left, node.right)
        case Call():
            return node.arguments
        case Aggregate():
            return (node.inner,) if node.parameter is None else (node.parameter, node.inner)
        case Window():
            return (node.inner,)
    return ()


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """*node* with what it directly holds changed; a parameter of an aggregation stays."""
    match node:
        case Binary():
            return replace(node, left=change(node.left), right=change(node.right))
        case Call():
            return replace(node, arguments=tuple(map(change, node.arguments)))
        case Aggregate() | Window():
            return replace(node, inner=change(node.inner))
    return node


def _node(parsed: Any) -> Node:
    match parsed:
        case promql_parser.ParenExpr():
            return _node(parsed.expr)
        case promql_parser.NumberLiteral():
            return Number(float(parsed.val))
        case promql_parser.StringLiteral():
            return Text(str(parsed.val))
        case promql_parser.UnaryExpr():
            inner = _node(parsed.expr)
            return Number(-inner.value) if isinstance(inner, Number) else Binary("*", Number(-1.0), inner)
        case promql_parser.VectorSelector():
            return _selector(parsed)
        case promql_parser.MatrixSelector():
            return _selector(parsed.vector_selector, _seconds(parsed.range))
        case promql_parser.SubqueryExpr():
            return Window(_node(parsed.expr), _seconds(parsed.range), _seconds(parsed.offset))
        case promql_parser.Call():
            return Call(str(parsed.func.name), tuple(_node(argument) for argument in parsed.args))
        case promql_parser.AggregateExpr():
            return _aggregate(parsed)
        case promql_parser.BinaryExpr():
            return _binary(parsed)
    raise FormatError(f"a part of PromQL that is not read: {type(parsed).__name__}")


def _selector(parsed: Any, length: float = 0) -> Selector:
    matchers = [Matcher(str(m.name), _SIGNS[str(m.op)], str(m.value)) for m in parsed.matchers.matchers]
    named = next((m.value for m in matchers if m.label == "__name__" and m.sign == "="), "")
    kept = tuple(m for m in matchers if not (m.label == "__name__" and m.sign == "="))
    return Selector(str(parsed.name or named), kept, length, _seconds(parsed.offset))


def _aggregate(parsed: Any) -> Aggregate:
    modifier = parsed.modifier
    by = modifier is None or "By" in str(modifier.type)
    return Aggregate(
        operator=str(parsed.op),
        inner=_node(parsed.expr),
        parameter=None if parsed.param is None else _node(parsed.param),
        labels=() if modifier is None else tuple(map(str, modifier.labels)),
        by=by,
    )


def _binary(parsed: Any) -> Binary:
    modifier = parsed.modifier
    matching = modifier.matching if modifier is not None else None
    labels = tuple(map(str, matching.labels)) if matching is not None else ()
    includes = matching is not None and "Include" in str(matching.type)
    return Binary(
        sign=str(parsed.op),
        left=_node(parsed.lhs),
        right=_node(parsed.rhs),
        boolean=modifier is not None and bool(modifier.return_bool),
        on=labels if includes else None,
        ignoring=() if includes else labels,
    )


def _seconds(length: timedelta | None) -> float:
    return length.total_seconds() if length is not None else 0


_SIGNS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}
