"""Judges whether connections to the database stay below what the server takes: pools, instances, its limit."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orchestrator import (
    BOTH,
    FAIL,
    Block,
    Code,
    Draft,
    Example,
    Hits,
    Infrastructure,
    Kubernetes,
    Routes,
    Source,
    as_number,
    check,
    each,
    failed,
    passed,
    unsure,
)

from ._database_signals import DIRECT, GO_POOLED, GO_SQL, LIMITED, MANAGED, NO_POOL, PG_CLIENT, POOLED, WORKERS

_GO = 'db, err := sql.Open("postgres", dsn)\ndb.SetMaxOpenConns(20)\n'
_WEB = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 4
  template:
    spec:
      containers: [{name: web, image: 'registry.example/web:1'}]
"""
_SERVER = """apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: db}
spec:
  postgresql:
    parameters: {max_connections: "200"}
"""
_RDS = """resource "aws_db_parameter_group" "main" {
  parameter {
    name  = "max_connections"
    value = "200"
  }
}

resource "aws_ecs_service" "web" {
  desired_count = 4
}
"""
_RUN = """apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: web}
spec:
  template:
    metadata:
      annotations: {autoscaling.knative.dev/maxScale: "8"}
    spec:
      containers: [{image: 'registry.example/web:1'}]
"""
_NODE = "const db = new Pool({ max: 20 })\n"
_CLUSTER = {"k8s/web.yaml": _WEB, "k8s/db.yaml": _SERVER}
_ALCHEMY = "engine = create_engine(url, pool_size=10, max_overflow=5)\n"
_HIKARI = "spring:\n  datasource:\n    hikari:\n      maximum-pool-size: 10\n      connection-timeout: 3000\n"
_PGBOUNCER = "[databases]\nshop = host=db\n\n[pgbouncer]\npool_mode = transaction\ndefault_pool_size = 40\n"
_COMPOSE = "services:\n  db:\n    image: postgres:17\n    command: postgres -c max_connections=100\n"


