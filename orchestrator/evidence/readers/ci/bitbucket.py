"""Reads pipelines of Bitbucket."""

from __future__ import annotations

from collections.abc import Iterator

from ....domain.located import Located
from ...facts.pipelines import CiJob, CiStep
from ...tree import SourceFile
from ._shared import Keys, line_of, of_documents, text


def _jobs(document: Located, source: SourceFile) -> Iterator[CiJob]:
    stack: list[tuple[Keys, str]] = [(("pipelines",), "")]
    while stack:
        keys, title = stack.pop()
        value = document.get(*keys)
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
                steps=tuple(steps),
            )
        elif isinstance(value, dict):
            stack.extend(((*keys, k), title or str(k)) for k in reversed(value))
        elif isinstance(value, list):
            stack.extend(((*keys, n), title) for n in range(len(value) - 1, -1, -1))


def _triggers(document: Located) -> set[str]:
    words = {"default": "push", "branches": "push", "pull-requests": "pull_request", "tags": "tag", "custom": "manual"}
    return {words[key] for key in document.section("pipelines") if key in words}


DIALECT = of_documents("bitbucket", _jobs, _triggers)
