"""The rules of a decision."""

from __future__ import annotations

from typing import Annotated, Literal

from .model import AddedLater, Model

Demand = Literal["agents", "release_steps", "production_validation"]
"""What a policy can require of a phase: that its agents, its steps or its validation come to their end."""


class Loosened(Model):
    """One rule that asks less than what ships does."""

    rule: str
    """``policy.max_failed.high``, ``thresholds.score``, ``exclude`` …"""
    shipped: str
    """What it is where nobody says otherwise."""
    here: str
    by: str
    """Who says so: a file or an option."""


class Policy(Model):
    """
    What a release must meet; ``strict`` is the default.

    Limits are numbers of unwaived criteria; a negative limit switches the rule off.
    """

    name: str = "strict"
    max_failed_critical: int = 0
    max_failed_high: int = 0
    max_failed_medium: int = -1
    max_unknown_critical: int = 0
    min_score: float = 90.0
    """Percent."""
    min_area_score: dict[str, float] = {}
    """Area id to percent, for areas with applicable criteria."""
    require_agents: bool = True
    """Every agent of the workflow completed, or had nothing that applies."""
    require_release_steps: bool = True
    require_production_validation: bool = True
    critical_waivers: Annotated[bool, AddedLater()] = True
    """Whether a waiver of a critical criterion opens the gate; a workflow that says nothing of it says no."""
    min_each_area: Annotated[float, AddedLater()] = -1.0
    """Percent that every area with applicable criteria must reach."""
    max_attested_critical: Annotated[float, AddedLater()] = -1.0
    """Percent of the points of critical criteria that may rest on people's words."""
    people_for_critical: Annotated[int, AddedLater()] = 1
    """How many people a word on a critical criterion takes."""
    verified_words: Annotated[bool, AddedLater()] = False
    """Whether a word on a critical or high criterion counts only where a signature shows who speaks."""
    loosened: Annotated[tuple[Loosened, ...], AddedLater()] = ()
    """Rules that ask less than those that ship, and who loosened them."""

    def requires(self, demand: Demand) -> bool:
        """Whether what a phase demands is a rule of this policy."""
        match demand:
            case "agents":
                return self.require_agents
            case "release_steps":
                return self.require_release_steps
            case "production_validation":
                return self.require_production_validation


STRICT = Policy(
    critical_waivers=False, min_each_area=75.0, max_attested_critical=25.0, people_for_critical=2, verified_words=True
)
"""What a workflow asks that says nothing of its own."""
