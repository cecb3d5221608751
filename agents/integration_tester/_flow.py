"""Turns the pipelines of a tree into one graph: what runs, and what must have succeeded before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from orchestrator import CiJob, CiStep, Hits, Infrastructure, Pipeline, Pipelines, Source, Typed, Work, once, work_of

from ._order import Order, members, union, waits

_MAX_JOBS = 2_000
"""With those that other pipelines call for; each job of the tree itself is there once, however many there are."""
_MAX_STEPS = 20_000
_MAX_CALLS = 500
_MAX_DEPTH = 4
_TRIGGERS = Typed("resources/build-triggers")


@dataclass(frozen=True)
class Step:
    """One step where it runs: in a job of a pipeline, perhaps by way of a composite action."""

    pipeline: Pipeline
    step: CiStep
    work: Work
    end: int
    """The line on which the next step or job of its file begins."""

    @property
    def at(self) -> Source:
        return self.pipeline.at(self.step)

    @property
    def command(self) -> Source:
        """The place of the first command that builds or tests; the step itself if that is not known."""
        return self.at.model_copy(update={"line": self.work.line}) if self.work.line < self.end else self.at

    def held(self, hits: Hits) -> tuple[Source, ...]:
        """Those of *hits* that lie below the step's first line and above the next step."""
        return hits.within(self.at.path, self.step.line + 1, self.end - 1)


@dataclass
class Job:
    """One job of a pipeline that events start, those of called workflows among them."""

    root: Pipeline
    pipeline: Pipeline
    job: CiJob
    steps: list[Step]
    needs: int
    """The numbers of those that it waits for itself, as a set in one integer."""
    number: int
    end: int
    follows: int = 0
    """Those of them whose end starts its pipeline, however they end."""
    heeded: bool = True
    """Whether its failure stops anything, seen by whoever calls it, too."""
    started: frozenset[str] = frozenset()
    """What starts the pipelines that its own follows."""

    @property
    def at(self) -> Source:
        return self.pipeline.at(self.job)

    @property
    def triggers(self) -> frozenset[str]:
        """What starts it; a job of a called workflow is started by what starts the caller."""
        return self.pipeline.triggers_of(self.job, self.root) | self.started

    @property
    def on_commit(self) -> bool:
        """Whether a pushed or proposed commit starts it, with nobody in between."""
        started = self.triggers & {"push", "pull_request"}
        return bool(started) and not self.job.manual and not self.job.after_failure


