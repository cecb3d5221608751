"""Reads files of other CI systems: every command that stands where scripts stand."""

from __future__ import annotations

from collections.abc import Iterator

from ....domain.located import Located
from ...facts.pipelines import CiJob
from ...tree import SourceFile
from ._shared import of_documents, script

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


def _jobs(document: Located, source: SourceFile) -> Iterator[CiJob]:
    places = [keys for keys, _ in document.walk() if keys and keys[-1] in _SCRIPTS]
    steps = script(document, source, *places)
    if steps:
        yield CiJob(id="build", line=1, steps=tuple(steps))


DIALECT = of_documents("other", _jobs)
