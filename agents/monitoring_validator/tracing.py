"""Judges how traces are made: each service sends spans and passes the context on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Kubernetes,
    Manifests,
    Places,
    Routes,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    in_their_language,
    passed,
    stage_of_file,
    together,
    unsure,
    words,
)
from orchestrator import Services as Estate

from . import _passing_on
from ._collected import environment
from ._services import BROWSERS, Services, named, off_pages, onstage, services

_TRACER_CALLS = words("calls/tracers")
TRACER = Signal(
    id="monitoring.tracer",
    pattern=_TRACER_CALLS.pattern,
    roles=("source", "infra"),
)
_TRACERS = words("packages/tracers")
_CART = {
    "cart/Dockerfile": "FROM golang:1.23\n",
    "cart/main.go": "package main\n\nvar tp = sdktrace.NewTracerProvider(exporter)\n",
}
_MAIL = {
    "mail/Dockerfile": "FROM eclipse-temurin:21\n"
    'ENTRYPOINT ["java", "-javaagent:opentelemetry-javaagent.jar", "-jar", "mail.jar"]\n',
    "mail/src/Mail.java": "class Mail {}\n",
}
_PROPAGATED = {
    **_CART,
    "cart/main.go": _CART["cart/main.go"] + "\nfunc init() { otel.SetTextMapPropagator(propagation.TraceContext{}) }\n",
}


_PRINTING = (
    "from opentelemetry.sdk.trace import TracerProvider\n"
    "from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter\n\n"
    "provider = TracerProvider()\nprovider.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter()))\n"
)


def _deployed(sampler: str) -> str:
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec:\n  template:\n    spec:\n      "
        "containers:\n"
        "      - name: cart\n        image: registry.example/cart:2\n        env:\n"
        '        - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel:4317"}\n'
        f"        - {{name: OTEL_TRACES_SAMPLER, value: {sampler}}}\n"
    )


def _function(mode: str) -> str:
    return (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Quotes:\n    Type: AWS::Serverless::Function\n    "
        "Properties:\n"
        f"      Handler: app.handler\n      Runtime: python3.13\n      Tracing: {mode}\n"
    )


def _traced(code: Code, manifests: Manifests) -> Places:
    used = [manifest.at(dependency) for manifest, dependency in manifests.uses(_TRACERS, development=False)]
    return together(off_pages(code, in_their_language(code[TRACER].places, _TRACER_CALLS)), used)


SET_UP = Signal(
    id="monitoring.tracer-of-other-names",
    pattern=r"registerOTel\(|UseAzureMonitor\(|tracing_opentelemetry::|OtelJava\.autoConfigured|AutoConfiguredOpenTelemetrySdk|"
    r"SdkTracerProvider|Opentelemetry(?:Phoenix|Bandit|Cowboy)\.setup|^Tracing:\s*Active|\bTracing\.ACTIVE\b|"
    r"tracing_config\b|\bopentelemetry-instrument\b|\w*TracerProvider\(|\bTracer\(\)",
    roles=("source", "infra", "config"),
    kept=ALL,
)
SENT = Signal(
    id="monitoring.spans-are-sent",
    pattern=r"OTLP\w*Exporter|otlptrace|otlp\b.{0,40}endpoint|OTEL_EXPORTER_OTLP|OTEL_TRACES_EXPORTER.{0,24}(?:otlp|jaeger|zipkin|xray)|"
    r"opentelemetry_otlp|SpanExporter::builder|(?:Jaeger|Zipkin|XRay|AzureMonitor|CloudTrace|Datadog|Honeycomb)\w*(?:Trace|Span)?Exporter|"
    r"UseAzureMonitor\(|AddOtlpExporter|awsxray|^Tracing:\s*Active|\bTracing\.ACTIVE\b|tracing_config\b|\bddtrace\b|dd-trace|"
    r"elastic-?apm|\bnewrelic\b|zipkin\.tracing\.endpoint|otlp\.tracing\.endpoint|-javaagent:|registerOTel\(|"
    r"traces.{0,20}\benabled\W{1,4}true|tracesSampleRate|traces_sample_rate|otlp_endpoint|sentry",
    roles=("source", "infra", "config"),
)
NOTHING_SENT = Signal(
    id="monitoring.spans-go-nowhere",
    pattern=r"OTEL_SDK_DISABLED.{0,16}\btrue\b|OTEL_TRACES_SAMPLER.{0,24}always_off|OTEL_TRACES_SAMPLER_ARG.{0,16}[\s\"'=:]0(?:\.0+)?[\"'}\s]*$|"
    r"OTEL_TRACES_EXPORTER.{0,24}\b(?:none|console|logging)\b|\bAlwaysOff(?:Sampler)?\b|\bALWAYS_OFF\b|NeverSample\(|"
    r"TraceI[Dd]RatioBased\(\s*0(?:\.0*)?\s*\)|sampling\.probability\s*[=:]\s*0(?:\.0+)?\s*$|"
    r"traces_?sample_?rate\W{1,4}0(?:\.0+)?\b(?!\.)|^Tracing:\s*[\"']?(?:PassThrough|Disabled)|\btracing:\s*\{\s*enabled:\s*false|\bTracing\.DISABLED\b|"
    r"management\.tracing\.enabled\s*=\s*false|DD_TRACE_ENABLED.{0,16}\bfalse\b|NoopTracerProvider\(",
    roles=("source", "infra", "config"),
    kept=ALL,
)
NO_PROPAGATOR = Signal(
    id="monitoring.no-propagator",
    pattern=r"ContextPropagators\.noop\(|NoopTextMapPropagator|OTEL_PROPAGATORS.{0,16}[\"'\s=:]none\b|NoopPropagator|"
    r"SetTextMapPropagator\(\s*nil\s*\)|SetDefaultTextMapPropagator\(\s*null|textMapPropagator:\s*(?:null|undefined)|"
    r"text_map_propagators:\s*\[\s*\]|propagation\.type\s*=\s*$",
    roles=("source", "infra", "config"),
)
PRINTED = Signal(
    id="monitoring.spans-are-printed",
    pattern=r"ConsoleSpanExporter|stdouttrace\.New|LoggingSpanExporter|InMemorySpanExporter|AddConsoleExporter\(|stdout::SpanExporter",
    kept=ALL,
)
_OFF = {"k8s/cart.yaml": _deployed("always_off")}


@check(
    "OBS-4.4.1",
    shows=BOTH,
    clean=[
        Example("both services send spans", {**_CART, **_MAIL}),
        Example(
            "one service, whose spans go to a collector",
            {"main.go": _CART["cart/main.go"], "k8s/shop.yaml": _deployed("parentbased_traceidratio")},
        ),
        Example("a function that its platform traces", {"template.yaml": _function("Active")}),
        Example(
            "a provider that is Azure's",
            {
                "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web">\n</Project>\n',
                "Program.cs": "var builder = WebApplication.CreateBuilder(args);\n"
                'builder.Services.AddOpenTelemetry().UseAzureMonitor().WithTracing(t => t.AddSource("shop"));\n',
            },
        ),
    ],
    flagged=[
        Example("a sampler that keeps nothing", {**_CART, **_MAIL, **_OFF}),
        Example(
            "spans that are printed",
            {**_MAIL, "cart/Dockerfile": "FROM python:3.13\n", "cart/app.py": _PRINTING},
        ),
        Example("a function that passes it through", {"template.yaml": _function("PassThrough")}),
    ],
    silent=[
        Example("one of two", {**_CART, "mail/Dockerfile": "FROM python:3.13\n", "mail/app.py": "import smtplib\n"}),
        Example(
            "a Spring Boot application whose image needs no Dockerfile",
            {
                **_CART,
                **_MAIL,
                "ledger/src/main/resources/application.yml": "server: {port: 8080}\n",
                "ledger/src/main/java/Ledger.java": "class Ledger {}\n",
            },
        ),
        Example(
            "only its pages, in a browser",
            {
                "package.json": '{"name": "notes", "dependencies": {"@sentry/react": "^9.0.0", "koa": "^3.0.0"}}\n',
                "server/index.ts": "const app = new Koa()\napp.listen(3000)\n",
                "app/utils/sentry.ts": 'import * as Sentry from "@sentry/react"\n'
                "Sentry.init({ dsn: env.DSN, tracesSampleRate: 0.05 })\n",
            },
        ),
        Example(
            "a tracer that a setting switches on, and a call of another language's name",
            {
                "package.json": '{"name": "notes", "dependencies": {"dd-trace": "^5.1.0", "koa": "^3.0.0"}}\n',
                ".env.sample": "SENTRY_DSN=\n",
                "server/index.ts": "const app = new Koa()\napp.listen(3000)\n",
                "server/logging/tracer.ts": "if (env.DD_API_KEY) {\n  require('dd-trace').init()\n}\n",
                "server/tools/attachments.ts": 'export const make = withTracing("create", async () => save())\n',
            },
        ),
        Example("one service, and nobody knows where its spans go", {"main.go": _CART["cart/main.go"]}),
    ],
    reads=[TRACER, SET_UP, SENT, NOTHING_SENT, PRINTED, NO_PROPAGATOR, BROWSERS],
)
def each_service_traced(
    code: Code,
    manifests: Manifests,
    files: Files,
    dockerfiles: Dockerfiles,
    kubernetes: Kubernetes,
    estate: Estate,
    routes: Routes,
) -> Iterator[Draft]:
    """Each service sets up a tracing SDK or runs under a tracing agent, and its spans go somewhere."""
    found = together(_traced(code, manifests), off_pages(code, code[SET_UP].places))
    known = services(files, dockerfiles)
    covered = known.coverage([*(place.path for place in found), *_inherited(manifests, known, files)])
    off = code[NOTHING_SENT].places.under(_in_production)
    set_off = told_to_keep_nothing(kubernetes)
    sent = {known.owner(path) for path in off_pages(code, code[SENT].places).files}
    printed = onstage(code[PRINTED]).under(lambda path: _in_production(path) and known.owner(path) not in sent)
    if set_off:
        said = set_off[0][1]
        yield failed(f"No span is kept: {said}", *(place for place, _ in set_off))
    elif off:
        yield failed(f"No span is kept: {off[0].text}", off[0], off)
    elif printed:
        yield failed(f"Spans are printed and go nowhere else: {printed[0].text}", printed[0], printed)
    elif none := code[NO_PROPAGATOR].places.under(_in_production):
        yield unsure(f"Spans are made, and each service begins a trace of its own: {none[0].text}", none[0], none)
    elif covered.whole and (switched := _behind_a_setting(code)):
        yield unsure(f"A setting decides whether spans are made: {switched[0].text}", *switched)
    elif covered.whole and (others := estate.beside(found, routes)):
        named_ = each(others, name=lambda service: service.address, at=lambda service: service.at)
        yield unsure(named_.say("Spans are made; those of {} are not seen"), found)
    elif covered.whole and (known.several or sent):
        text = "{all:service} {is} traced" if known.several else "The service is traced"
        yield passed(each(known.roots).say(text), found, examined(len(known.roots), "services"))
    elif covered.having and known.several:
        text = "{Service|Services} {} {is} traced; of {others} it cannot be seen"
        yield unsure(named(covered.having).say(text, others=named(covered.lacking)), found)


def _behind_a_setting(code: Code) -> tuple[Source, ...]:
    """Where a tracer is set up only where a setting asks for it, and no other is."""
    calls = in_their_language(code[TRACER].places, _TRACER_CALLS)
    return () if calls or code[SET_UP] else code[TRACER].open


def told_to_keep_nothing(kubernetes: Kubernetes) -> list[tuple[Source, str]]:
    """Where a workload's environment switches its tracer off, with what it says."""
    said = [(at, f"{one.get('name')}={one.get('value')}") for at, one in environment(kubernetes)]
    return [(at, text) for at, text in said if _KEEPS_NOTHING.fullmatch(text)]


