"""Works the jobs of one file out, over the defaults of its variables, and says which of their groups run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ....formats.hcl import HclBlock, HclFile
from ...facts.kubernetes import Resource
from ..force import IN_FORCE, Force, unknown, void
from ..terraform.bodies import Filling, Room
from ..terraform.evaluating import Budget, Evaluator
from ..terraform.settings import production_of
from ..terraform.values import UNKNOWN, Mistaken, plain
from .checks import checked
from .groups import KINDS, Group, made

_JOB = re.compile(rb"^[ \t]*job[ \t]+(?:\"[^\"\n]{1,200}\"|[\w-]{1,200})[ \t]*\{", re.MULTILINE)
_FORM = re.compile(r"^__\w+__$|^<[^<>]+>$")
_MOST_GROUPS = 2_000


def has_job(data: bytes) -> bool:
    """Whether a file of HCL holds a job."""
    return _JOB.search(data) is not None


@dataclass
class SetAside:
    """What does not run, or of which nobody can tell whether it does, or a part of it."""

    line: int
    what: str
    force: Force
    about: tuple[str, ...]


@dataclass
class Found:
    """What a file has Nomad run, and what it only says."""

    resources: list[Resource] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)


class Nomad:
    """Takes in files one by one, within bounds for all of them."""

    def __init__(self) -> None:
        self._budget = Budget(300_000)
        self._room = Room()
        self._left = _MOST_GROUPS

    def read(self, path: str, file: HclFile) -> Found:
        """What the jobs in *file* come to."""
        names = _Names(file.blocks, self._budget)
        found = Found()
        for block in file.blocks:
            if block.kind == "job":
                self._job(path, block, names, found)
        return found

    def _job(self, path: str, block: HclBlock, names: _Names, found: Found) -> None:
        name = block.labels[0] if block.labels else ""
        filled = Filling(names.value, self._room, {}).fill(block.body, block.lines)
        body, lines = filled.body, {**filled.lines, "": block.line}
        for doubt in filled.doubts:
            reason = unknown(f"has blocks {doubt} for an expression that cannot be told")
            found.aside.append(SetAside(block.line, f"job {name}", reason, ()))
        for keys, label, group in labelled(body, "group"):
            if not label:
                reason = unknown("has groups that an expression makes")
                found.aside.append(SetAside(_line(lines, keys), f"job {name}", reason, ()))
            else:
                self._group(path, Group(name, label, keys, body, group, lines), found)
        for keys, label, task in labelled(body, "task"):
            inner = {"task": [{label: task}], "count": 1}
            self._group(path, Group(name, label, keys, body, inner, lines, alone=True), found)

    def _group(self, path: str, group: Group, found: Found) -> None:
        self._left -= 1
        about = (group.kind, *KINDS)
        if self._left < 0:
            found.aside.append(SetAside(group.line, group.title, unknown("is one of more than are read"), about))
            return
        resources = made(path, group)
        force = _force(group)
        if not force:
            found.aside.append(SetAside(group.line, group.title, force, about))
            return
        for part in checked(group, resources):
            found.aside.append(SetAside(part.line, f"{part.what} of {group.title}", part.force, about))
        found.resources += [resource for resource in resources if not _stopped(resource)]


def _force(group: Group) -> Force:
    """Whether *group* runs."""
    count = group.count
    if _FORM.search(group.job_name):
        return void("is a form that is to be filled in")
    if count == 0:
        return void("has count = 0")
    if isinstance(count, str):
        return unknown(f"has count = {count[:80]}, which cannot be told")
    if not group.tasks:
        return void("has no task")
    kind = group.job.get("type", "service")
    if kind not in ("service", "system", "batch", "sysbatch"):
        return unknown(f"is of type {str(kind)[:60]}, which cannot be told")
    for periodic in group.of_job("periodic"):
        if periodic.get("enabled") in (False, "false"):
            return void("is of a job whose periodic is switched off")
        if not isinstance(periodic.get("enabled", True), bool):
            return unknown("is of a job of which nobody can tell whether it is periodic")
    return IN_FORCE


def _stopped(resource: Resource) -> bool:
    """Whether an autoscaler is switched off, which only its bounds are left of."""
    return resource.kind == "HorizontalPodAutoscaler" and resource.get("spec", "off") is True


class _Names:
    """What the variables and locals of a file stand for; what is not said when it is run has its default."""

    def __init__(self, blocks: Iterable[HclBlock], budget: Budget) -> None:
        self._budget = budget
        self._variables = {b.labels[0]: b.body for b in blocks if b.kind in ("variable", "variables") and b.labels}
        self._locals: dict[str, Any] = {}
        for block in blocks:
            if block.kind == "locals":
                self._locals |= block.body
            elif block.kind == "variables":
                self._variables |= {name: {"default": value} for name, value in block.body.items()}
        self._told: dict[tuple[str, str], Any] = {}

    def value(self, written: Any, names: Mapping[str, Any]) -> Any:
        return plain(Evaluator(self._budget, self._look_up, names).value(written))

    def _look_up(self, kind: str, name: str) -> Any:
        key = (kind, name)
        if key not in self._told:
            self._told[key] = UNKNOWN  # what names itself is not known
            with suppress(Mistaken):
                self._told[key] = self._known(kind, name)
        return self._told[key]

    def _known(self, kind: str, name: str) -> Any:
        if kind == "local" and name in self._locals:
            return Evaluator(self._budget, self._look_up).value(self._locals[name])
        if kind == "var" and name in self._variables:
            body = self._variables[name]
            default = body.get("default", UNKNOWN) if isinstance(body, dict) else UNKNOWN
            told = Evaluator(self._budget, self._look_up).value(default)
            return production_of(name) if told is UNKNOWN else told
        return UNKNOWN


def labelled(body: Mapping[str, Any], name: str) -> Iterator[tuple[tuple[str | int, ...], str, dict[str, Any]]]:
    """The nested blocks of *name* with their keys and labels; without a label where an expression makes them."""
    blocks = body.get(name)
    for number, block in enumerate(blocks if isinstance(blocks, list) else []):
        for label, inner in block.items() if isinstance(block, dict) else ():
            if not isinstance(inner, dict):
                yield (name, number), "", {}
                break
            yield (name, number, label), str(label), inner


def _line(lines: Mapping[str, int], keys: tuple[str | int, ...]) -> int:
    return lines.get("/" + "/".join(map(str, keys)), lines.get("", 1))
