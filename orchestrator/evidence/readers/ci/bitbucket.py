"""Reads pipelines of Bitbucket."""

from __future__ import annotations

from collections.abc import Iterator

from ....domain.located import Located
from ...facts.pipelines import CiJob, CiStep
from ...inforce.conditions import filters
from ...inforce.force import unknown
from ...inforce.shell import Manner
from ...tree import SourceFile
from ._running import ELSEWHERE, Notes
from ._shared import Keys, line_of, of_documents, run_by_one, text


def _jobs(document: Located, source: SourceFile, notes: Notes) -> Iterator[CiJob]:
    stack: list[tuple[Keys, str]] = [(("pipelines",), "")]
    while stack:
        keys, title = stack.pop()
        value = document.get(*keys)
        if len(keys) == 3 and keys[1] in ("branches", "tags"):
            force = filters.of_branches([str(keys[2])], what="branch" if keys[1] == "branches" else "tag")
            if not force:
                notes.add(f"pipeline of {keys[1]} {keys[2]}", force, document.at(*keys).line, value)
                continue
        if isinstance(value, dict) and isinstance(value.get("script"), list) and keys[-1] == "step":
            steps = []
            for number, command in enumerate(value["script"]):
                line = line_of(document, (*keys, "script", number), source)
                if isinstance(command, dict):
                    steps.append(CiStep(uses=text(command.get("pipe")), line=line))
                else:
                    steps.append(CiStep(run=text(command), line=line))
            yield CiJob(
                id=text(value.get("name")) or title,
                line=document.at(*keys).line,
                environment=text(value.get("deployment")),
                manual=value.get("trigger") == "manual",
                stage=title,
                steps=tuple(run_by_one(steps, Manner(), notes, document.get(*keys, "variables"))),
                heeded=document.get(*keys, "on-fail", "strategy") != "ignore",
                starts=_starts(keys),
            )
        elif isinstance(value, dict) and isinstance(value.get("import"), str):
            notes.add(
                f"import {value['import'][:200]}", unknown(f"is a pipeline, {ELSEWHERE}"), document.at(*keys).line
            )
        elif isinstance(value, dict):
            stack.extend(((*keys, k), title or str(k)) for k in reversed(value))
        elif isinstance(value, list):
            stack.extend(((*keys, n), title) for n in range(len(value) - 1, -1, -1))


_WORDS = {"default": "push", "branches": "push", "pull-requests": "pull_request", "tags": "tag", "custom": "manual"}


def _starts(keys: Keys) -> tuple[str, ...]:
    """What starts the step under *keys*; nothing known where it stands under no word that is."""
    word = _WORDS.get(str(keys[1])) if len(keys) > 1 else None
    return (word,) if word else ()


def _triggers(document: Located) -> set[str]:
    return {_WORDS[key] for key in document.section("pipelines") if key in _WORDS}


DIALECT = of_documents("bitbucket", _jobs, _triggers)
