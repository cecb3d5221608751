"""Reads pipelines of Cloud Build, whose triggers stand outside the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ....domain.located import Located
from ....redaction import redact
from ...facts.pipelines import CiJob, CiStep
from ...inforce.shell import Manner
from ...tree import SourceFile
from ._running import Notes, one_command, shell
from ._shared import line_of, of_documents, strings, text


def _jobs(document: Located, source: SourceFile, notes: Notes) -> Iterator[CiJob]:
    steps = []
    for number, step in enumerate(document.items("steps")):
        if isinstance(step, dict):
            words = (step.get("entrypoint"), step.get("args"), step.get("script"))
            run = " ".join(redact(text(w)).replace("\n", " ") for w in words[:2] if w) or text(words[2])
            made = CiStep(
                name=text(step.get("id")),
                uses=text(step.get("name")),
                run=run,
                line=line_of(document, ("steps", number, "script"), source)
                if "script" in step
                else document.at("steps", number).line,
                heeded=text(step.get("allowFailure")) != "true",
            )
            steps.append(_doing(made, step, notes))
    if steps:
        yield CiJob(id="build", line=document.at("steps").line, steps=tuple(steps))


def _doing(step: CiStep, body: dict[str, Any], notes: Notes) -> CiStep:
    """*step* with its commands: those of a script, those that a shell is told, or the one that its words are."""
    words = [redact(text(w)) for w in (body.get("entrypoint"), *strings(body.get("args"))) if w]
    if "script" in body:
        return shell(step, Manner(errexit=False), notes)
    told = next((n for n, word in enumerate(words) if re.fullmatch(r"-\w*c", word)), None)
    if told is not None and words[0].rpartition("/")[2] in ("bash", "sh") and told + 1 < len(words):
        inner = shell(step.model_copy(update={"run": words[told + 1]}), Manner(errexit="e" in words[told]), notes)
        return step.model_copy(update={"commands_told": inner.commands_told})
    if not body.get("entrypoint") and (tool := step.uses.rpartition("/")[2].partition(":")[0]) in _TOOLS:
        words = [_TOOLS[tool], *words] if words[:1] != [_TOOLS[tool]] else words
    return one_command(step, " ".join(words).replace("\n", " "))


_TOOLS = {
    "docker": "docker",
    "npm": "npm",
    "yarn": "yarn",
    "go": "go",
    "mvn": "mvn",
    "gradle": "gradle",
    "kubectl": "kubectl",
    "gcloud": "gcloud",
    "cloud-sdk": "gcloud",
    "terraform": "terraform",
    "skaffold": "skaffold",
    "k8s-skaffold": "skaffold",
    "helm": "helm",
}
"""Images whose entry is a program, by the last part of their name."""

DIALECT = of_documents("cloudbuild", _jobs, lambda _: {"other"})
