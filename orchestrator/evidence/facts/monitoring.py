"""Alert rules, and the ways on which alerts reach people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, ClassVar

from ...domain.fact import Aside, Fact, Source
from ...domain.model import AddedLater, Model
from ...domain.signal import Signal
from ..asked import Asked, asked


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
    notes: Annotated[str, AddedLater()] = ""
    """All that it says to people besides, each with its key, at most 500 characters."""
    meaning: Annotated[str, AddedLater()] = ""
    """
    Its expression as PromQL with what recorded series stand for, at most 4,000 characters; empty where that is the
    expression as written, or there is none.
    """

    @cached_property
    def asked(self) -> Asked | None:
        """What its expression asks; None where that is no PromQL."""
        if not self.meaning and self.system != "prometheus":
            return None
        return asked(self.meaning or self.expression)

    @property
    def plain(self) -> str:
        """Its expression without comments, where it is PromQL, and with what recorded series stand for."""
        return self.asked.text if self.asked else self.expression

    @property
    def waits(self) -> float | None:
        """For how many seconds its condition has to hold; None where that cannot be told."""
        if not self.holds_for:
            return 0
        parts = _LENGTH.findall(self.holds_for)
        if not parts or "".join(f"{number}{unit}" for number, unit in parts) != self.holds_for.replace(" ", ""):
            return None
        return sum(int(number) * _UNITS[unit] for number, unit in parts)

    @property
    def source(self) -> Source:
        return Source(path=self.path, line=self.line)


_LENGTH = re.compile(r"(\d{1,9})(ms|[smhdwy])")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "y": 31_536_000}
RULE, ROUTE = "alert rule", "way to people"
"""What is set aside of alerting is one of these."""


class Alerts(Fact):
    """Every alert rule that can fire, and whether anything routes alerts to people."""

    name: ClassVar[str] = "alerts"
    whole: ClassVar[bool] = False

    rules: tuple[AlertRule, ...] = ()
    broken: Annotated[tuple[AlertRule, ...], AddedLater()] = ()
    """Rules of Prometheus that cannot fire by a mistake in what they ask; each of them is set aside, too."""
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

    def has(self, kind: str) -> bool:
        return bool(self.rules if kind == RULE else (*self.routes, *self.escalations))

    def passed_over(self, signals: Iterable[Signal]) -> tuple[Aside, ...]:
        """The alert rules that are not counted, where there are no others."""
        return () if self.rules else self.idle

    @property
    def idle(self) -> tuple[Aside, ...]:
        """The alert rules that are not counted, with the reason of each."""
        return tuple(aside for aside in self.aside if RULE in aside.about)

    @property
    def untold(self) -> int:
        """How many rules there are of which it cannot be told whether they can fire."""
        return sum(1 for aside in self.idle if not aside.void)
