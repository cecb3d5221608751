"""Tells whether two Kubernetes objects end up in the same namespace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum

from ...formats.helm import OPEN
from ..facts.kubernetes import Resource


class Together(IntEnum):
    """Whether two objects are in one namespace, the best last."""

    APART = 0
    UNTOLD = 1
    """One of them says a namespace, the other leaves it to whoever applies it."""
    SAME = 2


Namespace = Callable[[Resource], str]
"""The namespace that an object ends up in; empty where whoever applies it chooses."""


def together(one: str, other: str) -> Together:
    """Whether namespaces *one* and *other* are the same."""
    if one == other or OPEN in one or OPEN in other:
        return Together.SAME
    return Together.APART if one and other else Together.UNTOLD


def nearest(namespace: str, others: Iterable[Resource], of: Namespace) -> Together | None:
    """How near the nearest of *others* is to *namespace*; None where there are none."""
    return max((together(namespace, of(other)) for other in others), default=None)
