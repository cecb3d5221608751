"""Makes of all of a tree's Bicep and templates of Azure the blocks that are in force, and sets the others aside."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...domain.fact import Aside, Problem
from ...formats.azure import Expression, Object
from ...formats.bicep import MISSING, BicepFile, Declaration
from ..asides import Asides
from ..facts.infrastructure import Block
from ..inforce.azure import Budget, Copy, Deployment, Filled, bounded, given_by
from ..inforce.force import Force, all_of, void
from ..inforce.terraform.values import UNKNOWN
from ..stages import is_elsewhere, stage_of_file

_MOST_CALLS = 1_000
"""Deployments of files by files, over the whole tree."""
_MOST_LEVELS = 20
_MOST_BLOCKS = 20_000
_MOST_TEXT = 8_000_000
"""Characters of what is filled in, over the whole tree."""
_UNCALLED = void("is in a module that nothing deploys")
_OF_PARTS = re.compile(r"(?:^|/)modules?/")
_REMOTE = ("br:", "br/", "ts:", "ts/")


class Azure:
    """Takes files in one by one; :meth:`finish` says what they make."""

    def __init__(self) -> None:
        self._files: dict[str, BicepFile] = {}
        self._given: dict[str, dict[str, Any]] = {}
        self._budget = Budget()
        self._size = 0
        self._deployed: set[str] = set()
        self._calls = 0
        self._blocks: list[Block] = []
        self.problems: list[Problem] = []
        self.asides = Asides()

    def add(self, path: str, file: BicepFile) -> None:
        self._files[path] = file
        self._tell(path, file)

    def _tell(self, path: str, file: BicepFile) -> None:
        for mistake in file.mistakes:
            at, reason = mistake.error.line, mistake.error.reason
            self.problems.append(Problem(path=path, line=at, reason=reason, about=mistake.kinds))

    def give(self, path: str, texts: Mapping[str, Any]) -> None:
        """Take in a file of parameters: for the template of its name, unless it is for another stage."""
        start = path.rpartition("/")[2].partition(".")[0]
        self._give(path, posixpath.join(posixpath.dirname(path), start), given_by(texts))

    def settle(self, path: str, file: BicepFile) -> None:
        """Take in a file of parameters that names its template, unless it is for another stage."""
        self._tell(path, file)
        if file.using and not file.using.startswith(_REMOTE):
            given = ((name, value) for name, value in file.parameters.items() if value is not MISSING)
            values = ((name, UNKNOWN if isinstance(value, Expression) else value) for name, value in given)
            self._give(path, _target(path, file.using).rpartition(".")[0], values)

    def _give(self, path: str, template: str, values: Iterable[tuple[str, Any]]) -> None:
        """Note *values* from the file at *path*; of several that do not agree nobody knows which one is taken."""
        if is_elsewhere(posixpath.basename(path)) or stage_of_file(path) in ("rehearsal", "development"):
            return
        beside = self._given.setdefault(template, {})
        for name, value in values:
            beside[name] = value if beside.get(name, value) == value else UNKNOWN

    def finish(self) -> list[Block]:
        """The blocks that are in force; files that no other one deploys come first to be looked at."""
        called = {target for base, file in self._files.items() for target in _sources(base, file)}
        twins = {path for path in self._files if path.removesuffix(".json") + ".bicep" in self._files} - {
            path for path in self._files if path.endswith(".bicep")
        }
        for path in (*sorted(self._files.keys() - called), *sorted(called)):  # those of a circle begin nowhere
            if path in self._files and path not in self._deployed | twins:
                self._deploy(path, self._settled(path), _UNCALLED if self._is_idle(path) else None, 0)
        return self._blocks

    def _is_idle(self, path: str) -> bool:
        """Whether the file at *path* is kept as a part for others, and there are others."""
        return _OF_PARTS.search(path) is not None and any(not _OF_PARTS.search(other) for other in self._files)

    def _settled(self, path: str) -> Mapping[str, Any]:
        """What files of parameters give the template at *path*."""
        return self._given.get(path.rpartition(".")[0], {})

    def _deploy(self, path: str, given: Mapping[str, Any], force: Force | None, level: int) -> None:
        file = self._files[path]
        self._calls += 1
        self._deployed.add(path)
        deployment = Deployment(file, given, self._budget)
        outer = () if force is None else (force,)
        self._declare(path, file.declarations, deployment, outer, {}, level, "")

    def _declare(
        self,
        path: str,
        declared: list[Declaration],
        deployment: Deployment,
        outer: tuple[Force, ...],
        names: Mapping[str, Any],
        level: int,
        above: str,
    ) -> None:
        for one in declared:
            kind = _joined(above, one.of.partition("@")[0]) if one.kind == "resource" else one.of
            for copy in deployment.copies(one):
                copy.names = {**names, **copy.names}
                force = all_of((*outer, copy.force))
                if one.kind == "module":
                    self._module(path, one, deployment, force, copy, level)
                else:
                    self._resource(path, one, kind, deployment, force, copy)
                    self._declare(path, one.body.inner, deployment, (force,), copy.names, level, kind)

    def _resource(
        self, path: str, one: Declaration, kind: str, deployment: Deployment, force: Force, copy: Copy
    ) -> None:
        block = "data" if one.existing else "resource"
        self._add(path, one, block, kind, deployment.fill(one.body, copy.names), force)

    def _module(
        self, path: str, one: Declaration, deployment: Deployment, force: Force, copy: Copy, level: int
    ) -> None:
        params = one.body.get("params")
        if one.inline is not None:
            self._inline(path, one.inline, one, deployment, force, copy, level)
            return
        if one.of.startswith(_REMOTE):
            body = params if isinstance(params, Object) else Object()
            source = one.of.partition("@")[0]
            source = source[: source.rindex(":")] if source.count(":") > 1 else source
            self._add(path, one, "module", source, deployment.fill(body, copy.names), force)
            return
        target = _target(path, one.of)
        if target not in self._files or level >= _MOST_LEVELS or self._calls >= _MOST_CALLS:
            reason = f"module {one.of[:120]} is not in the tree"
            if target in self._files:
                reason = f"module {one.of[:120]} is deployed by too many others to be followed"
            self._aside(path, one, force, reason, "")
            return
        self._deploy(target, _passed(one, deployment, copy), None if force else force, level + 1)

    def _inline(
        self,
        path: str,
        file: BicepFile,
        one: Declaration,
        deployment: Deployment,
        force: Force,
        copy: Copy,
        level: int,
    ) -> None:
        """Deploy what is written out within a deployment."""
        self._calls += 1
        if level >= _MOST_LEVELS or self._calls >= _MOST_CALLS:
            self._aside(path, one, force, "is one of too many deployments to be followed", "")
            return
        names = copy.names if one.shares else {}
        inner = deployment if one.shares else Deployment(file, _passed(one, deployment, copy), self._budget)
        self._declare(path, file.declarations, inner, () if force else (force,), names, level + 1, "")

    def _add(self, path: str, one: Declaration, block: str, kind: str, filled: Filled, force: Force) -> None:
        if not force:
            self._aside(path, one, force, force.reason, kind)
            return
        self._size += len(str(filled.body))
        if len(self._blocks) >= _MOST_BLOCKS or self._size > _MOST_TEXT:
            self._aside(path, one, force, "is one of more than are read", kind)
            return
        made = Block(
            path=path, line=one.line, body=filled.body, lines=filled.lines, tool="azure", block=block, type=kind,
            label=one.name,
        )  # fmt: skip
        last = self._blocks[-1] if self._blocks else made
        if self._blocks and last.model_copy(update={"copies": 1}) == made:
            self._blocks[-1] = made.model_copy(update={"copies": last.copies + 1})
        else:
            self._blocks.append(made)

    def _aside(self, path: str, one: Declaration, force: Force, reason: str, kind: str) -> None:
        what = f"{one.name} ({kind or one.of})"[:200]
        about = (kind,) if kind else ()
        void = force.is_void
        self.asides.add(Aside(path=path, line=one.line, reason=reason, what=what, about=about, void=void))


def _passed(one: Declaration, deployment: Deployment, copy: Copy) -> dict[str, Any]:
    """What the module *one* is given for its parameters."""
    params = one.body.get("params")
    passed = params if isinstance(params, Object) else Object()
    return {name: bounded(deployment.value(value, copy.names)) for name, value in passed.items()}


def _joined(above: str, kind: str) -> str:
    return f"{above}/{kind}" if above and not kind.lower().startswith(f"{above.lower()}/") else kind


def _target(path: str, source: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), source))


def _sources(path: str, file: BicepFile) -> Iterator[str]:
    for one in file.declarations:
        if one.inline is not None:
            yield from _sources(path, one.inline)
        elif one.kind == "module" and not one.of.startswith(_REMOTE):
            target = _target(path, one.of)
            if target != path:
                yield target