_KEEPS_NOTHING = re.compile(
    r"OTEL_TRACES_SAMPLER=(?:parentbased_)?always_off|OTEL_SDK_DISABLED=true|OTEL_TRACES_EXPORTER=(?:none|console)|"
    r"OTEL_TRACES_SAMPLER_ARG=0(?:\.0+)?|DD_TRACE_ENABLED=false|OTEL_PROPAGATORS=none",
    re.IGNORECASE,
)


def _inherited(manifests: Manifests, known: Services, files: Files) -> list[str]:
    """The manifests of modules that get their tracer from the one above all of them."""
    above = any(m.path == "pom.xml" for m, _ in manifests.uses(_TRACERS, development=False))
    paths = {file.path for file in files.entries}
    return [path for root in known.roots if above and (path := f"{root}/pom.xml") in paths]


def _in_production(path: str) -> bool:
    return stage_of_file(path) != "development" and not _ELSEWHERE.search(path)


_ELSEWHERE = re.compile(
    r"(^|[/._-])(test|tests|local|dev|ci|staging|e2e|docker-compose|compose)([/._-]|$)", re.IGNORECASE
)


GO_PROVIDER = Signal(
    id="monitoring.go-tracer-provider",
    pattern=r"\bNewTracerProvider\(",
    languages=("go",),
)
PROPAGATOR = Signal(
    id="monitoring.propagator",
    words=(
        "SetTextMapPropagator",
        "set_global_textmap",
        "OTEL_PROPAGATORS",
        "TraceContextPropagator",
        "B3Propagator",
        "autoprop",
        "WithPropagators",
        "SetDefaultTextMapPropagator",
        "set_text_map_propagator",
    ),
    roles=("source", "infra", "config"),
)
INJECTED = Signal(
    id="monitoring.context-injected",
    pattern=r"[Pp]ropagat\w*.{0,24}\.?[Ii]nject\(|propagation\.inject\(|inject_context\(",
)
EXTRACTED = Signal(
    id="monitoring.context-extracted",
    pattern=r"[Pp]ropagat\w*.{0,24}\.?[Ee]xtract\(|propagation\.extract\(|extract_context\(",
)
OBSERVED = Signal(
    id="monitoring.broker-observed",
    pattern=r"observation-?enabled\W{1,3}true|(?:Celery|Kafka|Pika|AioPika|Confluent\w*|RQ)Instrumentor|opentelemetry-instrumentation-(?:celery|kafka|pika)",
    roles=("source", "config"),
)
BROKER = Signal(
    id="monitoring.message-broker",
    pattern=r"(import|require|from|use|using)\b.{0,60}(kafka|amqp|pika|nats|pubsub|celery|sidekiq)|\bsqs\.(send|"
    r"receive)",
)
BROKER_TRACED = Signal(
    id="monitoring.broker-context",
    pattern=r"propagat\w*.{0,20}(inject|extract)\(|GetTextMapPropagator\(\)\.(Inject|Extract)|otelsarama|(Kafka|"
    r"Celery|Pika|AioPika)\w*Instrumentor|"
    r"KafkaTelemetry|-javaagent:\S*opentelemetry|auto-instrumentations-node|opentelemetry-instrument\b|CORECLR_ENABLE_PROFILING|ENTRYPOINT.*instrument\.sh",
    roles=("source", "infra"),
)


