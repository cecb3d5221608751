"""Follows the calls of modules from each folder that is applied by itself, with what each call hands over."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ....formats.hcl_expressions import Expression, parse
from ..force import IN_FORCE, Force, all_of, unknown, void
from .evaluating import Budget, Evaluator
from .numbers import Number, number_of
from .settings import Settings, production_of
from .stages import stage
from .types import convert
from .values import UNKNOWN, Mistaken, plain

MAX_INSTANCES = 1_000
"""Calls that are followed over the whole tree, each with its own values."""
MAX_OF_ONE = 24
"""Calls that are told apart of one folder, or by one ``for_each``."""
MAX_DEPTH = 10


@dataclass
class Folder:
    """What the files of one folder declare together."""

    path: str
    variables: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    locals: dict[str, Any] = field(default_factory=dict)
    calls: list[Calling] = field(default_factory=list)
    made: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    """The bodies of resources and modules by their names in expressions: a type, or ``module``, and a label."""
    applied: bool = False
    """Whether it has what only stands where Terraform is run: a backend, values that are loaded."""
    provides: bool = False
    """Whether it says of its own how providers are reached, as few modules do."""


@dataclass(frozen=True)
class Calling:
    """A ``module`` block, or another file that has a module of the tree applied."""

    path: str
    line: int
    label: str
    body: Mapping[str, Any]
    whole: bool = True
    """Whether what is not handed over has its default; otherwise others may hand it over as well."""


@dataclass
class Instance:
    """One use of a folder: as a root, or by one call, and how far it counts."""

    folder: Folder
    above: Instance | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)
    """What ``each`` and ``count`` stand for in the arguments."""
    whole: bool = True
    force: Force = IN_FORCE
    times: int = 1
    production: bool | None = None
    """Whether paths and labels on the way to it say production; None where they say nothing."""
    seen: dict[tuple[str, str], Any] = field(default_factory=dict)

    def within(self, path: str) -> bool:
        """Whether the folder *path* is used on the way to this use."""
        at: Instance | None = self
        while at is not None:
            if at.folder.path == path:
                return True
            at = at.above
        return False

    @property
    def depth(self) -> int:
        return 0 if self.above is None else self.above.depth + 1


class Uses:
    """Every use of every folder of a tree, and what expressions come to in each."""

    def __init__(self, folders: Mapping[str, Folder], settings: Settings, budget: Budget) -> None:
        self._folders = folders
        self._settings = settings
        self._budget = budget
        self._of: dict[str, list[Instance]] = {}
        self._never: dict[str, Force] = {}
        self._beyond: set[str] = set()
        self._count = 0

    def begin(self, roots: Sequence[str], elsewhere: Sequence[tuple[str, Calling]] = ()) -> None:
        """Follow all calls from *roots*, and what other tools have applied: *elsewhere*, with the folder that is."""
        for path in roots:
            self._use(Instance(self._folders[path], production=stage(path)))
        for path, call in elsewhere:
            if path in self._folders:
                production = stage(call.path)
                self._use(Instance(self._folders[path], arguments=call.body, whole=call.whole, production=production))

    def of(self, path: str) -> list[Instance]:
        """The uses of the folder *path* that matter: those of production, where there are any."""
        found = self._of.get(path, []) if path not in self._beyond else []
        if any(use.production is True for use in found):
            return [use for use in found if use.production is not False]
        return found

    def never(self, path: str) -> Force | None:
        """How far the folder *path* counts if it is called and yet not used; None where it is not called by what is."""
        if path in self._beyond:
            return unknown("is in a module that is called deeper, or more often, than is followed")
        return self._never.get(path)

    def value(self, use: Instance, written: Any, names: Mapping[str, Any] | None = None) -> Any:
        """
        What *written* comes to in *use*.

        Raises:
            Mistaken: Terraform would refuse it.
        """
        return plain(self._told(use, written, names))

    def number(self, use: Instance, body: Mapping[str, Any]) -> Number:
        """How many of a block with *body* there are in *use*."""
        return number_of(body, lambda written: self.value(use, written))

    def _use(self, use: Instance) -> None:
        todo = [use]
        while todo:
            use = todo.pop()
            path = use.folder.path
            if self._count == MAX_INSTANCES:
                self._beyond.add(path)
                continue
            known = self._of.setdefault(path, [])
            if len(known) > MAX_OF_ONE:
                continue
            if len(known) == MAX_OF_ONE:  # one more, of whose values nothing is known, stands for all others
                use = Instance(use.folder, whole=False, force=use.force)
            self._count += 1
            known.append(use)
            todo.extend(reversed(list(self._called(use))))

    def _called(self, use: Instance) -> Iterator[Instance]:
        for call in use.folder.calls:
            path = local_source(call)
            if path is None or path not in self._folders or use.within(path):
                continue
            if use.depth >= MAX_DEPTH:
                self._beyond.add(path)
                continue
            number = self.number(use, call.body)
            if number.force.is_void:
                self._never.setdefault(
                    path, void(f"is in a module whose call module.{call.label} {number.force.reason}")
                )
                continue
            force = all_of((use.force, _of_call(call, number.force)))
            said = stage(f"/{call.label}/")
            production = use.production if said is None else said
            for names, times in number.each(MAX_OF_ONE):
                yield Instance(
                    self._folders[path], use, call.body, names, call.whole, force, use.times * times, production
                )

    def _told(self, use: Instance, written: Any, names: Mapping[str, Any] | None = None) -> Any:
        return Evaluator(self._budget, lambda kind, name: self._look_up(use, kind, name), names).value(written)

    def _look_up(self, use: Instance, kind: str, name: str) -> Any:
        if kind not in ("var", "local") and (kind, name) not in use.folder.made:
            return UNKNOWN
        key = (kind, name)
        if key not in use.seen:
            use.seen[key] = UNKNOWN  # what names itself is not known, nor what Terraform would refuse
            with suppress(Mistaken):
                use.seen[key] = _LOOKED_UP.get(kind, Uses._made)(self, use, kind, name)
        return use.seen[key]

    def _made(self, use: Instance, kind: str, name: str) -> Any:
        """A resource, or a module, of which nothing is known but how many of it there are."""
        return self.number(use, use.folder.made[kind, name]).unknown()

    def _local(self, use: Instance, _kind: str, name: str) -> Any:
        return self._told(use, use.folder.locals[name]) if name in use.folder.locals else UNKNOWN

    def _variable(self, use: Instance, _kind: str, name: str) -> Any:
        if name not in use.folder.variables:
            return UNKNOWN
        body = use.folder.variables[name]
        if use.above is None and not use.arguments:
            value = self._told(use, self._settings.value(use.folder.path, name, body)) if use.whole else UNKNOWN
            value = production_of(name) if value is UNKNOWN else value
        elif name in use.arguments:
            value = self._told(use.above, use.arguments[name], use.names) if use.above else self._literal(use, name)
            if value is None and body.get("nullable") is False:
                value = body.get("default", UNKNOWN)
        else:
            value = self._told(use, body.get("default", UNKNOWN)) if use.whole else UNKNOWN
        wanted = body.get("type")
        return convert(value, parse(Expression(wanted)), 0) if isinstance(wanted, str) and wanted else value

    def _literal(self, use: Instance, name: str) -> Any:
        """What a file of another tool hands over, of whose names nothing is known."""
        return Evaluator(self._budget, lambda *_: UNKNOWN).value(use.arguments[name])


_LOOKED_UP = {"var": Uses._variable, "local": Uses._local}


def _of_call(call: Calling, force: Force) -> Force:
    """The force of a call as what stands in its module has it."""
    return force if force else unknown(f"is in a module whose call module.{call.label} {force.reason}")


def local_source(call: Calling) -> str | None:
    """The folder of the tree that *call* names; None where it names none."""
    source = call.body.get("source")
    if not isinstance(source, str) or not source.startswith(("./", "../")):
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(call.path), source.replace("//", "/")))
    return "" if path == "." else None if path.startswith("..") else path
