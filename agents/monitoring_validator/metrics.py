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
    Routes,
    Signal,
    Source,
    check,
    each,
    examined,
    passed,
    together,
    unsure,
    words,
)
from orchestrator import Services as Estate

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
    pattern=r"[\"'`]\w*(requests?_(total|count)|handled_total)[\"'`]|InstrumentHandlerCounter\(",
)
REQUEST_TIME = Signal(
    id="monitoring.request-histogram",
    pattern=r"[\"'`]\w*(request|http|response|rpc)\w*(duration|latency|seconds)\w*[\"'`]|InstrumentHandlerDuration\(",
)
_OUTCOMES = r"[\"'`](?:\w{1,20}_)?(?:status|code|status_?code|outcome|result|success|error|error_type)[\"'`]"
OUTCOME = Signal(
    id="monitoring.request-outcome",
    pattern=rf"(?:labels?|label_?names?|tags?|dimensions|attributes?|\[\]string|Counter|Histogram|Summary|Vec)\b.{{0,160}}{_OUTCOMES}"
    rf"|^\s*{_OUTCOMES},?$|[\[{{(]\s?(?:[\"'`]\w{{1,30}}[\"'`],\s?){{1,8}}{_OUTCOMES}|{_OUTCOMES},\s?[\"'`]\w{{1,30}}[\"'`][,\s\w\"'`]{{0,200}}[\])}}]",
    kept=ALL,
)
"""A label of a series that tells errors from other answers, in a list of labels or after a word for them."""
FAILED_REQUESTS = Signal(
    id="monitoring.failed-requests",
    pattern=r"[\"'`]\w*(?:request|http|response|rpc|api)\w*_(?:errors?|failures?|failed|exceptions?|5xx)(?:_total|_count)?[\"'`]",
)
MEASURED = Signal(
    id="monitoring.request-measured",
    pattern=r"\.(?:inc|with_?label_?values|with|labels|observe|start_?timer|time|record|add|increment|histogram|timing)\(|"
    r"InstrumentHandler|(?:counter|histogram)!\(",
    kept=ALL,
)
"""Where something is counted or timed that was declared elsewhere."""
REQUESTS_OFF = Signal(
    id="monitoring.request-metrics-off",
    pattern=r"\bhttp\.server\.requests[\"']?\s*[:=]\s*false|metrics\.enable\.(?:all|http)\s*=\s*false|"
    r"\benable:\s*\{\s*(?:all|http\S*):\s*false|OTEL_METRICS_EXPORTER.{0,16}\bnone\b|OTEL_SDK_DISABLED.{0,16}\btrue\b|"
    r"metricsEnabled\s*[:=]\s*false",
    roles=("source", "config", "infra"),
)
_ACTUATED = words("packages/request-metrics")
_MIDDLEWARE = (
    "from prometheus_fastapi_instrumentator import Instrumentator\n\nInstrumentator().instrument(app).expose(app)\n"
)


_COUNTED = (
    "SEEN = Counter('http_requests_total', 'Requests'%s)\nTOOK = Histogram('http_request_duration_seconds', 'Time')\n"
    "SEEN.labels('GET').inc()\n"
)
_BY_STATUS = ", ['method', 'path', 'status']"


_GO = (
    'package main\n\nvar requests = promauto.NewCounterVec(prometheus.CounterOpts{Name: "http_requests_total"}, '
    '[]string{"status"})\n'
    'var took = promauto.NewHistogram(prometheus.HistogramOpts{Name: "http_request_duration_seconds"})\n\n'
    "func measured(next http.Handler) http.Handler {\n\treturn http.HandlerFunc(func(w http.ResponseWriter, r "
    "*http.Request) {\n"
    '\t\tnext.ServeHTTP(w, r)\n\t\trequests.WithLabelValues("200").Inc()\n\t})\n}\n'
)
_SERVE = (
    'package main\n\nfunc main() {\n\tmux := http.NewServeMux()\n\tsrv := &http.Server{Addr: ":8080", Handler: %s}\n'
    "\tlog.Fatal(srv.ListenAndServe())\n}\n"
)
_ACTUATOR = (
    "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
    "<artifactId>spring-boot-starter-actuator</artifactId></dependency><dependency><groupId>io.micrometer</groupId>"
    "<artifactId>micrometer-registry-prometheus</artifactId></dependency></dependencies></project>\n"
)
_PROJECT = '<Project Sdk="Microsoft.NET.Sdk.Web">\n</Project>\n'
_APP = (
    "var builder = WebApplication.CreateBuilder(args);\n%svar app = builder.Build();\n"
    'app.MapGet("/prices", () => "none");\napp.Run();\n'
)


