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
    pattern=r"(requests\.(get|post|put|patch|delete|request|Session)\((?![\"']\w{1,40}[\"']\s*[,)])|httpx\.(get|post|Client|AsyncClient)\(|\baxios(\.|\()"
    r"|(?-i:(?<![.\w])http\.(Get|Post|NewRequest\w*)\()|\bawait fetch\(|"
    r"new (RestTemplate|HttpClient)\(|WebClient\.(create|builder)\("
    r"|urlopen\(|Net::HTTP\.|Faraday\.new|\bgot\(|grpc\.(Dial\w*|NewClient)\(|aiohttp\.ClientSession\()",
)  # fmt: skip
_BREAKER = Signal(
    id="deployment.circuit-breaker", pattern=words("calls/circuit-breakers").pattern, through=_OUTBOUND.id
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
    reads=[_OUTBOUND, _BREAKER, _BROKEN],
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
        Example("None", {"shop/tax.py": "import requests\nrequests.get(url, timeout=3)\n"}),
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
        yield from _covered(code[_OUTBOUND], code[_BREAKER], "a circuit breaker", {hit.path for hit in idle})


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
    reads=[_OUTBOUND, _BACKOFF, _BARE_RETRY],
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
        yield from _covered(code[_OUTBOUND], code[_BACKOFF], "retries with exponential waits")


def _is_used(name: str, made: Source, code: Code) -> bool:
    """Whether anything in the file goes through the breaker of this *name*, or another file may."""
    here = code[_BROKEN].within(made.path)
    elsewhere = any(name in hit.text for hit in code[_BROKEN].first if hit.path != made.path)
    return elsewhere or any(hit.line != made.line and name in hit.text for hit in here)


def _covered(calls: Hits, guards: Hits, what: str, idle: Set[str] = frozenset()) -> Iterator[Draft]:
    """A pass where each file with *calls* has *guards* too, not *idle* ones, as far as all of them were kept."""
    if not calls:
        return
    whole = calls.places.exact and guards.places.exact
    bare = [path for path in calls.places.files if path not in guards.places.files or path in idle]
    if whole and not bare:
        yield passed(
            each(calls.places.files).say("{all:file with outbound calls} {has} {what}", what=what),
            guards.places,
            examined(calls.files, "files"),
        )
        return
    first = next((hit for hit in calls.first if hit.path not in guards.places.files), calls.first[0])
    text = "{share:file with outbound calls} {shows} no {what} of {its} own"
    if not bare:
        text = "Files with outbound calls are too many for each to be looked at"
    yield unsure(each(bare, exact=whole).say(text, of=calls.files, what=what.removeprefix("a ")), first)


_PYTHON_CALL = Signal(
    id="deployment.call-without-limit.python",
    pattern=r"(\brequests\.(get|post|put|patch|delete|head|options|request)|\burlopen)\((?![\"']\w{1,40}[\"']\s*[,)])(?!.*(timeout|\*\*)).*\)",
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


@check(
    "INF-1.2.7",
    shows=FAIL,
    reads=[_PYTHON_CALL, _TAKEN, _GO_CALL],
    clean=[
        Example(
            "A limit on each call",
            {
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
    go = code[_GO_CALL].places.under(lambda path: not _ASIDE.search(path))
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


_ASIDE = re.compile(r"(^|/)(scripts?|tools?|bin|hack|ci|contrib|migrations?|cmd/tools)/")


def _whole(line: str) -> bool:
    """Whether the call on *line* ends there, so that no argument can follow on the next."""
    return line.count("(") <= line.count(")") and len(line) < 200
