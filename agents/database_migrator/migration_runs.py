"""Judges who runs migrations, whether two runs can meet, and what is written of them (6.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Changes,
    CiJob,
    Code,
    Draft,
    Example,
    Migration,
    Migrations,
    Pipelines,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    of_this_release,
    passed,
    unsure,
    words,
)

from ._examples import ADDITIVE, NO_MIGRATIONS, django
from ._risk import counted
from .migrations import AUTOMATIC, changed_by_the_program

_COMMANDS = words("commands/schema-migrations").pattern
_COMMAND = re.compile(_COMMANDS, re.IGNORECASE)
RUN = Signal(
    id="data.migration-run",
    pattern=_COMMANDS,
    roles=("infra", "config", "source", "other"),
)  # fmt: skip
LOCK = Signal(
    id="data.advisory-lock",
    words=("advisory_lock", "advisory_xact_lock", "get_lock(", "sp_getapplock", "pglock", "sessionlocker"),
    kept=ALL,
)
LOCKABLE = Signal(
    id="data.database-with-advisory-locks",
    pattern=r"adapter:\s*['\"]?(?:postg|mysql2|trilogy)|gem ['\"](?:pg|mysql2|trilogy)['\"]|postgres(?:ql)?://|mysql2://",
    roles=("source", "config", "infra"),
)
"""Rails takes its lock on PostgreSQL and MySQL; SQLite has none."""
_LOCKS_BY_ITSELF = frozenset(
    {"flyway", "liquibase", "rails", "golang-migrate", "prisma", "knex", "ecto", "node-pg-migrate"}
)
_NEVER_LOCKS = frozenset({"django", "alembic", "sequelize", "typeorm"})
_START = re.compile(r"entry-?point|docker|start|boot|run\.sh|^compose", re.IGNORECASE)
_DEPLOYS = re.compile(r"deploy|release|migrat|prod|staging|rollout", re.IGNORECASE)
_TESTS = re.compile(r"test|lint|e2e|check|build", re.IGNORECASE)
_DELIVERY = re.compile(
    r"(^|/)(procfile|fly\.toml|render\.ya?ml|app\.json|heroku\.yml|railway\.(json|toml)|deploy\.rb|scalingo\.json)$"
    r"|(^|/)(templates|k8s|kubernetes|manifests|charts?|helm|deploy|deployments?|kustomize)/.*\.ya?ml$",
    re.IGNORECASE,
)
_START_UP = {"docker/entrypoint.sh": "#!/bin/sh\npython manage.py migrate\nexec gunicorn shop.wsgi\n"}
_SMALL = django('        migrations.AddField("order", "note", models.TextField(null=True)),')


@check(
    "DAT-6.2.7",
    shows=BOTH,
    clean=[
        Example("The tool takes a lock", {"sql/V1__a.sql": "CREATE TABLE a (b int);\n"}),
        Example("An advisory lock", {**_SMALL, "shop/migrate.py": 'cursor.execute("SELECT pg_advisory_lock(42)")\n'}),
    ],
    flagged=[Example("Each instance migrates when it starts", {**_SMALL, **_START_UP})],
    silent=[
        NO_MIGRATIONS,
        Example("Nothing says who runs it", _SMALL),
        Example(
            "A lock that the start of an instance may not take",
            {**_SMALL, **_START_UP, "shop/migrate.py": 'cursor.execute("SELECT pg_advisory_lock(42)")\n'},
        ),
        Example(
            "A program changes its schema beside the migrations",
            {
                "sql/V1__a.sql": "CREATE TABLE a (b int);\n",
                "catalog/db.go": "package db\n\nfunc Open() {\n\tdb.AutoMigrate(&Product{})\n}\n",
            },
        ),
        Example(
            "Rails on SQLite has no lock",
            {
                "db/migrate/20240501_a.rb": (
                    "class A < ActiveRecord::Migration[7.1]\n  def change\n    add_index :a, :b\n  end\nend\n"
                )
            },
        ),
        Example(
            "The platform runs it once", {**_SMALL, **_START_UP, "Procfile": "release: python manage.py migrate\n"}
        ),
    ],
    reads=[RUN, LOCK, LOCKABLE, AUTOMATIC],
)
def one_at_a_time(migrations: Migrations, code: Code) -> Iterator[Draft]:
    """The tool locks by itself or the code takes a lock; without one, instances must not migrate as they start."""
    frameworks = set(migrations.frameworks)
    if not frameworks:
        return
    count = examined(len(migrations.files), "migrations")
    locks = code[LOCK].places.saying(lambda hit: "migrat" in hit.path.lower() + hit.text.lower())
    beside = changed_by_the_program(code)
    starts = code[RUN].places.under(lambda path: _START.search(path)) if frameworks & _NEVER_LOCKS else ()
    once = code[RUN].places.under(lambda path: _DELIVERY.search(path))
    if beside:
        yield unsure(
            f"{beside[0].path} changes the schema by itself as it starts, under no lock that is known", beside[0]
        )
    elif locks and starts and not once:
        yield unsure(
            f"{starts[0].path} migrates whenever an instance starts, and nothing says that it does under the lock of "
            f"{locks[0].path}",
            starts[0],
            locks[0],
        )
    elif locks:
        yield passed("Migrations run under a lock of the database", locks[0], count, confidence="medium")
    elif frameworks <= _LOCKS_BY_ITSELF and ("rails" not in frameworks or code[LOCKABLE]):
        text = "Each run of {} takes a lock"
        yield passed(each(sorted(frameworks)).say(text), migrations.files[0].at(), count)
    elif starts and not once:
        name = sorted(frameworks & _NEVER_LOCKS)[0]
        text = f"{starts[0].path} migrates whenever an instance starts, and {name} takes no lock against a second run"
        yield failed(text, starts[0], starts, confidence="medium")


@check(
    "DAT-6.2.9",
    shows=PASS,
    clean=[
        Example("The release command migrates", {
            **_SMALL, "Procfile": "release: python manage.py migrate\nweb: gunicorn shop.wsgi\n",
        }),
        Example("The deployment job migrates", {**_SMALL, ".github/workflows/deploy.yml": (
            "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n"
            "      - run: python manage.py migrate\n"
        )}),
    ],
    flagged=[Example("Only the tests migrate", {**_SMALL, ".github/workflows/test.yml": (
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: python manage.py migrate\n"
    )})],
    silent=[NO_MIGRATIONS],
    reads=[RUN],
)  # fmt: skip
def automatic(migrations: Migrations, pipelines: Pipelines, code: Code) -> Iterator[Draft]:
    """A deployment pipeline, chart, release command or start script runs the migrations."""
    if not migrations.files:
        return
    for pipeline, job, step in pipelines.steps():
        if _COMMAND.search(step.said[:5_000]) and _deploys(job, pipeline.path):
            yield passed(f"Job {job.id} of {pipeline.path} runs the migrations", pipeline.at(step))
            return
    hits = code[RUN].places
    for hit in [h for h in hits if _DELIVERY.search(h.path)] or [h for h in hits if _START.search(h.path)]:
        yield passed(f"{hit.path} runs the migrations when a release is deployed", hit, confidence="medium")
        return
    if tried := next((a for a in pipelines.aside if a.void and _COMMAND.search(a.what)), None):
        text = f"Nothing is seen to run the migrations: {tried.what} {tried.reason}"
        yield unsure(text, Source(path=tried.path, line=tried.line))


def _deploys(job: CiJob, path: str) -> bool:
    name = f"{job.id} {job.stage} {path.rpartition('/')[2]}"
    return bool(job.environment) or (bool(_DEPLOYS.search(name)) and not _TESTS.search(f"{job.id} {job.stage}"))


@check(
    "DAT-6.2.10",
    shows=PASS,
    clean=[ADDITIVE],
    flagged=[Example("Three migrations without a word", {
        f"db/migrations/00{n}_{name}.sql": f"CREATE TABLE {name} (id int);\n" for n, name in enumerate(("a", "b", "c"))
    })],
    silent=[NO_MIGRATIONS, Example("Only one", {"db/migrations/001_a.sql": "CREATE TABLE a (id int);\n"})],
)  # fmt: skip
def documented(migrations: Migrations, changes: Changes) -> Iterator[Draft]:
    """A docstring or comment of each new migration says what it is for; a commit message or changelog may as well."""
    yield from of_this_release(migrations, changes, lambda chosen: _documented(chosen, migrations))


def _documented(chosen: list[Migration], migrations: Migrations) -> Iterator[Draft]:
    newest = [m for m in chosen if m.operations]
    noted = [m for m in newest if len(m.note.replace("_", " ").split()) >= 3]
    count = examined(len(newest), "newest migrations")
    if newest and len(noted) == len(newest):
        text = "{all:newest migration} {says} what {it is|they are} for"
        yield passed(each(noted, at=lambda m: m.at()).say(text), count, confidence="medium")
    elif len(newest) >= 3 and not noted:
        text = f"None of {counted(newest, migrations)} says in a docstring or comment what it is for"
        yield unsure(text, newest[-1].at(), count)
