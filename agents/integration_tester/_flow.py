"""This is where the pipelines of a tree become one graph: what runs, and what must have succeeded before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from orchestrator import CiJob, CiStep, Code, Manifests, Pipeline, Pipelines, Signal, Source

from ._commands import Commands, Work

WRAPPED = Signal(
    id="integration.wrapped-command",
    anchors=("command:", "script:"),
    pattern=r"^[-\s]{0,4}(command|coverageCommand|script):\s*[^|>\s]",
    roles=("ci",),
)
UNHEEDED = Signal(
    id="integration.unheeded-failure",
    anchors=("continue-on-error", "allow_failure", "continueonerror"),
    pattern=r"(continue-on-error|allow_failure|continueOnError):\s*true",
    roles=("ci",),
)
SIGNALS = (WRAPPED, UNHEEDED)
_SEQUENTIAL = frozenset({"jenkins", "bitbucket", "drone", "travis", "cloudbuild", "other"})
_GITLAB = (".pre", "build", "test", "deploy", ".post")
_MAX_JOBS = 2_000
_MAX_DEPTH = 4


@dataclass(frozen=True)
class Step:
    """One step where it runs: in a job of a pipeline, perhaps by way of a composite action."""

    pipeline: Pipeline
    step: CiStep
    work: Work

    @property
    def at(self) -> Source:
        return self.pipeline.at(self.step)


@dataclass
class Job:
    """One job of a pipeline that events start, those of called workflows among them."""

    root: Pipeline
    pipeline: Pipeline
    job: CiJob
    steps: list[Step] = field(default_factory=list)
    needs: set[int] = field(default_factory=set)
    number: int = 0

    @property
    def at(self) -> Source:
        return self.pipeline.at(self.job)

    @property
    def triggers(self) -> frozenset[str]:
        return frozenset(self.root.triggers)

    @property
    def on_commit(self) -> bool:
        """Whether a pushed or proposed commit starts it, with nobody in between."""
        return bool(self.triggers & {"push", "pull_request"}) and not self.job.manual


class Flow:
    """Every job that an event can start, with what it waits for."""

    def __init__(self, pipelines: Pipelines, manifests: Manifests, code: Code) -> None:
        self.jobs: list[Job] = []
        self._files = {p.path: p for p in pipelines.files}
        self._unheeded = {hit.path: [h.line for h in code[UNHEEDED].first if h.path == hit.path] for hit in code[UNHEEDED].first}
        self._commands = Commands(manifests, _wrapped(pipelines, code))
        for pipeline in pipelines.files:
            if pipeline.triggers != ("call",):
                self._add(pipeline, pipeline, set(), 0)

    def before(self, job: Job) -> list[Job]:
        """The jobs that have ended before *job* starts."""
        found, waiting = set(job.needs), list(job.needs)
        while waiting:
            new = self.jobs[waiting.pop()].needs - found
            found |= new
            waiting.extend(new)
        return [self.jobs[n] for n in sorted(found)]

    def after(self, job: Job) -> list[Job]:
        """The jobs that wait for *job* themselves."""
        return [other for other in self.jobs if job.number in other.needs]

    def heeded(self, job: Job) -> bool:
        """Whether a failure in *job* counts: nothing in it says that errors are to be ignored."""
        lines = self._unheeded.get(job.pipeline.path, [])
        later = [j.line for j in job.pipeline.jobs if j.line > job.job.line]
        end = min(later) if later else 10**9
        return not any(job.job.line <= line < end for line in lines)

    def _add(self, root: Pipeline, pipeline: Pipeline, outer: set[int], depth: int) -> set[int]:
        """Add the jobs of *pipeline*, each waiting for *outer* as well, and say which they are."""
        numbers: dict[str, set[int]] = {}
        for job in pipeline.jobs:
            called = next((self._files.get(s.uses.removeprefix("./")) for s in job.steps if s.uses.startswith("./")), None)
            if called is not None and called.triggers and "call" in called.triggers and depth < _MAX_DEPTH and len(job.steps) == 1:
                numbers.setdefault(job.id, set()).update(self._add(root, called, outer, depth + 1))
            elif len(self.jobs) < _MAX_JOBS:
                node = Job(root, pipeline, job, list(self._steps(pipeline, job, job.steps, 0)), set(outer), len(self.jobs))
                self.jobs.append(node)
                numbers.setdefault(job.id, set()).add(node.number)
        for position, job in enumerate(pipeline.jobs):
            needed = set().union(*(numbers.get(name, set()) for name in self._needs(pipeline, position)))
            for number in numbers.get(job.id, set()):
                self.jobs[number].needs |= needed - {number}
        return set().union(*numbers.values())

    def _needs(self, pipeline: Pipeline, position: int) -> list[str]:
        job = pipeline.jobs[position]
        if job.needs:
            return list(job.needs)
        earlier = pipeline.jobs[:position]
        if pipeline.system in _SEQUENTIAL:
            return [j.id for j in earlier if pipeline.system != "bitbucket" or j.stage == job.stage]
        if pipeline.system == "azure":
            return [j.id for j in earlier if j.stage and j.stage != job.stage]
        if pipeline.system == "gitlab":
            stages = list(dict.fromkeys(j.stage or "test" for j in pipeline.jobs))
            order = _GITLAB if set(stages) <= set(_GITLAB) else stages
            mine = order.index(job.stage or "test")
            return [j.id for j in pipeline.jobs if order.index(j.stage or "test") < mine]
        return []

    def _steps(self, pipeline: Pipeline, job: CiJob, steps: tuple[CiStep, ...], depth: int) -> Iterator[Step]:
        for step in steps:
            action = step.uses.removeprefix("./").rstrip("/") if step.uses.startswith("./") else ""
            inner = self._files.get(f"{action}/action.yml") or self._files.get(f"{action}/action.yaml")
            if inner is not None and depth < _MAX_DEPTH:
                for called in inner.jobs:
                    yield from self._steps(inner, called, called.steps, depth + 1)
            else:
                yield Step(pipeline, step, self._commands.work(pipeline.path, step, job.id))


def _wrapped(pipelines: Pipelines, code: Code) -> dict[tuple[str, int], str]:
    """The command that an action is told to run, by pipeline and line of the step."""
    found: dict[tuple[str, int], str] = {}
    for hit in code[WRAPPED].first:
        lines = [s.line for p, _, s in pipelines.steps() if p.path == hit.path and s.line < hit.line]
        if lines:
            found[hit.path, max(lines)] = hit.text.partition(":")[2].strip().strip("\"'")
    return found