@check(
    "OBS-4.4.2",
    shows=BOTH,
    clean=[Example("set in Go, built into the agent of Python", {**_PROPAGATED, **_MAIL})],
    flagged=[
        Example("Go's SDK passes nothing on unless told to", {**_CART, **_MAIL}),
        Example(
            "a propagator that does nothing",
            {
                **_MAIL,
                "mail/src/Trace.java": "class Trace {\n  ContextPropagators none = ContextPropagators.noop();\n}\n",
            },
        ),
        Example(
            "two formats that do not meet",
            {
                **_PROPAGATED,
                **_MAIL,
                "cart/.env.production": "OTEL_PROPAGATORS=b3\n",
                "mail/src/main/resources/application.properties": "management.tracing.propagation.type=W3C\n",
            },
        ),
    ],
    silent=[
        Example(
            "the queue's instrumentation switched off",
            {
                **_PROPAGATED,
                **_MAIL,
                "shop/Dockerfile": "FROM node:22\n",
                "shop/trace.js": "new NodeSDK({ instrumentations: [getNodeAutoInstrumentations("
                "{ '@opentelemetry/instrumentation-amqplib': { enabled: false } })] }).start()\n",
            },
        ),
        Example(
            "servers traced, and their clients not",
            {
                name: text
                for folder in ("cart", "mail")
                for name, text in {
                    f"{folder}/Dockerfile": "FROM python:3.13\n",
                    f"{folder}/app.py": "import httpx\nFastAPIInstrumentor.instrument_app(app)\n"
                    "trace.set_tracer_provider(TracerProvider())\n\n\ndef ask():\n    return httpx.get('http://mail/')\n",
                }.items()
            },
        ),
    ],
    reads=[
        TRACER,
        GO_PROVIDER,
        PROPAGATOR,
        NO_PROPAGATOR,
        INJECTED,
        EXTRACTED,
        OBSERVED,
        BROKER,
        BROKER_TRACED,
        SET_UP,
        BROWSERS,
        *_passing_on.READS,
    ],
)
def context_passed_on(
    code: Code, manifests: Manifests, files: Files, dockerfiles: Dockerfiles, kubernetes: Kubernetes
) -> Iterator[Draft]:
    """Each traced service passes the context on; Go's SDK does so only with a propagator set."""
    known = services(files, dockerfiles)
    if none := code[NO_PROPAGATOR].places.under(_in_production):
        yield failed(f"No context is passed on: {none[0].text}", none[0], none)
        return
    told = {known.owner(hit.path) for hit in code[PROPAGATOR].first}
    shared = any(known.owner(hit.path) is None for hit in code[PROPAGATOR].first)
    deaf = onstage(code[GO_PROVIDER]).under(lambda path: known.owner(path) not in told and not shared)
    if deaf:
        yield failed(
            named(dict.fromkeys(known.owner(path) or "" for path in deaf.files)).say(
                "{Service|Services} {} {creates} spans and {sets} no propagator: Go's SDK then passes no context on"
            ),
            deaf,
            remedy="Call otel.SetTextMapPropagator(propagation.TraceContext{}) where the tracer provider is made.",
        )
        return
    if apart := _passing_on.formats_apart(code, known):
        yield failed(f"Services pass the context on in formats that do not meet: {apart[0].text}", *apart)
        return
    if off := code[_passing_on.SWITCHED_OFF].places.under(_in_production):
        yield failed(f"No context is passed on by what is switched off: {off[0].text}", off, confidence="medium")
        return
    traced = _traced(code, manifests)
    covered = known.coverage(place.path for place in traced)
    queues = {known.owner(hit.path) for hit in onstage(code[BROKER])} - {None}
    carried = {known.owner(hit.path) for hit in code[BROKER_TRACED].first}
    injected = code[INJECTED] and code[EXTRACTED]
    if known.several and covered.whole and not injected and (doubt := _passing_on.doubt(code, kubernetes, known)):
        yield unsure(doubt[0], doubt[1])
    elif known.several and covered.whole and queues <= carried:
        places = together(code[PROPAGATOR].places, traced)
        yield passed("Each service's tracing SDK passes the context on, queues included", places, confidence="medium")
    elif (traced or code[SET_UP]) and code[PROPAGATOR] and code[INJECTED] and code[EXTRACTED]:
        said = "Context is put into what is sent, and taken out of what arrives"
        yield passed(said, code[INJECTED].first[0], code[EXTRACTED].first[0], confidence="medium")
    elif traced and (seen := code[OBSERVED].places) and not known.several:
        yield passed(f"Context is passed on with messages: {seen[0].text}", seen, confidence="medium")


