"""Lays out what was found of each kind of signal, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orchestrator import Alerts, Code, Dashboards, Exhibit, Fact, Infrastructure, Signal, Source, many

from . import _alarms
from .audit import AUDIT_CALL, AUDIT_USE
from .log_context import CORRELATION
from .log_stores import SHIPPER_CHART
from .logging import JSON_LOGS, TEXT_LOGS
from .machine_metrics import DATABASE_METRICS, NODE_METRICS
from .metrics import CUSTOM_METRIC, OTEL_METER, REQUEST_METRICS
from .trace_views import SAMPLER
from .tracing import PROPAGATOR, TRACER

_SIGNALS: tuple[tuple[str, str, Signal], ...] = (
    ("logs", "JSON set up", JSON_LOGS),
    ("logs", "free text set up", TEXT_LOGS),
    ("logs", "log agent's chart", SHIPPER_CHART),
    ("logs", "request id", CORRELATION),
    ("metrics", "requests measured", REQUEST_METRICS),
    ("metrics", "OpenTelemetry meter", OTEL_METER),
    ("metrics", "own metrics", CUSTOM_METRIC),
    ("metrics", "machines", NODE_METRICS),
    ("metrics", "database", DATABASE_METRICS),
    ("traces", "tracer", TRACER),
    ("traces", "propagator", PROPAGATOR),
    ("traces", "sampler", SAMPLER),
    ("audit", "library", AUDIT_USE),
    ("audit", "calls", AUDIT_CALL),
)
_KINDS = ("logs", "metrics", "traces", "dashboards", "alerts", "people", "audit")
_SHOWN = 8


def observability_map(facts: Mapping[type[Fact], Fact]) -> Exhibit:
    """A table of every kind of signal with what was found of it; a kind with nothing says so."""
    rows = [*_of_code(facts.get(Code)), *_of_dashboards(facts.get(Dashboards))]
    alerts, infrastructure = facts.get(Alerts), facts.get(Infrastructure)
    if isinstance(alerts, Alerts) and isinstance(infrastructure, Infrastructure):
        rows += _of_alerts(alerts, infrastructure)
    empty = [(kind, "nothing found", "") for kind in _KINDS if kind not in {row[0] for row in rows}]
    return Exhibit(
        title="Observability map",
        note="What the repository itself shows; what is set up elsewhere is not listed.",
        columns=("signal", "found", "where"),
        rows=tuple(sorted([*rows, *empty], key=lambda row: _KINDS.index(row[0]))),
    )


def _of_code(code: Fact | None) -> list[tuple[str, str, str]]:
    if not isinstance(code, Code):
        return []
    found = [(kind, what, code.hits.get(signal.id)) for kind, what, signal in _SIGNALS]
    return [
        (kind, f"{what}: {many(hits.places, 'line')} in {many(hits.files, 'file')}", _places(hits.first))
        for kind, what, hits in found
        if hits
    ]


def _of_dashboards(dashboards: Fact | None) -> list[tuple[str, str, str]]:
    if not isinstance(dashboards, Dashboards):
        return []
    rows = [
        ("dashboards", f"{d.title or 'untitled'} ({d.system}, {many(d.panels, 'panel')})", str(d.source))
        for d in dashboards.files[:_SHOWN]
    ]
    return [*rows, *_more("dashboards", len(dashboards.files))]


def _of_alerts(alerts: Alerts, infrastructure: Infrastructure) -> list[tuple[str, str, str]]:
    rules = _alarms.rules(alerts, infrastructure)
    rows = [
        (
            "alerts",
            ", ".join(
                part
                for part in (
                    rule.title,
                    rule.severity,
                    f"after {rule.holds_for}" if rule.holds_for else "",
                    "runbook" if rule.runbook else "no runbook",
                )
                if part
            ),
            str(rule.source),
        )
        for rule in rules[:_SHOWN]
    ]
    people = [("people", place.text, str(place)) for place in (*alerts.routes, *alerts.escalations)]
    return [*rows, *_more("alerts", len(rules)), *people[:_SHOWN], *_more("people", len(people))]


def _more(kind: str, number: int) -> list[tuple[str, str, str]]:
    return [(kind, f"and {number - _SHOWN} more", "")] if number > _SHOWN else []


def _places(places: Sequence[Source]) -> str:
    return ", ".join(dict.fromkeys(str(place) for place in places[:2]))
