"""The monitoring-validator agent, put together from its checks."""

from __future__ import annotations

from orchestrator import Agent, Brief, Finding, checks_of

from . import (
    alerting,
    audit,
    audit_stores,
    audit_trails,
    boards,
    chains,
    cost,
    dashboards,
    duty,
    log_context,
    log_days,
    log_levels,
    log_secrets,
    log_stores,
    log_watch,
    logging,
    machine_metrics,
    metrics,
    own_metrics,
    paging,
    trace_views,
    tracing,
)
from ._map import observability_map


class MonitoringValidator(Agent):
    """What happens in production is seen, and the right person hears of it."""

    id = "monitoring-validator"
    criteria = ("OBS-*", "DAT-6.4.*", "CST-7.2.*")
    checks = checks_of(
        logging,
        log_context,
        log_levels,
        log_secrets,
        log_stores,
        log_days,
        log_watch,
        metrics,
        machine_metrics,
        own_metrics,
        dashboards,
        boards,
        alerting,
        paging,
        duty,
        chains,
        tracing,
        trace_views,
        audit,
        audit_stores,
        audit_trails,
        cost,
    )

    async def review(self, brief: Brief) -> list[Finding]:
        brief.show(observability_map(brief.facts))
        return await brief.judge(self.checks)
