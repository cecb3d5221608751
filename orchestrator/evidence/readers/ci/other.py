"""Reads files of other CI systems: every command that stands where scripts stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....domain.located import Located
from ...facts.pipelines import CiJob
from ...inforce.force import IN_FORCE, Force, void
from ...inforce.shell import Manner
from ...tree import SourceFile
from ._running import Notes
from ._shared import Keys, of_documents, run_by_one, script, text

_SCRIPTS = (
    "script",
    "scripts",
    "commands",
    "command",
    "run",
    "install",
    "before_script",
    "build_script",
    "test_script",
)


def _jobs(document: Located, source: SourceFile, notes: Notes) -> Iterator[CiJob]:
    idle: list[Keys] = []
    for keys, value in document.walk():
        force = _force(value) if isinstance(value, dict) else IN_FORCE
        if not force and keys:
            idle.append(keys)
            notes.add(str(keys[-1]), force, document.at(*keys).line, value)
    places = [
        keys
        for keys, _ in document.walk()
        if keys and keys[-1] in _SCRIPTS and not any(keys[: len(place)] == place for place in idle)
    ]
    steps = script(document, source, *places)
    if steps:
        yield CiJob(id="build", line=1, steps=tuple(run_by_one(steps, Manner(), notes)))


def _force(body: dict[str, Any]) -> Force:
    """Whether what stands below *body* runs, in the words of Cirrus and Semaphore."""
    if text(body.get("only_if")).strip("'\"") == "false" or text(body.get("skip")).strip("'\"") == "true":
        return void("is skipped")
    when = body.get("run")
    if isinstance(when, dict) and text(when.get("when")).strip("'\"") == "false":
        return void("never runs")
    return IN_FORCE


DIALECT = of_documents("other", _jobs)
