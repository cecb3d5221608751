"""Tells what a tree runs on and what it uses: platforms, databases, caches, jobs and calls."""

from __future__ import annotations

import re

from ..domain.fact import Fact
from ..domain.profile import ProfileFact
from ..domain.signal import Signal
from ..evidence import kind_signals as signals
from ..evidence.facts.infrastructure import Infrastructure
from ..evidence.facts.kubernetes import Kubernetes
from ..evidence.facts.migrations import Migrations
from ..evidence.facts.pipelines import Pipelines
from ..evidence.facts.schema import Schema
from ..vocabulary import words
from ._clues import Clue, Clues, Setting, no, unknown, yes

_SQL_LINES = re.compile(
    r"create_(async_)?engine|sql\.Open|gorm|Sequelize|UseSqlServer|UseNpgsql|jdbc:|establish_connection|PDO|sqlite3|psycopg|asyncpg"
    r"|^DATABASES|sqlx|Ecto\.Repo|@Entity|new Pool\(|pgxpool|DataSource",
    re.IGNORECASE,
)


def kubernetes(clues: Clues, is_service: ProfileFact) -> ProfileFact:
    """Whether it runs on Kubernetes; a service in containers may, from another repository."""
    found = [Clue(f"{r.kind} {r.resource or r.path}", r.at("kind")) for r in clues.fact(Kubernetes).written()[:20]]
    found += [Clue(f"Helm chart {c.title}", c.source) for c in clues.fact(Kubernetes).charts]
    found += clues.named("skaffold.yaml", "kustomization.yaml", "helmfile.yaml")
    found += clues.resources("kubernetes-clusters")
    found += _steps(
        clues, r"\bkubectl (apply|set image|rollout)|\bhelm (upgrade|install)\b|azure/k8s-deploy|argocd app sync"
    )
    return _platform(clues, found, is_service, "Kubernetes object, chart or kubectl step", (Kubernetes, Infrastructure))


def cloud(clues: Clues, is_service: ProfileFact) -> ProfileFact:
    """Whether infrastructure code manages cloud resources; it may lie in another repository."""
    local = words("resources/local-only")
    blocks = clues.fact(Infrastructure).blocks
    found = [
        Clue(f"{b.type} {b.label}".strip(), b.at()) for b in blocks if b.block == "resource" and b.type not in local
    ]
    found += [Clue(f"provider {b.label or b.type}", b.at()) for b in blocks if b.block in ("provider", "module")]
    found += clues.named(
        "Pulumi.yaml", "cdk.json", "serverless.yml", "serverless.yaml", "sst.config.ts", "samconfig.toml"
    )
    found += clues.matching(r"\.bicep$|(^|/)azuredeploy\.json$", "an Azure template")
    return _platform(clues, found, is_service, "Terraform, CloudFormation, Pulumi or CDK file", (Infrastructure,))


_PLATFORMS = ("fly.toml", "render.yaml", "railway.json", "railway.toml")
_WITHOUT_IMAGES = ("Procfile", "vercel.json", "netlify.toml", "wrangler.toml", "serverless.yml")


def _platform(
    clues: Clues, found: list[Clue], is_service: ProfileFact, what: str, readers: tuple[type[Fact], ...]
) -> ProfileFact:
    if found:
        return yes(found)
    if not clues.total or any(clues.fact(kind).problems for kind in readers):
        return unknown("part of the tree could not be read" if clues.total else "the tree holds no files")
    counted = f"no {what} among {clues.total:,} files"
    if is_service.answer == "no":
        return no(counted)
    other = clues.named(*_PLATFORMS) + ([] if clues.dockerfiles() else clues.named(*_WITHOUT_IMAGES))
    if is_service.answer == "yes" and other:
        return no(f"{counted}; {other[0].text} names another platform", [other[0].source])
    return unknown(f"{counted}; it may be kept in another repository")


def _steps(clues: Clues, pattern: str) -> list[Clue]:
    compiled = re.compile(pattern)
    return [
        Clue(f"a pipeline step {step.name or step.uses}".strip(), pipeline.at(step))
        for pipeline, _, step in clues.fact(Pipelines).steps()
        if compiled.search(step.said)
    ][:5]


