"""A form that may declare routes, and is not understood."""

from __future__ import annotations

from typing import NamedTuple


class Untold(NamedTuple):
    """Where one stands, what it is called, and what is to be said of it."""

    line: int
    name: str
    reason: str = "may declare routes, and is of a form that is not understood"
