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
    Manifests,
    Places,
    Signal,
    check,
    each,
    examined,
    failed,
    passed,
    together,
    unsure,
    words,
)

from ._services import named, onstage, services

TRACER = Signal(
    id="monitoring.tracer",
    pattern=words("calls/tracers").pattern,
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


def _traced(code: Code, manifests: Manifests) -> Places:
    used = [manifest.at(dependency) for manifest, dependency in manifests.uses(_TRACERS, development=False)]
    return together(code[TRACER].places, used)


@check(
    "OBS-4.4.1",
    shows=PASS,
    clean=[Example("both services send spans", {**_CART, **_MAIL})],
    flagged=[
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
    ],
    reads=[TRACER],
)
def each_service_traced(code: Code, manifests: Manifests, files: Files, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """Each service sets up a tracing SDK or runs under a tracing agent."""
    found = _traced(code, manifests)
    known = services(files, dockerfiles)
    covered = known.coverage(place.path for place in found)
    if known.several and covered.whole:
        yield passed(each(known.roots).say("{all:service} {is} traced"), found, examined(len(known.roots), "services"))
    elif covered.having and known.several:
        text = "{Service|Services} {} {is} traced; of {others} it cannot be seen"
        yield unsure(named(covered.having).say(text, others=named(covered.lacking)), found)


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
    flagged=[Example("Go's SDK passes nothing on unless told to", {**_CART, **_MAIL})],
    reads=[TRACER, GO_PROVIDER, PROPAGATOR, BROKER, BROKER_TRACED],
)
def context_passed_on(code: Code, manifests: Manifests, files: Files, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """Each traced service passes the context on; Go's SDK does so only with a propagator set."""
    known = services(files, dockerfiles)
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
    traced = _traced(code, manifests)
    covered = known.coverage(place.path for place in traced)
    queues = {known.owner(hit.path) for hit in onstage(code[BROKER])} - {None}
    carried = {known.owner(hit.path) for hit in code[BROKER_TRACED].first}
    if known.several and covered.whole and queues <= carried:
        places = together(code[PROPAGATOR].places, traced)
        yield passed("Each service's tracing SDK passes the context on, queues included", places, confidence="medium")


SPAN = Signal(
    id="monitoring.own-span",
    pattern=words("calls/spans").pattern,
    kept=ALL,
)
_CRITICAL = re.compile(
    r"checkout|payment|pay|charge|order|cart|quote|ship|login|auth|account|invoice|billing|import|sync|search|"
    r"book|catalog|recommend",
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
    ],
    flagged=[Example("automatic spans only", {"shop/app.py": "FlaskInstrumentor().instrument_app(app)\n"})],
    reads=[SPAN],
)
def own_spans(code: Code) -> Iterator[Draft]:
    """The steps of critical paths are spans of their own."""
    hits = onstage(code[SPAN])
    critical = hits.saying(lambda hit: _CRITICAL.search(f"{hit.path} {hit.text}"))
    if critical.total >= 3:
        yield passed(f"Critical paths carry spans of their own: {critical[0].text}", critical, confidence="medium")
    elif hits:
        yield unsure("Spans of its own exist; whether they cover the critical paths cannot be seen", hits)
