"""Judges the context of log lines: request id, user and stack, and one id through all services."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import (
    ALL,
    FAIL,
    PASS,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Kubernetes,
    Routes,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    passed,
    unsure,
)

from ._services import named, onstage, serves, services
from .log_levels import ERROR_CALL

BARE_ERROR = Signal(
    id="monitoring.error-outside-the-log",
    pattern=r"\.printStackTrace\(\s*\)|traceback\.print_exc\(|console\.(log|error)\(\s*(e|err|error|ex|exception)\s*\)",
    kept=ALL,
)
STACK = Signal(
    id="monitoring.stack-trace-logged",
    pattern=r"crash_reason|LogError\(\s*(?:e|ex|exception|error)\b|\.setCause\(|error\s*=\s*\?e\b|\{e:\?\}|ExceptionRenderer|"
    r"exc_info\s*=|log\w*\.exception\(|captureException|zap\.(Error|Stack)|log\w*\..{0,120}full_message\b|\.backtrace|"
    r"err(or)?\.stack|"
    r"log\w*\.error\(\s*\{?\s*err\b|log\w*\.error\(.{0,120},\s*(e|ex|exception|throwable|err)\s*\)|\.Stack\(\)\.Err",
)
MESSAGE_ONLY = Signal(
    id="monitoring.error-by-its-message",
    pattern=r"Console\.(?:Error\.)?Write(?:Line)?\(|System\.(?:out|err)\.print|fmt\.Print|console\.(?:log|error|warn)\(.{0,120}\.message\b|"
    r"\blog\w*\.error\(\s*[\"'`][^\"'`{}%]{1,120}[\"'`]\s*\)|"
    r"(?:\blog\w*|Rails\.logger)\.(?:error|warn)\(?\s*(?:e|ex|err|error)\.(?:message|getMessage\(\)|Message)\b|"
    r"log\.Print(?:ln|f)?\(.{0,60}err\.Error\(\)|LogError\(\s*\"[^\"]{0,120}\"\s*\)|LogError\(\s*(?:e|ex)\.Message",
    kept=ALL,
)
HANDLER = Signal(
    id="monitoring.error-handler",
    pattern=r"@ExceptionHandler|\bcatch\s*[({]|^\}?\s*catch$|\brescue\b|^except\b|IExceptionHandler|UseExceptionHandler|@app\.exception_handler|errorhandler\(",
    kept=ALL,
)
REQUEST_BOUND = Signal(
    id="monitoring.request-id-bound",
    pattern=r"record\.(?:request|correlation|trace)_?id\s*=|%\((?:request|correlation|trace)_?id\)s|\bmdc\(\s*\"(?:request|correlation|trace)_?id|MDC\.put\w*\(\s*\"(?:request|correlation|trace)_?id|metadata\W{1,4}\[?.{0,200}:?(?:request|correlation|trace)_?id|"
    r"span!\(.{0,300}\b(?:request|correlation|trace)_?id\b|\.record\(\s*\"(?:request|correlation|trace)_?id|\w*Error\(.{0,200}\{(?:request|correlation|trace)_?id\}|BeginScope\(.{0,200}(?:request|correlation|trace)_?id|\[\"(?:request|correlation|trace)_?id\"\]\s*=|"
    r"addKeyValue\(\s*\"(?:request|correlation|trace)_?id|"
    r"callIdMdc\(|\brequest_id\s*=\s*request\.headers|"
    r"(bind|contextvars|contextualize|MDC\.put|log_tags|custom_options|payload|child\(|with_fields|"
    r"With\(|set_tag|setTag|"
    r"add_fields|extra\s*=|PushProperty|logger\.with|genReqId|AsyncLocalStorage|tagged|filter|LogContext|%X\{).{0,120}"
    r"(request[-_]?id|correlation.?id|req_?id|trace[-_]?id)|genReqId|log_tags\s*=\s*\[.{0,40}:request_id",
    roles=("source", "config"),
)
USER_BOUND = Signal(
    id="monitoring.user-id-bound",
    pattern=r"record\.user_?id\s*=|%\(user_?id\)s|\bmdc\(\s*\"user_?id|MDC\.put\w*\(\s*\"user_?id|metadata\W{1,4}\[?.{0,200}:?user_?id|"
    r"span!\(.{0,300}\buser_?id\b|\.record\(\s*\"user_?id|\w*Error\(.{0,200}\{user_?id\}|BeginScope\(.{0,200}user_?id|\[\"user_?id\"\]\s*=|"
    r"addKeyValue\(\s*\"user_?id|"
    r"\buser_id\s*=\s*(?:caller|current_user|request\.|str\(|ctx|getattr|user\.|g\.user)|"
    r"(bind|contextvars|contextualize|MDC\.put|log_tags|custom_options|payload|child\(|with_fields|"
    r"With\(|set_tag|"
    r"add_fields|extra\s*=|PushProperty|tagged).{0,120}user[-_. ]?id|(Sentry|scope|sentry_sdk)\.(setUser|set_user)",
    roles=("source", "config"),
)
_PRINTED = "class Pay {\n  void pay() {\n    e.printStackTrace();\n  }\n}\n"
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
    clean=[
        Example("both ids bound, errors with their stack", {"shop/log.py": _CONTEXT}),
        Example(
            "a scope around each request, in C#",
            {
                "Program.cs": "app.Use(async (context, next) =>\n{\n"
                "    using (app.Logger.BeginScope(new Dictionary<string, object?>\n    {\n"
                '        ["request_id"] = context.TraceIdentifier,\n        ["user_id"] = '
                'context.User.FindFirst("sub")?.Value,\n'
                "    }))\n    {\n        try { await next(); }\n"
                '        catch (Exception e) { app.Logger.LogError(e, "request failed: {Path}", '
                "context.Request.Path); }\n"
                "    }\n});\n"
            },
        ),
        Example(
            "metadata of Elixir's logger",
            {
                "config/runtime.exs": "import Config\n\nconfig :logger, :default_handler, formatter: "
                "LoggerJSON.Formatters.Basic.new(metadata: [:request_id, :user_id, :crash_reason])\n"
            },
        ),
        Example(
            "Ktor's call logging",
            {
                "src/Module.kt": "fun Application.module() {\n"
                '    install(CallLogging) { callIdMdc("request_id"); mdc("user_id") { it.subject } }\n'
                '    exception<Throwable> { call, e -> log.error("request failed: {}", call.path, e) }\n}\n\n'
                "fun main() {\n    embeddedServer(Netty, module = Application::module).start()\n}\n"
            },
        ),
    ],
    silent=[
        Example(
            "one is caught, and only its message is written",
            {
                "src/server.ts": "app.use((req, res, next) => {\n"
                "  res.locals.log = log.child({ request_id: req.id, user_id: subject(req) })\n  next()\n})\n"
                "app.post('/pay', async (req, res) => {\n  try {\n    await pay()\n  } catch (e) {\n"
                "    console.error('payment failed: ' + e.message)\n  }\n})\n"
                "app.use((err, req, res, next) => {\n  res.locals.log.error({ err, stack: err.stack }, 'failed')\n})\n"
            },
        ),
    ],
    flagged=[
        Example(
            "nobody knows which user", {"shop/log.py": _CONTEXT.replace("user_id=request.user.id", "path=request.path")}
        )
    ],
    reads=[STACK, REQUEST_BOUND, USER_BOUND, MESSAGE_ONLY, HANDLER],
)
def errors_carry_context(code: Code, files: Files, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """Each service binds request id and user id to its log context, and logs errors with their stack trace."""
    found = [code[signal] for signal in (REQUEST_BOUND, USER_BOUND, STACK)]
    lost = [hit for hit in onstage(code[MESSAGE_ONLY]) if _handles(code, hit)]
    known = services(files, dockerfiles)
    shown = all(known.coverage(hit.path for hit in hits.first).whole for hits in found)
    if shown and lost:
        yield unsure(f"Errors are logged with ids and stack, and here one is caught without: {lost[0].text}", *lost)
    elif shown:
        yield passed(
            "Request id and user id are bound to log lines, and errors are logged with their stack",
            *(hits.first[0] for hits in found),
            confidence="medium",
        )


def _handles(code: Code, hit: Source) -> bool:
    """Whether a line stands right behind one that catches an error."""
    return bool(code[HANDLER].within(hit.path, hit.line - _BEHIND, hit.line))


_BEHIND = 6


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
        Example(
            "past the logger",
            {"Dockerfile": "FROM jre@sha256:0\nEXPOSE 8080\n", "src/Pay.java": _PRINTED},
        )
    ],
    silent=[
        Example("in a script", {"scripts/load.py": "import traceback\n\ntraceback.print_exc()\n"}),
        Example("a command that tells what went wrong", {"src/Pay.java": _PRINTED}),
    ],
    reads=[BARE_ERROR, ERROR_CALL],
)
def errors_bypass_the_log(
    code: Code, dockerfiles: Dockerfiles, kubernetes: Kubernetes, routes: Routes
) -> Iterator[Draft]:
    """Errors of a server are not printed past the logger, where they have neither request nor user."""
    if not serves(routes, dockerfiles, kubernetes):
        return
    bare, logged = onstage(code[BARE_ERROR]), onstage(code[ERROR_CALL])
    if logged:
        bare = bare.saying(lambda hit: "console." not in hit.text)
    if bare.total >= 3 or (bare and not logged):
        yield failed(
            each(bare).say(
                "{number:error} {is} printed past the logger, without request or user: {line}", line=bare[0].text
            ),
            examined(code.files(), "source files"),
            confidence="medium",
        )


CORRELATION = Signal(
    id="monitoring.correlation-id",
    pattern=r"CorrelationId(Middleware|Filter)|correlation[_-]?id|X-Request-ID|middleware\.RequestID|"
    r"log_tags\s*=.{0,60}:request_id|"
    r"express-request-id|cls-rtracer|genReqId|django_guid|requestid\.New|X-Correlation",
    roles=("source", "config"),
)
UNTAGGED = Signal(id="monitoring.no-log-tags", pattern=r"log_tags\s*=\s*(?:\[\s*\]|nil)", roles=("source", "config"))
CORRELATION_LOGGED = Signal(
    id="monitoring.correlation-id-logged",
    pattern=r"(log|MDC|bind|context|%X\{|format|fields|tag|With).{0,120}(correlation.?id|request[-_]?id|req_?id|"
    r"trace[-_]?id)|"
    r"correlation_id.{0,40}(filter|log)|LoggingInstrumentor|genReqId",
    roles=("source", "config"),
)
QUEUED = Signal(
    id="monitoring.work-for-later",
    pattern=r"\bcelery\b|shared_task|apply_async|perform_later|perform_async|\bsidekiq\b|ApplicationJob|\bOban\b|kafka|rabbit|amqp|"
    r"\bpubsub\b|\bsqs\b|send_?message\(|service_?bus|bullmq|createTask|\bnats\b|\benqueue|hangfire|dramatiq|MessageHandler|"
    r"\bqueue\.(?:push|add|put|publish)\(|\bprocrastinate\b|\.defer(?:_async)?\(|\bhuey\b|\bdjango_q\b|\basync_task\(|"
    r"\bfaktory\b|\bShouldQueue\b|\bdelayed_job\b|\bGoodJob\b",
)
OUTBOUND = Signal(
    id="monitoring.calls-to-others",
    pattern=r"\brequests\.(?:get|post|put|request)\(|\bhttpx\.|\baxios\b|\bfetch\(\s*(?:`https?|['\"]https?|process\.env|\w*url|\w*base)|"
    r"\bRestClient\b|\bWebClient\b|\bRestTemplate\b|\bHttpClient\b|\breqwest\b|http\.NewRequest|\bReq\.(?:get|post|new)|\bFaraday\b|HTTParty|"
    r"Net::HTTP|\bTesla\b|\bgot\(|HttpClientInterface|Guzzle",
)
SENT_ALONG = Signal(
    id="monitoring.id-in-messages",
    pattern=r"(?:send_?message|create_?task|publish|produce\w*|enqueue\w*|ServiceBusMessage|apply_async|perform_(?:later|async)|"
    r"\.delay|queue\.add|basic_publish|ProducerRecord)\(?.{0,600}(?:request_?id|correlation_?id|x-request-id|x-correlation-id)|"
    r"\bset_correlation_id\(|correlation_?id\s*=\s*\w*[rR]equest_?[iI]d|celery_?\w*correlation|CorrelationIdFilter|"
    r"before_task_publish|sidekiq.{0,40}(?:request_?id|current_?attributes)|CurrentAttributes::Save",
)
HANDED_ON = Signal(
    id="monitoring.id-in-calls",
    pattern=r"\bfetch\(.{0,600}x-(?:request|correlation)-id|\breq(?:uest)?\.Header\.(?:Set|Add)\(\s*\"X-(?:Request|Correlation)|"
    r"headers?\s*[=:]\s*\{.{0,300}[\"']x-(?:request|correlation)-id[\"']\s*:|\.header\(\s*\"X-(?:Request|Correlation)-Id\"\s*,|"
    r"DefaultRequestHeaders.{0,80}(?:Correlation|Request-?Id)|AddHeaderPropagation|HeaderPropagation|"
    r"(?:requests|httpx|client|session|axios)\.\w+\(.{0,300}x-(?:request|correlation)-id|defaultHeader\(\s*\"X-",
)
FRESH = Signal(
    id="monitoring.id-made-anew",
    pattern=r"[\"'](?:request|correlation)_?id[\"']\s*:\s*(?:uuid|crypto\.randomUUID|nanoid|Guid\.New|SecureRandom|UUID)",
)
_CELERY = (
    "import celery\n\napp.middleware('X-Request-ID')\nlog.bind(request_id=request.id)\n\n\n"
    "def pay(order):\n    charge.apply_async(%s)\n"
)
_TAGGED = "Rails.application.configure do\n  config.log_tags = [:request_id]\nend\n"


@check(
    "OBS-4.1.6",
    shows=PASS,
    clean=[
        Example("Rails tags each line", {"config/environments/production.rb": _TAGGED}),
        Example(
            "an id that goes along with the work",
            {"shop/app.py": _CELERY % "(order,), headers={'request_id': request.id}"},
        ),
        Example(
            "an id in the call to another",
            {
                "src/app.ts": "app.use(rTracer.expressMiddleware())\nimport rTracer from 'cls-rtracer'\n"
                "log.child({ requestId: rTracer.id() })\n"
                "const answer = await fetch(`https://bank.example/pay`, { headers: { 'x-request-id': "
                "rTracer.id() } })\n"
            },
        ),
    ],
    silent=[
        Example("an id that ends where work is put off", {"shop/app.py": _CELERY % "(order,)"}),
        Example(
            "likewise, by Procrastinate",
            {
                "shop/app.py": _CELERY.replace("celery", "procrastinate").replace(
                    "apply_async(%s)", "defer(order=order)"
                )
            },
        ),
        Example(
            "an id that others are not told",
            {
                "src/app.ts": "app.use(rTracer.expressMiddleware())\nimport rTracer from 'cls-rtracer'\n"
                "log.child({ requestId: rTracer.id() })\nconst answer = await fetch(`https://bank.example/pay`)\n"
            },
        ),
        Example(
            "another id for the queue",
            {
                "obs.go": "package obs\n\nfunc f() {\n\tid := "
                'r.Header.Get("X-Request-ID")\n\tlog.With("request_id", id)\n'
                '\treq.Header.Set("X-Request-ID", id)\n\tat := map[string]string{"request_id": uuid.NewString()}\n'
                "\tpubsub.Publish(at)\n}\n"
            },
        ),
    ],
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
    reads=[CORRELATION, CORRELATION_LOGGED, UNTAGGED, QUEUED, OUTBOUND, SENT_ALONG, HANDED_ON, FRESH],
)
def correlation_id(code: Code, files: Files, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """Each service takes or makes a request id and puts it on its log lines."""
    untagged = code[UNTAGGED].paths
    made = onstage(code[CORRELATION]).saying(lambda hit: not (hit.path in untagged and "log_tags" in hit.text))
    logged = onstage(code[CORRELATION_LOGGED])
    known = services(files, dockerfiles)
    have, show = known.coverage(h.path for h in made), known.coverage(h.path for h in logged)
    if have.whole and show.whole and (ends := _where_it_ends(code)):
        yield unsure(f"A request id is set and stands in log lines; {ends}", made[0], logged[0])
    elif have.whole and show.whole:
        yield passed("A request id is set and stands in log lines", made[0], logged[0], confidence="medium")
    elif known.several and have.having:
        text = "{Service|Services} {} {sets} a request id; of {others} it cannot be seen"
        yield unsure(named(have.having).say(text, others=named(have.lacking)), made)


def _where_it_ends(code: Code) -> str:
    """Behind what a request's id may not be seen any more; empty where it goes along, or there is nothing behind."""
    later, calls = onstage(code[QUEUED]), onstage(code[OUTBOUND])
    along, told, fresh = code[SENT_ALONG].places, code[HANDED_ON].places, onstage(code[FRESH])
    if later and fresh:
        return f"another is made for work that is put off: {fresh[0].text}"
    if later and not along:
        return f"that it goes along with work that is put off is not seen: {later[0].text}"
    if calls and not told and not along.saying(lambda hit: "CorrelationIdFilter" not in hit.text):
        return f"that others are told it is not seen: {calls[0].text}"
    return ""
