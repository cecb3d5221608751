"""Does the same to many things, in order, in forks of this process that have everything loaded."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from .judging import judged

T = TypeVar("T")
R = TypeVar("R")
AT_ONCE = 2
_A_TURN = 8
"""Things that a fork takes at once."""


def each(make: Callable[[T], R], things: Sequence[T], at_once: int = AT_ONCE) -> Iterator[R]:
    """
    What *make* gives for each of *things*, in their order.

    Args:
        make: A function of a module; what it gives is sent from one process to another.
        things: All of them.
        at_once: How many forks there are; none where it is 1, for whoever is one of many processes already.
    """
    if at_once == 1 or len(things) < 2 * _A_TURN:
        yield from map(make, things)
        return
    judged({"README.md": "# Nothing\n"})
    gc.collect()
    gc.freeze()  # so that what is here is not looked at, and copied, by each of the forks
    try:
        with multiprocessing.get_context("fork").Pool(at_once) as pool:
            yield from pool.imap(make, things, _A_TURN)
    finally:
        gc.unfreeze()
