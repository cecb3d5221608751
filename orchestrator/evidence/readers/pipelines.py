"""Reads the pipelines of every common CI system into one fact."""

from __future__ import annotations

import re

from ...domain.fact import Fact
from ..ci_systems import system_of
from ..classify import QUIET
from ..facts.files import Files
from ..facts.pipelines import Pipeline, Pipelines
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from .ci import DIALECTS

_EXAMPLE = re.compile(r"(^|/)(examples?|samples?|demos?|templates?)/")


class PipelinesReader(Reader):
    """Parses pipelines by where they lie; composite actions and included files count where one can reach them."""

    fact = Pipelines

    def __init__(self) -> None:
        self._found: list[Pipeline] = []
        self._aside: dict[str, list[Pipeline]] = {}

    def wants(self, file: FileEntry) -> bool:
        system = system_of(file.path)
        if system is None:
            return False
        return system.rooted or file.path.startswith(".") or (file.role not in QUIET and not _EXAMPLE.search(file.path))

    def read(self, source: SourceFile) -> None:
        system = system_of(source.path)
        assert system is not None  # what is read was wanted
        dialect = DIALECTS[system.name]
        kept = self._aside.setdefault(system.name, []) if dialect.aside(source.path) else self._found
        for pipeline in dialect.read(source):  # what comes before a problem is kept
            kept.append(pipeline)

    def finish(self, files: Files) -> Fact:
        reached = [p for name, aside in self._aside.items() for p in DIALECTS[name].reached(self._found, aside)]
        return Pipelines(files=tuple(sorted(self._found + reached, key=lambda p: p.path)))
