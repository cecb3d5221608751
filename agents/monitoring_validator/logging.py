"""This is where log lines are judged by their shape: structured, and with the context that explains an error."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    FAIL,
    PASS,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Signal,
    check,
    examined,
    failed,
    passed,
    unsure,
)

from ._services import names, onstage, services
from .log_levels import ERROR_CALL

JSON_LOGS = Signal(
    id="monitoring.json-logs",
    anchors=(
        "JSONRenderer", "JsonFormatter", "jsonlogger", "JSONFormatter", "ecs_logging", "serialize=True", "StructuredLogHandler",
        "pino", "format.json", "bunyan", "zap.NewProduction", "NewJSONEncoder", "zerolog", "NewJSONHandler",
        "LogstashEncoder", "JsonEncoder", "JsonTemplateLayout", "JsonLayout", "EcsLayout", "EcsEncoder",
        "logging.structured.format", "console.json", "Formatters::", "Ougai", "CompactJsonFormatter", "AddJsonConsole",
        "LoggerJSON", "fmt::layer", "tracing_subscriber", "formatter: :json",
    ),
    pattern=r"\bJSONRenderer\b|\bJsonFormatter\b|jsonlogger\.|\.JSONFormatter\b|\bJSONFormatter\(|ecs_logging\.|"
    r"serialize\s*=\s*True|StructuredLogHandler|\bpino\s*\(|['\"](pino|pino-http|nestjs-pino)['\"]\)|from ['\"](pino|pino-http|nestjs-pino)['\"]|format\.json\(|"
    r"bunyan\.createLogger|zap\.NewProduction|NewJSONEncoder|zerolog\.New|rs/zerolog|NewJSONHandler|LogstashEncoder|"
    r"JsonEncoder\"|JsonTemplateLayout|JsonLayout|Ecs(Layout|Encoder)|logging\.structured\.format|log\.console\.json|"
    r"Lograge::Formatters::(Json|Logstash)|formatter: :json|Ougai::|CompactJsonFormatter|AddJsonConsole|LoggerJSON|"
    r"(fmt::layer|tracing_subscriber::fmt)\(\).{0,80}\.json\(",
    roles=("source", "config", "infra"),
)  # fmt: skip
TEXT_LOGS = Signal(
    id="monitoring.text-logs",
    anchors=("basicConfig", "logging.Formatter", "%(levelname)", "%(message)", "format.simple", "format.cli", "morgan(",
             "TextFormatter", "NewTextHandler", "zap.NewDevelopment", "<pattern>", "log_formatter", "TaggedLogging"),
    pattern=r"basicConfig\(.{0,120}%\(|logging\.Formatter\(.{0,80}%\(|[\"']format[\"']\s*:\s*[\"'].{0,200}%\((message|levelname)|"
    r"format\.(simple|cli)\(|\bmorgan\(\s*['\"](dev|combined|common|tiny|short)|\.TextFormatter\{|NewTextHandler|"
    r"zap\.NewDevelopment\(|<pattern>.{0,200}%-?\d*(level|msg|message|m%n)|log_formatter\s*=\s*::?Logger::Formatter|"
    r"config\.logger\s*=\s*ActiveSupport::TaggedLogging",
    roles=("source", "config"),
)  # fmt: skip
_DEVELOPMENT = re.compile(r"(^|[/._-])(dev|development|local|debug)([/._-]|$)", re.IGNORECASE)


@check(
    "OBS-4.1.2",
    shows=BOTH,
    clean=[
        Example(
            "structlog renders JSON",
            {
                "shop/log.py": "import structlog\n\nstructlog.configure(processors=[structlog.processors.JSONRenderer()])\n"
            },
        ),
        Example("pino does so by itself", {"src/log.js": "const log = require('pino')()\nmodule.exports = log\n"}),
    ],
    flagged=[
        Example(
            "free text",
            {"shop/log.py": 'import logging\n\nlogging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")\n'},
        ),
        Example(
            "one of two services in free text",
            {
                "cart/Dockerfile": "FROM golang:1.23\n",
                "cart/main.go": "package main\n\nvar log = slog.New(slog.NewJSONHandler(os.Stdout, nil))\n",
                "mail/Dockerfile": "FROM python:3.13\n",
                "mail/main.py": 'import logging\n\nlogging.basicConfig(format="%(asctime)s %(message)s")\n',
            },
        ),
    ],
    silent=[
        Example(
            "a setting decides",
            {"main.go": "package main\n\nvar a = slog.NewJSONHandler(w, nil)\nvar b = slog.NewTextHandler(w, nil)\n"},
        )
    ],
    reads=[JSON_LOGS, TEXT_LOGS],
)
def structured_logs(code: Code, files: Files, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """The logger of each service writes JSON: structlog, pino, zap, logback's JSON encoder and their like."""
    json, text = onstage(code[JSON_LOGS]), [h for h in onstage(code[TEXT_LOGS]) if not _DEVELOPMENT.search(h.path)]
    known = services(files, dockerfiles)
    covered = known.coverage(hit.path for hit in json)
    both = {hit.path for hit in json} & {hit.path for hit in text}
    plain = [hit for hit in text if known.owner(hit.path) in covered.lacking]
    if plain:
        where = names(sorted({known.owner(hit.path) or "" for hit in plain})) if known.several else ""
        yield failed(
            f"logs {f'of {where} ' if where else ''}are free text: {plain[0].text}",
            plain[0],
            *plain[1:5],
            examined(len(known.roots), "services"),
            confidence="medium",
        )
    elif covered.whole and both:
        first = next(hit for hit in text if hit.path in both)
        yield unsure("both JSON and text are set up, and a setting decides which of them it is", first)
    elif covered.whole:
        yield passed(f"logs are written as JSON: {json[0].text}", *json[:5], examined(len(known.roots), "services"))
    elif covered.having:
        yield unsure(f"{names(covered.having)} log JSON; of {names(covered.lacking)} it cannot be seen", *json[:3])


