"""Matches label selectors against labels, also where a template leaves one of them open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ...formats.helm import OPEN

_Thing = TypeVar("_Thing")
MOST_MET = 200
"""So many things with one label a selector is held against; where there are more, it surely selects some of them."""
_GIVEN = frozenset(
    [
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index",
        "controller-revision-hash",
        "pod-template-hash",
        "rollouts-pod-template-hash",
        "job-name",
        "batch.kubernetes.io/job-name",
    ]
)
"""Labels that pods get from what makes them, and that no manifest writes."""


@dataclass(frozen=True)
class Selector:
    """What a selector asks for: labels that must be equal, and expressions."""

    labels: Mapping[str, Any]
    expressions: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Selector:
        """A selector as newer kinds write it, with ``matchLabels`` and ``matchExpressions``."""
        labels, expressions = written.get("matchLabels"), written.get("matchExpressions")
        if OPEN in written:
            return cls({OPEN: True})
        listed = expressions if isinstance(expressions, list) else []
        return cls(labels if isinstance(labels, dict) else {}, tuple(e for e in listed if isinstance(e, dict)))

    @property
    def open(self) -> bool:
        """Whether a template decides about a part of it."""
        values = (*self.labels, *self.labels.values(), *(e.get("values") for e in self.expressions))
        return any(OPEN in str(value) for value in values)

    def takes(self, labels: Mapping[str, Any]) -> bool:
        """Whether it selects what carries *labels*; what a template leaves open on either side may be equal."""
        loose = OPEN in labels or any(OPEN in str(value) for value in labels.values())
        for key, value in self.labels.items():
            if OPEN in f"{key}{value}" or key in _GIVEN:
                continue
            if key not in labels:
                if not loose:
                    return False
            elif str(labels[key]) != str(value) and OPEN not in str(labels[key]):
                return False
        return all(_fits(expression, labels, loose) for expression in self.expressions)

    def names(self, name: str) -> bool:
        """Whether one of its labels has the value *name*, as operators label what they make."""
        return name in map(str, self.labels.values())

    @property
    def exact(self) -> Iterator[tuple[str, str]]:
        """The labels of which the values are known."""
        return ((k, str(v)) for k, v in self.labels.items() if OPEN not in f"{k}{v}" and k not in _GIVEN)


def _fits(expression: Mapping[str, Any], labels: Mapping[str, Any], loose: bool) -> bool:
    key, operator, values = str(expression.get("key")), expression.get("operator"), expression.get("values")
    there = key in labels
    chosen = {str(value) for value in values} if isinstance(values, list) else set()
    if loose or OPEN in str(values):
        return True
    if operator == "In":
        return there and str(labels[key]) in chosen
    if operator == "NotIn":
        return not there or str(labels[key]) not in chosen
    if operator == "Exists":
        return there
    return not there if operator == "DoesNotExist" else True


class Labelled(Generic[_Thing]):
    """Things by their labels, so that a selector meets few of them."""

    def __init__(self, things: Iterable[tuple[Mapping[str, Any], _Thing]]) -> None:
        self._all = list(things)
        self._by_label: dict[tuple[str, str], list[int]] = {}
        self._loose: list[int] = []
        for number, (labels, _) in enumerate(self._all):
            if OPEN in labels or any(OPEN in str(value) for value in labels.values()):
                self._loose.append(number)
            for key, value in labels.items():
                self._by_label.setdefault((key, str(value)), []).append(number)

    def __bool__(self) -> bool:
        return bool(self._all)

    def crowded(self, selector: Selector) -> bool:
        """Whether *selector* would meet too many things to look at each of them."""
        return len(self._met(selector)) > MOST_MET

    def chosen(self, selector: Selector) -> list[_Thing]:
        """What *selector* selects, in the order of the things; among the first of them, where they are too many."""
        return [self._all[n][1] for n in self._met(selector)[:MOST_MET] if selector.takes(self._all[n][0])]

    def _met(self, selector: Selector) -> Sequence[int]:
        """The numbers of what may be selected: what carries the rarest label, and what carries open ones."""
        exact = list(selector.exact)
        if not exact:
            return range(len(self._all))
        rarest = min((self._by_label.get(label, []) for label in exact), key=len)
        if not self._loose or len(rarest) > MOST_MET:
            return rarest
        return sorted({*rarest, *self._loose[: MOST_MET + 1]})