SPAN = Signal(
    id="monitoring.own-span",
    pattern=words("calls/spans").pattern
    + r"|#\[(?:tracing::)?instrument\b|\bwith_span\b|@Observed\(|in_subsegment\(|capture_method\b|"
    r"\btracer\.(?:span|rootSpan)\(|Observation\.createNotStarted\(|\bTelemetry\.span\(|\bobs\.Span\(|@traced\(",
    kept=ALL,
)
ASPECT = Signal(
    id="monitoring.aspect-of-observed",
    pattern=r"\bObservedAspect\b|observations\.annotations\.enabled|^annotations:\s*(?:\{\s*enabled:\s*true|$)",
    roles=("source", "config"),
)
NO_TRACER = Signal(
    id="monitoring.tracer-of-no-provider",
    pattern=r"\bnew\s+(?:Proxy|Noop)TracerProvider\(\s*\)\s*\.\s*getTracer|\bNoOpTracer(?:Provider)?\(\)|\bNoopTracer\b",
    kept=ALL,
)
_POSTED = r"\b(?:httpx|requests|axios|fetch|client|session|http)\b(?:\.\w+)?\(\s*f?[\"'`]"
PAYING = Signal(
    id="monitoring.call-that-charges",
    pattern=_POSTED + r"https?://[^\"'`]{0,80}(?:\bpay\w*|charges?\b|refunds?\b|captures?\b)",
    kept=ALL,
)
OUTGOING = Signal(id="monitoring.call-that-goes-out", pattern=_POSTED, kept=ALL)
_ANNOTATED = """\
class Rota {
  @Observed(name = "rota.assign")
  public void assign() {}
  @Observed(name = "rota.swap")
  public void swap() {}
}
"""
_GENERIC = re.compile(
    r"[\"'`](main|startup|start|boot|migrat\w*|health\w*|ready|test\w*|init|handler|request|http|root|example|foo|span|my-?span)[\"'`]",
    re.IGNORECASE,
)
_SPANS = 'def %s(order):\n    with tracer.start_as_current_span("%s"):\n        run(order)\n'


