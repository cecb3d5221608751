"""Follows ``task`` to the commands of a Taskfile."""

from __future__ import annotations

import re
from typing import Any

from ...errors import FormatError
from ...formats.yaml import load_all
from ..inforce.shell import Manner
from ..inforce.shell.folders import joined
from ._called import Called, Part, Texts, known

TASKFILE = re.compile(r"[Tt]askfile(?:\.dist)?\.ya?ml")


def of_task(texts: Texts, words: list[str], folder: str) -> Called:
    """The commands of the tasks that *words* name, of the Taskfile in *folder*."""
    start = known(folder)
    path = next(
        (p for p in sorted(texts.of) if p.rpartition("/")[0] == start and TASKFILE.fullmatch(p.rpartition("/")[2])),
        None,
    )
    names = [w for w in words if not w.startswith("-") and "=" not in w][:5] or ["default"]
    if path is None:
        return Called("absent")
    try:
        documents = [d.body for d in load_all(texts.of[path].encode()) if isinstance(d.body, dict)]
    except FormatError:
        return Called("unread")
    tasks = documents[0].get("tasks") if documents else None
    if not isinstance(tasks, dict) or any(name not in tasks for name in names):
        return Called("absent")
    parts: list[Part] = []
    waiting, done = list(names), set[str]()
    while waiting and len(parts) < 60:
        name = waiting.pop(0)
        if name in done:
            continue
        done.add(name)
        body = tasks.get(name)
        body = body if isinstance(body, dict) else {"cmds": body if isinstance(body, list) else [body]}
        deps = body.get("deps")
        waiting[:0] = [_name(d, "task") for d in deps] if isinstance(deps, list) else []
        where = joined(start, str(body.get("dir") or "")) or start
        given = body.get("cmds", body.get("cmd"))
        for cmd in given if isinstance(given, list) else [given]:
            if isinstance(cmd, dict) and "task" in cmd:
                waiting.append(_name(cmd, "task"))
            elif text := _name(cmd, "cmd"):
                heeded = not (isinstance(cmd, dict) and cmd.get("ignore_error") is True)
                parts.append(Part(text, path, 1, Manner(errexit=False, heeded=heeded), where))
    return Called("followed", f"{path}:{' '.join(names)}", tuple(parts))


def _name(value: Any, key: str) -> str:
    if isinstance(value, dict):
        value = value.get(key)
    return value if isinstance(value, str) else ""
