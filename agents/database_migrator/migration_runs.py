"""Judges who runs migrations, whether two runs can meet, and what is written of them (6.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Changes,
    Code,
    Draft,
    Example,
    Kubernetes,
    Migration,
    Migrations,
    Pipelines,
    Places,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    of_this_release,
    passed,
    together,
    unsure,
)

from ._examples import ADDITIVE, NO_MIGRATIONS, django
from ._order import Waiting, is_roll, job_stage
from ._risk import counted
from ._runs import COMMAND, DELIVERY, GUARD, HANDED, RUN, START, Run, applying, guard, runs
from .migrations import AUTOMATIC, changed_by_the_program

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
UNLOCKED = Signal(
    id="data.migration-lock-switched-off",
    pattern=(
        r"advisory_locks:\s*[\"']?false|migration_lock:\s*(?:false|nil|:none)|@disable_migration_lock\s+true|"
        r"PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK\W{1,6}(?:1|true)|x-no-lock=true|node-pg-migrate\b.{0,80}--no-lock"
    ),
    roles=("source", "config", "infra", "ci"),
)
SCRIPTS = Signal(
    id="data.statements-run-at-the-start",
    pattern=(
        r"\b(?:psql|mysql|mariadb|sqlcmd|sqlplus)\b.{0,120}(?:\s-f\b|\s-i\b|\s--file\b|<\s*\S)|"
        r"^\s*//go:embed\s+(?!.*migrat)\S{1,80}\.sql\b|include_str!\(\"(?!.*migrat).{1,80}\.sql\""
    ),
    roles=("source", "config", "infra", "other"),
    comments=True,
)
"""Statements beside the tool's migrations, which no lock of the tool covers."""
NOT_TRIED = Signal(
    id="data.migration-not-tried",
    pattern=r"^\s*\|.*\|\s*(?:not run|skipped|never run|not tried|none, )",
    roles=("docs",),
    comments=True,
)
"""A row of a record of migrations that says that one was not tried beforehand."""
TOOL = Signal(
    id="data.migration-tool-named",
    pattern=r"golang-migrate|migrate/migrate|\bmigrate\s+-(?:path|source|database)\b|flyway",
    roles=("source", "config", "infra", "ci", "docs", "other"),
    comments=True,
)
_BY_NAMES = {"golang-migrate": "migrate", "flyway": "flyway"}
"""Tools whose files are told by their names, which another tool may read as well."""
_LOCKS_BY_ITSELF = frozenset(
    {"flyway", "liquibase", "rails", "golang-migrate", "prisma", "knex", "ecto", "node-pg-migrate"}
)
_NEVER_LOCKS = frozenset({"django", "alembic", "sequelize", "typeorm", "sql"})
_START_UP = {"docker/entrypoint.sh": "#!/bin/sh\npython manage.py migrate\nexec gunicorn shop.wsgi\n"}
_FLYWAY = {"sql/V1__a.sql": "CREATE TABLE a (b int);\n", "flyway.toml": "[flyway]\nlocations = ['filesystem:sql']\n"}
_RAILS = {
    "db/migrate/20240501_a.rb": (
        "class A < ActiveRecord::Migration[7.1]\n  def change\n    add_column :a, :c, :text\n  end\nend\n"
    ),
    "Gemfile": "gem 'pg'\n",
}
_INIT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 3\n  template:\n    spec:\n"
    "      initContainers:\n      - {name: migrate, image: 'shop:1', command: [python, manage.py, migrate]}\n"
    "      containers:\n      - {name: web, image: 'shop:1'}\n"
)
_SMALL = django('        migrations.AddField("order", "note", models.TextField(null=True)),')


