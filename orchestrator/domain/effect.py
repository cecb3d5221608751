"""What an effect is, and what became of one that acts on the world and was begun."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal, NamedTuple


class Reconciled(NamedTuple):
    """
    What the world says of a step that was begun and has no answer in the record.

    ``done``: it happened; *value* is what it would have answered, as JSON. ``undone``: nothing of it happened, so it
    can be begun anew. ``undecided``: the world does not tell, and a person has to.
    """

    state: Literal["done", "undone", "undecided"]
    value: Any = None
    reason: str = ""

    @classmethod
    def done(cls, value: Any = None, reason: str = "") -> Reconciled:
        """It happened."""
        return cls("done", value, reason)

    @classmethod
    def undone(cls, reason: str = "") -> Reconciled:
        """Nothing of it happened."""
        return cls("undone", None, reason)

    @classmethod
    def undecided(cls, reason: str) -> Reconciled:
        """It cannot be told, and why."""
        return cls("undecided", None, reason)


Do = Callable[[], Awaitable[Any]]
"""Does it, and answers with JSON."""
Reconcile = Callable[[], Awaitable[Reconciled]]
"""Asks the world what became of it."""