@check(
    "OBS-4.2.2",
    shows=PASS,
    clean=[
        Example("a middleware that counts and times each request", {"shop/app.py": _MIDDLEWARE}),
        Example("a middleware around the server", {"metrics.go": _GO, "main.go": _SERVE % "measured(mux)"}),
        Example("a counter by status and a histogram of its own", {"shop/metrics.py": _COUNTED % _BY_STATUS}),
        Example(
            "a counter of errors beside that of requests",
            {"shop/metrics.py": _COUNTED % "" + "FAILED = Counter('http_request_errors_total', 'Failed')\n"},
        ),
        Example(
            "the status stands some lines below",
            {
                "metrics.go": "package web\n\nvar a = promauto.NewCounterVec(prometheus.CounterOpts{\n"
                '\tName: "http_requests_total",\n\tHelp: "Requests",\n}, []string{"method", "code"})\n'
                'var b = promauto.NewHistogram(prometheus.HistogramOpts{Name: "http_request_duration_seconds"})\n\n'
                'func main() {\n\ta.WithLabelValues("GET", "200").Inc()\n}\n'
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
        Example("nothing tells errors from other answers", {"shop/metrics.py": _COUNTED % ""}),
        Example("by method and path, and not by status", {"shop/metrics.py": _COUNTED % ", ['method', 'path']"}),
        Example(
            "a status of something else",
            {"shop/metrics.py": _COUNTED % "" + "\n" * 9 + "order = {'status': 'paid'}\n"},
        ),
        Example(
            "a counter of errors of another service",
            {
                "cart/Dockerfile": "FROM python:3.13\n",
                "cart/app.py": _COUNTED % _BY_STATUS,
                "mail/Dockerfile": "FROM python:3.13\n",
                "mail/app.py": _COUNTED % "",
            },
        ),
        Example("traces without a meter", {"main.go": 'package main\n\nvar h = otelhttp.NewHandler(mux, "shop")\n'}),
    ],
    silent=[
        Example("a middleware that nobody hangs in", {"metrics.go": _GO, "main.go": _SERVE % "mux"}),
        Example(
            "requests are left out of what is measured",
            {
                "pom.xml": _ACTUATOR,
                "src/main/resources/application.properties": "management.metrics.enable.http=false\n",
            },
        ),
        Example(
            "a second project that measures nothing",
            {
                "Shop.csproj": _PROJECT,
                "Program.cs": _APP
                % "builder.Services.AddOpenTelemetry().WithMetrics(m => m.AddAspNetCoreInstrumentation());\n",
                "Office/Office.csproj": _PROJECT,
                "Office/Program.cs": _APP % "",
            },
        ),
        Example(
            "a provider that nobody injects",
            {
                "src/meters.ts": "export const meters = [\n  makeCounterProvider({ name: "
                "'shop_http_requests_total', help: 'Requests', "
                "labelNames: ['code'] }),\n  makeHistogramProvider({ name: 'shop_http_request_seconds', help: "
                "'Time' }),\n]\n",
                "src/pay.ts": "takings.inc(cents)\n",
            },
        ),
    ],
    reads=[
        REQUEST_METRICS,
        OTEL_SERVER,
        OTEL_METER,
        REQUEST_COUNT,
        REQUEST_TIME,
        OUTCOME,
        FAILED_REQUESTS,
        MEASURED,
        REQUESTS_OFF,
    ],
)
def application_metrics(
    code: Code, manifests: Manifests, files: Files, dockerfiles: Dockerfiles, estate: Estate, routes: Routes
) -> Iterator[Draft]:
    """Each service reports requests, errors and latency: a metrics middleware, an APM agent, or series of its own."""
    known = services(files, dockerfiles)
    actuated = [manifest.at(dependency) for manifest, dependency in manifests.uses(_ACTUATED, development=False)]
    whole = together(code[REQUEST_METRICS].places, actuated)
    metered = {known.owner(path) for path in code[OTEL_METER].places.files}
    whole = together(whole, code[OTEL_SERVER].places.under(partial(_in_one_of, known, metered)))
    timed = {known.owner(path) for path in code[REQUEST_TIME].places.files}
    counted = code[REQUEST_COUNT].places.under(partial(_in_one_of, known, timed))
    failing = {known.owner(path) for path in code[FAILED_REQUESTS].places.files}
    told = counted.saying(lambda hit: known.owner(hit.path) in failing or _by_outcome(code, hit))
    used = {known.owner(path) for path in code[MEASURED].places.files}
    told = told.saying(lambda hit: known.owner(hit.path) in used and not _never_injected(code, hit))
    whole = together(whole, told)
    covered = known.coverage(whole.files)
    off = code[REQUESTS_OFF].places
    if whole and off:
        yield unsure(f"Requests are left out of what is measured: {off[0].text}", off[0], whole)
    elif covered.whole and (others := estate.beside(whole, routes)):
        named_ = each(others, name=lambda service: service.address, at=lambda service: service.at)
        yield unsure(
            named_.say("Requests are measured; those to {} are not seen to be: {text}", text=whole[0].text), whole
        )
    elif covered.whole:
        yield passed(
            f"Requests, errors and latency are measured: {whole[0].text or whole[0].path}",
            whole,
            examined(len(known.roots), "services"),
        )
    elif covered.having:
        text = "{Service|Services} {} {measures} requests; of {others} it cannot be seen"
        yield unsure(named(covered.having).say(text, others=named(covered.lacking)), whole)
    elif counted:
        yield unsure(
            "Requests and their latency are measured, and no label or series that is seen tells the errors apart",
            counted,
        )


def _never_injected(code: Code, hit: Source) -> bool:
    """Whether a series is handed to whoever asks for it by its name, and nobody does."""
    name = _QUOTED.search(hit.text)
    if "Provider(" not in hit.text or name is None:
        return False
    return sum(name[1] in other.text for other in code[REQUEST_COUNT].places) < 2


_QUOTED = re.compile(r"[\"'`](\w*(?:requests?_(?:total|count)|handled_total))[\"'`]")


def _by_outcome(code: Code, hit: Source) -> bool:
    """Whether a label that tells errors apart stands with the counter or the histogram at *hit*."""
    series = [hit, *code[REQUEST_TIME].within(hit.path)]
    return any(code[OUTCOME].within(hit.path, one.line, one.line + _LINES_OF_ONE) for one in series)


_LINES_OF_ONE = 6
"""A series is declared within so many lines, its labels last."""


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
