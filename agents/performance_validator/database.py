"""Judges the use of the database: indexes, pools, N+1, statistics, replicas, growth (section 3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    FAIL,
    PASS,
    Block,
    Code,
    Column,
    Draft,
    Example,
    Infrastructure,
    Schema,
    Table,
    Typed,
    check,
    each,
    examined,
    failed,
    many,
    passed,
    unsure,
)

from ._database_signals import (
    ARCHIVED,
    AUTOVACUUM_OFF,
    CACHED_QUERIES,
    EAGER,
    MYSQL,
    QUERY_COUNTED,
    QUERY_WATCHED,
    READ_FROM,
    READ_ONLY,
    READ_ROUTED,
    SCHEDULED,
    STATISTICS,
)
from ._pool_sizes import mappings
from ._read_through import ASKED, COSTLY, LIVES, QUERIED, SET_UP, enough, kept_reads
from .caching import DUMMY, ONE_OF_FORTY, dummies_of

_DECLARES_INDEXES = frozenset({"sql", "rails", "sqlalchemy", "prisma", "typeorm"})
_OF_RAILS = ("active_storage_", "action_mailbox_", "action_text_", "solid_queue_", "solid_cache_", "solid_cable_")
_NOTHING = Example("A program without a database", {"app/main.py": "print('hello')\n"})
_KEYS = (
    "CREATE TABLE users (id bigint PRIMARY KEY);\n"
    "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));\n"
)


@check(
    "PRF-3.1.1",
    shows=FAIL,
    clean=[Example("The foreign key has an index", {"db/schema.sql": _KEYS + "CREATE INDEX ON orders (user_id);\n"})],
    flagged=[Example("The foreign key has none", {"db/schema.sql": _KEYS})],
    silent=[
        _NOTHING,
        Example(
            "One of three, by which nobody may ever ask",
            {
                "db/schema.sql": "CREATE TABLE users (id int PRIMARY KEY);\n"
                + "".join(f"CREATE TABLE {t} (id int PRIMARY KEY, user_id int REFERENCES users (id));\n" for t in "abc")
                + "CREATE INDEX ON a (user_id);\nCREATE INDEX ON b (user_id);\n"
            },
        ),
        Example(
            "MySQL makes the index itself",
            {
                "db/schema.sql": _KEYS,
                "config/database.yml": "production:\n  adapter: mysql2\n",
            },
        ),
    ],
    reads=[MYSQL],
)
def foreign_key_indexes(schema: Schema, code: Code) -> Iterator[Draft]:
    """Foreign keys are joined and filtered by, and only MySQL gives them an index by itself."""
    if code[MYSQL]:
        return
    found: list[tuple[Table, Column]] = []
    bare: list[tuple[Table, Column]] = []
    for table in schema.tables:
        if table.framework not in _DECLARES_INDEXES or table.title.startswith(_OF_RAILS):
            continue
        for column in table.columns:
            if column.references:
                found.append((table, column))
                if not (column.indexed or column.unique or (column.primary and not column.with_others)):
                    bare.append((table, column))
    if bare:
        keys = each(bare, name=lambda key: f"{key[0].title}.{key[1].title}", at=lambda key: key[0].at(key[1]))
        text = keys.say("{share:foreign key} {has} no index: {}", of=len(found))
        if len(bare) * 2 > len(found):
            yield failed(text, examined(len(found), "foreign keys"), confidence="medium")
        else:  # a tree whose others have one may know that nobody asks by these
            yield unsure(text, examined(len(found), "foreign keys"))


@check(
    "PRF-3.1.4",
    shows=PASS,
    clean=[
        Example("Bullet raises", {"config/environments/test.rb": "Bullet.raise = true\n"}),
    ],
    flagged=[
        Example(
            "One query is eager, nothing counts", {"app/views.py": "orders = Order.objects.select_related('user')\n"}
        ),
        Example(
            "One test counts", {"tests/test_list.py": "with self.assertNumQueries(2):\n    self.client.get('/')\n"}
        ),
    ],
    silent=[_NOTHING],
    reads=[QUERY_WATCHED, QUERY_COUNTED, EAGER],
)
def bounded_queries(code: Code) -> Iterator[Draft]:
    """A watch over each request finds N+1 queries; eager loading and counts here and there prove little."""
    watched, counted, eager = code[QUERY_WATCHED], code[QUERY_COUNTED], code[EAGER]
    if watched:
        text = f"N+1 queries are refused wherever they happen: {watched.first[0].text[:80]}"
        yield passed(text, watched.places, confidence="medium")
    elif counted:
        yield unsure(
            f"Queries are counted at {many(counted.places, 'place')}; of other requests nothing is known",
            counted.first[0],
        )
    elif eager:
        text = (
            f"Related records are loaded eagerly at {many(eager.places, 'place')}; whether everywhere, nothing counts"
        )
        yield unsure(text, eager.first[0])


_GROUP = """resource "aws_db_parameter_group" "{0}" {{
  family = "postgres16"
  parameter {{
    name  = "{1}"
    value = {2}
  }}
}}
"""


@check(
    "PRF-3.1.6",
    shows=BOTH,
    clean=[
        Example(
            "Autovacuum is tuned",
            {"db/migrations/002_vacuum.sql": "ALTER TABLE e SET (autovacuum_vacuum_scale_factor = 0.01);\n"},
        ),
        Example(
            "Autovacuum is tuned by the provider's parameters",
            {
                "infra/db.tf": 'resource "aws_db_parameter_group" "main" {\n  parameter {\n'
                '    name  = "autovacuum_vacuum_scale_factor"\n    value = "0.05"\n  }\n}\n'
            },
        ),
    ],
    flagged=[
        Example("Autovacuum is off", {"deploy/postgresql.conf": "shared_buffers = 1GB\nautovacuum = off\n"}),
        Example(
            "One of two groups of parameters switches it off",
            {
                "infra/db.tf": _GROUP.format("main", "autovacuum_vacuum_scale_factor", '"0.05"'),
                "infra/ledger.tf": _GROUP.format("ledger", "autovacuum", '"0"'),
            },
        ),
    ],
    silent=[
        _NOTHING,
        Example(
            "One of two groups of parameters says nothing of it",
            {
                "infra/db.tf": _GROUP.format("main", "autovacuum_vacuum_scale_factor", '"0.05"'),
                "infra/ledger.tf": _GROUP.format("ledger", "work_mem", '"64"'),
            },
        ),
        Example(
            "A variable without a value",
            {
                "infra/db.tf": _GROUP.format("main", "autovacuum_vacuum_scale_factor", "var.scale"),
            },
        ),
    ],
    reads=[AUTOVACUUM_OFF, STATISTICS],
)
def statistics(code: Code, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Autovacuum is on, and tuned or helped by a job."""
    off, kept = code[AUTOVACUUM_OFF], code[STATISTICS]
    given = {b.address: _parameters(b) for b in infrastructure.some}
    tuned = [b for b in infrastructure.some if any(map(_TUNED.match, given[b.address]))]
    stopped = [b for b in infrastructure.some if given[b.address].get("autovacuum", "").lower() in _OFF]
    bare = [b for b in infrastructure.some if b not in tuned and _POSTGRES.search(str(b.get("family")))]
    open_ = [b for b in tuned if any(_OPEN.search(v) for n, v in given[b.address].items() if "autovacuum" in n)]
    if stopped:
        yield failed(f"{stopped[0].address} switches autovacuum off", *(b.at() for b in stopped))
    elif off:
        yield failed(
            "Autovacuum is switched off, so statistics grow stale and dead rows stay", off.first[0], off.places
        )
    elif kept:
        text = f"Statistics are kept fresh: {kept.first[0].text[:100]}"
        yield passed(text, kept.places, confidence="medium")
    elif open_:
        yield unsure(f"What {open_[0].address} tells autovacuum has no value here", open_[0].at())
    elif tuned and bare:
        yield unsure(
            f"{tuned[0].address} tunes autovacuum, and {bare[0].address} does not", tuned[0].at(), bare[0].at()
        )
    elif tuned:
        yield passed(f"{tuned[0].address} tunes autovacuum", tuned[0].at(), confidence="medium")


