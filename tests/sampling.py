"""Draws what runs every time from a matrix that `make soak` runs as a whole: the same every time, and of every kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
SEED = 9
"""Of every draw: nobody chooses what is cheap, or what is known to pass."""


def drawn(things: Iterable[T], share: int, *, kind: Callable[[T], Hashable] = lambda _: None) -> list[T]:
    """
    Some of *things*, in their order.

    Args:
        things: All of them.
        share: One in how many is drawn.
        kind: Of what kind a thing is; at least one of each kind is among them, and in all not more for that.
    """
    every = list(things)
    places = list(range(len(every)))
    random.Random(SEED).shuffle(places)
    first: dict[Hashable, int] = {}
    for place in places:
        first.setdefault(kind(every[place]), place)
    one_each = set(first.values())
    rest = [place for place in places if place not in one_each]
    chosen = one_each.union(rest[: max(len(every) // share - len(one_each), 0)])
    return [every[place] for place in sorted(chosen)]


def sampled(things: Iterable[T], share: int, *, kind: Callable[[T], Hashable] = lambda _: None) -> list[Any]:
    """*things* as the values of a parameter: those that are not drawn run in `make soak` alone."""
    every = list(things)
    often = drawn(range(len(every)), share, kind=lambda place: kind(every[place]))
    values = (thing if isinstance(thing, tuple) else (thing,) for thing in every)
    return [
        pytest.param(*value, marks=() if place in often else pytest.mark.soak) for place, value in enumerate(values)
    ]


WHOLE = pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["sample", "whole"])
"""A test that draws for itself runs once with a sample, and in `make soak` with all."""
