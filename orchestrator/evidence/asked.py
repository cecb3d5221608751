"""Answers what an expression of PromQL asks: of which series, how far back, and at which figure it fires."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import inf

from ..errors import FormatError
from ..formats.promql import Aggregate, Binary, Call, Matcher, Node, Number, Selector, Window, parse, walk
from ..formats.promql_text import show
from .inforce.series import COMPARISONS, TURNED, series

_LOWER = frozenset({"<", "<="})
_HIGHER = frozenset({">", ">="})
_PERCENT = re.compile(r"percent|_pct\b", re.IGNORECASE)
_SHARE = re.compile(r"percent|_pct\b|ratio|error_?rate", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison, with the constant on its right where there is one."""

    sign: str
    subject: Node
    against: Node
    limit: float | None
    """The constant that it is compared with; None where that is no constant."""

    @property
    def fires_low(self) -> bool:
        """Whether it comes true where the subject is low; a comparison with 0 or 1 takes it for a switch."""
        return self.sign in _LOWER or (self.sign, self.limit) in (("==", 0), ("!=", 1))

    @property
    def fires_high(self) -> bool:
        return self.sign in _HIGHER or (self.sign, self.limit) in (("==", 1), ("!=", 0))

    @property
    def times(self) -> float | None:
        """How many times what it is compared with the subject has to be; None where it is no multiple of anything."""
        if self.sign not in _HIGHER:
            return None
        if self.limit is None:
            return _quotient(_scale(self.against), _scale(self.subject))
        if not isinstance(self.subject, Binary) or self.subject.sign != "/":
            return None
        part, whole = self.subject.left, self.subject.right
        if _constant(whole) is not None:
            return None
        if isinstance(part, Binary) and part.sign == "-" and part.right == whole:
            return self.limit + 1 if _scale(part.left) == _scale(whole) == 1 else None
        scale = _quotient(_scale(whole), _scale(part))
        return None if scale is None else self.limit * scale


@dataclass(frozen=True)
class Asked:
    """What one expression asks."""

    tree: Node

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(walk(self.tree))

    @cached_property
    def selectors(self) -> tuple[Selector, ...]:
        return tuple(node for node in self.nodes if isinstance(node, Selector))

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of its series, each once."""
        return tuple(dict.fromkeys(selector.metric for selector in self.selectors if selector.metric))

    @property
    def matchers(self) -> tuple[Matcher, ...]:
        """What it asks of labels."""
        return tuple(matcher for selector in self.selectors for matcher in selector.matchers)

    @property
    def functions(self) -> frozenset[str]:
        """The functions and aggregations in it."""
        calls = [node.function for node in self.nodes if isinstance(node, Call)]
        return frozenset([*calls, *(node.operator for node in self.nodes if isinstance(node, Aggregate))])

    @property
    def words(self) -> str:
        """Names of series and what is asked of their labels, as text; neither comments nor constants."""
        matched = (f'{m.label}{m.sign}"{m.value}"' for m in self.matchers)
        return " ".join([*self.metrics, *matched])

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every comparison in it."""
        return tuple(_comparison(n) for n in self.nodes if isinstance(n, Binary) and n.sign in COMPARISONS)

    @property
    def windowed(self) -> bool:
        """Whether it looks at more than one sample of a series."""
        return any(isinstance(node, Window) or (isinstance(node, Selector) and node.range > 0) for node in self.nodes)

    @property
    def farthest(self) -> float:
        """How far back it looks for what it compares with, in seconds: the longest offset."""
        offsets = [node.offset for node in self.nodes if isinstance(node, Selector | Window)]
        return max(offsets, default=0)

    @property
    def longest(self) -> float:
        """The longest range that it takes the average of, in seconds."""
        averaged = [n for n in self.nodes if isinstance(n, Call) and n.function.endswith("_over_time")]
        ranges = [p.range for n in averaged for p in n.arguments if isinstance(p, Selector | Window)]
        return max(ranges, default=0)

    @property
    def ahead(self) -> float:
        """How far it looks ahead, in seconds: the farthest forecast of a series; infinite where that is no constant."""
        forecasts = [n for n in self.nodes if isinstance(n, Call) and n.function == "predict_linear"]
        lengths = [_constant(n.arguments[1]) for n in forecasts]
        return max((inf if length is None else length for length in lengths), default=0)

    @property
    def text(self) -> str:
        """The expression itself, without comments and in one way of writing."""
        return show(self.tree)

    @property
    def quantiles(self) -> tuple[float, ...]:
        """The quantiles that it asks for, by function or by label."""
        return tuple(_quantiles(self.nodes))

    @property
    def joined(self) -> bool:
        """Whether it fires only when several conditions hold."""
        return any(
            isinstance(node, Binary)
            and node.sign in ("and", "unless")
            and _compares(node.left)
            and _compares(node.right)
            for node in self.nodes
        )

    def about(self, metric: str) -> tuple[Comparison, ...]:
        """The comparisons in whose subject a metric matches the pattern *metric*."""
        return tuple(
            comparison
            for comparison in self.comparisons
            if any(isinstance(n, Selector) and re.search(metric, n.metric) for n in walk(comparison.subject))
        )

    @property
    def shares(self) -> tuple[tuple[Comparison, float | None], ...]:
        """The comparisons of a share, each with its limit, if that is a constant: 0.01 is one in a hundred."""
        found = [comparison for comparison in self.comparisons if is_share(comparison.subject)]
        return tuple((comparison, _scaled(comparison)) for comparison in found)


