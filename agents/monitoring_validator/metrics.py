"""Looks for the application's own metrics: requests, business figures, critical logic."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import partial

from orchestrator import (
    ALL,
    PASS,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Manifests,
    Signal,
    check,
    examined,
    passed,
    together,
    unsure,
    words,
)

from ._services import Services, named, onstage, services

REQUEST_METRICS = Signal(
    id="monitoring.request-metrics",
    pattern=words("calls/request-metrics").pattern,
    roles=("source", "infra"),
)
OTEL_SERVER = Signal(
    id="monitoring.otel-server-instrumentation",
    pattern=r"otelhttp\.New(Handler|Middleware)|otelgrpc\.(NewServerHandler|UnaryServer)|(Flask|FastAPI|Django|"
    r"GrpcInstrumentorServer|"
    r"Starlette|WSGI|ASGI)\w*Instrumentor|GrpcInstrumentorServer|auto-instrumentations-node|NodeAutoInstrumentations|"
    r"AddAspNetCoreInstrumentation|otelgin\.|otelmux\.|OpentelemetryPhoenix|OpenTelemetry::SDK\.configure",
    roles=("source", "infra"),
)
OTEL_METER = Signal(
    id="monitoring.otel-meter-provider",
    pattern=r"MeterProvider|MetricExporter\w*|otlpmetric|OTEL_METRICS_EXPORTER(?!.*none)|MetricReader|"
    r"\.WithMetrics\(|auto-instrumentations-node/register",
    roles=("source", "infra"),
)
REQUEST_COUNT = Signal(
    id="monitoring.request-counter",
    pattern=r"[\"'`]\w*(requests?_(total|count)|handled_total)[\"'`]",
)
REQUEST_TIME = Signal(
    id="monitoring.request-histogram",
    pattern=r"[\"'`]\w*(request|http|response|rpc)\w*(duration|latency|seconds)\w*[\"'`]",
)
_ACTUATED = words("packages/request-metrics")
_MIDDLEWARE = (
    "from prometheus_fastapi_instrumentator import Instrumentator\n\nInstrumentator().instrument(app).expose(app)\n"
)


@check(
    "OBS-4.2.2",
    shows=PASS,
    clean=[
        Example("a middleware that counts and times each request", {"shop/app.py": _MIDDLEWARE}),
        Example(
            "a counter and a histogram of its own",
            {
                "metrics.go": 'package web\n\nvar a = counter("http_requests_total")\nvar b = '
                'histogram("http_request_duration_seconds")\n'
            },
        ),
    ],
    flagged=[
        Example(
            "one of two services",
            {
                "cart/Dockerfile": "FROM python:3.13\n",
                "cart/app.py": _MIDDLEWARE,
                "mail/Dockerfile": "FROM python:3.13\n",
                "mail/app.py": "import smtplib\n",
            },
        ),
        Example("traces without a meter", {"main.go": 'package main\n\nvar h = otelhttp.NewHandler(mux, "shop")\n'}),
    ],
    reads=[REQUEST_METRICS, OTEL_SERVER, OTEL_METER, REQUEST_COUNT, REQUEST_TIME],
)
def application_metrics(code: Code, manifests: Manifests, files: Files, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """Each service reports requests, errors and latency: a metrics middleware, an APM agent, or series of its own."""
    known = services(files, dockerfiles)
    actuated = [manifest.at(dependency) for manifest, dependency in manifests.uses(_ACTUATED, development=False)]
    whole = together(code[REQUEST_METRICS].places, actuated)
    for first, second in ((OTEL_SERVER, OTEL_METER), (REQUEST_COUNT, REQUEST_TIME)):
        others = {known.owner(path) for path in code[second].places.files}
        whole = together(whole, code[first].places.under(partial(_in_one_of, known, others)))
    covered = known.coverage(whole.files)
    if covered.whole:
        yield passed(
            f"Requests, errors and latency are measured: {whole[0].text or whole[0].path}",
            whole,
            examined(len(known.roots), "services"),
        )
    elif covered.having:
        text = "{Service|Services} {} {measures} requests; of {others} it cannot be seen"
        yield unsure(named(covered.having).say(text, others=named(covered.lacking)), whole)


def _in_one_of(known: Services, owners: Collection[str | None], path: str) -> bool:
    return known.owner(path) in owners


_BUSINESS = (
    r"(sign.?up|regist|order|checkout|purchase|payment|revenue|subscri|conversion|transaction|booking|donation|invoice)"
)
BUSINESS_EVENT = Signal(
    id="monitoring.business-event",
    pattern=rf"(analytics|mixpanel|posthog|amplitude|segment|rudder\w{{0,12}}|dataLayer)\w{{0,12}}\."
    rf"(track|capture|logEvent|push|event)\(.{{0,80}}{_BUSINESS}|gtag\(\s{{0,5}}['\"]event.{{0,60}}{_BUSINESS}|"
    rf"counter\w{{0,12}}\(?.{{0,60}}[\"'][\w.]{{0,40}}{_BUSINESS}|statsd\w{{0,12}}\.incr\w{{0,12}}\(.{{0,40}}{_BUSINESS}",
    kept=ALL,
)
CUSTOM_METRIC = Signal(
    id="monitoring.custom-metric",
    pattern=r"create_?(counter|histogram)|(Int|Float)64(Counter|Histogram)\(|New(Counter|Histogram)(Vec)?\(|"
    r"\b(Counter|Histogram)\(\s*[\"'{]|"
    r"(Counter|Timer)\.builder|meterRegistry\.(counter|timer|gauge)|@(Timed|Counted)\b|statsd\w*\.(incr|timing|"
    r"gauge|histogram)|"
    r"Create(Counter|Histogram)<?|(counter|histogram)Builder\(",
    kept=ALL,
)
_CURRENCY = re.compile(r"(currency|exchange|unit|type)\W?conversion", re.IGNORECASE)
_CRITICAL = re.compile(
    rf"{_BUSINESS}|cart|pricing|match|import|sync|login|auth|upload|quote|recommend|shipping|billing", re.IGNORECASE
)
_DECLARED = re.compile(r"^(let|const|var|private|static|final|self\.)\s*")
_COUNTERS = 'orders = meter.create_counter("orders.placed")\nrevenue = meter.create_counter("payment.amount")\n'


@check(
    "OBS-4.2.6",
    shows=PASS,
    clean=[Example("orders and payments are counted", {"shop/metrics.py": _COUNTERS})],
    flagged=[
        Example("requests are not business", {"shop/metrics.py": 'requests = meter.create_counter("http.requests")\n'})
    ],
    reads=[BUSINESS_EVENT],
)
def business_figures(code: Code) -> Iterator[Draft]:
    """Signups, orders, payments or revenue are counted or sent to analytics."""
    hits = code[BUSINESS_EVENT].places.saying(lambda hit: not _CURRENCY.search(hit.text))
    if len({hit.text for hit in hits}) >= 2:
        yield passed(f"Business events are counted: {hits[0].text}", hits, confidence="medium")


@check(
    "OBS-4.2.7",
    shows=PASS,
    clean=[
        Example(
            "checkout counts its outcomes",
            {"shop/checkout.py": _COUNTERS, "shop/cart.py": 'items = meter.create_histogram("cart.items")\n'},
        )
    ],
    flagged=[Example("nothing of its own", {"shop/checkout.py": "def pay(order):\n    return charge(order)\n"})],
    reads=[CUSTOM_METRIC],
)
def metrics_of_critical_logic(code: Code) -> Iterator[Draft]:
    """Modules that matter count their outcomes or time their work."""
    hits = onstage(code[CUSTOM_METRIC])
    critical = hits.saying(lambda hit: _CRITICAL.search(f"{hit.path} {hit.text}"))
    if len({_DECLARED.sub("", hit.text) for hit in critical}) >= 3:
        yield passed(f"Critical logic emits metrics of its own: {critical[0].text}", critical, confidence="medium")
    elif hits:
        yield unsure("Metrics of its own exist; whether they cover the critical logic cannot be seen", hits)