@check(
    "PRF-3.1.3",
    shows=BOTH,
    clean=[
        Example("SQLAlchemy in four pods", {**_CLUSTER, "app/db.py": _ALCHEMY}),
        Example("Go in four pods", {**_CLUSTER, "store/db.go": _GO}),
        Example("node-postgres in four tasks", {"infra/main.tf": _RDS, "src/db.ts": _NODE}),
        Example("Hikari in four tasks", {"infra/main.tf": _RDS, "src/main/resources/application.yml": _HIKARI}),
        Example(
            "Prisma on Cloud Run",
            {
                "run/service.yaml": _RUN,
                "infra/db.tf": _RDS.partition('resource "aws_ecs')[0],
                "src/db.ts": "const adapter = new PrismaPg({ connectionString: url, max: 6 })\n",
            },
        ),
        Example("PgBouncer before the server", {"pgbouncer.ini": _PGBOUNCER, "compose.yaml": _COMPOSE}),
    ],
    flagged=[
        Example("Go opens as many connections as asked", {"store/db.go": 'db, err := sql.Open("postgres", dsn)\n'}),
        Example("no limit at all", {**_CLUSTER, "store/db.go": _GO.replace("20", "0")}),
        Example("a thousand for a server of two hundred", {**_CLUSTER, "store/db.go": _GO.replace("20", "1000")}),
        Example(
            "sixty in each of four pods",
            {**_CLUSTER, "src/main/resources/application.yml": _HIKARI.replace("10", "60")},
        ),
        Example("PgBouncer opens more than there are",
                {"pgbouncer.ini": _PGBOUNCER.replace("40", "900"), "compose.yaml": _COMPOSE}),
        Example("nothing is pooled", {"app/db.py": "engine = create_engine(url, poolclass=NullPool)\n"}),
    ],
    silent=[
        Example("A program without a database", {"app/main.py": "print('hello')\n"}),
        Example(
            "the migrations open one connection of their own",
            {
                "alembic/env.py": "connectable = create_engine(url, poolclass=pool.NullPool)\n",
                "db/schema/env.py": "connectable = engine_from_config(section, poolclass=pool.NullPool)\n",
            },
        ),
        Example(
            "a pooler stands before the server",
            {"app/db.py": "engine = create_engine(url, poolclass=NullPool)\n", "pgbouncer.ini": _PGBOUNCER},
        ),
        Example("the server's limit is not told", {"k8s/web.yaml": _WEB, "app/db.py": _ALCHEMY}),
        Example("how many pods there are is not told", {"k8s/db.yaml": _SERVER, "app/db.py": _ALCHEMY}),
        Example(
            "the size is a variable",
            {"infra/main.tf": _RDS, "src/db.ts": "const db = new Pool({ max: Number(process.env.POOL_SIZE) })\n"},
        ),
        Example(
            "one of two databases has a limit",
            {**_CLUSTER, "store/db.go": _GO, "store/old.go": 'db, err := sql.Open("mysql", dsn)\n'},
        ),
        Example(
            "beside the pool, reports open connections of their own",
            {
                "infra/main.tf": _RDS,
                "src/db.ts": _NODE,
                "src/reports.ts": "import { Client } from 'pg'\n"
                "export async function totals() {\n  const c = new Client()\n  await c.connect()\n}\n",
            },
        ),
    ],
    reads=[POOLED, GO_SQL, GO_POOLED, LIMITED, MANAGED, NO_POOL, DIRECT, PG_CLIENT, WORKERS],
)  # fmt: skip
def pool(code: Code, infrastructure: Infrastructure, kubernetes: Kubernetes) -> Iterator[Draft]:
    """Pools of all instances together stay below the server's limit; Go's own pool has none until it is given one."""
    if bad := next(_boundless(code), None):
        yield bad
        return
    sizes, untold = _sizes((*code[POOLED].first, *code[GO_POOLED].first))
    own = [hit for hit in _one_by_one(code) if not _ONCE.search(hit.path)]
    if not sizes and not untold:
        if code[MANAGED] and not own:
            first = code[MANAGED].first[0]
            yield passed("Connections go through a pool that the provider bounds", first, confidence="medium")
        return
    if own:
        yield unsure("Beside the pool, connections are opened one by one", own[0])
        return
    limits = [
        *_limits(code),
        *_of_blocks([*infrastructure.some, *infrastructure.of_kind("locals")]),
        *_of_resources(kubernetes),
    ]
    most = max(sizes, key=lambda size: size.number, default=None)
    least = min(limits, key=lambda limit: limit.number, default=None)
    count = _instances(infrastructure, kubernetes)
    if most is not None and least is not None:
        fixed = most.by_itself or count is None
        total = most.number * (1 if fixed or count is None else count.least)
        if total > least.number:
            times = "" if fixed or count is None or count.least == 1 else f" in each of {count.least:,} instances"
            yield failed(
                f"The pool opens up to {most.number:,} connections{times}, and the server takes {least.number:,}",
                most.at,
                least.at,
                confidence="medium",
            )
            return
    if untold:
        yield unsure(f"How large the pool may get is not told here: {untold[0].text.strip()[:100]}", untold[0])
    elif code[MANAGED] and most is not None:
        yield passed(
            "Connections go through a pool that the provider bounds",
            code[MANAGED].first[0],
            most.at,
            confidence="medium",
        )
    elif most is None or least is None:
        text = most.at.text.strip()[:100] if most else ""
        yield unsure(
            f"Connections come from a bounded pool ({text}); how many the server takes is not told",
            *([most.at] if most else []),
        )
    elif not most.by_itself and (count is None or count.most is None):
        yield unsure(
            f"A pool has {most.number:,} connections, and the server takes {least.number:,}; how many instances "
            "there are at most is not told",
            most.at,
            least.at,
        )
    else:
        workers = _workers(code)
        instances = 1 if most.by_itself or count is None or count.most is None else count.most
        if workers is None and not most.by_itself:
            yield unsure("How many processes each instance has, each with its own pool, is not told", most.at)
            return
        together = (
            (most.number if most.by_itself else sum(s.number for s in _by_file(sizes))) * instances * (workers or 1)
        )
        if together < least.number:
            yield passed(
                f"At most {together:,} connections are opened to a server that takes {least.number:,}",
                most.at,
                least.at,
                confidence="medium",
            )
        else:
            yield unsure(
                f"All pools together may open {together:,} connections to a server that takes {least.number:,}",
                most.at,
                least.at,
            )