BARE_ERROR = Signal(
    id="monitoring.error-outside-the-log",
    anchors=("printStackTrace(", "print_exc(", "console.log(e", "console.error(e"),
    pattern=r"\.printStackTrace\(\s*\)|traceback\.print_exc\(|console\.(log|error)\(\s*(e|err|error|ex|exception)\s*\)",
)
STACK = Signal(
    id="monitoring.stack-trace-logged",
    anchors=(
        "exc_info",
        ".exception(",
        "error(",
        "captureException",
        "WithError",
        "zap.Error",
        "backtrace",
        ".stack",
        "Err(",
    ),
    pattern=r"exc_info\s*=|log\w*\.exception\(|captureException|zap\.(Error|Stack)|full_message|\.backtrace|err(or)?\.stack|"
    r"log\w*\.error\(\s*\{?\s*err\b|log\w*\.error\(.{0,120},\s*(e|ex|exception|throwable|err)\s*\)|\.Stack\(\)\.Err",
)
REQUEST_BOUND = Signal(
    id="monitoring.request-id-bound",
    anchors=("request_id", "requestId", "request-id", "correlation", "reqId", "traceId", "trace_id", "RequestID"),
    pattern=r"(bind|contextvars|contextualize|MDC\.put|log_tags|custom_options|payload|child\(|with_fields|With\(|set_tag|setTag|"
    r"add_fields|extra\s*=|PushProperty|logger\.with|genReqId|AsyncLocalStorage|tagged|filter|LogContext|%X\{).{0,120}"
    r"(request.?id|correlation.?id|req.?id|trace.?id)|genReqId|log_tags\s*=\s*\[.{0,40}:request_id",
    roles=("source", "config"),
)
USER_BOUND = Signal(
    id="monitoring.user-id-bound",
    anchors=("user_id", "userId", "user.id", "setUser", "set_user", "UserID"),
    pattern=r"(bind|contextvars|contextualize|MDC\.put|log_tags|custom_options|payload|child\(|with_fields|With\(|set_tag|"
    r"add_fields|extra\s*=|PushProperty|tagged).{0,120}user.?id|(Sentry|scope|sentry_sdk)\.(setUser|set_user)",
    roles=("source", "config"),
)
_CONTEXT = """\
import structlog

log = structlog.get_logger()


def bind(request):
    structlog.contextvars.bind_contextvars(request_id=request.id)
    structlog.contextvars.bind_contextvars(user_id=request.user.id)


def on_error(request, error):
    log.error("unhandled", exc_info=error)
"""


