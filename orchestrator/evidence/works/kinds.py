"""Tells of text that would be run what it would do, as far as its words say: what may be missed where it is not run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...vocabulary import words
from ..facts.pipelines import KINDS_OF_WORK, CiCommand, CiStep
from .building import builds, builds_by_action
from .deploying import deploys, goes_back
from .names import bare, called, of_packages
from .opaque import is_opaque, is_opaque_action
from .publishing import publishes
from .testing import names_tests, tests
from .work import work_of

NO_KIND = "other work"
_MIGRATES = re.compile(words("commands/schema-migrations").pattern)
_MOST = 200
_DEEPEST = 10
_RUN = frozenset({
    "run", "script", "scripts", "before_script", "after_script", "command", "commands", "bash", "pwsh", "powershell",
    "sh",
})  # fmt: skip
_USED = frozenset({"uses", "task", "image", "pipe", "template"})


def kinds_of(*steps: CiStep) -> tuple[str, ...]:
    """
    The kinds of work that *steps* would do; all of them where one may do anything, or none is there.

    What does none of them is of a kind that nobody asks for.
    """
    found: set[str] = set()
    for step in steps[:_MOST]:
        for command in step.commands[:_MOST]:
            kinds = set(_of_command(command))
            if not kinds and (is_opaque(command) or command.calls in ("unread", "absent")):
                return KINDS_OF_WORK
            found |= kinds
        kinds = set(_of_action(CiStep(uses=step.uses, commands_told=())))
        if not kinds and is_opaque_action(step.uses):
            return KINDS_OF_WORK
        found |= kinds
    if not steps:
        return KINDS_OF_WORK
    return tuple(kind for kind in KINDS_OF_WORK if kind in found) or (NO_KIND,)


def _of_command(command: CiCommand) -> Iterator[str]:
    step = CiStep(commands_told=(command,))
    part = bare(command)
    if builds(command):
        yield "build"
    if tests(command) or any(map(names_tests, (*called(part), *of_packages(part)))):
        yield "test"
    if _MIGRATES.search(command.plain):
        yield "migrate"
    yield from _delivers(step)


def _of_action(step: CiStep) -> Iterator[str]:
    if builds_by_action(step):
        yield "build"
    if work_of(step).tests:
        yield "test"
    yield from _delivers(step)


def _delivers(step: CiStep) -> Iterator[str]:
    if deploys(step):
        yield "deploy"
    if publishes(step):
        yield "publish"
    if goes_back(step):
        yield "undo"


def kinds_below(body: Any) -> tuple[str, ...]:
    """The same of all that stands to be run anywhere in *body*, a job or a step in the words of any system."""
    return kinds_of(*_steps(body))


def kinds_named(command: str) -> tuple[str, ...]:
    """The same of one command."""
    return kinds_of(CiStep(run=command, commands_told=(CiCommand(text=command),)))


def _steps(body: Any) -> Iterator[CiStep]:
    stack, left = [body], 2_000
    while stack and left > 0:
        left -= 1
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item[:_MOST]))
        elif isinstance(item, dict):
            for key, value in item.items():
                if key in _RUN and isinstance(value, str | list):
                    run = "\n".join(_texts(value))
                    if run.strip():
                        yield CiStep(run=run[:20_000])
                    stack.extend(one for one in value if isinstance(one, dict))
                elif key in _USED and isinstance(value, str):
                    yield CiStep(uses=value[:500], commands_told=())
                elif isinstance(value, dict | list):
                    stack.append(value)


def _texts(value: str | list[Any], depth: int = 0) -> Iterator[str]:
    """The commands of a script, which GitLab lets stand in lists of lists."""
    if isinstance(value, str):
        yield value
    elif depth < _DEEPEST:
        for inner in value[:_MOST]:
            if isinstance(inner, str | list):
                yield from _texts(inner, depth + 1)
