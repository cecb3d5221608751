"""The limits that a repository sets for its own speed and size."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model


class Limit(Model):
    """One limit, as it is written."""

    kind: str
    """load test, page audit, bundle size or timeout."""
    subject: str
    limit: str
    source: Source


class Budgets(Fact):
    """Every limit: thresholds of load tests, budgets of Lighthouse and of bundlers, timeouts of servers and pools."""

    name: ClassVar[str] = "budgets"

    limits: tuple[Limit, ...] = ()

    def of(self, *kinds: str) -> list[Limit]:
        return [limit for limit in self.limits if limit.kind in kinds]
