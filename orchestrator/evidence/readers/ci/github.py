"""Reads workflows and reusable workflows of GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ....domain.fact import Aside
from ....domain.located import Located
from ....errors import FormatError
from ....redaction import cut
from ...facts.pipelines import CiJob, CiStep, Pipeline
from ...inforce.conditions import github as conditions
from ...inforce.conditions.values import Value
from ...inforce.force import Force, all_of, unknown, void
from ...inforce.shell import Manner
from ...inforce.shell.folders import joined
from ...tree import SourceFile
from ._running import ELSEWHERE, Notes, one_command, shell, unread
from ._shared import Dialect, Keys, bounded, documents, line_of, needed, strings, text, variables

_SHELLS = re.compile(r"(?:/\S*/)?(?:bash|sh|dash|zsh)\b")
_OTHER_SHELLS = re.compile(r"(?:pwsh|powershell|cmd)\b")
_POWERSHELL = re.compile(r"\$env:\w|\bWrite-(?:Host|Output|Error)\b|^\s*\$\w+\s*=|`\s*\n|\}\s*ElseIf\b", re.MULTILINE)
"""How a script looks that a runner of Windows is given."""
_WRAPS = re.compile(
    r"retry|actions-rs/cargo|xvfb|android-emulator-runner|actions-yarn|codeclimate-action|run-in-|vm-action|ssh-action|"
    r"uraimo/run-on-arch|flox|nix-|devcontainers/ci|shell",
    re.IGNORECASE,
)
"""Actions that run a command which they are told."""
_TOLD = ("command", "run", "script", "coverageCommand", "runCmd", "cmd")
"""Inputs by which actions are told a command."""


def workflow(source: SourceFile, given: Mapping[str, Value] = {}) -> Iterator[Pipeline | Aside]:
    """The workflow of one file under ``.github/workflows``; those that call it give it its inputs."""
    found = documents(source)
    if not found:
        raise FormatError("a workflow that is not a mapping")
    document = found[0]
    jobs = document.get("jobs")
    if not isinstance(jobs, dict):
        raise FormatError("a workflow without jobs", document.line)
    notes = Notes(source.path)
    happening = conditions.events(document.get("on"))
    live = [event for event in happening if event.force]
    read: list[CiJob] = []
    if live:
        read = _jobs(document, source, happening, notes, given)
    else:
        why = max((event.force for event in happening), key=lambda f: f.state, default=void("is started by nothing"))
        notes.add(f"workflow {text(document.get('name')) or source.path}", why, document.line, jobs)
    yield from notes.found
    yield from bounded(
        source.path,
        "github",
        text(document.get("name")),
        {event.trigger for event in live if not event.implied},
        read,
        _paths(document.get("on")),
        _follows(document.get("on")),
    )


def _jobs(
    document: Located,
    source: SourceFile,
    happening: list[conditions.Event],
    notes: Notes,
    given: Mapping[str, Value],
) -> list[CiJob]:
    found: list[CiJob] = []
    gone: dict[str, Force] = {}
    for name, body in document.section("jobs").items():
        if not isinstance(body, dict):
            continue
        needs = strings(body.get("needs"))
        start = conditions.start(text(body.get("if")), happening, _known(document, name, needs, given))
        matrix = document.get("jobs", name, "strategy", "matrix")
        force = all_of(
            (start.force, void("has a matrix of nothing") if conditions.empty_matrix(matrix) else start.force)
        )
        if force:
            found.append(_job(document, source, name, start, happening, notes, given))
        else:
            gone[name] = force
            notes.add(f"job {name}", force, document.at("jobs", name).line, body)
    return needed(found, notes, gone)


def _known(document: Located, name: str, needs: tuple[str, ...], given: Mapping[str, Value] = {}) -> conditions.Known:
    matrix = document.section("jobs", name, "strategy", "matrix")
    lists = {
        key: [text(v) for v in value]
        for key, value in matrix.items()
        if key not in ("include", "exclude") and isinstance(value, list) and "include" not in matrix
    }
    env = variables(document.get("env"), document.get("jobs", name, "env"))
    return conditions.Known(env=env, needs=needs, matrix=lists, inputs=given)


def _paths(on: Any) -> list[str]:
    """The paths that a change must touch to start it; none when push or pull request has no such limit."""
    if not isinstance(on, dict):
        return []
    found: list[str] = []
    for event in ("push", "pull_request", "pull_request_target"):
        if event in on:
            limits = strings(on[event].get("paths")) if isinstance(on[event], dict) else ()
            if not limits:
                return []
            found.extend(limits)
    return list(dict.fromkeys(found))


def _follows(on: Any) -> tuple[str, ...]:
    body = on.get("workflow_run") if isinstance(on, dict) else None
    return strings(body.get("workflows")) if isinstance(body, dict) else ()


def _job(
    document: Located,
    source: SourceFile,
    name: str,
    start: conditions.Start,
    happening: list[conditions.Event],
    notes: Notes,
    given: Mapping[str, Value],
) -> CiJob:
    keys: Keys = ("jobs", name)
    environment = document.get(*keys, "environment")
    if isinstance(environment, dict):
        environment = environment.get("name")
    found = list(steps(document, source, (*keys, "steps"), happening, notes, given))
    called = document.get(*keys, "uses")
    if isinstance(called, str):
        if not called.startswith("./"):
            notes.add(f"job {name}", unknown(f"is {cut(called, 200)}, {ELSEWHERE}"), document.at(*keys).line)
        found.append(CiStep(name=name, uses=called, line=document.at(*keys, "uses").line, commands_told=()))
    every = tuple(dict.fromkeys(e.trigger for e in happening if e.force))
    return CiJob(
        id=name,
        line=document.at(*keys).line,
        needs=strings(document.get(*keys, "needs")),
        environment=text(environment),
        condition=text(document.get(*keys, "if")),
        steps=tuple(found),
        starts=() if start.triggers == every else start.triggers,
        heeded=text(document.get(*keys, "continue-on-error")) != "true",
        after_failure=start.after_failure,
    )


def steps(
    document: Located,
    source: SourceFile,
    keys: Keys,
    happening: list[conditions.Event],
    notes: Notes,
    given: Mapping[str, Value] = {},
) -> Iterator[CiStep]:
    """The steps that stand under *keys*, as far as they are in force."""
    every = list(document.items(*keys))
    ids = [text(step.get("id")) for step in every if isinstance(step, dict) and step.get("id")]
    outer = variables(document.get("env"), document.get(*keys[:-1], "env"))
    tolerant = any(isinstance(one, dict) and text(one.get("continue-on-error")) not in ("", "false") for one in every)
    for number, step in enumerate(every):
        if not isinstance(step, dict):
            continue
        which = "uses" if isinstance(step.get("uses"), str) else "run"
        line = line_of(document, (*keys, number, which), source)
        known = conditions.Known(
            env=variables(outer, step.get("env")),
            needs=strings(document.get(*keys[:-1], "needs")) if keys[0] == "jobs" else ("*",),
            steps=ids,
            matrix=_known(document, str(keys[1]), ()).matrix if keys[0] == "jobs" else {},
            inputs=given,
            in_job=True,
            tolerant=tolerant,
        )
        start = conditions.start(text(step.get("if")), happening, known)
        title = cut(text(step.get("name")), 200)
        if not start.force:
            notes.add(f"step {title or text(step.get(which))[:60]!r}", start.force, line, step)
            continue
        made = CiStep(
            name=title,
            uses=text(step.get("uses")),
            run=text(step.get("run")),
            line=line,
            heeded=text(step.get("continue-on-error")) != "true",
            after_failure=start.after_failure,
        )
        yield _doing(document, keys, step, made, known.env, notes)


def _doing(
    document: Located, keys: Keys, step: dict[str, Any], made: CiStep, env: Mapping[str, str], notes: Notes
) -> CiStep:
    """*made* with its commands."""
    if not made.run:
        told = step.get("with")
        wraps = isinstance(told, dict) and _WRAPS.search(made.uses)
        said = next((text(told[key]) for key in _TOLD if key in told), "") if isinstance(told, dict) and wraps else ""
        if not said:
            return made.model_copy(update={"commands_told": ()})
        if re.search(r"actions-rs/cargo|actions-yarn", made.uses) and isinstance(told, dict):
            tool = "cargo" if "cargo" in made.uses else "yarn"
            return one_command(made, f"{tool} {said} {text(told.get('args'))}".strip())
        inner = shell(made.model_copy(update={"run": said}), Manner(), notes, env)
        return made.model_copy(update={"commands_told": inner.commands_told})
    defaults = document.get(*keys[:-1], "defaults", "run") or document.get("defaults", "run")
    defaults = defaults if isinstance(defaults, dict) else {}
    how = text(step.get("shell")) or text(defaults.get("shell"))
    if how and not _SHELLS.match(how) and not _OTHER_SHELLS.match(how) and "${{" not in how:
        return unread(made, notes, f"is written for {how.split()[0]}, which is not followed")
    where = joined("", text(step.get("working-directory")) or text(defaults.get("working-directory")))
    manner = Manner(powershell=True) if not how and _POWERSHELL.search(made.run) else _manner(how, document, keys)
    return shell(made, manner, notes, env, "?" if where is None else where)


def _manner(how: str, document: Located, keys: Keys) -> Manner:
    """How GitHub runs a script in the shell *how*."""
    if not how:
        windows = "windows" in text(document.get(*keys[:-1], "runs-on"))
        return Manner(powershell=windows)
    if _OTHER_SHELLS.match(how):
        return Manner(errexit=False, powershell=not how.startswith("cmd"))
    if "{0}" not in how:
        return Manner(errexit=True, pipefail=how.startswith("bash"))
    flags = " ".join(how.split()[1:])
    return Manner(errexit=bool(re.search(r"(?:^|\s)-\w*e|errexit", flags)), pipefail="pipefail" in flags)


DIALECT = Dialect(workflow, group="action")
