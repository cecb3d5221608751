"""Reads composite actions of GitHub, which count where a workflow can reach them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....domain.fact import Aside
from ...facts.pipelines import CiJob, Pipeline
from ...inforce.conditions.github import Event
from ...tree import SourceFile
from ._running import Notes
from ._shared import Dialect, bounded, documents, text
from .github import steps

_CALLED = [Event("workflow_call", "call")]


def _action(source: SourceFile) -> Iterator[Pipeline | Aside]:
    """A composite action as a pipeline that others call; other kinds of action hold no steps."""
    for document in documents(source)[:1]:
        if isinstance(document.get("runs", "steps"), list):
            notes = Notes(source.path)
            job = CiJob(
                id="runs",
                line=document.at("runs").line,
                steps=tuple(steps(document, source, ("runs", "steps"), _CALLED, notes)),
            )
            yield from notes.found
            yield from bounded(source.path, "github", text(document.get("name")), ("call",), (job,))


def _reached(found: Sequence[Pipeline], aside: Sequence[Pipeline]) -> list[Pipeline]:
    used = {step.uses.removeprefix("./").rstrip("/") for p in found for job in p.jobs for step in job.steps}
    folders = {pipeline.path: pipeline.path.rpartition("/")[0] for pipeline in aside}
    return [p for p in aside if folders[p.path].startswith(".github/") or folders[p.path] in used]


DIALECT = Dialect(_action, aside=lambda _: True, reached=_reached)