@check(
    "DAT-6.2.7",
    shows=BOTH,
    clean=[
        Example("The tool takes a lock", _FLYWAY),
        Example("An advisory lock", {**_SMALL, "shop/migrate.py": 'cursor.execute("SELECT pg_advisory_lock(42)")\n'}),
    ],
    flagged=[
        Example("Each instance migrates when it starts", {**_SMALL, **_START_UP}),
        Example("Each of three instances waits for its own run", {**_SMALL, "k8s/web.yaml": _INIT}),
        Example(
            "The lock is switched off",
            {
                **_RAILS,
                "config/database.yml": "production:\n  adapter: postgresql\n  advisory_locks: false\n",
            },
        ),
    ],
    silent=[
        NO_MIGRATIONS,
        Example("Nothing says who runs it", _SMALL),
        Example(
            "Statements of another folder are run at the start",
            {
                **_FLYWAY,
                "Dockerfile": 'FROM x:1\nCMD ["sh", "-c", "psql \\"$U\\" -f /more/a.sql; exec shop"]\n',
            },
        ),
        Example("Nobody says which tool reads the files", {"sql/V1__a.sql": "CREATE TABLE a (b int);\n"}),
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
    reads=[RUN, LOCK, LOCKABLE, AUTOMATIC, UNLOCKED, SCRIPTS, TOOL, HANDED, GUARD],
)
def one_at_a_time(migrations: Migrations, pipelines: Pipelines, kubernetes: Kubernetes, code: Code) -> Iterator[Draft]:
    """The tool locks by itself or the code takes a lock; without one, instances must not migrate as they start."""
    frameworks = set(migrations.frameworks)
    if not frameworks:
        return
    count = examined(len(migrations.files), "migrations")
    locks = code[LOCK].places.saying(lambda hit: "migrat" in hit.path.lower() + hit.text.lower())
    unlocked, beside = code[UNLOCKED].places, changed_by_the_program(code)
    scripts = code[SCRIPTS].places.saying(lambda hit: hit.text.lstrip().startswith("//go:") or START.search(hit.path))
    never = sorted(frameworks & _NEVER_LOCKS)
    starts = Places()
    if never:
        started = [run.at for run in runs(pipelines, kubernetes, code) if run.how == "start"]
        starts = together(applying(code[RUN].places).under(lambda path: START.search(path)), started)
    once = applying(code[RUN].places).under(lambda path: DELIVERY.search(path) and "templates/" not in path)
    without = _trees_without(migrations, locks)
    text = "{} migrates whenever an instance starts, and {} takes no lock against a second run"
    if unlocked:
        yield failed(
            f"The lock against a second run is switched off: {unlocked[0].text}", unlocked, confidence="medium"
        )
    elif beside:
        yield unsure(
            f"{beside[0].path} changes the schema by itself as it starts, under no lock that is known", beside[0]
        )
    elif scripts and "sql" not in frameworks:
        yield unsure(f"{scripts[0].path} runs statements of its own, under no lock that is known", scripts[0])
    elif without:
        first = without[0]
        if starts:
            yield failed(text.format(starts[-1].path, first.framework), starts[-1], first.at(), confidence="medium")
        else:
            yield unsure(f"Of {first.group} nobody says that its migrations run under the lock", first.at(), locks[0])
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
        named = " ".join(hit.text.lower() for hit in code[TOOL].places)
        strange = sorted(f for f in frameworks & _BY_NAMES.keys() if _BY_NAMES[f] not in named)
        if strange:
            yield unsure(f"The files are named as {strange[0]} has them; nothing says that it runs them", count)
            return
        says = "Each run of {} takes a lock"
        yield passed(each(sorted(frameworks)).say(says), migrations.files[0].at(), count)
    elif "sql" in never and scripts:
        yield failed(text.format(scripts[0].path, "nothing"), scripts, confidence="medium")
    elif starts and not once:
        yield failed(each(starts).like(text.format(starts[0].path, never[0])), confidence="medium")


def _trees_without(migrations: Migrations, locks: Places) -> list[Migration]:
    """The first of each tree of Alembic's whose own env.py takes no lock, where that of another tree does."""
    groups: dict[str, Migration] = {}
    for migration in migrations.files:
        if migration.framework == "alembic":
            groups.setdefault(migration.group.rpartition("/")[0], migration)
    holding = {folder for folder in groups for lock in locks if lock.path.rpartition("/")[0] == folder}
    return [first for folder, first in sorted(groups.items()) if holding and folder not in holding]


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
    silent=[
        NO_MIGRATIONS,
        Example("The deployment skips the hooks", {
            "db/migrate/20240501_a.rb": _RAILS["db/migrate/20240501_a.rb"],
            ".kamal/hooks/pre-deploy": "#!/bin/sh\nkamal app exec bin/rails db:migrate\n",
            ".github/workflows/deploy.yml": "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n"
            "      - run: kamal deploy --skip-hooks\n",
        }),
        Example("Only when the container starts for the first time", {
            **_SMALL, "docker/entrypoint.d/12-migrate.sh": '#!/bin/sh\nonly-once "initial" python manage.py migrate\n',
        }),
        Example("Only until a file says that it is installed", {**_SMALL, "docker/entrypoint.sh": (
            "#!/bin/sh\nif [ ! -f /data/.installed ]; then\n  python manage.py migrate\n  touch /data/.installed\nfi\n"
        )}),
        Example("Only where somebody asks for it", {**_SMALL, "docker/entrypoint.sh": (
            '#!/bin/sh\nif is-true "${MIGRATE}"; then\n  python manage.py migrate\nfi\n'
        )}),
        Example("The start only asks what there is to do", {
            **_SMALL, "docker/entrypoint.sh": "#!/bin/sh\npython manage.py migrate --check\n",
        }),
        Example("Only when the database is made", {
            **_SMALL, "docker/docker-entrypoint-initdb.d/10-migrate.sh": "#!/bin/sh\npython manage.py migrate\n",
        }),
    ],
    reads=[RUN, HANDED, GUARD],
)  # fmt: skip
def automatic(migrations: Migrations, pipelines: Pipelines, kubernetes: Kubernetes, code: Code) -> Iterator[Draft]:
    """A deployment pipeline, chart, release command or start script runs the migrations."""
    if not migrations.files:
        return
    if past := _past_hooks(pipelines):
        yield unsure(f"{past.path} deploys without hooks, so whether the migrations run cannot be told", past)
        return
    for run in runs(pipelines, kubernetes, code):
        yield passed(run.says, run.at, confidence="high" if run.sure else "medium")
        return
    started = applying(code[RUN].places).under(lambda path: START.search(path))
    guarded = [(hit, held) for hit in started if (held := guard(hit, code))]
    for hit in started.without(Places(tuple(hit for hit, _ in guarded))):
        yield passed(f"{hit.path} runs the migrations when a release is deployed", hit, confidence="medium")
        return
    for hit, held in guarded:
        text = f"{hit.path} runs the migrations at its first start alone, or by a setting: {held.text[:80]}"
        yield unsure(text, hit, held)
        return
    if tried := next((a for a in pipelines.aside if a.void and COMMAND.search(a.what)), None):
        text = f"Nothing is seen to run the migrations: {tried.what} {tried.reason}"
        yield unsure(text, Source(path=tried.path, line=tried.line))


