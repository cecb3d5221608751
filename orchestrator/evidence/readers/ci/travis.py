"""Reads pipelines of Travis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....domain.located import Located
from ...facts.pipelines import CiJob, CiStep
from ...inforce.conditions import filters
from ...inforce.force import IN_FORCE, Force, unknown, void
from ...inforce.shell import Manner
from ...tree import SourceFile
from ._running import Notes
from ._shared import Keys, of_documents, run_by_one, script, strings, text


def _jobs(document: Located, source: SourceFile, notes: Notes) -> Iterator[CiJob]:
    phases = ("before_install", "install", "before_script", "script", "after_success", "before_deploy", "after_script")
    steps = script(document, source, *((phase,) for phase in phases))
    default = _DEFAULTS.get(text(document.get("language")))
    if default and not any(document.get(key) for key in ("script", "jobs", "matrix")):
        steps.append(CiStep(name="default of the language", run=default, line=document.at("language").line))
    steps.extend(_deploys(document, ("deploy",)))
    force = _force(text(document.get("if")), document.get("branches"))
    if not force:
        notes.add("the build", force, 1, document.body)
        return
    env = document.get("env")
    yield CiJob(id="build", line=1, steps=tuple(run_by_one(steps, Manner(), notes, env)))
    for group in ("jobs", "matrix"):
        for number, entry in enumerate(document.items(group, "include")):
            keys: Keys = (group, "include", number)
            if isinstance(entry, dict):
                steps = script(document, source, *((*keys, phase) for phase in phases))
                steps.extend(_deploys(document, (*keys, "deploy")))
                stage = text(entry.get("stage"))
                here = _force(text(entry.get("if")), entry.get("branches"))
                if not here:
                    notes.add(f"job {text(entry.get('name')) or stage or number}", here, document.at(*keys).line, entry)
                    continue
                title = text(entry.get("name")) or stage or f"{group}-{number}"
                yield CiJob(
                    id=title,
                    line=document.at(*keys).line,
                    stage=stage,
                    condition=text(entry.get("if")),
                    steps=tuple(run_by_one(steps, Manner(), notes, entry.get("env"))),
                    heeded=not _allowed(document, group, entry),
                )


def _force(condition: str, branches: Any) -> Force:
    """Whether Travis builds what has this condition and is limited to these branches."""
    said = condition.strip().lower()
    if said in ("false", "no", "0"):
        return void(f"never runs (`if: {condition}`)")
    if "env(" in said:
        return unknown(f"depends on `{condition[:80]}`, of which no file tells what it comes to")
    if isinstance(branches, dict):
        only = strings(branches.get("only")) if "only" in branches else None
        return filters.of_branches(only, strings(branches.get("except")))
    return IN_FORCE


def _allowed(document: Located, group: str, entry: dict[str, Any]) -> bool:
    """Whether the failure of *entry* is allowed."""
    allowed = [a for a in document.items(group, "allow_failures") if isinstance(a, dict) and a]
    return any(all(entry.get(key) == value for key, value in a.items()) for a in allowed)


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
            yield CiStep(
                name="deploy", uses=f"deploy:{text(entry['provider'])}", line=document.at(*keys).line, commands_told=()
            )


DIALECT = of_documents("travis", _jobs)
