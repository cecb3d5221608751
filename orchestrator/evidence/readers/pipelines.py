"""Reads the pipelines of every common CI system into one fact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.fact import Aside, Fact
from ..asides import Asides
from ..ci_systems import system_of
from ..classify import QUIET
from ..facts.files import Files
from ..facts.pipelines import CiStep, Pipeline, Pipelines
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ._scripts import Scripts
from .ci import DIALECTS

_EXAMPLE = re.compile(r"(^|/)(examples?|samples?|demos?|templates?)/")


class PipelinesReader(Reader):
    """Parses pipelines by where they lie; composite actions and included files count where one can reach them."""

    fact = Pipelines

    def __init__(self) -> None:
        self._found: list[Pipeline] = []
        self._aside: dict[str, list[Pipeline]] = {}
        self._idle = Asides()
        self._scripts = Scripts()

    def wants(self, file: FileEntry) -> bool:
        return self._is_pipeline(file) or Scripts.wants(file)

    @staticmethod
    def _is_pipeline(file: FileEntry) -> bool:
        system = system_of(file.path)
        if system is None:
            return False
        return system.rooted or file.path.startswith(".") or (file.role not in QUIET and not _EXAMPLE.search(file.path))

    def read(self, source: SourceFile) -> None:
        if Scripts.wants(source.file):
            self._scripts.take(source)
        if not self._is_pipeline(source.file):
            return
        system = system_of(source.path)
        assert system is not None  # it is a pipeline
        dialect = DIALECTS[system.name]
        kept = self._aside.setdefault(system.name, []) if dialect.aside(source.path) else self._found
        for found in dialect.read(source):  # what comes before a problem is kept
            if isinstance(found, Aside):
                self._idle.add(found)
            else:
                kept.append(found)

    def finish(self, files: Files) -> Fact:
        reached = [p for name, aside in self._aside.items() for p in DIALECTS[name].reached(self._found, aside)]
        found = sorted(self._found + reached, key=lambda p: p.path)
        every = frozenset(head for file in files.entries for head in _heads(file.path))
        live = called([p for p in found if self._can_change(p, every)], self._idle)
        told = tuple(self._followed(pipeline, files) for pipeline in live)
        return Pipelines(files=told, aside=self._idle.kept)

    def _can_change(self, pipeline: Pipeline, heads: frozenset[str]) -> bool:
        """Whether one of the paths is there of which a change starts *pipeline*; others may start it all the same."""
        fixed = [re.split(r"[*?\[+]", path, maxsplit=1)[0] for path in pipeline.paths if not path.startswith("!")]
        there = not fixed or any(not head.rstrip("/") or head.rstrip("/") in heads or "/" not in head for head in fixed)
        if there or not set(pipeline.triggers) <= {"push", "pull_request"}:
            return True
        why = f"starts for changes of {fixed[0]} alone, which is not there"
        self._idle.add(
            Aside(path=pipeline.path, line=1, what=f"workflow {pipeline.title or pipeline.path}", reason=why)
        )
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


def _heads(path: str) -> Iterator[str]:
    """*path* and every folder that it lies in."""
    yield path
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def called(pipelines: list[Pipeline], idle: Asides) -> list[Pipeline]:
    """Those of *pipelines* that events start, or that others of them call."""
    used = {
        step.uses.removeprefix("./") for p in pipelines for job in p.jobs for step in job.steps if step.uses[:2] == "./"
    }
    doubtful = any(not a.void and a.path.startswith(".github/workflows/") and a.what[:1] != "`" for a in idle.kept)
    kept = []
    for pipeline in pipelines:
        reusable = pipeline.system == "github" and set(pipeline.triggers) == {"call"}
        if reusable and pipeline.path.startswith(".github/workflows/") and pipeline.path not in used:
            title = pipeline.title or pipeline.path
            why = (
                "is called by no other of which it can be told whether it starts"
                if doubtful
                else "is called by no other"
            )
            idle.add(Aside(path=pipeline.path, line=1, what=f"workflow {title}", reason=why, void=not doubtful))
        else:
            kept.append(pipeline)
    return kept
