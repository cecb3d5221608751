"""The performance-validator agent, put together from its checks."""

from __future__ import annotations

from orchestrator import Agent, Brief, Budgets, Exhibit, Finding, checks_of

from . import (
    assets,
    bundles,
    cache_server,
    caching,
    database,
    delivery,
    load,
    load_reports,
    offline,
    page_cache,
    pools,
    wire,
)

_SHOWN = 60


class PerformanceValidator(Agent):
    """It performs under expected and under peak load."""

    id = "performance-validator"
    criteria = ("PRF-*",)
    checks = checks_of(
        database, pools, caching, cache_server, delivery, page_cache, load, load_reports, assets, bundles, offline, wire
    )

    async def review(self, brief: Brief) -> list[Finding]:
        """Run the checks, and lay open which limits the repository sets itself."""
        brief.show(budget(brief[Budgets]))
        return await brief.judge(self.checks)


def budget(budgets: Budgets) -> Exhibit:
    """The limits of load tests, page audits, bundles and timeouts, in that order."""
    order = ("load test", "page audit", "bundle size", "timeout")
    limits = sorted(budgets.limits, key=lambda x: (order.index(x.kind), x.source.path, x.source.line, x.subject))
    note = f"{len(limits):,} limits that the repository sets itself."
    if len(limits) > _SHOWN:
        note += f" {len(limits) - _SHOWN:,} of them are left out."
    if not limits:
        note = "The repository sets no limit of its own: no threshold, page budget, bundle budget or timeout was found."
    return Exhibit(
        title="Performance budget",
        note=note,
        columns=("kind", "of", "limit", "where"),
        rows=tuple((x.kind, x.subject, x.limit, str(x.source)) for x in limits[:_SHOWN]),
    )
