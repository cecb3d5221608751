"""Reads pipelines of Buildkite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....domain.located import Located
from ...facts.pipelines import CiJob, CiStep
from ...inforce.chance import Chance
from ...inforce.conditions import filters
from ...inforce.conditions.values import RUN, SETTING, Value, chance_of
from ...inforce.force import IN_FORCE, Force, unknown, void
from ...inforce.shell import Manner
from ...tree import SourceFile
from ._running import Notes
from ._shared import Keys, needed, of_documents, run_by_one, script, strings, text, variables


def _jobs(document: Located, source: SourceFile, notes: Notes) -> Iterator[CiJob]:
    places: list[Keys] = [("steps", n) for n, _ in enumerate(document.items("steps"))]
    found: list[CiJob] = []
    gone: dict[str, Force] = {}
    ended: list[str] = []
    since: list[str] = []
    anyway = ""
    while places:
        keys = places.pop(0)
        step = document.section(*keys)
        if document.get(*keys) == "wait" or "wait" in step or "waiter" in step:
            ended, since = [*ended, *since], []
            anyway = "always()" if step.get("continue_on_failure") else ""
            continue
        name = text(step.get("key") or step.get("label") or step.get("block") or step.get("name")) or f"step-{keys[-1]}"
        force = _force(step)
        if not force:
            gone[name] = force
            notes.add(f"step {name}", force, document.at(*keys).line, step)
            continue
        if isinstance(step.get("steps"), list):
            places[:0] = [(*keys, "steps", n) for n in range(len(step["steps"]))]
        manual = "block" in step or "input" in step
        steps = script(document, source, (*keys, "command"), (*keys, "commands"))
        for plugin in document.items(*keys, "plugins"):
            uses = next(iter(plugin), "") if isinstance(plugin, dict) else text(plugin)
            steps.append(CiStep(uses=str(uses), line=document.at(*keys, "plugins").line))
        if steps or manual:
            env = variables(document.get("env"), step.get("env"))
            found.append(
                CiJob(
                    id=name,
                    line=document.at(*keys).line,
                    needs=strings(step.get("depends_on")) or tuple(ended),
                    condition=text(step.get("if")) or anyway,
                    manual=manual,
                    steps=tuple(run_by_one(steps, Manner(), notes, env)),
                    heeded=not step.get("soft_fail"),
                )
            )
            since.append(name)
            if manual:
                ended, since = [*ended, *since], []
    yield from needed(found, notes, gone)


def _force(step: Mapping[str, Any]) -> Force:
    if step.get("skip"):
        return void("is skipped (`skip:`)")
    if step.get("parallelism") == 0:
        return void("runs no times at once (`parallelism: 0`)")
    condition = text(step.get("if"))
    chance = chance_of(condition, _lookup, {}) if condition else Chance.ALWAYS
    if chance is Chance.NEVER:
        return void(f"never runs (`if: {condition[:80]}`)")
    if chance is Chance.SETTING:
        return unknown(f"depends on `{condition[:80]}`, of which no file tells what it comes to")
    branches = text(step.get("branches")).split()
    return filters.of_branches(branches) if branches else IN_FORCE


def _lookup(parts: tuple[str, ...]) -> Value:
    return SETTING if parts[0] == "env()" or parts[-1] == "env" else RUN


DIALECT = of_documents("buildkite", _jobs)
