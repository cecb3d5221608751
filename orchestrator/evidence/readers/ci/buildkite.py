"""Reads pipelines of Buildkite."""

from __future__ import annotations

from collections.abc import Iterator

from ....domain.located import Located
from ...facts.pipelines import CiJob, CiStep
from ...tree import SourceFile
from ._shared import Keys, of_documents, script, strings, text


def _jobs(document: Located, source: SourceFile) -> Iterator[CiJob]:
    places: list[Keys] = [("steps", n) for n, _ in enumerate(document.items("steps"))]
    while places:
        keys = places.pop(0)
        step = document.section(*keys)
        if isinstance(step.get("steps"), list):
            places.extend((*keys, "steps", n) for n in range(len(step["steps"])))
        manual = "block" in step or "input" in step
        steps = script(document, source, (*keys, "command"), (*keys, "commands"))
        for plugin in document.items(*keys, "plugins"):
            uses = next(iter(plugin), "") if isinstance(plugin, dict) else text(plugin)
            steps.append(CiStep(uses=str(uses), line=document.at(*keys, "plugins").line))
        if steps or manual:
            name = text(step.get("key") or step.get("label") or step.get("block") or step.get("name"))
            yield CiJob(
                id=name or f"step-{keys[-1]}",
                line=document.at(*keys).line,
                needs=strings(step.get("depends_on")),
                condition=text(step.get("if")),
                manual=manual,
                steps=tuple(steps),
            )


DIALECT = of_documents("buildkite", _jobs)
