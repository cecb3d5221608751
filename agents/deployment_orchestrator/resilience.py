"""Judges what happens when something called does not answer: breakers, retries, time limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from orchestrator import (
    ALL,
    BOTH,
    FAIL,
    PASS,
    Code,
    Draft,
    Example,
    Hits,
    Kubernetes,
    Manifests,
    Places,
    Signal,
    Source,
    Status,
    check,
    each,
    examined,
    failed,
    passed,
    unsure,
    words,
)

_OUTBOUND = Signal(
    id="deployment.outbound-calls",
    pattern=r"(requests\.(get|post|put|patch|delete|request|Session)\((?![\"']\w{1,40}[\"']\s*[,)])|httpx\.(get|"
    r"post|Client|AsyncClient)\(|\baxios(\.|\()"
    r"|(?-i:(?<![.\w])http\.(Get|Post|NewRequest\w*)\()|\bawait fetch\(|"
    r"new (RestTemplate|HttpClient)\(|WebClient\.(create|builder)\("
    r"|urlopen\(|Net::HTTP\.|Faraday\.new|\bgot\(|grpc\.(Dial\w*|NewClient)\(|aiohttp\.ClientSession\()"
    r"|\bHttpClient\((?:CIO|OkHttp|Java|Apache5?|Jetty|engine)\b|\bReq\.(?:post|get|put|patch|delete|request|"
    r"new)!?\(|\bHTTPoison\."
    r"|\bTesla\.(?:get|post|put|client)|\breqwest::(?:Client|ClientBuilder|get)\b|\bureq::|EmberClientBuilder|"
    r"BlazeClientBuilder"
    r"|\bHttpClient::create|\bGuzzleHttp\\\\Client\(|\bHttpClientInterface\s\$|\bHttp::(?:get|post|put|withToken|"
    r"timeout|retry|baseUrl)\("
    r"|\bAddHttpClient\b|\bRestClient\.(?:create|builder|Builder)\b|\bHttpClient\.new|\bOkHttpClient\b|"
    r"\bHTTParty\.|\bTyphoeus\.",
)  # fmt: skip
_OTHER_BREAKER = Signal(
    id="deployment.other-circuit-breaker",
    pattern=r":fuse\.ask\(|\bStoplight\(|GaneshaHttpClient\(|\bAddStandardResilienceHandler\b|\bfailsafe::|"
    r"\bCircuitBreaker\.(?:default|of)\b"
    r"|\bexecuteSuspendFunction\b|^\s{0,40}(?:if|unless|when)\b.{0,60}(?:\bopen_?until\b|"
    r"[\"'][\w:-]{0,40}-?(?:breaker|circuit|bank)?-?open[\"']|\bcircuit_?open\b|\bbreaker_?open\b)"
    r"|\bRestClient\b.{0,60}resilience|@circuit\(",
    kept=ALL,
)
"""Breakers of other languages' libraries, and those that people write: asked before a call whether it may go."""
_OTHER_BACKOFF = Signal(
    id="deployment.other-retry-backoff",
    pattern=r"\bexponentialDelay\(|\bExponentialBuilder\b|\bExponentialBackoff\b|\bfullJitter\b|"
    r"\bexponentialBackoff\b|\bexponential_backoff\b|:exponential\b"
    r"|\bbackoff_factor\s{0,3}:\s{0,3}[1-9]|retry_delay:.{0,40}(?:pow|\*\*|<<<)|\bAddStandardResilienceHandler\b|"
    r"DelayBackoffType\.Exponential|"
    r"\bpolynomially_longer\b|\b2 \*\* \w|Math\.pow\(2|\b1 << \w|\bshl\s(?:tries|"
    r"attempt|n)\b|retry_failed\b|\bmultiplier\s{0,3}[:=]\s{0,3}[\"']?[2-9]|"
    r"enable-exponential-backoff\W{1,4}true|exponential-backoff-multiplier\W{1,4}[2-9]|"
    r"\bretries=\{.{0,20}adaptive|ADAPTIVE_V2|->retry\(\d{1,2},\s{0,3}(?:fn|function)",
    roles=("source", "config"),
    kept=ALL,
)
_MAILS = Signal(
    id="deployment.mails",
    pattern=r"\bsend_mail\(|\bEmail(?:MultiAlternatives|Message)\(|\bsmtplib\.SMTP|\bcreateTransport\(|\bMail::(?:to|send|raw)\(|"
    r"\bJavaMailSender\b|\bsmtp\.(?:SendMail|Dial)|\bMailerInterface\s\$|\bSmtpClient\(",
    kept=ALL,
)
"""A mail server is somebody else that may not answer; what Rails sends is a job of its own."""
_STORES = words("packages/server-databases")
_NO_CLIENT = re.compile(
    r"(^|/)(?:load|k6|perf|performance|stress|e2e|bench(?:marks?)?|journeys?|smoke|cypress|playwright|gatling|"
    r"locust\w*|tests?|specs?)(?:/|\.|-)"
    r"|(^|/)(?:sw|service-?worker[\w.]*|k6|loadtest)\.[jt]s$",
    re.IGNORECASE,
)
"""Where calls are made that no user waits for: load tests, journeys, what browsers keep."""
_OF_IDENTITY = re.compile(
    r"(^|/)(?:auth\w*|jwks?|oidc|flags?|features?|telemetry|tracing|otel|observability|metrics|"
    r"health\w*)(?:/|\.)",
    re.IGNORECASE,
)
"""Where keys and flags are fetched once and kept, or the monitoring is told something."""
_OF_MONITORING = re.compile(r"(^|/)(?:telemetry|tracing|otel|observability|metrics|health\w*)(?:/|\.)", re.IGNORECASE)
"""Where the monitoring is told something: a user's request waits for keys and flags, and not for this."""
_BREAKER = Signal(
    id="deployment.circuit-breaker", pattern=words("calls/circuit-breakers").pattern, through=_OUTBOUND.id
)
_BREAKER_OFF = Signal(
    id="deployment.circuit-breaker-off",
    pattern=r"breaker.{0,80}\benabled\b[\"']?\s?[:=]\s?(?:false|False)\b|^[\"']?enabled[\"']?\s?[:=]\s?(?:false|False),?$",
)
_BROKEN = Signal(
    id="deployment.circuit-breaker-used",
    pattern=r"^@\w{0,40}breaker|breaker\w{0,20}\.(?:call|fire|execute|run|protect|wrap|decorate|exec)\w{0,20}\("
    r"|with \w{0,40}breaker"
    r"|\(\s*\w{0,40}breaker\w{0,20}\s*[,)]|breaker\w{0,20}\(",
)
_MADE = re.compile(r"(?:export )?(?:const |let |var )?(\w{0,40}breaker\w{0,20})\s*(?::=|=)", re.IGNORECASE)
_CALL = "import pybreaker\nbreaker = pybreaker.CircuitBreaker(fail_max=5)\n@breaker\ndef rates():\n    return "
_GUARDED = (
    "import pybreaker\n\ndef guarded(call):\n    breaker = pybreaker.CircuitBreaker(fail_max=5)\n"
    "    return breaker(call)\n"
)
_ASKS = "@guarded\ndef tax():\n    return requests.get(url, timeout=3)\n"
_RULE = (
    "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: everything}\nspec:\n"
    "  host: '*.local'\n  trafficPolicy:\n    outlierDetection: {consecutive5xxErrors: 5}\n"
)


