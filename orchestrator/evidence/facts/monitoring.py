"""Alert rules, and the ways on which alerts reach people."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model


class AlertRule(Model):
    """One alert: a Prometheus rule, a cloud alarm or a monitor declared in Terraform."""

    title: str
    path: str
    line: int
    system: str
    """prometheus, loki, grafana; cloudwatch, gcp, azure, datadog, newrelic where a check reads infrastructure code."""
    expression: str = ""
    """At most 500 characters; Grafana's queries and thresholds are joined with semicolons."""
    holds_for: str = ""
    severity: str = ""
    runbook: str = ""
    summary: str = ""

    @property
    def source(self) -> Source:
        return Source(path=self.path, line=self.line)


class Alerts(Fact):
    """Every alert rule, and whether anything routes alerts to people."""

    name: ClassVar[str] = "alerts"

    rules: tuple[AlertRule, ...] = ()
    routes: tuple[Source, ...] = ()
    """Receivers that reach people (Alertmanager, Grafana, PagerDuty or Opsgenie resources); ``text`` says how."""
    escalations: tuple[Source, ...] = ()
    """Escalation policies and on-call schedules declared as code."""
    silent: tuple[Source, ...] = ()
    """Receivers that send to nobody; ``text`` is the receiver."""
    by_urgency: tuple[Source, ...] = ()
    """Branches that choose another receiver than the default by severity or priority; ``text`` is the receiver."""
    dampers: tuple[Source, ...] = ()
    """Grouping and inhibition."""
