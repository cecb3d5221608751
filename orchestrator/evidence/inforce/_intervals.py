"""Numbers of which only the bounds are known."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

_INF = math.inf


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from *low* to *high*, without the bounds that are open; empty where those cross."""

    low: float = -_INF
    high: float = _INF
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        closed = not (self.low_open or self.high_open)
        return math.isnan(self.low) or self.low > self.high or (self.low == self.high and not closed)

    @property
    def constant(self) -> bool:
        return self.low == self.high and not self.empty

    def meet(self, other: Interval) -> Interval:
        """What is in both."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, keeps = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low, high, low_open, not keeps)

    def hull(self, other: Interval) -> Interval:
        """The least that has both in it."""
        if self.empty or other.empty:
            return other if self.empty else self
        low, low_open = min((self.low, self.low_open), (other.low, other.low_open))
        high, keeps = max((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low, high, low_open, not keeps)

    def within(self, other: Interval) -> bool:
        """Whether all of it lies in *other*."""
        return self.meet(other) == self

    def calculate(self, sign: str, other: Interval) -> Interval:
        """The bounds of what arithmetic makes of one number of each."""
        if sign == "+":
            return Interval(_sum(self.low, other.low, -_INF), _sum(self.high, other.high, _INF))
        if sign == "-":
            return Interval(_sum(self.low, -other.high, -_INF), _sum(self.high, -other.low, _INF))
        if sign == "*":
            corners = [_product(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
            return Interval(min(corners), max(corners))
        if sign == "/":
            return self._divided(other)
        if sign == "%" and other.constant and other.low:
            return Interval(-abs(other.low), abs(other.low))
        if sign == "^" and self.constant and other.constant:
            return _power(self.low, other.low)
        return Interval()

    def _divided(self, other: Interval) -> Interval:
        if other.low > 0 or other.high < 0:
            return self.calculate("*", Interval(_inverse(other.high), _inverse(other.low)))
        return Interval(0) if self.low >= 0 and other.low >= 0 else Interval()

    def holds(self, sign: str, other: Interval) -> bool | None:
        """Whether a number of it stands so to one of *other*; None where it can be so and otherwise."""
        if math.isnan(self.low) or math.isnan(other.low):
            return sign == "!="
        if not self.empty and not other.empty and self.narrowed(sign, other).empty:
            return False
        denied = self.narrowed(_DENIED[sign], other)
        return True if denied.empty and not self.empty and not other.empty else None

    def narrowed(self, sign: str, other: Interval) -> Interval:
        """What of it can stand so to some number of *other*."""
        if sign == "==":
            return self.meet(other)
        if sign == "!=":
            alone = self.constant and other.constant and self.low == other.low
            return Interval(1, 0) if alone else self
        if sign in (">", ">="):
            return self.meet(Interval(low=other.low, low_open=other.low_open or sign == ">"))
        return self.meet(Interval(high=other.high, high_open=other.high_open or sign == "<"))

    def at_least(self, low: float) -> Interval:
        return replace(self, low=max(self.low, low), low_open=self.low_open and self.low >= low)


EVERY = Interval()


def exactly(value: float) -> Interval:
    return Interval(value, value)


def _sum(a: float, b: float, otherwise: float) -> float:
    total = a + b
    return otherwise if math.isnan(total) else total


def _product(a: float, b: float) -> float:
    return 0.0 if 0 in (a, b) else a * b


def _inverse(value: float) -> float:
    return 1 / value if value else _INF


def _power(base: float, exponent: float) -> Interval:
    try:
        raised = base**exponent
    except (OverflowError, ZeroDivisionError):
        return Interval()
    return Interval() if isinstance(raised, complex) else exactly(raised)


_DENIED = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "==": "!=", "!=": "=="}
