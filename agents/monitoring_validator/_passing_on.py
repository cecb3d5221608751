"""Looks for calls between services that carry no trace context, although each service makes spans."""

from __future__ import annotations

import re

from orchestrator import ALL, Code, Kubernetes, Signal, Source

from ._collected import from_elsewhere
from ._services import Services, onstage

FORMAT = Signal(
    id="monitoring.propagation-format",
    pattern=r"tracing\.propagation\.(?:type|produce|consume)\s*[:=]\s*\w|^type:\s*[\"'\[]*(?:B3|B3_MULTI|W3C)\b|OTEL_PROPAGATORS\W.*\w",
    roles=("source", "config", "infra"),
    kept=ALL,
)
SWITCHED_OFF = Signal(
    id="monitoring.instrumentation-switched-off",
    pattern=r"instrumentation-(?:amqplib|kafkajs|http|undici|grpc|aws-sdk)[\"']?\s*:\s*\{\s*enabled:\s*false|"
    r"OTEL_(?:NODE|PYTHON)_DISABLED_INSTRUMENTATIONS\W+\w|"
    r"otel\.instrumentation\.[\w-]+\.enabled\s*=\s*false|OTEL_INSTRUMENTATION_\w+_ENABLED\W.{0,16}\bfalse\b",
    roles=("source", "config", "infra"),
    kept=ALL,
)
BY_HAND = Signal(
    id="monitoring.server-instrumented-by-hand",
    pattern=r"\b(?:FastAPI|Flask|Django|Starlette|ASGI|AioHttpServer|Tornado|Falcon|Pyramid)Instrumentor\b",
    languages=("python",),
)
CLIENT_BY_HAND = Signal(
    id="monitoring.client-instrumented-by-hand",
    pattern=r"\b(?:HTTPXClient|Requests|URLLib3?|AioHttpClient|Grpc(?:Aio)?Client\w*|Celery|Pika|AioPika|Kafka|AIOKafka|"
    r"ConfluentKafka|Botocore|Boto3SQS)Instrumentor\b",
    languages=("python",),
    kept=ALL,
)
CLIENT = Signal(
    id="monitoring.client-in-python",
    pattern=r"\b(?:httpx\.(?:get|post|put|patch|delete|request|Client|AsyncClient)|requests\.(?:get|post|put|patch|delete|request|Session)|"
    r"urllib\.request\.urlopen|urllib3\.PoolManager|aiohttp\.ClientSession|http\.client\.HTTPS?Connection)\(",
    languages=("python",),
    kept=ALL,
)
BARE_CLIENT = Signal(
    id="monitoring.client-past-the-builder",
    pattern=r"\b(?:RestClient|WebClient)\.create\(|\bnew RestTemplate\(\s*\)|\bHttpClient\.newHttpClient\(",
    languages=("java", "kotlin"),
    kept=ALL,
)
AGENT = Signal(
    id="monitoring.agent-of-all-calls",
    pattern=r"-javaagent:|opentelemetry-instrument\b|opentelemetry-auto-instrumentation|auto-instrumentations-node|\bddtrace\b|"
    r"initialize\(\)\s*# auto|auto_instrumentation\.initialize|inject-(?:java|python|nodejs)",
    roles=("source", "infra", "config"),
    kept=ALL,
)
READS = [FORMAT, SWITCHED_OFF, BY_HAND, CLIENT_BY_HAND, CLIENT, BARE_CLIENT, AGENT]
_INSTRUMENTED = {
    "httpx": "HTTPXClient",
    "requests": "Requests",
    "urllib": "URLLib",
    "urllib3": "URLLib3",
    "aiohttp": "AioHttpClient",
}
_QUEUE = re.compile(r"Celery|Pika|Kafka|Boto", re.IGNORECASE)
_FORMATS = re.compile(r"\b(b3multi|b3_multi|b3|w3c|tracecontext|jaeger|xray|datadog)\b", re.IGNORECASE)
_SAME = {"tracecontext": "w3c", "b3_multi": "b3", "b3multi": "b3"}


def formats_apart(code: Code, known: Services) -> tuple[Source, ...]:
    """Where two services say in which formats they pass the context on, and have none in common."""
    said: dict[str | None, set[str]] = {}
    places: dict[str | None, Source] = {}
    for hit in code[FORMAT].first:
        names = {_SAME.get(name.lower(), name.lower()) for name in _FORMATS.findall(hit.text)}
        owner = known.owner(hit.path)
        if names and owner is not None:
            said.setdefault(owner, set()).update(names)
            places.setdefault(owner, hit)
    for one in said:
        for other in said:
            if said[one].isdisjoint(said[other]):
                return places[one], places[other]
    return ()


def doubt(code: Code, kubernetes: Kubernetes, known: Services) -> tuple[str, Source] | None:
    """Why it cannot be said that calls carry the context, with the first place of it."""
    agents = {known.owner(hit.path) for hit in code[AGENT].first}
    if given := from_elsewhere(kubernetes, "OTEL_PROPAGATORS"):
        return "In which formats the context is passed on comes from outside of the tree", given
    if bare := next((hit for hit in onstage(code[BARE_CLIENT]) if known.owner(hit.path) not in agents), None):
        return f"A client is made past the one that is traced: {bare.text}", bare
    return _python(code, known, agents)


def _python(code: Code, known: Services, agents: set[str | None]) -> tuple[str, Source] | None:
    """The same of services in Python whose server and clients are traced one by one."""
    servers = {known.owner(hit.path): hit for hit in onstage(code[BY_HAND])}
    clients = [(known.owner(hit.path), hit) for hit in code[CLIENT_BY_HAND].first]
    calls = onstage(code[CLIENT])
    for call in calls:
        owner = known.owner(call.path)
        library = re.search(r"\b(httpx|requests|urllib3?|aiohttp)\b", call.text)
        if owner not in servers or owner in agents or library is None:
            continue
        wanted = re.compile(rf"\b{_INSTRUMENTED[library[1]]}Instrumentor\b")
        if not any(of in (owner, None) and wanted.search(hit.text) for of, hit in clients):
            return f"Spans of the server are made, and this call carries no context: {call.text}", call
    seen = clients and (calls or any(_QUEUE.search(hit.text) for _, hit in clients))
    if servers and not seen and not agents.intersection(servers):
        return "Servers are traced, and nothing is seen that puts the context into calls", next(iter(servers.values()))
    return None
