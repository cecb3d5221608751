"""How an agent's turn ended."""

from __future__ import annotations

from enum import StrEnum

from .model import Model
from .policy import Demand


class Ending(StrEnum):
    """How one node ended; only the first two count as done."""

    COMPLETED = "completed"
    NOT_APPLICABLE = "not_applicable"
    UNAVAILABLE = "unavailable"
    ERRORED = "errored"
    TIMED_OUT = "timed_out"
    OVER_BUDGET = "over_budget"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Outcome(Model):
    """How one node of the workflow ended, and why when it did not complete."""

    node: str
    agent: str
    phase: str
    ending: Ending
    reason: str = ""
    required: bool = True
    demand: Demand = "agents"
    """Which rule of the policy requires its end."""

    @property
    def done(self) -> bool:
        return self.ending in (Ending.COMPLETED, Ending.NOT_APPLICABLE)


WORTH_A_LOOK = "Worth a look"
"""The title of the tables of what would fail if it were in force; reports show them in a place of their own."""


class Exhibit(Model):
    """A table that an agent adds to the report: a plan, a matrix, a grouping. It decides nothing."""

    title: str
    note: str = ""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