def _past_hooks(pipelines: Pipelines) -> Source | None:
    """The step that deploys without the hooks, in which the migrations may stand."""
    return next((p.at(step) for p, _, step in pipelines.steps() if _NO_HOOKS.search(step.said)), None)


_NO_HOOKS = re.compile(r"\bkamal\b.{0,80}(?:--skip[-_]hooks|\s-H\b)|\bhelm\b.{0,200}--no-hooks")
_STAGING = (
    "on: push\njobs:\n  staging:\n    environment: staging\n    runs-on: ubuntu-latest\n    steps:\n"
    "      - run: python manage.py migrate\n      - run: helm upgrade web ./chart\n"
)
_LIVE = (
    "  production:\n    environment: production\n    needs: staging\n    runs-on: ubuntu-latest\n    steps:\n"
    "      - run: python manage.py migrate\n      - run: helm upgrade web ./chart\n"
)


@check(
    "DAT-6.2.2",
    shows=PASS,
    clean=[
        Example("Production waits for staging, and both migrate", {
            **_SMALL, ".github/workflows/deploy.yml": _STAGING + _LIVE,
        }),
        Example("Stages of GitLab, and a job of the chart", {
            **_SMALL, ".gitlab-ci.yml": (
                "stages: [staging, production]\nstaging:\n  stage: staging\n  environment: staging\n"
                "  script: [helm upgrade web chart]\nproduction:\n  stage: production\n  environment: production\n"
                "  script: [helm upgrade web chart]\n"
            ),
            "k8s/migrate.yaml": (
                "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\nspec:\n  template:\n    spec:\n"
                "      containers:\n      - {name: migrate, image: 'shop:1', args: [migrate]}\n"
            ),
        }),
    ],
    flagged=[
        Example("Straight to production", {
            **_SMALL, ".github/workflows/deploy.yml": "on: push\njobs:\n" + _LIVE.replace("    needs: staging\n", ""),
        }),
        Example("Both at once", {
            **_SMALL, ".github/workflows/deploy.yml": _STAGING + _LIVE.replace("    needs: staging\n", ""),
        }),
        Example("Staging has a schema of its own making", {
            **_SMALL,
            ".github/workflows/deploy.yml": _STAGING.replace("      - run: python manage.py migrate\n", "") + _LIVE,
        }),
    ],
    silent=[
        NO_MIGRATIONS,
        Example("A second pipeline goes straight to production", {
            **_SMALL, ".github/workflows/deploy.yml": _STAGING + _LIVE,
            ".github/workflows/hotfix.yml": "on: push\njobs:\n" + _LIVE.replace("    needs: staging\n", ""),
        }),
        Example("One was never tried", {
            **_SMALL, ".github/workflows/deploy.yml": _STAGING + _LIVE,
            "docs/migrations.md": "# Migrations\n\n| Migration | Staging | Result |\n|---|---|---|\n"
            "| 0003 | - | not run, was urgent |\n",
        }),
    ],
    reads=[RUN, HANDED, GUARD, NOT_TRIED],
)  # fmt: skip
def staging_first(migrations: Migrations, pipelines: Pipelines, kubernetes: Kubernetes, code: Code) -> Iterator[Draft]:
    """Each job that deploys to production waits for one that deploys to staging, and what migrates does so in both."""
    if not migrations.files:
        return
    found = list(runs(pipelines, kubernetes, code))
    if past := next(iter(code[NOT_TRIED].places.under(lambda path: "migrat" in path.lower())), None):
        yield unsure(f"{past.path} tells of a migration that staging has not seen: {past.text[:100]}", past)
        return
    if straight := next(_straight(pipelines, found), None):
        yield unsure(f"{straight.path} migrates production, and nothing of it does staging before", straight)
        return
    for pipeline in pipelines.files:
        order = Waiting(pipeline)
        live = [job for job in pipeline.jobs if job_stage(job) == "production" and is_roll(job)]
        before = [order.staging_before(job) for job in live]
        if not live or not all(before):
            continue
        steps = [run for run in found if run.how == "step" and run.job and run.at.path == pipeline.path]
        own = {job.id for job in live}
        tried = {job.id for jobs in before for job in jobs}
        if any(run.job in own for run in steps) and not any(run.job in tried and run.heeded for run in steps):
            continue
        if found and (any(run.job in tried for run in steps) or any(run.job not in own for run in found)):
            text = f"Job {live[0].id} of {pipeline.path} migrates production after job {before[0][0].id} did staging"
            yield passed(text, pipeline.at(live[0]), pipeline.at(before[0][0]), found[0].at, confidence="medium")
            return


def _straight(pipelines: Pipelines, found: list[Run]) -> Iterator[Source]:
    """The jobs that migrate production in pipelines of which none waits for staging, and that commits start."""
    for pipeline in pipelines.files:
        order = Waiting(pipeline)
        for job in pipeline.jobs:
            mine = any(run.how == "step" and run.job == job.id and run.at.path == pipeline.path for run in found)
            if mine and job_stage(job) == "production" and is_roll(job) and not order.staging_before(job):
                yield pipeline.at(job)


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
