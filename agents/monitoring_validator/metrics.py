"""This is where metrics are judged by their source: the application's own, the machines', the database's, the business's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    Block,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Infrastructure,
    Manifests,
    Signal,
    Source,
    as_flag,
    check,
    examined,
    failed,
    passed,
    unsure,
)

from ._services import names, onstage, services

REQUEST_METRICS = Signal(
    id="monitoring.request-metrics",
    anchors=(
        "Instrumentator(", "PrometheusMiddleware", "django_prometheus.middleware", "PrometheusMetrics(", "opentelemetry-instrument",
        "prom-bundle", "promBundle", "prometheus-middleware", "InstrumentHandler", "grpc_prometheus", "grpcprom", "echoprometheus",
        "ginprometheus", "go-http-metrics", "javaagent", "PrometheusExporter::Middleware", "Yabeda", "Prometheus::Middleware",
        "UseHttpMetrics", "PrometheusMetricLayer", "actix_web_prom", "PromEx", "ddtrace", "dd-trace", "newrelic", "elasticapm",
        "elastic-apm", "scout_apm", "appsignal", "skylight",
    ),
    pattern=r"\bInstrumentator\(|PrometheusMiddleware|django_prometheus\.middleware|PrometheusMetrics\(|^CMD.*opentelemetry-instrument|"
    r"ENTRYPOINT.*opentelemetry-instrument|prom-?bundle\(|require\(.*prom-bundle|prometheus-middleware['\"]|InstrumentHandler|"
    r"grpc_?prom(etheus)?\.\w|echoprometheus\.|ginprometheus\.|go-http-metrics|-javaagent:\S*(newrelic|dd-java|elastic-apm|opentelemetry)|"
    r"PrometheusExporter::Middleware|Yabeda\.configure|Prometheus::Middleware::Collector|UseHttpMetrics\(|PrometheusMetricLayer|"
    r"actix_web_prom|use PromEx|ddtrace-run|ddtrace\.(auto|patch)|require\(['\"](dd-trace|newrelic|elastic-apm-node)|newrelic-admin|"
    r"newrelic\.agent\.initialize|elasticapm\.contrib|scout_apm\.\w|Appsignal\.|Skylight\.",
    roles=("source", "infra"),
)  # fmt: skip
OTEL_SERVER = Signal(
    id="monitoring.otel-server-instrumentation",
    anchors=("otelhttp.New", "otelgrpc", "Instrumentor", "auto-instrumentations", "AspNetCoreInstrumentation", "otelgin", "otelmux",
             "OpentelemetryPhoenix", "NodeAutoInstrumentations", "OpenTelemetry::SDK.configure", "createMeterProvider"),
    pattern=r"otelhttp\.New(Handler|Middleware)|otelgrpc\.(NewServerHandler|UnaryServer)|(Flask|FastAPI|Django|GrpcInstrumentorServer|"
    r"Starlette|WSGI|ASGI)\w*Instrumentor|GrpcInstrumentorServer|auto-instrumentations-node|NodeAutoInstrumentations|"
    r"AddAspNetCoreInstrumentation|otelgin\.|otelmux\.|OpentelemetryPhoenix|OpenTelemetry::SDK\.configure",
    roles=("source", "infra"),
)  # fmt: skip
OTEL_METER = Signal(
    id="monitoring.otel-meter-provider",
    anchors=(
        "MeterProvider",
        "MetricExporter",
        "otlpmetric",
        "OTEL_METRICS_EXPORTER",
        "MetricReader",
        "WithMetrics",
        "auto-instrumentations",
    ),
    pattern=r"MeterProvider|MetricExporter\w*|otlpmetric|OTEL_METRICS_EXPORTER(?!.*none)|MetricReader|\.WithMetrics\(|auto-instrumentations-node/register",
    roles=("source", "infra"),
)
REQUEST_COUNT = Signal(
    id="monitoring.request-counter",
    anchors=("requests_total", "request_count", "handled_total", "requests_count"),
    pattern=r"[\"'`]\w*(requests?_(total|count)|handled_total)[\"'`]",
)
REQUEST_TIME = Signal(
    id="monitoring.request-histogram",
    anchors=("duration", "latency", "_seconds"),
    pattern=r"[\"'`]\w*(request|http|response|rpc)\w*(duration|latency|seconds)\w*[\"'`]",
)
_ACTUATED = ("io.micrometer:micrometer-registry-*", "micrometer-registry-*", "quarkus-micrometer-registry-prometheus")
_MIDDLEWARE = (
    "from prometheus_fastapi_instrumentator import Instrumentator\n\nInstrumentator().instrument(app).expose(app)\n"
)


@check(
    "OBS-4.2.2",
    shows=PASS,
    clean=[
        Example("a middleware that counts and times each request", {"shop/app.py": _MIDDLEWARE}),
        Example("a counter and a histogram of its own", {
            "metrics.go": 'package web\n\nvar a = counter("http_requests_total")\nvar b = histogram("http_request_duration_seconds")\n'
        }),
    ],
    flagged=[
        Example("one of two services", {
            "cart/Dockerfile": "FROM python:3.13\n", "cart/app.py": _MIDDLEWARE,
            "mail/Dockerfile": "FROM python:3.13\n", "mail/app.py": "import smtplib\n",
        }),
        Example("traces without a meter", {"main.go": 'package main\n\nvar h = otelhttp.NewHandler(mux, "shop")\n'}),
    ],
    reads=[REQUEST_METRICS, OTEL_SERVER, OTEL_METER, REQUEST_COUNT, REQUEST_TIME],
)  # fmt: skip
def application_metrics(code: Code, manifests: Manifests, files: Files, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """Each service reports requests, errors and latency: a metrics middleware, an APM agent, or series of its own."""
    known = services(files, dockerfiles)
    whole = list(code[REQUEST_METRICS].first)
    whole += [manifest.at(dependency) for manifest, dependency in manifests.uses(*_ACTUATED, development=False)]
    for first, second in ((OTEL_SERVER, OTEL_METER), (REQUEST_COUNT, REQUEST_TIME)):
        pair = code[first].first, {known.owner(h.path) for h in code[second].first}
        whole += [hit for hit in pair[0] if known.owner(hit.path) in pair[1]]
    covered = known.coverage(hit.path for hit in whole)
    if covered.whole:
        yield passed(
            f"requests, errors and latency are measured: {whole[0].text or whole[0].path}",
            *whole[:5],
            examined(len(known.roots), "services"),
        )
    elif covered.having:
        yield unsure(
            f"{names(covered.having)} measure requests; of {names(covered.lacking)} it cannot be seen", *whole[:5]
        )


NODE_METRICS = Signal(
    id="monitoring.node-metrics",
    anchors=("node-exporter", "node_exporter", "kube-prometheus-stack", "cadvisor", "hostmetrics", "kubeletstats", "docker_stats",
             "telegraf", "netdata", "metricbeat", "datadog/agent", "cloudwatch-agent", "newrelic/infrastructure"),
    pattern=r"(image|chart|name|repository|job_name|receivers)\"?\s*[:=].{0,80}(node[-_]exporter|kube-prometheus-stack|cadvisor|telegraf|"
    r"netdata|metricbeat|datadog/agent|cloudwatch-agent|newrelic/infrastructure|hostmetrics|kubeletstats|docker_stats)|"
    r"^(hostmetrics|kubeletstats|docker_stats)(/\w+)?:|metrics/cadvisor",
    roles=("infra", "config"),
)  # fmt: skip
_CLUSTER = 'resource "aws_ecs_cluster" "main" {\n  name = "main"\n  setting {\n    name  = "containerInsights"\n    value = "%s"\n  }\n}\n'


@check(
    "OBS-4.2.3",
    shows=BOTH,
    clean=[
        Example(
            "the node exporter",
            {"k8s/node.yaml": "kind: DaemonSet\nmetadata: {name: node}\nspec:\n  image: prom/node-exporter:v1.9\n"},
        ),
        Example("Container Insights", {"infra/ecs.tf": _CLUSTER % "enabled"}),
    ],
    flagged=[Example("Container Insights switched off", {"infra/ecs.tf": _CLUSTER % "disabled"})],
    silent=[Example("nothing said", {"k8s/shop.yaml": "kind: Deployment\nmetadata: {name: shop}\n"})],
    reads=[NODE_METRICS],
)
def machine_metrics(code: Code, infrastructure: Infrastructure) -> Iterator[Draft]:
    """CPU, memory, disk and network are collected: an exporter or agent, or the provider's own collection."""
    hits = code[NODE_METRICS].first
    answers = [(block, _collects(block)) for block in infrastructure.of("aws_ecs_cluster", "google_container_cluster")]
    off = [block for block, collects in answers if collects is False]
    on = [block for block, collects in answers if collects]
    if hits:
        yield passed(f"machines are measured: {hits[0].text}", *hits[:3])
    elif off:
        yield failed(
            f"{off[0].address} has its infrastructure metrics switched off", off[0].at(), *(b.at() for b in off[1:4])
        )
    elif on and len(on) == len(answers):
        yield passed(
            f"the provider measures the machines of {on[0].address}", *(b.at() for b in on[:4]), confidence="medium"
        )