def _boundless(code: Code) -> Iterator[Draft]:
    """What sets no bound, or takes it away."""
    opened, limited = code[GO_SQL], code[GO_POOLED]
    endless = [hit for hit in limited.first if _ENDLESS.search(hit.text)]
    anew = code[NO_POOL].places.under(lambda path: not _ONCE.search(path))
    poolers = code[POOLED].places.saying(lambda hit: _POOLER.search(f"{hit.path} {hit.text}") is not None)
    if anew and poolers:
        yield unsure("The program pools nothing itself; whether all of it goes by the pooler cannot be told", anew)
    elif anew:
        yield failed("Each connection is opened anew, since nothing is pooled", anew, confidence="medium")
    elif endless:
        yield failed("A limit of 0 is none: Go opens as many connections as asked", endless[0], confidence="medium")
    elif opened and not limited:
        text = "sql.Open without SetMaxOpenConns: Go opens as many connections as there are queries at once"
        yield failed(text, opened.first[0], opened.places, confidence="medium")
    elif boundless := _without_limit(opened, limited):
        text = "SetMaxOpenConns is called, and not to be seen for {share:opened connection}"
        yield unsure(each(boundless).say(text, of=len(opened.first)))


_ENDLESS = re.compile(r"SetMaxOpenConns\(\s?(?:0|-\d{1,4})\s?\)", re.IGNORECASE)


def _without_limit(opened: Hits, limited: Hits) -> list[Source]:
    """The places where Go opens a database and sets no limit before it opens the next one in the same file."""
    found = []
    for place in opened.first:
        later = [other.line for other in opened.first if other.path == place.path and other.line > place.line]
        end = min(later, default=1 << 31)
        if not any(hit.path == place.path and place.line < hit.line <= end for hit in limited.first):
            found.append(place)
    return found


def _one_by_one(code: Code) -> list[Source]:
    """The places inside of something that open one connection."""
    clients = set(code[PG_CLIENT].paths)
    return [hit for hit in code[DIRECT].first if "Client(" not in hit.text or hit.path in clients]


_POOLER = re.compile(r"pg_?bouncer|pgcat|odyssey|pool_mode|default_pool_size|rds[_-]?proxy|db_proxy", re.IGNORECASE)
_ONCE = re.compile(
    r"migrat|alembic|(?:^|/)env\.py$|script|seed|(?:^|[/_-])cli|backup|bin/|tools?/|jobs?/|health", re.IGNORECASE
)
"""Files that connect once, and not for each request."""


_HANDLED = {
    "app/main.py": (
        "import psycopg\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/orders')\ndef orders():\n"
        "    with psycopg.connect(DSN) as c:\n        return c.execute('select 1').fetchall()\n"
    )
}
_NEAR = 12
"""So many lines below its route, what is written belongs to it."""


@check(
    "PRF-3.1.3",
    shows=FAIL,
    clean=[
        Example(
            "one connection when the program starts",
            {
                "app/main.py": "import psycopg\nfrom fastapi import FastAPI\n\n\ndef start():\n"
                "    return psycopg.connect(DSN)\n\n\napp = FastAPI()\n\n\n@app.get('/orders')\ndef orders():\n"
                "    return []\n"
            },
        ),
        Example(
            "a pool", {"app/main.py": _HANDLED["app/main.py"].replace("psycopg.connect(DSN)", "pool.connection()")}
        ),
    ],
    flagged=[
        Example("each request opens a connection", _HANDLED),
        Example(
            "the reports do, in JavaScript",
            {
                "src/reports.js": "import { Router } from 'express'\nimport { Client } from 'pg'\n"
                "export const reports = Router()\nreports.get('/reports', async (_req, res) => {\n"
                "  const c = new Client()\n  await c.connect()\n  res.json((await c.query('select 1')).rows)\n})\n"
            },
        ),
    ],
    silent=[
        Example("a client of something else", {"src/app.js": "app.get('/', () => {\n  const c = new Client()\n})\n"})
    ],
    reads=[DIRECT, PG_CLIENT],
)
def one_for_each_request(code: Code, routes: Routes) -> Iterator[Draft]:
    """A connection that a handler opens is one for each request, with no bound."""
    declared: dict[str, list[int]] = {}
    for route in routes.routes:
        declared.setdefault(route.file, []).append(route.line)
    anew = []
    for hit in _one_by_one(code):
        lines = sorted(declared.get(hit.path, ()))
        before = bisect_right(lines, hit.line)
        if before and hit.line - lines[before - 1] <= _NEAR:
            anew.append(hit)
    if anew:
        text = each(anew).say("{all:handler} {opens} a connection for each request") if len(anew) > 1 else ""
        yield failed(text or "A handler opens a connection for each request", anew[0], *anew[1:3], confidence="medium")


