"""Reads composite actions of GitHub, and what those that call them, or a workflow, give these as inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from ....domain.fact import Aside
from ....errors import FormatError
from ...facts.pipelines import CiJob, Pipeline
from ...inforce.conditions.github import Event
from ...inforce.conditions.values import Value
from ...tree import SourceFile
from . import _github_calls as calls
from ._running import Notes
from ._shared import Dialect, Told, bounded, documents, text
from .github import steps, workflow

_CALLED = [Event("workflow_call", "call")]
_ROUNDS = 4
"""Workflows that call workflows; GitHub goes no deeper."""


def _action(source: SourceFile, given: Mapping[str, Value] = {}) -> Iterator[Pipeline | Aside]:
    """A composite action as a pipeline that others call; other kinds of action hold no steps."""
    for document in documents(source)[:1]:
        if isinstance(document.get("runs", "steps"), list):
            notes = Notes(source.path)
            job = CiJob(
                id="runs",
                line=document.at("runs").line,
                steps=tuple(steps(document, source, ("runs", "steps"), _CALLED, notes, given)),
            )
            yield from notes.found
            yield from bounded(source.path, "github", text(document.get("name")), ("call",), (job,))


def _gathered(sources: Sequence[SourceFile], told: Told) -> Iterator[Pipeline | Aside]:
    """Tell again of what depends on inputs, now that all who give them are there."""
    read = {"github": workflow, "action": _action}
    asking = [(system, path) for system, path in sorted(told) if system in read]
    by_path = {source.path: source for source in sources if calls.asks_for_inputs(source)}
    for _ in range(_ROUNDS):
        before = {key: told[key] for key in asking}
        for key in asking:
            if key[1] in by_path and (given := _given(by_path[key[1]], sources, told)):
                again: list[Pipeline | Aside] = []
                with suppress(FormatError):  # it is a problem already
                    for one in read[key[0]](by_path[key[1]], given):
                        again.append(one)
                told[key] = again
        if all(told[key] == before[key] for key in asking):
            break
    return iter(())


def _given(source: SourceFile, sources: Sequence[SourceFile], told: Told) -> Mapping[str, Value]:
    found = documents(source)[:1]
    return calls.given(source.path, found[0], sources, told) if found else {}


def _reached(found: Sequence[Pipeline], aside: Sequence[Pipeline]) -> list[Pipeline]:
    """Those of *aside* that a step in force uses, or one of another that is used."""
    reached: list[Pipeline] = []
    left = list(aside)
    users = [step.uses for p in found for job in p.jobs for step in job.steps if step.uses]
    while users:
        used = {path: uses for uses in users for path in [_folder(uses)]}
        new = [p for p in left if p.path.rpartition("/")[0] in used]
        reached += new
        left = [p for p in left if p not in new]
        users = [step.uses for p in new for job in p.jobs for step in job.steps if step.uses]
    return reached


def _folder(uses: str) -> str | None:
    """The folder of this tree that *uses* may mean: by its path, or by the name of the repository that it lies in."""
    if uses.startswith("./"):
        return uses.removeprefix("./").rstrip("/")
    named = _NAMED.match(uses)
    return named[1] if named else None


_NAMED = re.compile(r"[\w.-]+/[\w.-]+/(\S+?)(?:@\S*)?$")

DIALECT = Dialect(_action, aside=lambda _: True, reached=_reached, gathered=_gathered, group="action")
