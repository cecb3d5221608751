"""How one node's turn ended, and what it has to say."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..domain.finding import Finding
from ..domain.outcome import Ending, Exhibit
from ..journal.kinds import Said


class NodeResult(NamedTuple):
    """How a node ended, and what it has to say."""

    ending: Ending
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    crashes: tuple[dict[str, str], ...] = ()
    """Checks that raised: ``check``, ``error`` and ``trace``."""

    def said(self) -> dict[str, Any]:
        """What it has to say as JSON; empty where it says nothing."""
        said: dict[str, Any] = {}
        if self.findings:
            said["findings"] = [f.model_dump(mode="json", exclude_defaults=True) for f in self.findings]
        if self.exhibits:
            said["exhibits"] = [e.model_dump(mode="json") for e in self.exhibits]
        if self.crashes:
            said["crashes"] = list(self.crashes)
        return said

    @classmethod
    def read(cls, ending: Ending, reason: str, said: Said) -> NodeResult:
        """The result as it was recorded."""
        return cls(ending, reason, said.findings, said.exhibits, said.crashes)


COMPLETED = NodeResult(Ending.COMPLETED)