@dataclass(frozen=True)
class _Number:
    """A number and where it is written."""

    number: int
    at: Source
    by_itself: bool = False
    """It bounds all clients together, as that of a pooler does."""


_SIZE = re.compile(
    r"(?:\bpool_?size|maximum_?-?pool_?-?size|max(?:imum)? pool size|max_?pool_?size|connection_?limit|"
    r"pool_max_conns|default_pool_size|MaxOpenConns|MaxConns|\.max_connections|jdbc[./]max-size|"
    r"\bpool['\"]?\s?[:=]\s?[({].{0,80}?\bmax(?:_size|Size)?|new (?:pg\.)?Pool\(.{0,80}?\bmax|"
    r"new PrismaPg\(.{0,160}?\bmax)"
    r"[^\d\w,;]{1,6}(?P<number>\d{1,6})\b(?!\s?\*)"
    r"|^\s*pool:\s*(?P<plain>\d{1,6})\s*$|\bcfg\.MaxConns,.{0,40}=\s?(?P<first>\d{1,6})",
    re.IGNORECASE,
)
_OVERFLOW = re.compile(r"max_overflow\W{1,4}(\d{1,5})", re.IGNORECASE)
_ALCHEMY_SIZE = re.compile(r"create_(?:async_)?engine|max_overflow", re.IGNORECASE)
_BY_DEFAULT = 10
"""How many more connections SQLAlchemy opens where nobody says otherwise."""


def _sizes(hits: Iterable[Source]) -> tuple[list[_Number], list[Source]]:
    """The sizes of pools, and the places that set one which is not told."""
    sizes: list[_Number] = []
    untold: list[Source] = []
    for hit in hits:
        if hit.text.startswith("max_connections") and not hit.path.endswith("database.yml"):
            continue  # it is of a server
        found = _SIZE.search(hit.text)
        if found is None:
            if not _IMAGE.search(hit.text):
                untold.append(hit)
            continue
        size = int(found["number"] or found["plain"] or found["first"])
        overflow = _OVERFLOW.search(hit.text)
        if overflow:
            size += int(overflow[1])
        elif _ALCHEMY_SIZE.search(hit.text):
            size += _BY_DEFAULT
        sizes.append(_Number(size, hit, by_itself="default_pool_size" in hit.text))
    poolers = [size for size in sizes if size.by_itself]
    return poolers or sizes, [] if poolers else untold


_IMAGE = re.compile(r"image:|resource \"|Type:", re.IGNORECASE)


def _by_file(sizes: list[_Number]) -> list[_Number]:
    """The largest of each file: settings of one file are alternatives."""
    largest: dict[str, _Number] = {}
    for size in sizes:
        if size.at.path not in largest or largest[size.at.path].number < size.number:
            largest[size.at.path] = size
    return list(largest.values())


_LIMIT = re.compile(r"max_connections['\"]?\s?[:=]\s?['\"]?(\d{2,6})\b")
_LEAST = 15
"""No server takes fewer; such a number is of a client."""


def _limits(code: Code) -> Iterator[_Number]:
    """The limits of servers that are written in one line."""
    for hit in code[LIMITED].first:
        found = _LIMIT.search(hit.text)
        if found and int(found[1]) >= _LEAST and not hit.path.endswith("database.yml"):
            yield _Number(int(found[1]), hit)


