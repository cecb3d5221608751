"""Judges how traces are used: sampled, charted, drawn as a map, and alerted on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    Alerts,
    Code,
    Dashboards,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Resource,
    Signal,
    Source,
    check,
    failed,
    passed,
    unsure,
)

from . import _alarms, _collected
from ._services import BROWSERS, off_pages, onstage
from .tracing import told_to_keep_nothing

_IDLE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: otel}
data:
  collector.yaml: |
    %s:
      %s: {}
    service:
      pipelines:
        traces: {receivers: [otlp], exporters: [otlp]}
"""
SAMPLER = Signal(
    id="monitoring.trace-sampler",
    pattern=r"OTEL_TRACES_SAMPLER(?!.{0,24}always_o(?:n|ff))(?!_ARG\W{1,12}[01](\.0+)?\b(?!\.))(?!_ARG.{1,16}\b[01](\.0+)?\W{0,4}$)|"
    r"trace_id_ratio_based|head_sampling_rate\W{1,4}0?\.\d|^probability:\s*0?\.\d|sampling\W{1,4}probability\W{1,3}0?\.\d|"
    r"SamplingRatio\s*=\s*0?\.\d|SamplingPercentage\W{1,5}[1-9]|"
    r"^-?\s*(tail_sampling|probabilistic_sampler)\b|processors:.*(tail_sampling|probabilistic_sampler)|"
    r"TraceI[Dd]RatioBased(?!\(\s*[01](\.0*)?\s*\))|(tracing\.sampling|sampler)\.probability\s*[=:]\s*(0?\.\d|\$)|"
    r"traces_?sample_?r(ate|)\w*\W{1,4}(0?\.\d|\w*env|\w*config|settings)|"
    r"(?<!OTEL_)traces_?sampler\b|randomSamplingPercentage(?!\W{1,4}100)|DD_TRACE_SAMPLE_RATE(?!\W{1,4}1(\.0*)?\b(?!\.))",
    roles=("source", "infra", "config"),
)
ALWAYS = Signal(
    id="monitoring.trace-everything",
    pattern=r"\bAlwaysSample\(|AlwaysOnSampler\(|ALWAYS_ON\b|OTEL_TRACES_SAMPLER.{0,24}always_on|"
    r"traces_?sample_?rate\W{1,4}1(\.0)?\b(?!\.)|"
    r"(sampling|sampler)\.probability\s*[=:]\s*1(\.0*)?\s*$",
    roles=("source", "infra", "config"),
)


@check(
    "OBS-4.4.4",
    shows=BOTH,
    clean=[
        Example(
            "the collector keeps errors and slow traces",
            {"otel/collector.yaml": "processors:\n  tail_sampling:\n    policies: []\n"},
        )
    ],
    flagged=[
        Example(
            "a sampler that no pipeline has",
            {"otel/collector.yaml": _IDLE % ("processors", "tail_sampling")},
        ),
        Example(
            "each trace is kept", {"main.go": "package main\n\nvar s = sdktrace.WithSampler(sdktrace.AlwaysSample())\n"}
        ),
        Example(
            "a sampler that keeps all",
            {"src/main/resources/application.properties": "spring.sleuth.sampler.probability=1.0\n"},
        ),
    ],
    silent=[
        Example(
            "of a page in a browser",
            {
                "app/utils/sentry.ts": 'import * as Sentry from "@sentry/react"\n'
                "Sentry.init({ dsn: env.DSN, tracesSampleRate: 0.05 })\n"
            },
        ),
        Example(
            "none, unless somebody says so",
            {"app/sentry.py": 'RATE = 1\nTRACES_SAMPLE_RATE = float(os.environ.get("TRACES_SAMPLE_RATE", "0.0"))\n'},
        ),
        Example(
            "part of the services keeps all",
            {
                "a/main.go": "package main\n\nvar s = sdktrace.WithSampler(sdktrace.AlwaysSample())\n",
                "b/main.go": "package main\n\nvar s = sdktrace.TraceIDRatioBased(0.1)\n",
            },
        ),
    ],
    reads=[SAMPLER, ALWAYS, BROWSERS, *_collected.READS],
)
def sampling(code: Code, kubernetes: Kubernetes) -> Iterator[Draft]:
    """A sampler keeps part of the traces: a ratio in the services, or tail sampling in the collector."""
    written = off_pages(code, onstage(code[SAMPLER]))
    chosen = written.saying(lambda hit: not _NONE.search(hit.text))
    nothing = written.saying(lambda hit: _KEEPS_NOTHING.match(hit.text) is not None)
    everything = off_pages(code, onstage(code[ALWAYS])).under(lambda path: "dev" not in path.lower())
    collected = [h for h in chosen if re.search(r"tail_sampling|probabilistic_sampler", h.text)]
    idle = _collected.idle(code, "tailsampling", "probabilisticsampler")
    if off := told_to_keep_nothing(kubernetes):
        yield failed(f"No span is kept: {off[0][1]}", *(place for place, _ in off))
    elif idle:
        yield failed(f"A sampler is set up, and no pipeline has it: {idle[0].text}", *idle, confidence="medium")
    elif chosen and nothing:
        yield unsure(f"Part of the traces is kept, and of some services nothing: {nothing[0].text}", nothing[0])
    elif (given := _collected.from_elsewhere(kubernetes, "OTEL_TRACES_SAMPLER")) and not collected:
        yield unsure("Which part of the traces is kept comes from outside of the tree", given)
    elif everything and chosen and not collected:
        yield unsure(f"Some services sample, and {everything[0]} keeps every trace", everything[0], chosen[0])
    elif chosen:
        yield passed(f"A sampler is configured: {chosen[0].text}", chosen)
    elif everything and all("OTEL_TRACES_SAMPLER" in hit.text for hit in everything):
        yield unsure(f"Every trace is kept, as somebody chose: {everything[0].text}", everything)
    elif everything:
        yield failed(f"Every trace is kept: {everything[0].text}", everything[0], everything, confidence="medium")