@check(
    "INF-1.2.5",
    shows=PASS,
    reads=[_OUTBOUND, _BREAKER, _BROKEN, _OTHER_BREAKER, _MAILS, _BREAKER_OFF],
    clean=[
        Example("Each file that calls out has a breaker", {"shop/rates.py": _CALL + "requests.get(url, timeout=3)\n"}),
        Example("The mesh breaks circuits for every host", {"k8s/mesh.yaml": _RULE}),
        Example(
            "A breaker behind a helper of its own name",
            {"shop/net.py": _GUARDED, "shop/tax.py": "import requests\nfrom .net import guarded\n" + _ASKS},
        ),
    ],
    flagged=[
        Example(
            "A breaker in one of two clients",
            {
                "shop/rates.py": _CALL + "requests.get(url, timeout=3)\n",
                "shop/tax.py": "import requests\nrequests.get(url, timeout=3)\n",
            },
        ),
        Example(
            "None where the keys of identities are fetched",
            {
                "shop/rates.py": _CALL + "requests.get(url, timeout=3)\n",
                "shop/auth.py": "import requests\n\nkeys = requests.get(url, timeout=3)\n",
            },
        ),
        Example("None", {"shop/tax.py": "import requests\nrequests.get(url, timeout=3)\n"}),
        Example(
            "None around the mail server",
            {
                "shop/rates.py": _CALL + "requests.get(url, timeout=3)\n",
                "shop/letters.py": "from django.core.mail import send_mail\n\nsend_mail(title, text, None, [to])\n",
            },
        ),
        Example(
            "A helper that is taken, and never asked",
            {
                "shop/net.py": _GUARDED,
                "shop/tax.py": "import requests\nfrom .net import guarded\n" + _ASKS.replace("@guarded\n", ""),
            },
        ),
        Example(
            "A helper of the same name without a breaker",
            {
                "shop/net.py": _GUARDED,
                "shop/own.py": "def guarded(call):\n    return call\n",
                "shop/tax.py": "import requests\nfrom .own import guarded\n" + _ASKS,
            },
        ),
    ],
)
def circuit_breakers(code: Code, kubernetes: Kubernetes) -> Iterator[Draft]:
    """Every file with outbound calls also has a circuit breaker, or the mesh breaks circuits for all hosts."""
    rules = [r for r in kubernetes.of("DestinationRule") if str(r.get("spec", "host", default="")) in ("*.local", "*")]
    meshed = [r for r in rules if r.section("spec", "trafficPolicy", "outlierDetection")]
    if meshed:
        yield passed("The mesh ejects failing hosts", meshed[0].at("spec", "trafficPolicy", "outlierDetection"))
    else:
        idle = [
            hit for hit in code[_BREAKER].first if (made := _MADE.match(hit.text)) and not _is_used(made[1], hit, code)
        ]
        others = code[_OTHER_BREAKER]
        left = {hit.path for hit in idle} - set(others.places.files)
        guarded = {*code[_BREAKER].places.files, *others.places.files} - left
        stopped = code[_BREAKER_OFF].places.under(lambda path: path in guarded)
        if stopped:
            yield unsure(f"A circuit breaker is there, and switched off: {stopped[0].text[:80]}", stopped)
            return
        letters = code[_MAILS].places.under(lambda path: path not in guarded and not _NO_CLIENT.search(path))
        for draft in _covered(code[_OUTBOUND], code[_BREAKER], "a circuit breaker", _OF_MONITORING, left, others):
            if letters and draft.status is Status.PASS:
                yield unsure(f"Calls have a circuit breaker, and mails have none: {letters[0].text}", letters)
            else:
                yield draft