def _collects(block: Block) -> bool | None:
    if block.type == "google_container_cluster":
        return bool(block.get("monitoring_service") != "none")
    values = [s.get("value") for s in block.nested("setting") if s.get("name") == "containerInsights"]
    return {"enabled": True, "enhanced": True, "disabled": False}.get(str(values[0])) if values else None


DATABASE_METRICS = Signal(
    id="monitoring.database-metrics",
    anchors=("postgres", "mysql", "mongodb", "django_prometheus.db"),
    pattern=r"(image|chart|name|repository|job_name)\"?\s*[:=].{0,80}((postgres|pg|mysqld?|mongodb)[-_]exporter)|"
    r"^(postgresql|mysql|mongodb)(/\w+)?:\s*$|django_prometheus\.db\.backends",
    roles=("infra", "config", "source"),
)
_INSTANCE = 'resource "aws_db_instance" "main" {\n  engine = "postgres"\n%s}\n'


@check(
    "OBS-4.2.4",
    shows=BOTH,
    clean=[
        Example("Performance Insights", {"infra/db.tf": _INSTANCE % "  performance_insights_enabled = true\n"}),
        Example("an exporter beside the database", {"compose.yaml": "services:\n  pgx:\n    image: prometheuscommunity/postgres-exporter\n"}),
    ],
    flagged=[Example("switched off", {"infra/db.tf": _INSTANCE % "  performance_insights_enabled = false\n"})],
    silent=[
        Example("nothing said", {"infra/db.tf": _INSTANCE % ""}),
        Example("a database is no exporter", {"compose.yaml": "services:\n  postgresql:\n    image: postgres:17\n"}),
    ],
    reads=[DATABASE_METRICS],
)  # fmt: skip
def database_metrics(code: Code, infrastructure: Infrastructure) -> Iterator[Draft]:
    """The database's connections and queries are measured: an exporter, a collector's receiver, or managed insights."""
    hits = [
        h
        for h in code[DATABASE_METRICS].first
        if not h.text.rstrip().endswith(":") or re.search(r"otel|collector", h.path)
    ]
    databases = [
        (b, key, _insights(b, key)) for b in infrastructure.resources for key in [_INSIGHTS.get(b.type)] if key
    ]
    off = [(block, key) for block, key, on in databases if on is False]
    if hits:
        yield passed(f"the database is measured: {hits[0].text}", *hits[:3])
    elif off:
        block, key = off[0]
        more = f" and {len(off) - 1} more have" if len(off) > 1 else " has"
        yield failed(
            f"{block.address}{more} query metrics switched off", block.at(key), *(b.at(k) for b, k in off[1:4])
        )
    elif databases and all(on for _, _, on in databases):
        yield passed(
            f"{databases[0][0].address} reports its connections and query times",
            *(block.at(key) for block, key, _ in databases[:4]),
            examined(len(databases), "managed databases"),
        )


