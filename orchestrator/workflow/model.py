"""A workflow as its file writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from ..domain.model import Model
from ..domain.policy import STRICT, Demand, Policy
from ..domain.policy_file import PolicyConfig, Thresholds, laid_over

Resource = Literal["cpu", "network", "model", "exclusive"]


class NodeSpec(Model):
    """One agent's turn."""

    agent: str
    needs: tuple[str, ...] = ()
    """Agents of the same phase whose turns must be over first."""
    timeout: float = Field(default=300.0, gt=0)
    """Seconds for one attempt."""
    attempts: int = Field(default=1, ge=1, le=10)
    required: bool = True


class GateLimits(Model):
    """How many failed criteria leave a gate open, spelled as in a policy; -1 switches it off."""

    critical: int = Field(default=0, ge=-1)


class GateSpec(Model):
    """What must hold before a phase acts."""

    max_failed: GateLimits = GateLimits()
    when_closed: Literal["judge", "skip"] = "judge"
    """``judge``: agents still judge what they can read and rehearse nothing; ``skip``: the phase does not run."""


class PhaseSpec(Model):
    """Agents that belong together; a phase waits for the one before it unless it says otherwise."""

    id: str
    title: str = ""
    needs: tuple[str, ...] | None = None
    gate: GateSpec | None = None
    nodes: tuple[NodeSpec, ...] = Field(min_length=1)
    demands: Demand = "agents"
    """Which rule of the policy holds its agents to their end: ``require_agents``, ``require_release_steps`` …"""
    on_failure: str = ""
    """The agent that looks into a phase with failures once its nodes are done."""

    @field_validator("nodes", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """A plain agent name stands for a node that says nothing else."""
        return [{"agent": v} if isinstance(v, str) else v for v in value] if isinstance(value, list) else value


class WorkflowSpec(Model):
    """A whole workflow."""

    name: str
    title: str = ""
    phases: tuple[PhaseSpec, ...] = Field(min_length=1)
    policy: PolicyConfig = PolicyConfig()
    thresholds: Thresholds = Thresholds()
    concurrency: dict[Resource, Annotated[int, Field(ge=1, le=64)]] = {}
    """How many turns run at once per resource; defaults to the machine's cores for cpu, 8 for network, 4 for model."""

    @property
    def rules(self) -> Policy:
        """What the workflow asks: its own policy over :data:`STRICT`."""
        return laid_over(STRICT, self)