_NONE = re.compile(r"[\s\"'(,=:]0(?:\.0+)?[\"')}\s]*$")
"""A rate of nothing, or one that is nothing unless somebody sets it."""
_KEEPS_NOTHING = re.compile(r"[\w.\"']*probability[\"']?\s*[:=]\s*0(?:\.0+)?\s*$")
"""A setting of nothing."""
_SPAN_SERIES = re.compile(
    r"span_?metrics|traces_span|span_name|spanmetrics|latency_bucket\{.*operation=|trace_metrics|xray", re.IGNORECASE
)
SPAN_METRICS = Signal(
    id="monitoring.span-metrics-connector", pattern=r"^span_?metrics(?:/[\w-]+)?:", roles=("infra", "config")
)
_TRACE_STORES = re.compile(r"tempo|jaeger|zipkin|x-?ray", re.IGNORECASE)
_SLOW_SPANS = "histogram_quantile(0.95, rate(traces_spanmetrics_latency_bucket[5m]))"


def _dashboard(expression: str) -> str:
    return (
        '{"title": "Spans", "schemaVersion": 39, "panels": [{"type": "timeseries", "title": "p95", "targets": '
        f'[{{"expr": "{expression}"}}]}}]}}'
    )


@check(
    "OBS-4.4.5",
    shows=BOTH,
    clean=[Example("latency by operation, from span metrics", {"dashboards/spans.json": _dashboard(_SLOW_SPANS)})],
    flagged=[
        Example(
            "of a connector that no pipeline has",
            {
                "otel/collector.yaml": _IDLE % ("connectors", "spanmetrics"),
                "dashboards/spans.json": _dashboard(_SLOW_SPANS),
            },
        )
    ],
    silent=[Example("a dashboard over something else", {"dashboards/cpu.json": _dashboard("node_load1")})],
    reads=[SPAN_METRICS, *_collected.READS],
)
def trace_dashboard(dashboards: Dashboards, infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """A dashboard shows span metrics or asks a trace store."""
    found = [
        d for d in dashboards.made(infrastructure)
        if any(_SPAN_SERIES.search(e) for e in d.expressions) or any(_TRACE_STORES.search(s) for s in d.stores)
    ]  # fmt: skip
    asked = [d for d in found if any(_SPAN_SERIES.search(e) for e in d.expressions)]
    if found and len(asked) == len(found) and (idle := _unmade(code)):
        yield failed(f"Dashboard '{found[0].title}' asks for series that nothing makes", found[0].source, idle)
    elif found:
        yield passed(f"Dashboard '{found[0].title}' is about traces", *(d.source for d in found))


SERVICE_MAP = Signal(
    id="monitoring.service-map",
    pattern=r"^-?\s*servicegraph|(exporters|connectors|receivers|processors):.*service_?graph|service-graphs|"
    r"serviceMap:|kiali|spark-dependencies",
    roles=("infra", "config"),
)


@check(
    "OBS-4.4.6",
    shows=BOTH,
    clean=[
        Example(
            "made by the collector",
            {"otel/collector.yaml": "connectors:\n  servicegraph:\n    latency_histogram_buckets: [1s]\n"},
        )
    ],
    flagged=[
        Example("a connector that no pipeline has", {"otel/collector.yaml": _IDLE % ("connectors", "servicegraph")}),
        Example(
            "of a generator that makes other things",
            {
                "tempo/tempo.yaml": "overrides:\n  defaults:\n    metrics_generator:\n"
                "      processors: [span-metrics]\n",
                "grafana/sources.yaml": "datasources:\n  - name: Tempo\n    jsonData:\n      "
                "serviceMap: {datasourceUid: prometheus}\n",
            },
        ),
    ],
    silent=[Example("drawn by hand", {"docs/services.yaml": "services: [cart, mail]\n"})],
    reads=[SERVICE_MAP, *_collected.READS],
)
def service_map(code: Code, kubernetes: Kubernetes) -> Iterator[Draft]:
    """The map of services is generated from traces or the mesh."""
    hits = code[SERVICE_MAP].places
    drawn = hits.saying(lambda hit: "serviceMap" in hit.text)
    idle = _collected.idle(code, "servicegraph")
    if idle:
        yield failed(f"A graph is to be made, and no pipeline has it: {idle[0].text}", *idle, confidence="medium")
    elif drawn.total == hits.total and hits and (other := _collected.not_generated(code, "service-graphs")):
        text = f"A map is to be drawn of a graph that nothing makes: {other.text}"
        yield failed(text, other, drawn, confidence="medium")
    elif any("kiali" in hit.text.lower() for hit in hits) and (apart := _out_of_the_mesh(kubernetes)):
        yield unsure(f"The mesh is mapped, and namespace {apart[0].resource} is none of it", apart[0].at("metadata"))
    elif hits:
        yield passed(f"The service map is generated: {hits[0].text}", hits)


def _out_of_the_mesh(kubernetes: Kubernetes) -> list[Resource]:
    namespaces = kubernetes.written("Namespace")
    return [n for n in namespaces if n.get("metadata", "labels", "istio-injection") == "disabled"]


@check(
    "OBS-4.4.7",
    shows=BOTH,
    clean=[
        Example(
            "p95 of spans",
            {
                "rules.yml": f"groups:\n  - name: a\n    rules:\n      - alert: SlowSpans\n        "
                f"expr: {_SLOW_SPANS} > 2\n"
            },
        )
    ],
    flagged=[
        Example(
            "of more than ten minutes",
            {
                "rules.yml": f"groups:\n  - name: a\n    rules:\n      - alert: SlowSpans\n        "
                f"expr: {_SLOW_SPANS} > 600\n"
            },
        ),
    ],
    silent=[
        Example(
            "about something else",
            {"rules.yml": "groups:\n  - name: a\n    rules:\n      - alert: Busy\n        expr: node_load1 > 8\n"},
        )
    ],
    reads=[SPAN_METRICS, *_collected.READS],
)
def slow_trace_alert(alerts: Alerts, infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """An alert fires on the duration of spans, within what a request may last."""
    rules = _alarms.told(alerts, infrastructure)
    found = [r for r in rules if _SPAN_SERIES.search(r.plain) and re.search(r"duration|latency", r.plain)]
    late = [rule for rule in found if _waits_for_minutes(rule.plain)]
    if late and len(late) == len(found):
        yield failed(f"Alert {late[0].title} waits for spans of minutes", *(rule.source for rule in late))
    elif found and (idle := _unmade(code)):
        yield failed(f"Alert {found[0].title} asks for series that nothing makes", found[0].source, idle)
    elif found:
        yield passed(f"Alert {found[0].title} fires on slow traces", *(rule.source for rule in found))


def _waits_for_minutes(expression: str) -> bool:
    over = re.findall(r">=?\s*(\d+(?:\.\d+)?)", expression)
    seconds = [float(number) / (1_000 if "millisec" in expression else 1) for number in over]
    return bool(seconds) and min(seconds) >= _TOO_LONG


_TOO_LONG = 300
"""Seconds; hardly a request lasts as long, so that nobody would ever hear of one."""


def _unmade(code: Code) -> Source | None:
    """Where series of spans could be made and are not: by a connector outside of all pipelines, or by a generator."""
    if idle := _collected.idle(code, "spanmetrics"):
        return idle[0]
    return _collected.not_generated(code, "span-metrics") if not code[SPAN_METRICS] else None