def _parameters(block: Block) -> dict[str, str]:
    """The parameters that *block* gives a database, by name."""
    return {str(one["name"]): str(one.get("value")) for one in mappings(block.body) if "name" in one}


_POSTGRES = re.compile(r"postgres", re.IGNORECASE)
_OFF = frozenset({"0", "off", "false"})
_OPEN = re.compile(r"\b(?:var|local|data)\.")


_TUNED = re.compile(r"(?:rds\.)?autovacuum_(?:vacuum|analyze|naptime|max)")
_REPLICAS = Typed("resources/replicas")
_REPLICA = 'resource "aws_db_instance" "replica" {\n  replicate_source_db = aws_db_instance.main.identifier\n}\n'


@check(
    "PRF-3.1.7",
    shows=PASS,
    clean=[
        Example(
            "A replica, and a route to it",
            {"infra/db.tf": _REPLICA, "app/settings.py": "DATABASE_ROUTERS = ['app.ReplicaRouter']\n"},
        ),
        Example(
            "Rails reads from its replica",
            {
                "config/database.yml": "production:\n  primary:\n    adapter: postgresql\n  primary_replica:\n"
                "    adapter: postgresql\n    replica: true\n",
                "config/environments/production.rb": "Rails.application.configure do\n"
                "  config.active_record.database_selector = { delay: 2.seconds }\nend\n",
            },
        ),
        Example(
            "Ecto has a repository that only reads",
            {
                "lib/shop/replica.ex": "defmodule Shop.Replica do\n"
                "  use Ecto.Repo, otp_app: :shop, read_only: true\nend\n",
                "lib/shop/charts.ex": "defmodule Shop.Charts do\n"
                "  def week(id) do\n    Replica.all(query(id))\n  end\nend\n",
            },
        ),
    ],
    flagged=[
        Example("A replica that nobody reads from", {"infra/db.tf": _REPLICA}),
        Example(
            "A database to read from, and nothing reads from it",
            {"config/database.yml": "production:\n  primary_replica:\n    adapter: postgresql\n    replica: true\n"},
        ),
    ],
    silent=[_NOTHING],
    reads=[READ_ROUTED, READ_ONLY, READ_FROM],
)
def read_replicas(infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """Infrastructure code makes a replica, and the application sends reads to it."""
    replicas = [b for b in _REPLICAS.among(infrastructure) if _REPLICAS.says(b, "copy").value]
    routed = code[READ_ROUTED]
    if replicas and routed:
        yield passed(
            "A read replica is there, and reads are sent to it", replicas[0].at(), routed.first[0], confidence="medium"
        )
    elif (known := code[READ_ONLY].first) and (read := code[READ_FROM].first):
        yield passed("A database to read from is set up, and read from", known[0], read[0], confidence="medium")
    elif replicas or routed:
        place = replicas[0].at() if replicas else routed.first[0]
        what = "no route of the application leads to it" if replicas else "its replica is not in this repository"
        yield unsure(f"Half of a read replica is to be seen; {what}", place)


@check(
    "PRF-3.1.8",
    shows=PASS,
    clean=[
        Example(
            "A costly query is kept for five minutes",
            {"app/top.py": "cache.get_or_set('top', load_top, timeout=300)\n"},
        ),
        Example(
            "NestJS, with a lifetime for all",
            {
                "src/app.module.ts": "CacheModule.register({ isGlobal: true, ttl: 30_000 })\n",
                "src/day.service.ts": "export class Days {\n  day(d: string) {\n    return this.cache.wrap(d, () =>\n"
                "      this.db.booking.findMany({ where: { day: d } }))\n  }\n}\n",
            },
        ),
        Example(
            "Spring, with Caffeine",
            {
                "src/main/resources/application.yml": "spring:\n  cache:\n    caffeine: {spec: expireAfterWrite=60s}\n",
                "src/main/java/Days.java": 'class Days {\n  @Cacheable("days")\n  List<Row> day(LocalDate d) {\n'
                '    return db.sql("select id from slots where day = :day").query(Row.class).list();\n  }\n}\n',
            },
        ),
        Example(
            "HybridCache",
            {
                "Program.cs": "builder.Services.AddHybridCache(o => o.DefaultEntryOptions = new() { Expiration = "
                "TimeSpan.FromMinutes(5) });\n",
                "Tools.cs": "class Tools {\n  async Task<object> All() {\n"
                '    return await cache.GetOrCreateAsync("tools",\n'
                "      async s => await db.Tools.Where(t => !t.Broken).ToListAsync(s));\n  }\n}\n",
            },
        ),
    ],
    flagged=[Example("Kept for ever", {"app/top.py": "top = cache.get_or_set('top', load_top)\n"})],
    silent=[_NOTHING, Example("One query of forty", ONE_OF_FORTY)],
    reads=[CACHED_QUERIES, DUMMY, ASKED, LIVES, QUERIED, SET_UP, COSTLY],
)
def cached_results(code: Code) -> Iterator[Draft]:
    """Results of queries are kept in a cache, with a lifetime."""
    hits = code[CACHED_QUERIES]
    dummies = dummies_of(code)
    kept = [read for read in kept_reads(code) if read.queried]
    living = [read for read in kept if read.lives is not None]
    if (hits or kept) and dummies:
        yield unsure("Results are cached, and a cache that keeps nothing is set up", dummies[0])
    elif living and not enough(living, code):
        text = "{number:read} {is} kept with a lifetime, of {asked:query|queries}"
        yield unsure(each(living, at=lambda read: read.at).say(text, asked=code[QUERIED].total))
    elif living:
        first = living[0]
        yield passed(
            f"What is asked of a database or a service is kept with a lifetime: {first.at.text[:80]}",
            first.at,
            *([first.lives] if first.lives is not None and first.lives != first.at else []),
            confidence="medium",
        )
    elif hits:
        text = f"Results are cached with a lifetime at {many(hits.places, 'place')}: {hits.first[0].text[:80]}"
        yield passed(text, hits.places, confidence="medium")


_DEFINED = re.compile(r"\b(?:def|defp|func|function|fun|fn|void|async|private|public|protected)\b")
_PARTED = re.compile(r"PARTITION BY|pg_partman|create_parent", re.IGNORECASE)
"""Lays old rows apart; it does not remove them."""
_GROWS = re.compile(
    r"event|log|audit|histor|reading|message|notification|session|outbox|metric|measure|activit|visit|click|job|token|"
    r"trail|sample",
    re.IGNORECASE,
)
"""Tables of which the names say that rows are only added."""
_DAILY = "from celery import shared_task\n\n\n@shared_task\ndef purge_old_events():\n    ...\n"


@check(
    "PRF-3.1.9",
    shows=PASS,
    clean=[
        Example("A job deletes old rows", {"app/tasks.py": _DAILY}),
        Example(
            "A job deletes old rows of the table that grows",
            {"app/tasks.py": _DAILY, "db/schema.sql": "CREATE TABLE events (at timestamptz);\n"},
        ),
    ],
    flagged=[
        Example("Nothing ever leaves", {"db/schema.sql": "CREATE TABLE events (at timestamptz);\n"}),
        Example(
            "Partitions, of which none is ever dropped",
            {"db/schema.sql": "CREATE TABLE events (at timestamptz) PARTITION BY RANGE (at);\n"},
        ),
        Example(
            "A second table grows",
            {
                "app/tasks.py": _DAILY,
                "db/schema.sql": "CREATE TABLE events (at timestamptz);\nCREATE TABLE audit_trail (at timestamptz);\n",
            },
        ),
    ],
    silent=[
        _NOTHING,
        Example(
            "A function of that name",
            {"app/lines.py": "def purge_old_events():\n    ...\n\n\npurge_old_events()\n"},
        ),
    ],
    reads=[ARCHIVED, SCHEDULED],
)
def archived(code: Code, schema: Schema) -> Iterator[Draft]:
    """Each table that by its name only grows expires or is purged by a job; partitions alone remove nothing."""
    hits, scheduled = code[ARCHIVED].places, code[SCHEDULED].places.files
    shown = hits.saying(
        lambda hit: not _PARTED.search(hit.text) and (hit.path in scheduled or not _DEFINED.search(hit.text))
    )
    growing = [table for table in schema.tables if _GROWS.search(table.title)]
    left = [table for table in growing if not any(_names(hit.text, table.title) for hit in shown)]
    if shown and not left:
        text = f"Old rows are expired at {many(shown, 'place')}: {shown[0].text[:80]}"
        yield passed(text, shown, confidence="medium")
    elif shown:
        grow = each(left, name=lambda table: table.title, at=lambda table: table.at())
        yield unsure(
            grow.say("Old rows are expired, and of {share:table} that {grows} nothing says so: {}", of=len(growing))
        )
    elif hits:
        parted = hits.saying(lambda hit: _PARTED.search(hit.text) is not None)
        said = (
            "Rows lie in partitions, and what drops old ones is not to be seen"
            if parted
            else "What a function deletes, and when, is not told by its name"
        )
        yield unsure(f"{said}: {hits[0].text[:80]}", hits)


def _names(text: str, title: str) -> bool:
    """Whether a line speaks of the table *title*."""
    stem = title.rpartition(".")[2].lower().removesuffix("s")
    return stem in text.lower()
