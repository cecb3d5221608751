"""Finds what runs the migrations: jobs of pipelines, jobs and hooks of deployments, the start of each instance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from orchestrator import (
    ALL,
    CiJob,
    Code,
    Kubernetes,
    Pipeline,
    Pipelines,
    Places,
    Resource,
    Signal,
    Source,
    words,
)

_COMMANDS = words("commands/schema-migrations").pattern
COMMAND = re.compile(_COMMANDS, re.IGNORECASE)
RUN = Signal(
    id="data.migration-run",
    pattern=_COMMANDS,
    roles=("infra", "config", "source", "other"),
)  # fmt: skip
HANDED = Signal(
    id="data.migration-handed-on",
    pattern=r"(?:nomad|kubectl|helm|kamal|docker|podman|ssh|aws|az|gcloud|fly|flyctl|heroku|upsun|platform|railway|oc|"
    r"ansible|cf|job|task|exec|run|release_command|command|args|predeploy|actions)\b.{0,200}?"
    r"(?<!\w)migrat(?:e|ions?|or)\b",
    roles=("infra", "config", "source", "other", "ci"),
)
"""What hands a deployment's own task for the migrations to who runs it."""
GUARD = Signal(
    id="data.once-or-by-a-setting",
    pattern=(
        r"\b(?:only|run|do|exec|just)[-_]?once\b|\bfirst[-_ ]?(?:run|start|boot|time|install)|\binitdb\b|"
        r"-[efd]\s.{0,120}(?:install|initiali[sz]|first|done|configured|migrated|setup|\.lock|marker)|"
        r"^(?:el)?if\b.{0,20}\bis[-_]?(?:true|false|enabled|disabled|set)\b"
    ),
    roles=("infra", "config", "source", "other"),
    kept=ALL,
)
"""In a script: what follows is done at the first start alone, or where somebody has asked for it."""
_GUARDED = 20
"""So many lines below a guard what it guards may stand."""
START = re.compile(r"entry-?point|docker|start|boot|run\.sh|^compose", re.IGNORECASE)
_DEPLOYS = re.compile(r"deploy|release|migrat|prod|staging|rollout|\broll\b|ship", re.IGNORECASE)
_TESTS = re.compile(r"test|lint|e2e|check|build|smoke|verify|\brehears", re.IGNORECASE)
_TRIES = re.compile(
    r"(?:^|[/_.-])(?:tests?|specs?|e2e|smoke|check|lint|bench\w*|rehears\w*)(?:[/_.-]|$)", re.IGNORECASE
)
"""Files in which migrations are tried out, on a database that is thrown away."""
DELIVERY = re.compile(
    r"(^|/)(procfile|fly(\.[\w-]+)?\.toml|render\.ya?ml|app\.json|heroku\.yml|railway\.(json|toml)|deploy\.rb"
    r"|scalingo\.json|skaffold\.ya?ml|clouddeploy\.ya?ml|\.platform\.app\.ya?ml)$"
    r"|(^|/)(\.upsun|\.platform)/|(^|/)\.kamal/hooks/(pre|post)-\w|(^|/)\.platform/hooks/"
    r"|(^|/)(templates|k8s|kubernetes|manifests|charts?|helm|deploy|deployments?|kustomize|flux|argo\w*)/.*\.ya?ml$",
    re.IGNORECASE,
)
_WORD = re.compile(
    r"(?<![\w.-])(?:[\w./$(){}-]{0,80}/)?migrat(?:e|ions?|or)(?:[_-](?:up|db|locked|prod|job))?(?:\.\w{1,8}){0,3}(?![\w:-])"
)
_ONLY_LOOKS = re.compile(
    r"--check\b|--plan\b|--dry-?run|makemigrations|showmigrations|squashmigrations|sqlmigrate|--wait-for|"
    r"migrations? (?:script|list|add|bundle|generate|status|diff)|\b(?:status|info|validate|revert|rollback|down)\b|"
    r"^(?:cp|mv|ls|cat|rm|chmod|git|cd|mkdir|tar|zip|curl|echo|grep|test|pip|npm|go|cargo|find)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"^(?:/\S*/)?(?:echo|true|sleep|exit|:)\b")
_SERVERS = ("Deployment", "StatefulSet", "DaemonSet", "Rollout", "DeploymentConfig")


@dataclass(frozen=True)
class Run:
    """One place at which the migrations are run."""

    how: Literal["step", "job", "start", "hook"]
    """A step of a pipeline, a task of its own, the start of each instance, a hook of a deployment."""
    says: str
    """Who runs them, as a person would say it."""
    at: Source
    job: str = ""
    """The job of the pipeline, if one does."""
    sure: bool = True
    heeded: bool = True
    """Whether the pipeline fails where the migrations do."""


def runs(pipelines: Pipelines, kubernetes: Kubernetes, code: Code) -> Iterator[Run]:
    """Everything that runs the migrations of a deployment, the surest first."""
    deploying = ""
    for pipeline, job, step in pipelines.steps():
        if not deploys(job, pipeline.path):
            continue
        deploying += f"\n{step.said[:5_000]}"
        if _runs_them(step.said):
            says = f"Job {job.id} of {pipeline.path} runs the migrations"
            yield Run("step", says, pipeline.at(step), job.id, heeded=job.heeded and _runs_them(step.enforced))
    running = [resource for kind in ("Job", *_SERVERS) for resource in kubernetes.of(kind)]
    for resource in (*running, *kubernetes.jobs):
        for keys, container, first in _containers(resource):
            if _migrates(resource, container):
                title = f"{resource.kind} {resource.resource}"
                if resource.kind in _SERVERS:
                    yield Run("start", f"{title} runs the migrations before each instance starts", resource.at(*keys))
                elif resource.kind == "Job" and not first:
                    yield Run("job", f"{title} runs the migrations", resource.at(*keys))
    for signal in (RUN, HANDED):
        for hit in applying(code[signal].places):
            if _TRIES.search(hit.path) or guard(hit, code):
                continue
            if DELIVERY.search(hit.path):
                yield Run("hook", f"{hit.path} runs the migrations when a release is deployed", hit, sure=False)
            elif hit.path in deploying or f"./{hit.path}" in deploying:
                text = f"{hit.path}, which a job that deploys calls, runs the migrations"
                yield Run("step", text, hit, sure=False)


def applying(hits: Places) -> Places:
    """Those of *hits* that apply migrations; others list them, make them or take them back."""
    return hits.saying(lambda hit: not _ONLY_LOOKS.search(hit.text.strip()))


def guard(run: Source, code: Code) -> Source | None:
    """The line of a script by which it may come to *run* at its first start alone, or never."""
    if "initdb.d/" in run.path:
        return run
    return next(iter(code[GUARD].within(run.path, run.line - _GUARDED, run.line)), None)


def deploys(job: CiJob, path: str) -> bool:
    """Whether a job of the pipeline at *path* puts something into service."""
    name = f"{job.id} {job.stage} {path.rpartition('/')[2]}"
    return bool(job.environment) or (bool(_DEPLOYS.search(name)) and not _TESTS.search(f"{job.id} {job.stage}"))


def _runs_them(said: str) -> bool:
    """Whether what a step says, a line for each command, runs the migrations."""
    for line in said[:10_000].split("\n"):
        if not _ONLY_LOOKS.search(line) and (COMMAND.search(line) or _names_them(line)):
            return True
    return False


def _names_them(line: str) -> bool:
    """Whether *line* calls something that is named for migrating; the folder that an option takes is no call."""
    return any(not _OPTION.search(line[: found.start()]) for found in _WORD.finditer(line))


_OPTION = re.compile(r"(?:^|\s)--?\w[\w-]{0,30}[ =][\"']?$")


def _containers(resource: Resource) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any], bool]]:
    """Each container of a workload with its keys, and whether it is one that runs first."""
    for name in ("initContainers", "containers"):
        for number, container in enumerate(resource.items(*resource.pod, name)):
            if isinstance(container, dict):
                yield (*resource.pod, name, number), container, name == "initContainers"


def _migrates(resource: Resource, container: dict[str, Any]) -> bool:
    """Whether a container runs the migrations: by its command, or as a task of its image that is called after them."""
    said = [str(word) for key in ("command", "args") for word in _listed(container.get(key))]
    text = " ".join(said)[:5_000]
    if _NOTHING.search(text):
        return False
    if COMMAND.search(text) or (_WORD.search(text) and not _ONLY_LOOKS.search(text)):
        return True
    named = f"{container.get('name', '')} {resource.resource if resource.kind == 'Job' else ''}"
    return bool(re.search(r"(?<![a-z])migrat", named)) and bool(re.search(r"flyway|liquibase|migrat", text))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value is not None else []


__all__ = [
    "COMMAND",
    "DELIVERY",
    "GUARD",
    "HANDED",
    "RUN",
    "START",
    "Pipeline",
    "Run",
    "applying",
    "deploys",
    "guard",
    "runs",
]