def _of_blocks(blocks: Iterable[Block]) -> Iterator[_Number]:
    """The limits of servers that infrastructure code sets."""
    for block in blocks:
        for mapping in mappings(block.body):
            if (mapping.get("name") == "max_connections" and (number := as_number(mapping.get("value")))) or (
                (number := as_number(mapping.get("max_connections"))) and number >= _LEAST
            ):
                yield _Number(int(number), block.at())
        if "max_connections" in str(block.get("name")) and (number := as_number(block.get("properties", "value"))):
            yield _Number(int(number), block.at())


def _of_resources(kubernetes: Kubernetes) -> Iterator[_Number]:
    """The limits of servers that operators run."""
    for resource in kubernetes.every:
        for mapping in mappings(resource.body):
            number = as_number(mapping.get("max_connections"))
            if number and number >= _LEAST:
                yield _Number(int(number), resource.at())


def mappings(value: object, depth: int = 0) -> Iterator[dict[str, object]]:
    """Every mapping within *value*, itself included."""
    if depth > 12:
        return
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from mappings(part, depth + 1)
    elif isinstance(value, list):
        for part in value[:200]:
            yield from mappings(part, depth + 1)


@dataclass(frozen=True)
class _Count:
    """How many instances there are of all services that may connect: at least, and at most where that is told."""

    least: int
    most: int | None


def _instances(infrastructure: Infrastructure, kubernetes: Kubernetes) -> _Count | None:
    """How many instances of services there are, as far as anything says; None where nothing does."""
    found = [*_pods(kubernetes), *_tasks(infrastructure.some)]
    if not found:
        return None
    largest = max(most if most is not None else 1 for most in found)
    return _Count(largest, None if None in found else sum(most or 0 for most in found))


def _pods(kubernetes: Kubernetes) -> Iterator[int | None]:
    """The most pods of each deployment."""
    scaled: dict[str, object] = {}
    for scaler in kubernetes.running("HorizontalPodAutoscaler", "ScaledObject"):
        most = scaler.get("spec", "maxReplicas") or scaler.get("spec", "maxReplicaCount")
        scaled[str(scaler.get("spec", "scaleTargetRef", "name"))] = most
    for server in kubernetes.running_servers:
        if server.kind in ("Deployment", "Rollout"):
            number = as_number(scaled.get(server.resource, server.get("spec", "replicas", default=1)))
            yield int(number) if number is not None else None
    for service in kubernetes.running("Service"):
        if "knative" in service.api_version:
            annotations = service.get("spec", "template", "metadata", "annotations")
            number = (
                as_number(annotations.get("autoscaling.knative.dev/maxScale"))
                if isinstance(annotations, dict)
                else None
            )
            yield int(number) if number is not None else None


_MOST = {
    "aws_ecs_service": ("desired_count",),
    "azurerm_container_app": ("template", 0, "max_replicas"),
    "google_cloud_run_v2_service": ("template", 0, "scaling", 0, "max_instance_count"),
    "Microsoft.App/containerApps": ("properties", "template", "scale", "maxReplicas"),
    "AWS::ECS::Service": ("DesiredCount",),
}  # fmt: skip


def _tasks(blocks: Iterable[Block]) -> Iterator[int | None]:
    """The most tasks of each service of a cloud."""
    blocks = [block for block in blocks if block.block == "resource"]
    targets = [b for b in blocks if b.type == "aws_appautoscaling_target" and "ecs" in str(b.get("scalable_dimension"))]
    scaled = {label: as_number(t.get("max_capacity")) for t in targets for label in _named(t)}
    for block in blocks:
        keys = _MOST.get(block.type.partition("@")[0])
        if keys is None:
            continue
        number = scaled.get(block.label, as_number(block.get(*keys)))
        yield int(number) if number is not None else None


def _named(target: Block) -> list[str]:
    return re.findall(r"aws_ecs_service\.(\w{1,80})", str(target.get("resource_id")))


_COUNT = re.compile(r"(?:--workers|--processes|-w|workers|WEB_CONCURRENCY|processes)['\"]?[\s,=:'\"]{1,5}(\d{1,3})\b")


def _workers(code: Code) -> int | None:
    """How many processes each instance has; None where that is a variable."""
    hits = code[WORKERS].first
    found = [int(number[1]) for hit in hits if (number := _COUNT.search(hit.text))]
    if len(found) < len(hits):
        return None
    return max(found, default=1)