@check(
    "OBS-4.4.3",
    shows=PASS,
    clean=[
        Example(
            "charging and shipping are spans",
            {
                "shop/checkout.py": _SPANS % ("charge", "charge") + _SPANS % ("reserve", "reserve stock"),
                "shop/shipping.py": _SPANS % ("quote", "quote"),
            },
        ),
        Example(
            "an attribute of Rust",
            {
                "src/store.rs": '#[tracing::instrument(skip_all, name = "store.weigh")]\npub async fn weigh() {}\n\n'
                '#[tracing::instrument(skip_all, name = "store.sell")]\npub async fn sell() {}\n'
            },
        ),
        Example(
            "an annotation of Micrometer",
            {
                "src/main/java/Rota.java": _ANNOTATED,
                "src/main/java/Observing.java": "class Observing {\n  @Bean\n  ObservedAspect observed("
                "ObservationRegistry r) { return new ObservedAspect(r); }\n}\n",
            },
        ),
    ],
    flagged=[
        Example("automatic spans only", {"shop/app.py": "FlaskInstrumentor().instrument_app(app)\n"}),
        Example("of the start alone", {"shop/app.py": _SPANS % ("begin", "startup")}),
        Example(
            "one in a large program",
            {"shop/app.py": _SPANS % ("charge", "charge"), **{f"shop/part_{n}.py": "PART = 1\n" for n in range(100)}},
        ),
        Example(
            "the same three times",
            {
                "shop/app.py": (_SPANS % ("charge", "charge")) * 3,
                **{f"shop/part_{n}.py": "PART = 1\n" for n in range(100)},
            },
        ),
        Example(
            "a helper that makes whatever it is told, twice",
            {"server/tracing.ts": "const a = tracer.startSpan(name, options);\nconst b = tracer.startSpan(other);\n"},
        ),
    ],
    silent=[
        Example(
            "the step that charges stands beside the spans",
            {
                "shop/checkout.py": _SPANS % ("reserve", "reserve stock")
                + "        httpx.post('http://stock/reserve')\n    httpx.post('https://pay.example/charges')\n"
            },
        ),
        Example("an annotation that no aspect looks for", {"src/main/java/Rota.java": _ANNOTATED}),
    ],
    reads=[SPAN, NOTHING_SENT, ASPECT, NO_TRACER, PAYING, OUTGOING],
)
def own_spans(code: Code) -> Iterator[Draft]:
    """The steps of critical paths are spans of their own."""
    if none := onstage(code[NO_TRACER]):
        yield unsure(f"Spans are made by a tracer that records none: {none[0].text}", none)
        return
    annotated = onstage(code[SPAN]).saying(lambda hit: "@Observed(" in hit.text)
    if annotated and not code[ASPECT]:
        yield unsure(f"An annotation asks for a span, and nothing is seen to heed it: {annotated[0].text}", annotated)
        return
    if bare := _beside_the_spans(code):
        yield unsure(f"Spans of its own exist, and what charges has none: {bare.text}", bare)
        return
    hits = onstage(code[SPAN]).saying(lambda hit: not _GENERIC.search(hit.text))
    named_ = {found[0] for hit in hits if (found := _SPAN_NAME.search(hit.text))}
    unnamed = {
        (hit.path, hit.line) for hit in hits if _ON_A_FUNCTION.search(hit.text) and not _SPAN_NAME.search(hit.text)
    }
    if not hits or code[NOTHING_SENT].places.under(_in_production):
        return
    if len(named_) + len(unnamed) >= (1 if code.files() <= _SMALL else _SEVERAL):
        yield passed(f"Critical paths carry spans of their own: {hits[0].text}", hits, confidence="medium")
    else:
        yield unsure("Spans of its own exist; whether they cover the critical paths cannot be seen", hits)


def _beside_the_spans(code: Code) -> Source | None:
    """The first call that charges somebody, in a file with spans, and in none of them."""
    for call in onstage(code[PAYING]):
        spans = [hit.line for hit in code[SPAN].within(call.path) if hit.line <= call.line]
        others = [hit.line for hit in code[OUTGOING].within(call.path) if hit.line < call.line]
        near = bool(spans) and call.line - spans[-1] <= _WITHIN and not any(line > spans[-1] for line in others)
        if code[SPAN].within(call.path) and not near:
            return call
    return None


_WITHIN = 5
_SEVERAL = 3
_SMALL = 100
"""Files of source up to which a program may have one critical path, with one step to time."""
_SPAN_NAME = re.compile(r"[\"'`][\w][^\"'`]{1,80}[\"'`]")
_ON_A_FUNCTION = re.compile(
    r"#\[(?:tracing::)?instrument\b|@(?:WithSpan|Observed|traced|NewSpan)\b|@tracer\.|capture_method\b", re.IGNORECASE
)
"""Names the span after the function below."""
