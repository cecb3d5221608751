"""A form that may declare routes, and is not understood."""

from __future__ import annotations

from typing import NamedTuple


class Untold(NamedTuple):
    """Where one stands, and what it is called."""

    line: int
    name: str
