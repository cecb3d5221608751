"""Judges whether connections to the database stay below what the server takes: pools, instances, its limit."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    FAIL,
    Code,
    Draft,
    Example,
    Hits,
    Infrastructure,
    Kubernetes,
    Routes,
    Source,
    check,
    each,
    failed,
    passed,
    unsure,
)

from ._database_signals import DIRECT, GO_POOLED, GO_SQL, LIMITED, MANAGED, NO_POOL, PG_CLIENT, POOLED, WORKERS
from ._instances import instances_of, workers_of
from ._pool_sizes import by_file, limits_of, sizes_of

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
    sizes, untold = sizes_of((*code[POOLED].first, *code[GO_POOLED].first))
    own = [hit for hit in _one_by_one(code) if not _ONCE.search(hit.path)]
    if not sizes and not untold:
        if code[MANAGED] and not own:
            first = code[MANAGED].first[0]
            yield passed("Connections go through a pool that the provider bounds", first, confidence="medium")
        return
    if own:
        yield unsure("Beside the pool, connections are opened one by one", own[0])
        return
    limits = limits_of(code, infrastructure, kubernetes)
    most = max(sizes, key=lambda size: size.number, default=None)
    least = min(limits, key=lambda limit: limit.number, default=None)
    count = instances_of(infrastructure, kubernetes)
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
        workers = workers_of(code)
        instances = 1 if most.by_itself or count is None or count.most is None else count.most
        if workers is None and not most.by_itself:
            yield unsure("How many processes each instance has, each with its own pool, is not told", most.at)
            return
        together = (
            (most.number if most.by_itself else sum(s.number for s in by_file(sizes))) * instances * (workers or 1)
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
