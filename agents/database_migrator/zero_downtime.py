"""Judges how migrations treat live tables, and how anyone can see that beforehand (section 6.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Changes,
    Code,
    Documents,
    Draft,
    Example,
    Manifests,
    Migration,
    Migrations,
    Operation,
    Pipelines,
    Places,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    measured,
    of_this_release,
    passed,
    unsure,
    words,
)

from ._breaking import breaks, met
from ._examples import ADDITIVE, NO_MIGRATIONS, POSTGRES, alembic
from ._risk import blocks, counted, on_live_tables
from ._runs import COMMAND
from .migrations import AUTOMATIC, changed_by_the_program

POSTGRESQL = Signal(
    id="data.postgresql",
    pattern=r"(?<![a-z])postgres(?:ql)?(?![a-z])|psycopg|asyncpg|npgsql|jackc/pgx|lib/pq",
    roles=("source", "config", "infra", "ci"),
)
OTHERS = Signal(
    id="data.other-databases",
    pattern=r"DB_CONNECTION\W{1,10}(?:mysql|mariadb|sqlsrv)\b|[\"']driver[\"']\s*=>\s*[\"'](?:mysql|mariadb|sqlsrv)\b|"
    r"adapter:\s*(?:mysql2|trilogy)\b|sql\.Open\(\s*\"mysql\"|backends\.(?:mysql|oracle)\b|gem\s+[\"']mysql2",
    roles=("source", "config"),
)
"""Another server that it may run on, where what blocks a table is another matter."""
_LINTERS = words("packages/migration-linters")
_DRIVERS = words("packages/postgresql-drivers")
_STRATEGY = (
    "zero downtime migration", "zero-downtime migration", "zero downtime schema", "expand and contract",
    "expand/contract", "expand-contract", "backward compatible migration", "backwards compatible migration",
    "online schema change", "safe migrations", "breaking schema change",
)  # fmt: skip


STEPS = Signal(
    id="data.schema-change-in-steps",
    pattern=(
        r"\bexpand\b.{0,300}\b(?:contract|shrink)|"
        r"^\W{0,8}(?:\d{1,2}\W{0,8})?(?:step \d{1,2}\W{0,8})?(?:expand|contract|shrink)\b|"
        r"\b(?:add(?:s|ed|ing)?|nullable|additive|ignored_columns)\b.{0,300}"
        r"\b(?:drop(?:s|ped)?|remov\w{1,5}|goes|go|deleted?)\b"
    ),
    roles=("docs", "other"),
    kept=ALL,
)
"""How a breaking change is made in steps that each release can live with, in the words of a document."""


def _in_steps(code: Code) -> Places:
    """The lines of documents that tell how a breaking change is made step by step, over several releases."""
    hits = [hit for hit in code[STEPS].places if not _TO_COME.search(hit.text)]
    begun = {hit.path for hit in hits if re.search("expand", hit.text, re.IGNORECASE)}
    ended = {hit.path for hit in hits if re.search("contract|shrink", hit.text, re.IGNORECASE)}
    return Places(
        hit
        for hit in hits
        if hit.path in begun & ended
        or (_OF_SCHEMA.search(hit.text) and _RELEASES.search(hit.text) and not _EXPANDS.match(hit.text))
    )


_EXPANDS = re.compile(r"\W*(?:\d+\W*)?(?:expand|contract|shrink)\b", re.IGNORECASE)
_TO_COME = re.compile(r"\b(?:todo|tbd|not yet|should|planned|plan to|we want|would be|ideally)\b", re.IGNORECASE)
_OF_SCHEMA = re.compile(r"schema|migration|column|index|concurrently", re.IGNORECASE)
_RELEASES = re.compile(r"releases?\b|deploys?\b|deployments?\b|versions?\b", re.IGNORECASE)


PREVIEW = Signal(
    id="data.migration-preview",
    pattern=(
        r"\bsqlmigrate\b|migrate --plan|def run_migrations_offline|alembic .{0,60}--sql\b|dryRunOutput|update-?sql\b|"
        r"prisma migrate diff|migrate .{0,30}--pretend|ef migrations script|"
        r"(?:migrat|goose|dbmate|diesel|doctrine).{0,60}--dry-run"
    ),
    roles=("source", "config", "infra"),
)  # fmt: skip
RUN_AS_THEY_ARE = Signal(
    id="data.statements-run-from-files",
    pattern=r"\.(?:query|execute|exec|executescript|batch|raw|unsafe|simpleQuery)\w{0,12}\(\s*(?:await\s+)?(?:\w{1,20}\.){0,2}"
    r"(?:readFile\w{0,8}|read_text|ReadFile|open|readText)\b",
)
"""What runs files of statements one by one, beside any tool for migrations."""
PREVIEW_WORDS = re.compile(PREVIEW.pattern, re.IGNORECASE)
_INDEX = 'op.create_index("ix_phone", "customers", ["phone"])'
_CONCURRENT = (
    "with op.get_context().autocommit_block():\n"
    '        op.create_index("ix_phone", "customers", ["phone"], postgresql_concurrently=True)'
)
_IN_A_TRANSACTION = 'op.create_index("ix_phone", "customers", ["phone"], postgresql_concurrently=True)'
_DROP = 'op.drop_index("ix_phone")'
_PROCEDURE = (
    "# Zero downtime migrations\n\n"
    + "Expand first: add the column. Backfill in batches. Switch reads. Contract last. " * 3
)


@check(
    "DAT-6.2.5",
    shows=BOTH,
    clean=[
        Example("A written procedure", {**ADDITIVE.files, **POSTGRES, "docs/migrations.md": _PROCEDURE}),
        Example("An index built beside the traffic", {**alembic(_CONCURRENT, _DROP), **POSTGRES}),
    ],
    flagged=[
        Example("An index that blocks writes", {**alembic(_INDEX, _DROP), **POSTGRES}),
        Example("CONCURRENTLY in a transaction, which PostgreSQL refuses", {
            **alembic(_IN_A_TRANSACTION, _DROP), **POSTGRES,
        }),
        Example("A foreign key that is validated at once", {
            **POSTGRES,
            "db/migrations/002_fk.sql": "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b (id);\n",
        }),
    ],
    silent=[
        NO_MIGRATIONS,
        Example("The database is not PostgreSQL", alembic(_INDEX, _DROP)),
        Example("A list of names has it as well", {
            **alembic(_INDEX, _DROP), "infra/abbreviations.json": '{"dBforPostgreSQLServers": "psql-"}\n',
        }),
        Example("It may as well run on MySQL", {
            **POSTGRES, **alembic(_INDEX, _DROP), "config/database.php": "<?php return ['driver' => 'mysql'];\n",
        }),
        Example("The table is new", {
            **POSTGRES, "db/migrations/001_a.sql": "CREATE TABLE a (b int);\nCREATE INDEX i ON a (b);\n",
        }),
    ],
    reads=[POSTGRESQL, OTHERS, STEPS],
)  # fmt: skip
def strategy(
    migrations: Migrations, changes: Changes, documents: Documents, manifests: Manifests, code: Code
) -> Iterator[Draft]:
    """No new migration blocks a live PostgreSQL table; a procedure, a linter or careful steps show the strategy."""
    postgresql = _on_postgresql(migrations, manifests, code)
    yield from of_this_release(
        migrations,
        changes,
        lambda chosen: _strategy(chosen, migrations, code, postgresql, documents, manifests),
    )


def _strategy(
    newest: list[Migration],
    migrations: Migrations,
    code: Code,
    postgresql: bool,
    documents: Documents,
    manifests: Manifests,
) -> Iterator[Draft]:
    """The same of those that are looked at."""
    if not newest:
        return
    count = examined(len(newest), "newest migrations")
    blocking: list[tuple[Migration, Operation, str]] = []
    careful: list[tuple[Migration, Operation]] = []
    for migration in newest:
        for operation in on_live_tables(migration):
            if postgresql and blocks(operation) and migration.framework not in ("go", "liquibase"):
                blocking.append((migration, operation, blocks(operation)))
            elif (operation.concurrently and not operation.transaction) or operation.not_valid:
                careful.append((migration, operation))
    if blocking:
        first, _, reason = blocking[0]
        message = each(blocking, at=lambda found: found[0].at(found[1])).like(
            f"{first.path.rpartition('/')[2]} {reason}", f"like it in {counted(newest, migrations)}"
        )
        if code[OTHERS]:
            place = code[OTHERS].first[0]
            yield unsure(f"On PostgreSQL, and {place.path} lets it run on another database: {message.text}", place)
            return
        measure = measured("changes that block a live table", len(blocking), at_most=0)
        yield failed(message, count, confidence="medium", measure=measure)
        return
    told = _in_steps(code)
    broken = [(m, o, breaks(o)[0]) for m in newest for o in met(m) if breaks(o)[1]]
    if broken:
        first, operation, reason = broken[0]
        named = first.path.rpartition("/")[2]
        at_once = [(m, o, why) for m, o, why in broken if o.kind in _NO_STEP or _replaces(m, o)]
        if at_once and not told and not documents.about(*_STRATEGY):
            first, operation, reason = at_once[0]
            text = f"{first.path.rpartition('/')[2]} {reason} at once, and no other way is written down"
            yield failed(text, first.at(operation), count, confidence="medium")
        else:
            text = f"{named} {reason}: that this follows a strategy cannot be told"
            yield unsure(text, first.at(operation), count)
        return
    if told:
        yield passed(f"{told[0].path} describes how breaking changes are made", told, count)
        return
    for document, heading in documents.about(*_STRATEGY)[:1]:
        yield passed(f"{document.path} describes how breaking changes are made", document.at(heading), count)
        return
    for manifest, dependency in manifests.uses(_LINTERS)[:1]:
        text = f"{dependency.package} keeps migrations from blocking live tables"
        yield passed(text, manifest.at(dependency), count, confidence="medium")
        return
    if careful:
        text = "{number:statement} {builds} indexes and constraints beside the traffic of live tables"
        yield passed(each(careful).say(text), careful[0][0].at(careful[0][1]), count, confidence="medium")


_NO_STEP = ("rename_column", "rename_table", "alter_type")
"""What no step of a change in steps does."""


def _replaces(migration: Migration, operation: Operation) -> bool:
    """Whether *migration* drops a column and adds another one to the same table in one go."""
    return operation.kind == "drop_column" and any(
        o.kind == "add_column" and o.table == operation.table and o.column != operation.column
        for o in migration.operations
    )


def _on_postgresql(migrations: Migrations, manifests: Manifests, code: Code) -> bool:
    """Whether anything says PostgreSQL: a driver, an address, a document, or SQL that only it has."""
    only_there = any(o.concurrently for m in migrations.files for o in m.operations)
    return only_there or bool(manifests.uses(_DRIVERS)) or bool(code[POSTGRESQL])


def _previews(pipelines: Pipelines) -> Iterator[tuple[str, Source]]:
    """What pipelines run to see the SQL of migrations, before the same job has applied them."""
    for pipeline in pipelines.files:
        for job in pipeline.jobs:
            for step in job.steps:
                said = [*step.said[:5_000].splitlines(), *step.rehearsed]
                preview = next((line for line in said if PREVIEW_WORDS.search(line) and not _HELP.search(line)), "")
                if preview:
                    yield preview, pipeline.at(step)
                elif COMMAND.search(step.said[:5_000]) and not any("dry-run" in line for line in said):
                    break


_HELP = re.compile(r"--(?:help|version)\b|\s-h$")


_SHOWS_SQL = {
    "django": "manage.py sqlmigrate prints the SQL of each migration",
    "liquibase": "liquibase update-sql prints the SQL of pending change sets",
    "laravel": "artisan migrate --pretend prints the SQL of pending migrations",
    "doctrine": "doctrine:migrations:migrate --dry-run prints the SQL of pending migrations",
    "ef-core": "dotnet ef migrations script prints the SQL of pending migrations",
}
_IS_SQL = frozenset(
    {"flyway", "golang-migrate", "goose", "dbmate", "sql-migrate", "prisma", "drizzle", "supabase", "sql", "diesel"}
)


@check(
    "DAT-6.2.6",
    shows=PASS,
    clean=[
        Example("Alembic's offline mode", {
            **ADDITIVE.files, "migrations/env.py": "def run_migrations_offline():\n"
            "    context.configure(url=url, literal_binds=True)\n",
        }),
        Example("The pipeline prints what is pending", {
            "db/migrations/001_a.sql": "CREATE TABLE a (b int);\n",
            ".github/workflows/ci.yml": "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
            "      - run: flyway migrate -dryRunOutput=out.sql\n",
        }),
    ],
    flagged=[Example("Nothing prints what Knex will do", {
        "migrations/20240501_a.js": "exports.up = knex => knex.schema.createTable('a', t => t.increments());\n",
    })],
    silent=[
        NO_MIGRATIONS,
        Example("The migration is the SQL", {"db/migrations/001_a.sql": "CREATE TABLE a (b int);\n"}),
        Example("A script runs others as they are", {
            **ADDITIVE.files, "migrations/env.py": "def run_migrations_offline():\n    pass\n",
            "reports/migrate.js": "for (const f of fs.readdirSync('migrations')) {\n"
            "  await db.query(fs.readFileSync(f, 'utf8'))\n}\n",
        }),
        Example("It is printed after all has been applied", {
            "db/migrations/001_a.sql": "CREATE TABLE a (b int);\n",
            ".github/workflows/ci.yml": "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
            "      - run: dbmate up\n      - run: dbmate migrate --dry-run\n",
        }),
        Example("A program changes its schema beside the migrations", {
            "sql/V1__a.sql": "CREATE TABLE a (b int);\n",
            "catalog/db.go": "package db\n\nfunc Open() {\n\tdb.AutoMigrate(&Product{})\n}\n",
        }),
    ],
    reads=[PREVIEW, AUTOMATIC, RUN_AS_THEY_ARE],
)  # fmt: skip
def dry_run(migrations: Migrations, pipelines: Pipelines, code: Code) -> Iterator[Draft]:
    """The tool, or a command of the repository, shows the SQL of a migration without applying it."""
    if not migrations.files:
        return
    own = code[RUN_AS_THEY_ARE].places
    shown = [*((place.text, place) for place in code[PREVIEW].places), *_previews(pipelines)]
    count = examined(len(migrations.files), "migrations")
    if shown and own:
        text = f"{own[0].path} runs files of statements by itself, and shows none of them beforehand"
        yield unsure(text, own[0], shown[0][1], count)
    elif shown:
        yield passed(f"The SQL of migrations can be seen beforehand: {shown[0][0][:100]}", shown[0][1], count)
    elif beside := changed_by_the_program(code):
        yield unsure(f"Nothing shows what {beside[0].path} will change by itself as it starts", beside[0], count)
    elif all(m.framework in _IS_SQL for m in migrations.files):
        newest = migrations.newest()[-1]
        text = f"Migrations are plain SQL ({newest.framework}); nothing here shows which of them a release will execute"
        yield unsure(text, newest.at(), count)
    elif all(m.framework in _SHOWS_SQL for m in migrations.files):
        text = f"{_SHOWS_SQL[migrations.files[0].framework]}; nothing here asks for it before a release"
        yield unsure(text, migrations.files[0].at(), count)
    else:
        yield unsure(f"Nothing here shows what {each(migrations.frameworks)} will execute before it does", count)