_INSIGHTS = {
    "aws_db_instance": "performance_insights_enabled",
    "aws_rds_cluster_instance": "performance_insights_enabled",
    "AWS::RDS::DBInstance": "EnablePerformanceInsights",
    "google_sql_database_instance": "settings",
}


def _insights(block: Block, key: str) -> bool | None:
    if key != "settings":
        return block.flag(key)
    for settings in block.nested("settings"):
        inner = settings.get("insights_config")
        for config in inner if isinstance(inner, list) else [inner]:
            if isinstance(config, dict):
                return as_flag(config.get("query_insights_enabled"))
    return None


_BUSINESS = (
    r"(sign.?up|regist|order|checkout|purchase|payment|revenue|subscri|conversion|transaction|booking|donation|invoice)"
)
BUSINESS_EVENT = Signal(
    id="monitoring.business-event",
    anchors=(
        "analytics",
        "mixpanel",
        "posthog",
        "amplitude",
        "segment",
        "rudder",
        "gtag(",
        "dataLayer",
        "counter",
        "statsd",
    ),
    pattern=rf"(analytics|mixpanel|posthog|amplitude|segment|rudder\w*|dataLayer)\w*\.(track|capture|logEvent|push|event)\(.{{0,80}}{_BUSINESS}|"
    rf"gtag\(\s*['\"]event.{{0,60}}{_BUSINESS}|counter\w*\(?.{{0,60}}[\"'][\w.]*{_BUSINESS}|statsd\w*\.incr\w*\(.{{0,40}}{_BUSINESS}",
)
CUSTOM_METRIC = Signal(
    id="monitoring.custom-metric",
    anchors=("create_counter", "create_histogram", "createCounter", "createHistogram", "Int64Counter", "Float64Histogram", "Int64Histogram",
             "NewCounter", "NewHistogram", "Counter(", "Histogram(", "Counter.builder", "Timer.builder", "meterRegistry", "@Timed",
             "@Counted", "statsd", "CreateCounter", "CreateHistogram", "counterBuilder", "histogramBuilder"),
    pattern=r"create_?(counter|histogram)|(Int|Float)64(Counter|Histogram)\(|New(Counter|Histogram)(Vec)?\(|\b(Counter|Histogram)\(\s*[\"'{]|"
    r"(Counter|Timer)\.builder|meterRegistry\.(counter|timer|gauge)|@(Timed|Counted)\b|statsd\w*\.(incr|timing|gauge|histogram)|"
    r"Create(Counter|Histogram)<?|(counter|histogram)Builder\(",
)  # fmt: skip
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
    hits = code[BUSINESS_EVENT]
    if hits.total >= 2:
        yield passed(
            f"{hits.total} business events are counted: {hits.first[0].text}", *hits.first[:4], confidence="medium"
        )


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
    critical: list[Source] = [hit for hit in hits if _CRITICAL.search(f"{hit.path} {hit.text}")]
    if len({_DECLARED.sub("", hit.text) for hit in critical}) >= 3:
        yield passed(f"critical logic emits metrics of its own: {critical[0].text}", *critical[:5], confidence="medium")
    elif hits:
        yield unsure("metrics of its own exist; whether they cover the critical logic cannot be seen", *hits[:3])
