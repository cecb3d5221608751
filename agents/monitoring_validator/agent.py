"""This is where monitoring-validator is put together."""

from __future__ import annotations

from orchestrator import Agent, checks_of

from . import alerting, cost, dashboards, log_levels, log_secrets, log_stores, logging, metrics, paging


class MonitoringValidator(Agent):
    """What happens in production is seen, and the right person hears of it."""

    id = "monitoring-validator"
    criteria = ("OBS-*", "DAT-6.4.*", "CST-7.2.*")
    checks = checks_of(logging, log_levels, log_secrets, log_stores, metrics, dashboards, alerting, paging, cost)