@check(
    "OBS-4.1.4",
    shows=PASS,
    clean=[Example("both ids bound, errors with their stack", {"shop/log.py": _CONTEXT})],
    flagged=[
        Example(
            "nobody knows which user", {"shop/log.py": _CONTEXT.replace("user_id=request.user.id", "path=request.path")}
        )
    ],
    reads=[STACK, REQUEST_BOUND, USER_BOUND],
)
def errors_carry_context(code: Code, files: Files, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """Each service binds request id and user id to its log context, and logs errors with their stack trace."""
    found = [code[signal] for signal in (REQUEST_BOUND, USER_BOUND, STACK)]
    known = services(files, dockerfiles)
    if all(known.coverage(hit.path for hit in hits.first).whole for hits in found):
        yield passed(
            "request id and user id are bound to log lines, and errors are logged with their stack",
            *(hits.first[0] for hits in found),
            confidence="medium",
        )


@check(
    "OBS-4.1.4",
    shows=FAIL,
    clean=[
        Example(
            "through the logger",
            {"src/Pay.java": 'class Pay {\n  void pay() {\n    log.error("payment broke", e);\n  }\n}\n'},
        )
    ],
    flagged=[
        Example("past the logger", {"src/Pay.java": "class Pay {\n  void pay() {\n    e.printStackTrace();\n  }\n}\n"})
    ],
    silent=[Example("in a script", {"scripts/load.py": "import traceback\n\ntraceback.print_exc()\n"})],
    reads=[BARE_ERROR, ERROR_CALL],
)
def errors_bypass_the_log(code: Code) -> Iterator[Draft]:
    """Errors are not printed past the logger, where they have neither request nor user."""
    bare = onstage(code[BARE_ERROR])
    browser = [hit for hit in bare if "console." in hit.text and onstage(code[ERROR_CALL])]
    bare = [hit for hit in bare if hit not in browser]
    if bare:
        yield failed(
            f"{_errors(len(bare))} printed past the logger, without request or user: {bare[0].text}",
            bare[0],
            *bare[1:5],
            examined(code.files(), "source files"),
            confidence="medium",
        )


CORRELATION = Signal(
    id="monitoring.correlation-id",
    anchors=(
        "correlation",
        "X-Request-ID",
        "request_id",
        "RequestID",
        "requestId",
        "cls-rtracer",
        "genReqId",
        "django_guid",
    ),
    pattern=r"CorrelationId(Middleware|Filter)|correlation[_-]?id|X-Request-ID|middleware\.RequestID|log_tags\s*=.{0,60}:request_id|"
    r"express-request-id|cls-rtracer|genReqId|django_guid|requestid\.New|X-Correlation",
    roles=("source", "config"),
)
CORRELATION_LOGGED = Signal(
    id="monitoring.correlation-id-logged",
    anchors=(
        "correlation",
        "request_id",
        "requestId",
        "RequestID",
        "reqId",
        "trace_id",
        "traceId",
        "LoggingInstrumentor",
    ),
    pattern=r"(log|MDC|bind|context|%X\{|format|fields|tag|With).{0,120}(correlation.?id|request.?id|req.?id|trace.?id)|"
    r"correlation_id.{0,40}(filter|log)|LoggingInstrumentor|genReqId",
    roles=("source", "config"),
)
_TAGGED = "Rails.application.configure do\n  config.log_tags = [:request_id]\nend\n"


@check(
    "OBS-4.1.6",
    shows=PASS,
    clean=[Example("Rails tags each line", {"config/environments/production.rb": _TAGGED})],
    flagged=[
        Example("an id that no line shows", {"shop/app.py": 'app.middleware(check("X-Request-ID"))\n'}),
        Example(
            "one of two services",
            {
                "cart/Dockerfile": "FROM ruby:3.4\n",
                "cart/config/production.rb": _TAGGED,
                "mail/Dockerfile": "FROM ruby:3.4\n",
                "mail/mailer.rb": "class Mailer\nend\n",
            },
        ),
    ],
    reads=[CORRELATION, CORRELATION_LOGGED],
)
def correlation_id(code: Code, files: Files, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """Each service takes or makes a request id and puts it on its log lines."""
    made, logged = onstage(code[CORRELATION]), onstage(code[CORRELATION_LOGGED])
    known = services(files, dockerfiles)
    have, show = known.coverage(h.path for h in made), known.coverage(h.path for h in logged)
    if have.whole and show.whole:
        yield passed("a request id is set and stands in log lines", made[0], logged[0], confidence="medium")
    elif known.several and have.having:
        yield unsure(f"{names(have.having)} set a request id; of {names(have.lacking)} it cannot be seen", *made[:3])


def _errors(number: int) -> str:
    return "an error is" if number == 1 else f"{number} errors are"
