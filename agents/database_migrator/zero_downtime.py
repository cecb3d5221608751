"""Judges how migrations treat live tables, and how anyone can see that beforehand (section 6.2)."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import (
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
    Signal,
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

from ._examples import ADDITIVE, NO_MIGRATIONS, POSTGRES, alembic
from ._risk import blocks, counted, on_live_tables
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


PREVIEW = Signal(
    id="data.migration-preview",
    pattern=(
        r"\bsqlmigrate\b|migrate --plan|def run_migrations_offline|alembic .{0,60}--sql\b|dryRunOutput|update-?sql\b|"
        r"prisma migrate diff|migrate .{0,30}--pretend|ef migrations script|"
        r"(?:migrat|goose|dbmate|diesel|doctrine).{0,60}--dry-run"
    ),
    roles=("source", "ci", "config", "infra"),
)  # fmt: skip
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
    reads=[POSTGRESQL, OTHERS],
)  # fmt: skip
def strategy(
    migrations: Migrations, changes: Changes, documents: Documents, manifests: Manifests, code: Code
) -> Iterator[Draft]:
    """No new migration blocks a live PostgreSQL table; a procedure, a linter or careful steps show the strategy."""
    postgresql = _on_postgresql(migrations, manifests, code)
    yield from of_this_release(
        migrations,
        changes,
        lambda chosen: _strategy(chosen, migrations, code if postgresql else None, documents, manifests),
    )


def _strategy(
    newest: list[Migration],
    migrations: Migrations,
    postgresql: Code | None,
    documents: Documents,
    manifests: Manifests,
) -> Iterator[Draft]:
    """The same of those that are looked at; *postgresql* is the code beside such a database, None beside others."""
    if not newest:
        return
    count = examined(len(newest), "newest migrations")
    blocking: list[tuple[Migration, Operation, str]] = []
    careful: list[tuple[Migration, Operation]] = []
    for migration in newest:
        for operation in on_live_tables(migration):
            if postgresql is not None and blocks(operation) and migration.framework not in ("go", "liquibase"):
                blocking.append((migration, operation, blocks(operation)))
            elif (operation.concurrently and not operation.transaction) or operation.not_valid:
                careful.append((migration, operation))
    if blocking:
        first, _, reason = blocking[0]
        message = each(blocking, at=lambda found: found[0].at(found[1])).like(
            f"{first.path.rpartition('/')[2]} {reason}", f"like it in {counted(newest, migrations)}"
        )
        if postgresql is not None and postgresql[OTHERS]:
            place = postgresql[OTHERS].first[0]
            yield unsure(f"On PostgreSQL, and {place.path} lets it run on another database: {message.text}", place)
            return
        measure = measured("changes that block a live table", len(blocking), at_most=0)
        yield failed(message, count, confidence="medium", measure=measure)
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


def _on_postgresql(migrations: Migrations, manifests: Manifests, code: Code) -> bool:
    """Whether anything says PostgreSQL: a driver, an address, a document, or SQL that only it has."""
    only_there = any(o.concurrently for m in migrations.files for o in m.operations)
    return only_there or bool(manifests.uses(_DRIVERS)) or bool(code[POSTGRESQL])


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
        Example("The migration is the SQL", {"db/migrations/001_a.sql": "CREATE TABLE a (b int);\n"}),
    ],
    flagged=[Example("Nothing prints what Knex will do", {
        "migrations/20240501_a.js": "exports.up = knex => knex.schema.createTable('a', t => t.increments());\n",
    })],
    silent=[
        NO_MIGRATIONS,
        Example("A program changes its schema beside the migrations", {
            "sql/V1__a.sql": "CREATE TABLE a (b int);\n",
            "catalog/db.go": "package db\n\nfunc Open() {\n\tdb.AutoMigrate(&Product{})\n}\n",
        }),
    ],
    reads=[PREVIEW, AUTOMATIC],
)  # fmt: skip
def dry_run(migrations: Migrations, code: Code) -> Iterator[Draft]:
    """The tool, or a command of the repository, shows the SQL of a migration without applying it."""
    shown = code[PREVIEW]
    if not migrations.files:
        return
    count = examined(len(migrations.files), "migrations")
    if shown:
        yield passed(
            f"The SQL of migrations can be seen beforehand: {shown.first[0].text[:100]}", shown.first[0], count
        )
    elif beside := changed_by_the_program(code):
        yield unsure(f"Nothing shows what {beside[0].path} will change by itself as it starts", beside[0], count)
    elif all(m.framework in _IS_SQL for m in migrations.files):
        newest = migrations.newest()[-1]
        text = f"Migrations are plain SQL ({newest.framework}): what is reviewed is what will be executed"
        yield passed(text, newest.at(), count, confidence="medium")
    elif all(m.framework in _SHOWS_SQL for m in migrations.files):
        yield passed(_SHOWS_SQL[migrations.files[0].framework], migrations.files[0].at(), count, confidence="medium")
    else:
        yield unsure(f"Nothing here shows what {each(migrations.frameworks)} will execute before it does", count)