_BACKOFF = Signal(id="deployment.retry-backoff", pattern=words("calls/growing-waits").pattern, through=_OUTBOUND.id)
_BARE_RETRY = Signal(
    id="deployment.bare-retry",
    pattern=r"^@(tenacity\.)?retry(\(\))?\s*$",
    languages=("python",),
)
_BACKED_OFF = (
    "@retry(wait=wait_exponential(), stop=stop_after_attempt(5))\ndef tax():\n    return requests.get(url, timeout=3)\n"
)


@check(
    "INF-1.2.6",
    shows=BOTH,
    reads=[_OUTBOUND, _BACKOFF, _BARE_RETRY, _OTHER_BACKOFF],
    clean=[Example("Exponential waits around the client", {"shop/tax.py": _BACKED_OFF})],
    flagged=[
        Example(
            "Retried at once, without end",
            {
                "requirements.txt": "tenacity==9.0.0\nrequests==2.32.0\n",
                "shop/tax.py": "@retry\ndef tax():\n    return requests.get(url, timeout=3)\n",
            },
        )
    ],
    silent=[Example("No retries in sight", {"shop/tax.py": "requests.get(url, timeout=3)\n"})],
)
def retries(code: Code, manifests: Manifests) -> Iterator[Draft]:
    """Every file with outbound calls retries with exponential waits; nothing retries at once and for ever."""
    bare = code[_BARE_RETRY].places if manifests.uses("tenacity", "retrying", development=False) else Places()
    if bare:
        yield failed("A bare @retry tries again at once and without end", bare[0], bare)
    else:
        others = code[_OTHER_BACKOFF]
        configured = any(not hit.path.endswith(_OF_CODE) for hit in others.places)
        yield from _covered(
            code[_OUTBOUND],
            code[_BACKOFF],
            "retries with exponential waits",
            _OF_IDENTITY,
            frozenset(),
            others,
            configured,
        )


def _is_used(name: str, made: Source, code: Code) -> bool:
    """Whether anything in the file goes through the breaker of this *name*, or another file may."""
    here = code[_BROKEN].within(made.path)
    elsewhere = any(name in hit.text for hit in code[_BROKEN].first if hit.path != made.path)
    return elsewhere or any(hit.line != made.line and name in hit.text for hit in here)