def sql_database(clues: Clues, setting: Setting) -> ProfileFact:
    """Whether it owns a relational database."""
    found = clues.resources("sql-databases")
    if not setting.published:
        found += clues.images("sql-databases")
        found += [Clue(f"table {t.title}", t.at()) for t in clues.fact(Schema).tables[:5]]
        found += [Clue(f"{m.framework} migration", m.at()) for m in clues.fact(Migrations).files[:5]]
        found += clues.packages("sql-databases")
        found += [c for c in clues.lines(signals.CONNECTS, "a connection") if _SQL_LINES.search(c.text)]
    return found_or_not(clues, found, signals.WEAK_SQL, "relational database", setting)


def database(clues: Clues, sql: ProfileFact, setting: Setting) -> ProfileFact:
    """Whether it owns a database of any sort."""
    if sql.answer == "yes":
        return sql
    found = clues.resources("other-databases")
    if not setting.published:
        found += (
            clues.images("other-databases")
            + clues.packages("other-databases")
            + clues.lines(signals.CONNECTS, "a connection")
        )
    return found_or_not(clues, found, signals.WEAK_DATABASE, "database", setting)


def migrations(clues: Clues, has_database: ProfileFact, sql: ProfileFact) -> ProfileFact:
    """Whether its schema changes by migrations."""
    files = clues.fact(Migrations).files
    found = [Clue(f"{m.framework} migration", m.at()) for m in files[:5]]
    found += clues.matching(
        r"(^|/)(flyway\.conf|liquibase\.properties|alembic\.ini|knexfile\.[cm]?[jt]s|schema\.prisma)$",
        "a migration tool",
    )
    if found:
        return yes(found)
    if has_database.answer == "no":
        return no(f"no database: {has_database.because}")
    if clues.fact(Migrations).problems:
        return unknown("a migration could not be read")
    tools = clues.packages("migrations")
    if sql.answer == "no" and not tools:
        return no(f"no relational database, and no migration among {clues.total:,} files")
    return unknown(f"no migration among {clues.total:,} files; they may be kept elsewhere", tools)


def cache(clues: Clues, setting: Setting) -> ProfileFact:
    """Whether it uses a cache server."""
    found = clues.resources("caches")
    if not setting.published:
        found += clues.images("caches")
        found += clues.packages("caches") + clues.lines(signals.CACHES, "a cache")
    return found_or_not(clues, found, signals.WEAK_CACHE, "cache server", setting)


def background_jobs(clues: Clues, setting: Setting) -> ProfileFact:
    """Whether it runs queues, workers or schedules."""
    found = [Clue(f"{r.kind} {r.resource}", r.at("kind")) for r in clues.fact(Kubernetes).written("CronJob")]
    found += clues.resources("queues")
    if not setting.published:
        found += clues.images("queues")
        found += clues.packages("jobs") + clues.lines(signals.JOBS, "a job")
    answer = found_or_not(clues, found, signals.WEAK_JOBS, "queue, worker or schedule", setting)
    waiting = [Clue(f"table {t.title}", t.at()) for t in clues.fact(Schema).tables if _WAITING.search(t.title)]
    return unknown(f"{waiting[0].text} may hold work to do", waiting) if answer.answer == "no" and waiting else answer


_WAITING = re.compile(r"^(\w+_)?(jobs?|outbox(es)?|queues?|tasks?|pending_\w+|messages_to_send)$", re.IGNORECASE)


def external_calls(clues: Clues, setting: Setting) -> ProfileFact:
    """Whether it calls other people's APIs."""
    found = clues.lines(signals.CALLS, "a call") + clues.packages("remote-services")
    return found_or_not(clues, found, signals.WEAK_CALLS, "HTTP client or cloud SDK", setting)


def found_or_not(clues: Clues, found: list[Clue], weak: Signal, what: str, setting: Setting) -> ProfileFact:
    """Yes where something was found; no only where not even a word of it was, in source that can be read."""
    if found:
        return yes(found)
    if not clues.total:
        return unknown("the tree holds no files")
    looked = f"{clues.sources:,} source files and {clues.dependencies:,} dependencies"
    if setting.published:
        return no(f"published for others to run or import; no {what} of its own in {looked}")
    if setting.still:
        return no(f"nothing of it runs; no {what} in {looked}")
    if clues.problems or not clues.readable:
        return unknown(clues.unreadable)
    if hints := clues.words(weak, "a word of it"):
        return unknown(f"words of a {what}, and no proof", hints)
    return no(f"no {what} in {looked}")