def asked(expression: str) -> Asked | None:
    """What *expression* asks; None where it is no PromQL."""
    try:
        return Asked(parse(expression))
    except FormatError:
        return None


def is_share(node: Node) -> bool:
    """Whether *node* is a part of a whole: divided by series, or called a ratio."""
    for inner in walk(node):
        if isinstance(inner, Binary) and inner.sign == "/" and any(isinstance(n, Selector) for n in walk(inner.right)):
            return True
        if isinstance(inner, Selector) and _SHARE.search(inner.metric):
            return True
    return False


def _comparison(node: Binary) -> Comparison:
    left, right = _constant(node.left), _constant(node.right)
    if left is not None and right is None:
        return Comparison(TURNED[node.sign], node.right, node.left, left)
    return Comparison(node.sign, node.left, node.right, right)


def _constant(node: Node) -> float | None:
    if any(isinstance(inner, Selector) for inner in walk(node)):
        return None
    value = series(node).value
    return value.low if value.constant else None


def _scale(node: Node) -> float | None:
    """How many times what it is about *node* comes to; None where that is more than a product."""
    if isinstance(node, Binary):
        if node.sign not in ("*", "/"):
            return None
        left, right = _constant(node.left), _constant(node.right)
        one = _scale(node.left) if left is None else left
        other = _scale(node.right) if right is None else right
        if node.sign == "/":
            return _quotient(one, other)
        return None if one is None or other is None else one * other
    inner = [part for part in walk(node) if isinstance(part, Binary)]
    return 1.0 if all(p.sign == "/" and _constant(p.left) is _constant(p.right) is None for p in inner) else None


def _quotient(one: float | None, other: float | None) -> float | None:
    return None if one is None or not other else one / other


def _compares(node: Node) -> bool:
    return any(isinstance(inner, Binary) and inner.sign in COMPARISONS for inner in walk(node))


def _scaled(comparison: Comparison) -> float | None:
    """The limit as a share of one: a subject in per cent is a hundred times as large."""
    if comparison.limit is None:
        return None
    percent = any(
        (isinstance(node, Binary) and node.sign == "*" and Number(100) in (node.left, node.right))
        or (isinstance(node, Binary) and node.sign == "/" and node.right == Number(0.01))
        or (isinstance(node, Selector) and _PERCENT.search(node.metric))
        for node in walk(comparison.subject)
    )
    return comparison.limit / 100 if percent else comparison.limit


def _quantiles(nodes: tuple[Node, ...]) -> Iterator[float]:
    for node in nodes:
        if isinstance(node, Call) and node.function in ("histogram_quantile", "quantile_over_time"):
            value = _constant(node.arguments[0])
            if value is not None:
                yield value
        elif isinstance(node, Aggregate) and node.operator == "quantile" and isinstance(node.parameter, Number):
            yield node.parameter.value
        elif isinstance(node, Selector):
            yield from (float(m.value) for m in node.matchers if m.label == "quantile" and _FIGURE.fullmatch(m.value))


_FIGURE = re.compile(r"\d(\.\d{1,9})?")
