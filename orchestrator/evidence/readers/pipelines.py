"""Reads the pipelines of every common CI system into one fact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.fact import Aside, Fact, Problem
from ..asides import Asides
from ..ci_systems import system_of
from ..classify import QUIET
from ..facts.files import Files
from ..facts.pipelines import CiStep, Pipeline, Pipelines
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ..works.kinds import kinds_of
from ._scripts import Scripts
from .ci import DIALECTS
from .ci._running import ELSEWHERE

MAX_TOGETHER = 500
"""Files of one system that are kept until all of them are there."""
_EXAMPLE = re.compile(r"(^|/)(examples?|samples?|demos?|templates?)/")


class PipelinesReader(Reader):
    """Parses pipelines by where they lie; composite actions and included files count where one can reach them."""

    fact = Pipelines

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], list[Pipeline | Aside]] = {}
        """What is told of each file, by the system and the path."""
        self._sources: dict[str, list[SourceFile]] = {"azure": []}
        """Those files, by their system, that are only told together with others."""
        self._idle = Asides()
        self._scripts = Scripts()

    def wants(self, file: FileEntry) -> bool:
        return self._is_pipeline(file) or Scripts.wants(file) or _is_template(file)

    @staticmethod
    def _is_pipeline(file: FileEntry) -> bool:
        system = system_of(file.path)
        if system is None:
            return False
        return system.rooted or file.path.startswith(".") or (file.role not in QUIET and not _EXAMPLE.search(file.path))

    def read(self, source: SourceFile) -> None:
        if Scripts.wants(source.file):
            self._scripts.take(source)
        if _is_template(source.file) and _TEMPLATE.search(source.data) and len(self._sources["azure"]) < MAX_TOGETHER:
            self._sources["azure"].append(source)
        if not self._is_pipeline(source.file):
            return
        system = system_of(source.path)
        assert system is not None  # it is a pipeline
        dialect = DIALECTS[system.name]
        told = self._told.setdefault((system.name, source.path), [])
        for found in dialect.read(source):  # what comes before a problem is kept
            told.append(found)
        group = dialect.group or (system.name if dialect.gathered is not None else "")
        kept = self._sources.setdefault(group, []) if group else []
        if group and source not in kept[-1:] and len(kept) < MAX_TOGETHER:
            kept.append(source)

    def finish(self, files: Files) -> Fact:
        problems: list[Problem] = []
        for name, sources in sorted(self._sources.items()):
            gathered = DIALECTS[name].gathered
            assert gathered is not None  # they were kept for it
            for one in gathered(sources, self._told):
                if isinstance(one, Problem):
                    problems.append(one)
                else:
                    self._told.setdefault((name, one.path), []).append(one)
        first: list[Pipeline] = []
        aside: dict[str, list[Pipeline]] = {}
        for (name, path), told in sorted(self._told.items()):
            for one in told:
                if isinstance(one, Aside):
                    self._idle.add(one)
                elif DIALECTS[name].aside(path):
                    aside.setdefault(name, []).append(one)
                else:
                    first.append(one)
        reached = [p for name, kept in aside.items() for p in DIALECTS[name].reached(first, kept)]
        found = sorted(first + reached, key=lambda p: p.path)
        used = {pipeline.path for pipeline in reached}
        for pipeline in (p for kept in aside.values() for p in kept if p.path not in used):
            what = f"action {pipeline.title or pipeline.path}"
            self._idle.add(_aside(pipeline, what, "is used by no step of a pipeline"))
        every = frozenset(head for file in files.entries for head in _heads(file.path))
        live = called([p for p in found if self._can_change(p, every)], self._idle)
        kept = tuple(self._followed(pipeline, files) for pipeline in live)
        return Pipelines(files=kept, aside=self._idle.kept, problems=tuple(problems))

    def _can_change(self, pipeline: Pipeline, heads: frozenset[str]) -> bool:
        """Whether one of the paths is there of which a change starts *pipeline*; others may start it all the same."""
        fixed = [re.split(r"[*?\[+]", path, maxsplit=1)[0] for path in pipeline.paths if not path.startswith("!")]
        there = not fixed or any(not head.rstrip("/") or head.rstrip("/") in heads or "/" not in head for head in fixed)
        if there or not set(pipeline.triggers) <= {"push", "pull_request"}:
            return True
        why = f"starts for changes of {fixed[0]} alone, which is not there"
        self._idle.add(_aside(pipeline, f"workflow {pipeline.title or pipeline.path}", why))
        return False

    def _followed(self, pipeline: Pipeline, files: Files) -> Pipeline:
        """*pipeline*, in which every command that calls a script of the tree has that script's commands behind it."""
        jobs = []
        for job in pipeline.jobs:
            steps = tuple(self._step(step, pipeline, files) for step in job.steps)
            jobs.append(job if steps == job.steps else job.model_copy(update={"steps": steps}))
        return pipeline.model_copy(update={"jobs": tuple(jobs)})

    def _step(self, step: CiStep, pipeline: Pipeline, files: Files) -> CiStep:
        told = self._scripts.follow(step.commands, files, pipeline.path, self._idle)
        return step if told == step.commands else step.model_copy(update={"commands_told": told})


def _is_template(file: FileEntry) -> bool:
    """Whether a pipeline of Azure may take in *file*, whatever it is called."""
    return file.suffix in (".yml", ".yaml") and file.role not in QUIET and _TEMPLATES.search(file.path) is not None


_TEMPLATES = re.compile(
    r"(^|/)(\.?azure[\w-]{0,40}|templates?|\.?pipelines?|\.?build|\.?ci|eng|devops|azdo)/", re.IGNORECASE
)
_TEMPLATE = re.compile(rb"^(?:steps|jobs|stages|variables):", re.MULTILINE)


def _aside(pipeline: Pipeline, what: str, why: str, void: bool = True) -> Aside:
    """*pipeline* as what is set aside, about all that it would do."""
    about = kinds_of(*(step for job in pipeline.jobs for step in job.steps))
    return Aside(path=pipeline.path, line=1, what=what, reason=why, about=about, void=void)


def _heads(path: str) -> Iterator[str]:
    """*path* and every folder that it lies in."""
    yield path
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def called(pipelines: list[Pipeline], idle: Asides) -> list[Pipeline]:
    """Those of *pipelines* that events start, or that others of these call."""
    doubtful = any(
        not a.void and a.path.startswith(".github/workflows/") and a.what[:1] != "`" and ELSEWHERE not in a.reason
        for a in idle.kept
    )
    kept = pipelines
    while True:
        used = {
            step.uses.removeprefix("./") for p in kept for job in p.jobs for step in job.steps if step.uses[:2] == "./"
        }
        gone = [p for p in kept if _is_reusable(p) and p.path not in used]
        if not gone:
            return kept
        for pipeline in gone:
            title = pipeline.title or pipeline.path
            why = "is called by no other" + (" of which it can be told whether it starts" if doubtful else "")
            idle.add(_aside(pipeline, f"workflow {title}", why, void=not doubtful))
        kept = [p for p in kept if p not in gone]


def _is_reusable(pipeline: Pipeline) -> bool:
    """Whether *pipeline* is a workflow of GitHub that only others start."""
    only = pipeline.system == "github" and set(pipeline.triggers) == {"call"}
    return only and pipeline.path.startswith(".github/workflows/")