_OF_CODE = (
    ".py", ".js", ".ts", ".tsx", ".mjs", ".go", ".java", ".kt", ".scala", ".rb", ".php", ".cs", ".rs", ".ex", ".exs",
)  # fmt: skip


def _covered(
    calls: Hits,
    guards: Hits,
    what: str,
    spared: re.Pattern[str],
    idle: Set[str],
    others: Hits,
    elsewhere: bool = False,
) -> Iterator[Draft]:
    """A pass where each file with *calls* has *guards*, not *idle* ones, beside those whose names are *spared*."""
    files = [path for path in calls.places.files if not _NO_CLIENT.search(path)]
    asked = [path for path in files if not spared.search(path)] or files
    if not asked:
        return
    whole = calls.places.exact and guards.places.exact
    bare = [
        p
        for p in asked
        if not elsewhere and ((p not in guards.places.files and p not in others.places.files) or p in idle)
    ]
    if whole and not bare:
        yield passed(
            each(asked).say("{all:file with outbound calls} {has} {what}", what=what),
            *[hit for hit in (*guards.first, *others.first) if hit.path in asked][:3],
            examined(len(asked), "files"),
        )
        return
    first = next((hit for hit in calls.first if hit.path in bare), calls.first[0])
    text = "{share:file with outbound calls} {shows} no {what} of {its} own"
    if not bare:
        text = "Files with outbound calls are too many for each to be looked at"
    yield unsure(each(bare, exact=whole).say(text, of=len(asked), what=what.removeprefix("a ")), first)


_PYTHON_CALL = Signal(
    id="deployment.call-without-limit.python",
    pattern=r"(\brequests\.(get|post|put|patch|delete|head|options|request)|"
    r"\burlopen)\((?![\"']\w{1,40}[\"']\s*[,)])(?!.*(timeout|\*\*)).*\)",
    languages=("python",),
    kept=ALL,
)
_TAKEN = Signal(
    id="deployment.requests-taken",
    pattern=r"^(?:import\s(?:.{0,100},\s?)?(?:requests|urllib\.request)\b|"
    r"from\s+(?:requests|urllib(?:\.request|2)?)\s+import\b|from\s+six\.moves\b.{0,60}\burl)",
    languages=("python",),
    kept=ALL,
)
"""Without it what is called ``requests`` is something of the module's own."""
_GO_CALL = Signal(
    id="deployment.call-without-limit.go",
    pattern=r"(^|[^.\w])http\.((Get|Post|Head|PostForm)\(|DefaultClient\.|ListenAndServe(TLS)?\()|&http\.Client\{\}",
    languages=("go",),
)


_ENDLESS = Signal(
    id="deployment.call-without-end",
    pattern=r"\b(?:httpx|requests|aiohttp|session|client|http|urlopen)\b.{0,400}\btimeout\s{0,3}=\s{0,3}None\b|"
    r"\b(?:receive_timeout|recv_timeout):\s{0,3}:infinity\b"
    r"|\breqwest::Client::new\(\)|\breqwest::Client::builder\(\)(?!.{0,300}\.timeout\().{0,300}\.build\(\)|"
    r"\bTimeout\s{0,3}=\s{0,3}Timeout\.InfiniteTimeSpan"
    r"|\baxios\.create\(.{0,160}\btimeout:\s{0,3}0\b",
    languages=("python", "elixir", "rust", "csharp", "javascript", "typescript"),
    kept=ALL,
)
_TIME = r"(?<!reset)(?<!reset_)(?<!recovery)(?<!recovery_)timeout\w{0,12}"
"""Not how long a breaker stays open."""
_TIMED = Signal(
    id="deployment.client-time-limit",
    pattern=rf"{_TIME}\W{{1,12}}(?:[\w.]{{0,30}}\()?\d|{_TIME}\s{{0,3}}=\s{{0,3}}(?:TimeSpan|Duration|time|\d)|"
    r"\bTimeout:\s{0,3}\d|Timeout\(\s{0,3}(?:\d|Duration|std|TimeSpan)|"
    r"\.timeout\(|\bAddStandardResilienceHandler\b|\bmax_duration\W{1,3}\d",
    roles=("source", "config"),
    kept=ALL,
)
_DATABASE_TIMED = Signal(
    id="deployment.database-time-limit",
    pattern=r"statement_timeout|command_?timeout|socket_?timeout\W|acquire_timeout|"
    r"connection_?timeout(?:Millis)?\W{1,6}\d|connection-timeout|setConnectionTimeout|"
    r"max_statement_time|pool_timeout|checkout_timeout|connect_timeout\W{1,4}\d|query_timeout|"
    r"ConnectTimeout\s{0,3}=|serverSelectionTimeoutMS|read_timeout\W{1,4}\d",
    roles=("source", "config"),
)
_SERVER_TIMED = Signal(
    id="deployment.server-time-limit",
    pattern=r"\bRead(?:Header)?Timeout:|\brequestTimeout\s{0,3}=|TimeoutLayer|middleware\.Timeout|worker_timeout|"
    r"response_timeout|AddRequestTimeouts|"
    r"requestReadTimeoutSeconds|tomcat:.{0,40}connection-timeout|--timeout[ =]\d|^timeout\s{0,3}=\s{0,3}\d|"
    r"timeoutSeconds\s{0,3}:|proxy_read_timeout|rack.?timeout|"
    r"server\.(?:tomcat\.)?connection-timeout|request_timeout\W{1,4}\d|read_timeout\W{1,4}\d|"
    r"CELERY_TASK_TIME_LIMIT|^\s{0,8}Timeout:\s{0,3}\d|timeout-keep-alive|"
    r"def timeout\(|respondingTimeouts|max_execution_time|setTimeout\(\d",
    roles=("source", "config", "infra", "other"),
)
_PROBES = re.compile(r"(^|[/_.-])(?:health-?_?checks?|healthz|liveness|readiness|probes?)[\w-]*\.\w+$", re.IGNORECASE)
"""Scripts that ask a server for its health, which serve nobody."""
_ELIXIR = "def post(t) do\n  Req.post(url, json: %{t: t}, receive_timeout: %s)\nend\n"
_RUST = "fn main() {\n    let client = reqwest::Client::builder()%s.build().unwrap();\n}\n"
_HTTPX = "import httpx\n\nclient = httpx.Client(base_url=URL, timeout=%s)\n"


