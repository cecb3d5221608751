"""Matches label selectors against labels, also where a template leaves one of them open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ...formats.helm import OPEN

_Thing = TypeVar("_Thing")
_MAX_BUCKET = 2_000
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

    def chosen(self, selector: Selector) -> list[_Thing]:
        """What *selector* selects, in the order of the things; the first of many."""
        exact = list(selector.exact)
        if not exact:
            numbers: Iterable[int] = range(min(len(self._all), _MAX_BUCKET))
        else:
            rarest = min((self._by_label.get(label, []) for label in exact), key=len)
            numbers = sorted({*rarest[:_MAX_BUCKET], *self._loose[:_MAX_BUCKET]})
        return [self._all[n][1] for n in numbers if selector.takes(self._all[n][0])]