class Flow:
    """Every job that an event can start, with what it waits for."""

    def __init__(self, pipelines: Pipelines) -> None:
        self.jobs: list[Job] = []
        self._files = {p.path: p for p in pipelines.files}
        self._works: dict[tuple[str, str, int], Work] = {}
        self._starts: dict[tuple[str, str], list[int]] = {}
        self._which: dict[Callable[[Job], bool], int] = {}
        self._steps_left, self._calls_left = _MAX_STEPS, _MAX_CALLS
        for pipeline in pipelines.files:
            if pipeline.triggers != ("call",):
                self._add(pipeline, pipeline, 0, 0)
        self._follow(pipelines)

    def which(self, holds: Callable[[Job], bool]) -> int:
        """The jobs for which it *holds*, as a set of their numbers; found out once."""
        if holds not in self._which:
            self._which[holds] = union(1 << job.number for job in self.jobs if holds(job))
        return self._which[holds]

    def started_by(self, root: Pipeline) -> int:
        """The jobs that run when *root* is started."""
        return self._by_root.get(root.path, 0)

    def before(self, job: Job) -> int:
        """The jobs that have ended before *job* starts."""
        return self._order.before(job.number)

    def needed(self, job: Job) -> list[Job]:
        """The jobs that *job* itself waits for."""
        return [self.jobs[n] for n in members(job.needs)]

    def after(self, job: Job) -> int:
        """The jobs that wait for *job* themselves."""
        return self._order.after(job.number)

    @cached_property
    def _order(self) -> Order:
        return Order([job.needs for job in self.jobs])

    @cached_property
    def _by_root(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for job in self.jobs:
            found[job.root.path] = found.get(job.root.path, 0) | 1 << job.number
        return found

    def _add(self, root: Pipeline, pipeline: Pipeline, outer: int, depth: int, heeded: bool = True) -> int:
        """Add the jobs of *pipeline*, each waiting for *outer* as well, and say which they are."""
        numbers: dict[str, int] = {}
        if depth and len(self.jobs) >= _MAX_JOBS:
            return 0
        starts: dict[str, list[int]] = {}
        for job in sorted(pipeline.jobs, key=lambda one: one.line):
            starts.setdefault(job.path, []).append(job.line)
        for job in pipeline.jobs:
            mine = 0
            called = self._called(job)
            if called is not None and depth < _MAX_DEPTH and self._calls_left > 0:
                self._calls_left -= 1
                mine = self._add(root, called, outer, depth + 1, heeded and job.heeded)
            elif not depth or len(self.jobs) < _MAX_JOBS:
                steps = list(self._steps(pipeline, job, 0))
                end = self._end(pipeline, job.line, starts[job.path])
                made = Job(root, pipeline, job, steps, outer, len(self.jobs), end, heeded=heeded and job.heeded)
                self.jobs.append(made)
                mine = 1 << self.jobs[-1].number
            numbers[job.id] = numbers.get(job.id, 0) | mine
        needs: dict[str, int] = {}
        for job, needed in waits(pipeline, numbers):
            needs[job.id] = needs.get(job.id, 0) | needed
        for name, needed in needs.items():
            for number in members(numbers[name]):
                self.jobs[number].needs |= needed & ~(1 << number)
        return union(numbers.values())

    def _follow(self, pipelines: Pipelines) -> None:
        """Let the first jobs of a pipeline that another's end starts wait for all of that."""
        for root in pipelines.files:
            ended = [p for p in pipelines.files if root.follows and (p.title or p.path) in root.follows]
            first = [self.jobs[n] for n in members(self.started_by(root)) if not self.jobs[n].needs] if ended else []
            for job in first:
                job.follows = union(self.started_by(p) for p in ended)
                job.needs |= job.follows
                job.started = frozenset(trigger for p in ended for trigger in p.triggers)

    def _called(self, job: CiJob) -> Pipeline | None:
        """The workflow of the same tree that the job stands for."""
        if len(job.steps) != 1 or not job.steps[0].uses.startswith("./"):
            return None
        called = self._files.get(job.steps[0].uses.removeprefix("./"))
        return called if called is not None and "call" in called.triggers else None

    def _steps(self, pipeline: Pipeline, job: CiJob, depth: int) -> Iterator[Step]:
        for number, step in enumerate(job.steps):
            self._steps_left -= 1
            if self._steps_left < 0:
                return
            action = step.uses.removeprefix("./").rstrip("/") if step.uses.startswith("./") else ""
            inner = self._files.get(f"{action}/action.yml") or self._files.get(f"{action}/action.yaml")
            if inner is not None and depth < _MAX_DEPTH:
                for called in inner.jobs:
                    yield from self._steps(inner, called, depth + 1)
                continue
            key = (pipeline.path, job.id, number)
            if key not in self._works:
                self._works[key] = work_of(step, job.id)
            yield Step(pipeline, step, self._works[key], self._end(pipeline, step.line, [], step.path))

    def _end(self, pipeline: Pipeline, line: int, starts: list[int], path: str = "") -> int:
        """The first of *starts* after *line*; of every step and job of the same file where none are given."""
        if not starts:
            key = (pipeline.path, path)
            if key not in self._starts:
                every = [s.line for j in pipeline.jobs for s in j.steps if s.path == path]
                self._starts[key] = sorted(every + [j.line for j in pipeline.jobs if j.path == path])
            starts = self._starts[key]
        position = bisect_right(starts, line)
        return starts[position] if position < len(starts) else 10**9


@once
def flow_of(pipelines: Pipelines) -> Flow:
    """The graph of a tree's pipelines, which several checks ask for."""
    return Flow(pipelines)


@once
def triggered(pipelines: Pipelines, infrastructure: Infrastructure) -> Pipelines:
    """*pipelines*, where those of Cloud Build start by the triggers that infrastructure code gives them."""
    events: dict[str, set[str]] = {}
    paths: dict[str, list[str]] = {}
    for block in _TRIGGERS.among(infrastructure):
        name = str(_TRIGGERS.value(block, "file") or "")
        source = [s for key in ("hub", "host") for s in _TRIGGERS.parts(block, key)]
        found = {event for s in source for event in ("push", "pull_request") if event in s}
        if found and "$" not in name and _TRIGGERS.says(block, "off").value is not True:
            events.setdefault(name, set()).update(found)
            paths.setdefault(name, []).extend(p for p in _TRIGGERS.value(block, "only") or () if isinstance(p, str))
    asleep = _is_asleep(infrastructure)
    files = tuple(
        p.model_copy(update={"triggers": tuple(sorted(events[p.path])), "paths": tuple(paths[p.path])})
        if p.system == "cloudbuild" and p.path in events
        else p.model_copy(update={"triggers": ("manual",)})
        if p.system == "buildkite" and asleep
        else p
        for p in pipelines.files
    )
    return pipelines.model_copy(update={"files": files})


def _is_asleep(infrastructure: Infrastructure) -> bool:
    """Whether each pipeline of Buildkite that infrastructure code declares is told to start by nothing."""
    declared = infrastructure.of("buildkite_pipeline")
    modes = [
        settings.get("trigger_mode")
        for block in declared
        for settings in (block.get("provider_settings"), *block.nested("provider_settings"))
        if isinstance(settings, dict)
    ]
    return bool(declared) and len(modes) >= len(declared) and set(modes) == {"none"}