@check(
    "INF-1.2.7",
    shows=BOTH,
    reads=[_OUTBOUND, _ENDLESS, _TIMED, _DATABASE_TIMED, _SERVER_TIMED],
    clean=[
        Example(
            "Client, database and server",
            {
                "shop/bank.py": _HTTPX % "5.0",
                "requirements.txt": "psycopg==3.2.0\nhttpx==0.28.0\n",
                "shop/settings.py": 'DATABASES = {"default": {"OPTIONS": {"options": "-c statement_timeout=5000"}}}\n',
                "gunicorn.conf.py": "timeout = 20\n",
            },
        ),
        Example(
            "In Rust",
            {
                "src/bank.rs": _RUST % ".timeout(Duration::from_secs(5))",
                "src/api.rs": "fn main() {\n    let r = router.layer(TimeoutLayer::new(Duration::from_secs(6)));\n}\n",
            },
        ),
        Example(
            "In Go",
            {
                "bank.go": "package shop\n\nfunc New() *Bank "
                "{\n\tc := grpc.NewClient(url)\n\treturn &Bank{&http.Client{Timeout: 4 * time.Second}, c}\n}\n",
                "main.go": "package main\n\nfunc main() "
                "{\n\tsrv := &http.Server{ReadTimeout: 5 * time.Second}\n\tsrv.ListenAndServe()\n}\n",
            },
        ),
    ],
    flagged=[
        Example("A client that waits for ever", {"shop/bank.py": _HTTPX % "None"}),
        Example("In Elixir", {"lib/sms.ex": _ELIXIR.replace("%s", ":infinity")}),
        Example("In Rust, which has no limit of its own", {"src/bank.rs": _RUST % ""}),
    ],
    silent=[
        Example("Nothing limits the server", {"shop/bank.py": _HTTPX % "5.0"}),
        Example(
            "Only a health check calls out",
            {"api/api_healthcheck.py": _HTTPX % "5.0", "gunicorn.conf.py": "timeout = 20\n"},
        ),
        Example(
            "Nothing limits the database",
            {
                "shop/bank.py": _HTTPX % "5.0",
                "requirements.txt": "psycopg==3.2.0\n",
                "gunicorn.conf.py": "timeout = 20\n",
            },
        ),
        Example(
            "The only limit is how long a breaker stays open",
            {
                "shop/bank.py": "import pybreaker\nimport requests\n\nsession = requests.Session()\n"
                "breaker = pybreaker.CircuitBreaker(fail_max=5, reset_timeout=30)\n\n\n@breaker\ndef pay():\n"
                "    return session.put(URL)\n",
                "gunicorn.conf.py": "timeout = 20\n",
            },
        ),
        Example(
            "A second client without",
            {
                "shop/bank.py": _HTTPX % "5.0",
                "shop/post.py": "import httpx\n\nclient = httpx.Client(base_url=URL)\n",
                "gunicorn.conf.py": "timeout = 20\n",
            },
        ),
    ],
)
def limits_everywhere(code: Code, manifests: Manifests) -> Iterator[Draft]:
    """Each file that calls out has a time limit, and so have database and server; none is told to wait for ever."""
    endless = code[_ENDLESS].places.under(lambda path: not _ASIDE.search(path) and not _NO_CLIENT.search(path))
    if endless:
        yield failed(
            each(endless).say("{number:client} {waits} for ever: {its} time limit is off or was never set"),
            remedy="Set a time limit on each client: a few seconds to connect, and as many as a user would wait "
            "to answer.",
        )
        return
    calls = code[_OUTBOUND].places
    files = [path for path in calls.files if not _NO_CLIENT.search(path) and not _ASIDE.search(path)]
    files = [path for path in files if not _PROBES.search(path)]
    timed = code[_TIMED].places
    configured = bool(timed.saying(lambda hit: "config/" in hit.path and "max_duration" in hit.text))
    bare = [path for path in files if path not in timed.files and not configured]
    stored = manifests.uses(_STORES, development=False)
    if not files or bare or not calls.exact or not code[_SERVER_TIMED]:
        return
    if stored and not code[_DATABASE_TIMED]:
        return
    yield passed(
        each(files).say(
            "{all:file with outbound calls} {has} a time limit, and so have the server and what it keeps data in"
        ),
        *[hit for hit in timed if hit.path in files][:3],
        *code[_SERVER_TIMED].first[:1],
        *code[_DATABASE_TIMED].first[:1],
        examined(len(files), "files"),
        confidence="medium",
    )


