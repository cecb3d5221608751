"""Reads pipelines of CircleCI and Travis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...domain.located import Located
from ...redaction import cut
from ..tree import SourceFile
from ._ci import Keys, line_of, script, strings, text
from .pipelines import CiJob, CiStep


def circleci(document: Located, source: SourceFile) -> Iterator[CiJob]:
    wiring: dict[str, dict[str, Any]] = {}
    for flow in document.section("workflows").values():
        for entry in flow.get("jobs", []) if isinstance(flow, dict) and isinstance(flow.get("jobs"), list) else []:
            if isinstance(entry, dict):
                wiring.update({str(k): v for k, v in entry.items() if isinstance(v, dict)})
    for name in document.section("jobs"):
        wired = wiring.get(name, {})
        keys: Keys = ("jobs", name, "steps")
        steps = [_circle_step(document, source, (*keys, n), s) for n, s in enumerate(document.items(*keys))]
        yield CiJob(
            id=name,
            line=document.at("jobs", name).line,
            needs=strings(wired.get("requires")),
            condition=text(wired.get("filters")),
            manual=wired.get("type") == "approval",
            steps=tuple(steps),
        )
    for name, wired in wiring.items():
        if name not in document.section("jobs"):
            uses = "" if wired.get("type") == "approval" else name
            steps = [CiStep(name=name, uses=uses, line=document.at("workflows").line)] if uses else []
            yield CiJob(
                id=name,
                line=document.at("workflows").line,
                needs=strings(wired.get("requires")),
                manual=wired.get("type") == "approval",
                steps=tuple(steps),
            )


def _circle_step(document: Located, source: SourceFile, keys: Keys, step: Any) -> CiStep:
    if isinstance(step, dict) and "run" in step:
        body = step["run"]
        deep = isinstance(body, dict)
        command, where = (
            (text(body.get("command")), (*keys, "run", "command")) if deep else (text(body), (*keys, "run"))
        )
        name = text(body.get("name")) if deep else ""
        return CiStep(name=cut(name, 200), run=command, line=line_of(document, where, source))
    uses = next(iter(step), "") if isinstance(step, dict) else text(step)
    return CiStep(uses=str(uses), line=document.at(*keys).line)


def travis(document: Located, source: SourceFile) -> Iterator[CiJob]:
    phases = ("before_install", "install", "before_script", "script", "after_success", "before_deploy", "after_script")
    steps = script(document, source, *((phase,) for phase in phases))
    default = _TRAVIS_DEFAULTS.get(text(document.get("language")))
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


_TRAVIS_DEFAULTS = {
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


def circle_triggers(document: Located) -> set[str]:
    found = {"push", "pull_request"}
    for keys, _ in document.walk():
        found |= {"schedule"} if keys[-1:] == ("schedule",) else {"tag"} if keys[-1:] == ("tags",) else set()
    return found
