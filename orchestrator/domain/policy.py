"""This is where the rules of a decision are kept."""

from __future__ import annotations

from .model import Model


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