@check(
    "INF-1.2.7",
    shows=FAIL,
    reads=[_PYTHON_CALL, _TAKEN, _GO_CALL],
    clean=[
        Example(
            "A limit on each call",
            {
                "side.go": 'package shop\n\nfunc Side() {\n\tgo http.ListenAndServe(":9090", metrics)\n}\n',
                "pkg/testkit/kit.go": "package testkit\n\nfunc Ask() {\n\thttp.DefaultClient.Do(r)\n}\n",
                "shop/tax.py": "requests.get(url, timeout=3)\nrequests.post(\n    url,\n    timeout=3,\n)\n",
                "main.go": "srv := &http.Server{ReadTimeout: 5 * time.Second}\nsrv.ListenAndServe()\n",
            },
        )
    ],
    flagged=[
        Example(
            "A call that may hang", {"shop/tax.py": 'import requests\n\nrates = requests.get(f"{base}/rates").json()\n'}
        ),
        Example("A server without limits", {"main.go": 'log.Fatal(http.ListenAndServe(":80", nil))\n'}),
    ],
    silent=[
        Example("In tests", {"tests/test_tax.py": "import requests\nrequests.get(url)\n"}),
        Example("A mapping of that name", {"shop/quota.py": "def cpu(requests):\n    return requests.get(name(1))\n"}),
    ],
)
def time_limits(code: Code) -> Iterator[Draft]:
    """No call of requests, urlopen or Go's net/http that is without a time limit for certain."""
    taken = code[_TAKEN].places.files
    python = code[_PYTHON_CALL].places.saying(
        lambda hit: hit.path in taken and _whole(hit.text) and not _ASIDE.search(hit.path)
    )
    go = code[_GO_CALL].places.saying(lambda hit: not _ASIDE.search(hit.path) and not _BESIDE.match(hit.text))
    if python:
        yield failed(
            each(python).say("{number:HTTP call} {waits} for ever: no timeout"),
            remedy="Pass timeout= to each call, or use a session that sets one.",
        )
    if go:
        yield failed(
            each(go).say("{number:place} {uses} net/http without time limits"),
            remedy="Use an http.Client with Timeout, and an http.Server with ReadHeaderTimeout and WriteTimeout.",
        )


_ASIDE = re.compile(r"(^|/)(scripts?|tools?|bin|hack|ci|contrib|migrations?|cmd/tools|test(?:kit|utils?|helpers?))/")
_BESIDE = re.compile(r"\s*go http\.ListenAndServe\(")
"""A server beside that of users, as a rule for the monitoring."""


def _whole(line: str) -> bool:
    """Whether the call on *line* ends there, so that no argument can follow on the next."""
    return line.count("(") <= line.count(")") and len(line) < 200
