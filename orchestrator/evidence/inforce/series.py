"""What an expression of PromQL can come out as: between which bounds, of which labels, and whether as anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum
from math import ceil, floor, inf

from ...formats.promql import Aggregate, Binary, Call, Matcher, Node, Number, Selector, Window
from ...formats.promql_text import show
from ._intervals import EVERY, Interval, exactly


class Labels(IntEnum):
    """Whether series have labels."""

    NONE = 0
    ANY = 1
    SOME = 2


@dataclass(frozen=True, slots=True)
class Series:
    """What can be said of what an expression comes out as."""

    value: Interval = EVERY
    nothing: bool = False
    """It never comes out as anything."""
    sure: bool = False
    """It always comes out as something."""
    labels: Labels = Labels.ANY
    fixed: tuple[tuple[str, str], ...] = ()
    """Labels of which the value is known."""
    bounds: tuple[tuple[str, Interval], ...] = ()
    """What has been asked of which series, all of whose labels are still there."""


_GAUGE = re.compile(
    r"(^|:)(up|probe_success|(pg|postgres|mysql|mariadb|redis|mongodb|nginx|memcached|rabbitmq|mssql|oracledb)_up)$"
)
_NEVER_NEGATIVE = re.compile(r"_(total|count|bucket|bytes)$")
_COUNTERS = frozenset({"rate", "irate", "increase"})
_LEAST_RANGE = 2.0
"""A rate needs two samples, and nobody takes one each second."""
_NEVER_REACHED = 1e18
"""Nothing that is measured becomes so large."""
_ONES = frozenset({"present_over_time", "group"})
_POSITIVE = frozenset({"changes", "resets", "stddev_over_time", "stdvar_over_time", "exp", "sqrt", "time", "timestamp"})
_SAME = frozenset({
    "avg_over_time", "min_over_time", "max_over_time", "last_over_time", "first_over_time", "quantile_over_time",
    "sort", "sort_desc", "sort_by_label", "sort_by_label_desc", "label_replace", "label_join", "avg", "min", "max",
    "quantile", "topk", "bottomk", "limitk", "limit_ratio",
})  # fmt: skip
_KEEP_SERIES = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_CALENDAR = {
    "hour": (0, 23), "minute": (0, 59), "day_of_week": (0, 6), "day_of_month": (1, 31), "day_of_year": (1, 366),
    "days_in_month": (28, 31), "month": (1, 12), "pi": (3.14159265, 3.14159266), "sgn": (-1, 1),
}  # fmt: skip
COMPARISONS = frozenset({">", "<", ">=", "<=", "==", "!="})
SETS = frozenset({"and", "or", "unless"})


def series(node: Node) -> Series:
    """What *node* can come out as."""
    match node:
        case Number():
            return Series(exactly(node.value), sure=True, labels=Labels.NONE)
        case Selector():
            return _selected(node)
        case Window():
            inner = series(node.inner)
            return replace(inner, bounds=())
        case Call():
            return _called(node)
        case Aggregate():
            return _aggregated(node)
        case Binary(sign="and"):
            return _both(node, series(node.left), series(node.right))
        case Binary(sign="or"):
            return _either(series(node.left), series(node.right))
        case Binary(sign="unless"):
            return _unless(node, series(node.left), series(node.right))
        case Binary():
            left, right = series(node.left), series(node.right)
            return (_compared if node.sign in COMPARISONS else _computed)(node, left, right)
    return Series(sure=True)


def _selected(node: Selector) -> Series:
    value = Interval(0, 1) if _GAUGE.search(node.metric) else EVERY
    if _NEVER_NEGATIVE.search(node.metric):
        value = Interval(0)
    fixed = tuple((m.label, m.value) for m in node.matchers if m.sign == "=" and m.value)
    recorded = ":" in node.metric or not node.metric
    labels = Labels.ANY if recorded else Labels.SOME
    return Series(value, nothing=_contradictory(node.matchers), labels=labels, fixed=fixed)


def _contradictory(matchers: tuple[Matcher, ...]) -> bool:
    """Whether no series can meet all *matchers*."""
    equal: dict[str, str] = {}
    for matcher in matchers:
        if matcher.sign == "=" and equal.setdefault(matcher.label, matcher.value) != matcher.value:
            return True
    return any(
        (m.sign == "!=" and equal.get(m.label) == m.value)
        or (m.sign in ("=~", "!~") and m.label in equal and _listed(equal[m.label], m) is False)
        or (m.sign == "!~" and m.value in (".*", ".+|"))
        for m in matchers
    )


def _listed(value: str, matcher: Matcher) -> bool | None:
    """Whether *value* meets a matcher by pattern that is a plain list; None for other patterns."""
    choices = matcher.value.split("|")
    if not all(re.fullmatch(r"[\w-]*", choice) for choice in choices):
        return None
    return (value in choices) == (matcher.sign == "=~")


def _called(node: Call) -> Series:
    name, arguments = node.function, [series(argument) for argument in node.arguments]
    first = arguments[0] if arguments else Series(sure=True, labels=Labels.NONE)
    if name == "vector":
        return Series(first.value, sure=True, labels=Labels.NONE)
    if name == "scalar":
        return Series(first.value, sure=True, labels=Labels.NONE)
    if name in ("absent", "absent_over_time"):
        return Series(exactly(1), nothing=first.sure, sure=first.nothing)
    if name in ("time", "pi") or not arguments:
        bounds = _CALENDAR.get(name)
        return Series(Interval(*bounds) if bounds else Interval(0), sure=True, labels=Labels.NONE)
    kept = arguments[1] if name in ("quantile_over_time", "histogram_quantile") and len(arguments) > 1 else first
    short = name in _COUNTERS and isinstance(node.arguments[0], Selector) and node.arguments[0].range < _LEAST_RANGE
    labels = Labels.ANY if name in ("label_replace", "label_join") else kept.labels
    fixed = () if name in ("label_replace", "label_join") else kept.fixed
    value = _of_function(name, kept.value, arguments)
    return Series(value, nothing=kept.nothing or short, sure=kept.sure, labels=labels, fixed=fixed)


def _of_function(name: str, value: Interval, arguments: list[Series]) -> Interval:
    if name in _SAME:
        return value
    if name in _CALENDAR:
        return Interval(*_CALENDAR[name])
    if name in _ONES:
        return exactly(1)
    if name == "count_over_time":
        return Interval(1)
    if name in _COUNTERS or name in _POSITIVE:
        return Interval(0)
    if name == "sum_over_time":
        return _summed(value)
    if name == "abs":
        return value if value.low >= 0 else Interval(0, max(-value.low, value.high))
    if name in ("ceil", "floor", "round"):
        return Interval(_whole(value.low, floor), _whole(value.high, ceil)) if len(arguments) == 1 else EVERY
    if name == "clamp_min":
        return Interval(max(value.low, arguments[1].value.low), max(value.high, arguments[1].value.high))
    if name == "clamp_max":
        return Interval(min(value.low, arguments[1].value.low), min(value.high, arguments[1].value.high))
    if name == "clamp" and arguments[1].value.low <= arguments[2].value.high:
        return Interval(arguments[1].value.low, arguments[2].value.high)
    return EVERY


def _whole(bound: float, rounded: type[int] | object) -> float:
    return bound if abs(bound) == inf else float(rounded(bound))  # type: ignore[operator]  # floor or ceil


def _summed(value: Interval) -> Interval:
    """The sum of one or more of *value*."""
    return Interval(value.low if value.low >= 0 else -inf, value.high if value.high <= 0 else inf)


def _aggregated(node: Aggregate) -> Series:
    inner, name = series(node.inner), node.operator
    if name in _KEEP_SERIES:
        return replace(inner, bounds=())
    if name in ("count", "count_values"):
        value = Interval(1)
    elif name in ("stddev", "stdvar"):
        value = Interval(0)
    elif name == "sum":
        value = _summed(inner.value) if inner.labels is not Labels.NONE else inner.value
    else:
        value = _of_function(name, inner.value, [inner])
    fixed = tuple((k, v) for k, v in inner.fixed if (k in node.labels) == node.by)
    bare = inner.labels is Labels.NONE or (node.by and not node.labels)
    return Series(value, inner.nothing, inner.sure, Labels.NONE if bare else Labels.ANY, fixed)


def _computed(node: Binary, left: Series, right: Series) -> Series:
    value = left.value.calculate(node.sign, right.value)
    if (times := _times_share(node)) is not None:
        value = value.meet(Interval(0, times))
    elif node.sign in "-/" and not isinstance(node.left, Number) and show(node.left) == show(node.right):
        value = exactly(0 if node.sign == "-" else 1)
    return replace(_joined(node, left, right), value=value)


def _compared(node: Binary, left: Series, right: Series) -> Series:
    joined = _joined(node, left, right)
    holds = left.value.holds(node.sign, right.value)
    if node.boolean:
        return replace(joined, value=Interval(0, 1) if holds is None else exactly(float(holds)))
    turned = isinstance(node.left, Number)  # 1 > x leaves x
    side, other, subject = (right, left, node.right) if turned else (left, right, node.left)
    value = side.value.narrowed(TURNED[node.sign] if turned else node.sign, other.value)
    bounds = dict(side.bounds)
    if turned or isinstance(node.right, Number):
        key = show(subject)
        bounds[key] = bounds.get(key, EVERY).meet(value)
    nothing = joined.nothing or holds is False or value.empty or value.low >= _NEVER_REACHED
    sure = joined.sure and holds is True
    return replace(joined, value=value, nothing=nothing, sure=sure, bounds=tuple(bounds.items()))


def _joined(node: Binary, left: Series, right: Series) -> Series:
    """What two sides have in common: the labels, and whether there can be anything."""
    nothing = left.nothing or right.nothing or _strangers(node, left, right)
    if isinstance(node.left, Number | Call) and left.labels is Labels.NONE and left.sure:
        labels, fixed = right.labels, right.fixed
    else:
        labels, fixed = left.labels, left.fixed
    sure = left.sure and right.sure and Labels.SOME not in (left.labels, right.labels)
    return Series(EVERY, nothing, sure and not nothing, labels, fixed)


def _strangers(node: Binary, left: Series, right: Series) -> bool:
    """Whether no series of the left can have the labels of one of the right."""
    if _plain_number(node.left) or _plain_number(node.right):
        return False
    if node.on is None and not node.ignoring and {left.labels, right.labels} == {Labels.NONE, Labels.SOME}:
        return True
    matched = dict(right.fixed)
    return any(
        label in matched and matched[label] != value
        for label, value in left.fixed
        if label not in node.ignoring and (node.on is None or label in node.on)
    )


def _plain_number(node: Node) -> bool:
    """Whether *node* is a number rather than series, so that no labels have to match."""
    if isinstance(node, Binary):
        return _plain_number(node.left) and _plain_number(node.right)
    return isinstance(node, Number) or (isinstance(node, Call) and node.function in ("scalar", "time", "pi"))


def _both(node: Binary, left: Series, right: Series) -> Series:
    if left.nothing or right.nothing or _strangers(node, left, right):
        return Series(nothing=True)
    bounds = dict(left.bounds)
    if node.on is None and not node.ignoring:
        for key, value in right.bounds:
            bounds[key] = bounds.get(key, EVERY).meet(value)
    crossed = any(value.empty for value in bounds.values())
    sure = left.sure and right.sure and (node.on == () or {left.labels, right.labels} == {Labels.NONE})
    return replace(left, nothing=crossed, sure=sure and not crossed, bounds=tuple(bounds.items()))


def _either(left: Series, right: Series) -> Series:
    if left.nothing or right.nothing:
        kept = right if left.nothing else left
        return replace(kept, nothing=left.nothing and right.nothing)
    labels = left.labels if left.labels == right.labels else Labels.ANY
    return Series(left.value.hull(right.value), sure=left.sure or right.sure, labels=labels)


def _unless(node: Binary, left: Series, right: Series) -> Series:
    whole = node.on is None and not node.ignoring
    taken = right.sure and (node.on == () or {left.labels, right.labels} == {Labels.NONE})
    same = whole and show(node.left) == show(node.right)
    wider = whole and len(right.bounds) == 1 and _covers(right.bounds[0], left.bounds)
    nothing = left.nothing or taken or same or wider
    return replace(left, nothing=nothing, sure=left.sure and right.nothing)


def _covers(asked: tuple[str, Interval], bounds: tuple[tuple[str, Interval], ...]) -> bool:
    key, value = asked
    return any(name == key and own.within(value) for name, own in bounds)


def _times_share(node: Binary) -> float | None:
    """By what the share of a part in its whole is multiplied; None where it is none."""
    if node.sign != "/":
        return None
    times = 1.0
    inner: Node = node.left
    if isinstance(inner, Binary) and inner.sign == "*":
        for number, other in ((inner.left, inner.right), (inner.right, inner.left)):
            if isinstance(number, Number) and number.value > 0:
                times, inner = number.value, other
    part, whole = _counted(inner), _counted(node.right)
    if part is None or whole is None or part.metric != whole.metric or not part.metric:
        return None
    alike = _outline(inner) == _outline(node.right) and (part.range, part.offset) == (whole.range, whole.offset)
    return times if alike and set(whole.matchers) <= set(part.matchers) else None


def _counted(node: Node) -> Selector | None:
    """The counter of which *node* is a sum of rates."""
    while True:
        if isinstance(node, Aggregate) and node.operator == "sum":
            node = node.inner
        elif isinstance(node, Call) and node.function in _COUNTERS and len(node.arguments) == 1:
            node = node.arguments[0]
        else:
            return node if isinstance(node, Selector) else None


def _outline(node: Node) -> tuple[object, ...]:
    """How the series of *node* are put together, without which they are."""
    if isinstance(node, Aggregate):
        return (node.operator, node.labels, node.by, *_outline(node.inner))
    return (node.function, *_outline(node.arguments[0])) if isinstance(node, Call) else ()


TURNED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}
"""A comparison with its sides changed over."""
