"""Gives the containers of a group the probes that the checks of its services are, and says what is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ....domain.located import pointer
from ...facts.infrastructure import as_flag, as_number
from ...facts.kubernetes import Resource
from ..force import IN_FORCE, Force, unknown, void
from ..outcomes import of_words
from ..probes import patience
from .groups import Group, Keys

_START: Keys = ("spec", "template", "spec", "containers")
_METRICS = re.compile(r"metric|prometheus", re.IGNORECASE)
_IN_PART = "of some of its services alone"
"""Stands for a probe where it is neither there nor missing."""
_IGNORED = 'counts for nothing in an update, and nobody is sent away: on_update = "ignore"'


@dataclass(frozen=True)
class Idle:
    """A part of a group that does nothing, or of which it cannot be told."""

    line: int
    what: str
    force: Force


def checked(group: Group, resources: list[Resource]) -> list[Idle]:
    """Put probes into the workload among *resources*, which comes first; the parts that do nothing."""
    idle: list[Idle] = []
    body, lines = resources[0].body, resources[0].lines
    if group.kind in ("Deployment", "DaemonSet") and group.services:
        _probe(group, body, lines, idle)
    idle += _of_update(group)
    for keys, scaling in group.blocks("scaling"):
        enabled = as_flag(scaling.get("enabled", True))
        if enabled is False:
            idle.append(Idle(group.at(keys), "the scaling", void("is switched off")))
        elif enabled is None:
            idle.append(Idle(group.at(keys), "the scaling", unknown("has a switch that cannot be told")))
        elif not any(_list(policy.get("check")) for policy in _list(scaling.get("policy"))):
            idle.append(Idle(group.at(keys), "the scaling", void("has no policy to go by")))
    return idle


def _probe(group: Group, body: dict[str, Any], lines: dict[str, int], idle: list[Idle]) -> None:
    """A container is ready when all services that are of it say so, and lives as long as one is restarted by."""
    containers = body["spec"]["template"]["spec"]["containers"]
    labels = [label for _, label, _ in group.tasks]
    bare: set[int] = set()
    for keys, task, service in group.services:
        number = labels.index(task) if task in labels else 0
        good = False
        for place, check in enumerate(_list(service.get("check"))):
            at = (*keys, "check", place)
            force = _of_check(check) and _of_port(check.get("port"), group)
            if not force:
                idle.append(Idle(group.at(at), "a check", force))
                continue
            good = True
            here = pointer((*_START, number))
            probe = _asked(check)
            containers[number].setdefault("readinessProbe", probe)
            lines.setdefault(f"{here}/readinessProbe", group.at(at))
            if any(
                _restarts(block) for block in (*_list(check.get("check_restart")), *_list(service.get("check_restart")))
            ):
                containers[number].setdefault("livenessProbe", probe)
                lines.setdefault(f"{here}/livenessProbe", group.at(at))
        if not good and not _METRICS.search(f"{service.get('name')} {service.get('port')} {service.get('tags')}"):
            bare.add(number)
    for number in bare & {n for n, container in enumerate(containers) if "readinessProbe" in container}:
        containers[number]["readinessProbe"] = _IN_PART


def _of_check(check: Mapping[str, Any]) -> Force:
    """Whether a check finds anything out."""
    if str(check.get("on_update", "")).lower() == "ignore":
        return void(_IGNORED)
    kind = check.get("type")
    if kind not in ("http", "tcp", "grpc", "script"):
        return unknown(f"is of type {str(kind)[:60]}, which cannot be told")
    if kind == "script":
        words = [str(check.get("command", "")), *map(str, _all(check.get("args")))]
        said = of_words(words) if words[0] else void("runs nothing")
        if not said:
            return said
    return patience(check.get("interval", "10s"), check.get("failures_before_critical", 1), None)


def _of_port(port: Any, group: Group) -> Force:
    """Whether there is a port that a check names; a number, and what is filled in later, is one."""
    if not isinstance(port, str) or port in group.ports or not _NAME.fullmatch(port):
        return IN_FORCE
    return void(f"asks port '{port[:60]}', which the group does not name")


_NAME = re.compile(r"[A-Za-z][\w-]*")


def _asked(check: Mapping[str, Any]) -> dict[str, Any]:
    kind = check.get("type")
    if kind == "http":
        return {"httpGet": {"path": check.get("path", "/")}}
    if kind == "script":
        return {"exec": {"command": [check.get("command"), *_all(check.get("args"))]}}
    return {"grpc" if kind == "grpc" else "tcpSocket": {}}


def _restarts(block: Mapping[str, Any]) -> bool:
    """Whether a task is started again when its checks fail; with a limit of 0 it never is."""
    limit = as_number(block.get("limit", 0))
    return limit is not None and limit > 0


def _of_update(group: Group) -> Iterator[Idle]:
    """What a group says of its updates and does not come to anything."""
    if group.kind != "Deployment":
        return
    update = group.update
    line = group.at(("update",)) if any(group.blocks("update")) else group.at(("update",), of_job=True)
    for key in ("auto_revert", "canary", "max_parallel"):
        value = update.get(key)
        told = as_flag(value) if key == "auto_revert" else as_number(value)
        if told is None:
            yield Idle(line, "the update", unknown(f"has {key} = {str(value)[:60]}, which cannot be told"))
    if as_flag(update.get("auto_revert")) and as_number(update.get("max_parallel")) == 0:
        yield Idle(line, "the update", void("goes back by nothing: max_parallel = 0 makes no deployment"))


def _list(value: Any) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
