"""Reads pipelines of Travis."""

from __future__ import annotations

from collections.abc import Iterator

from ....domain.located import Located
from ...facts.pipelines import CiJob, CiStep
from ...tree import SourceFile
from ._shared import Keys, of_documents, script, text


def _jobs(document: Located, source: SourceFile) -> Iterator[CiJob]:
    phases = ("before_install", "install", "before_script", "script", "after_success", "before_deploy", "after_script")
    steps = script(document, source, *((phase,) for phase in phases))
    default = _DEFAULTS.get(text(document.get("language")))
    if default and not any(document.get(key) for key in ("script", "jobs", "matrix")):
        steps.append(CiStep(name="default of the language", run=default, line=document.at("language").line))
    steps.extend(_deploys(document, ("deploy",)))
    yield CiJob(id="build", line=1, steps=tuple(steps))
    for group in ("jobs", "matrix"):
        for number, entry in enumerate(document.items(group, "include")):
            keys: Keys = (group, "include", number)
            if isinstance(entry, dict):
                steps = script(document, source, *((*keys, phase) for phase in phases))
                steps.extend(_deploys(document, (*keys, "deploy")))
                stage = text(entry.get("stage"))
                title = text(entry.get("name")) or stage or f"{group}-{number}"
                yield CiJob(
                    id=title,
                    line=document.at(*keys).line,
                    stage=stage,
                    condition=text(entry.get("if")),
                    steps=tuple(steps),
                )


_DEFAULTS = {
    "node_js": "npm test",
    "go": "go test ./...",
    "ruby": "bundle exec rake",
    "rust": "cargo build && cargo test",
    "java": "mvn test",
    "php": "phpunit",
    "elixir": "mix test",
}


def _deploys(document: Located, keys: Keys) -> Iterator[CiStep]:
    value = document.get(*keys)
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, dict) and entry.get("provider"):
            yield CiStep(name="deploy", uses=f"deploy:{text(entry['provider'])}", line=document.at(*keys).line)


DIALECT = of_documents("travis", _jobs)
