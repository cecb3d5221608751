"""Reads pipelines of Cloud Build, whose triggers stand outside the file."""

from __future__ import annotations

from collections.abc import Iterator

from ....domain.located import Located
from ....redaction import redact
from ...facts.pipelines import CiJob, CiStep
from ...tree import SourceFile
from ._shared import line_of, of_documents, text


def _jobs(document: Located, source: SourceFile) -> Iterator[CiJob]:
    steps = []
    for number, step in enumerate(document.items("steps")):
        if isinstance(step, dict):
            words = (step.get("entrypoint"), step.get("args"), step.get("script"))
            run = " ".join(redact(text(w)).replace("\n", " ") for w in words[:2] if w) or text(words[2])
            steps.append(
                CiStep(
                    name=text(step.get("id")),
                    uses=text(step.get("name")),
                    run=run,
                    line=line_of(document, ("steps", number, "script"), source)
                    if "script" in step
                    else document.at("steps", number).line,
                )
            )
    if steps:
        yield CiJob(id="build", line=document.at("steps").line, steps=tuple(steps))


DIALECT = of_documents("cloudbuild", _jobs, lambda _: {"other"})
