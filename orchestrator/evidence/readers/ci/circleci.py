"""Reads pipelines of CircleCI: its jobs, and how workflows wire them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ....domain.located import Located
from ....redaction import cut
from ...facts.pipelines import CiJob, CiStep
from ...inforce.chance import Chance
from ...inforce.conditions import filters
from ...inforce.force import IN_FORCE, Force, any_of, unknown, void
from ...inforce.shell import Manner
from ...tree import SourceFile
from ._running import Notes, shell
from ._shared import Keys, line_of, needed, of_documents, strings, text, variables

_MANNER = Manner(errexit=True, pipefail=True)


def _jobs(document: Located, source: SourceFile, notes: Notes) -> Iterator[CiJob]:
    wiring: dict[str, dict[str, Any]] = {}
    base: dict[str, str] = {}
    passed: dict[str, list[dict[str, Any]]] = {}
    gone: dict[str, Force] = {}
    flows = {n: f for n, f in document.section("workflows").items() if isinstance(f, dict)}
    for title, flow in flows.items():
        force = _of_when(flow)
        if not force:
            notes.add(f"workflow {title}", force, document.at("workflows", title).line, document.section("jobs"))
        entries = flow.get("jobs")
        for entry in entries if force and isinstance(entries, list) else []:
            named = {entry: {}} if isinstance(entry, str) else entry if isinstance(entry, dict) else {}
            for name, wired in named.items():
                wired = wired if isinstance(wired, dict) else {}
                limit = _of_filters(wired)
                alias = text(wired.get("name")) or str(name)
                if limit:
                    wiring[alias], base[alias] = wired, str(name)
                    passed.setdefault(alias, []).append(wired)
                else:
                    gone[alias] = gone[str(name)] = limit
                    notes.add(
                        f"job {name}", limit, document.at("workflows", title).line, document.get("jobs", str(name))
                    )
    found: list[CiJob] = []
    for name in document.section("jobs"):
        aliases = [alias for alias, of in base.items() if of == name]
        if not aliases and (flows or name != "build"):
            if name not in gone:
                gone[name] = void("stands in no workflow")
                notes.add(f"job {name}", gone[name], document.at("jobs", name).line, document.get("jobs", name))
            continue
        for alias in aliases or [name]:
            wired = wiring.get(alias, {})
            keys: Keys = ("jobs", name, "steps")
            given = _given(document, ("jobs", name), passed.get(alias, [{}]))
            env = variables(_filled(document.get("jobs", name, "environment"), given))
            found.append(
                CiJob(
                    id=alias,
                    line=document.at("jobs", name).line,
                    needs=strings(wired.get("requires")),
                    condition=text(wired.get("filters")),
                    manual=wired.get("type") == "approval",
                    steps=tuple(_steps(document, source, keys, notes, 0, given, env)),
                    starts=_starts(wired),
                )
            )
    for name, wired in wiring.items():
        if base[name] not in document.section("jobs"):
            uses = "" if wired.get("type") == "approval" else base[name]
            line = document.at("workflows").line
            steps = [CiStep(name=name, uses=uses, line=line, commands_told=())] if uses else []
            if (inner := _of_orb(document, base[name], "jobs")) is not None:
                given = _given(document, inner, passed[name])
                steps = list(_steps(document, source, (*inner, "steps"), notes, 0, given))
            found.append(
                CiJob(
                    id=name,
                    line=line,
                    needs=strings(wired.get("requires")),
                    manual=wired.get("type") == "approval",
                    steps=tuple(steps),
                )
            )
    yield from needed(found, notes, gone)


def _of_when(body: Mapping[str, Any]) -> Force:
    """Whether ``when`` and ``unless`` let something run."""
    chance = min(
        _chance(body["when"]) if "when" in body else Chance.ALWAYS,
        _chance(body["unless"]).opposite if "unless" in body else Chance.ALWAYS,
    )
    if chance is Chance.NEVER:
        return void("never runs (`when:`)")
    return unknown("depends on a parameter of the pipeline") if chance is Chance.SETTING else IN_FORCE


def _chance(value: Any, depth: int = 0) -> Chance:
    """The chance that a logic statement of CircleCI holds."""
    if depth > 20:
        return Chance.SETTING
    if isinstance(value, dict):
        if "condition" in value:
            return _chance(value["condition"], depth + 1)
        parts = list(value.get("and", value.get("or", ())) or ())
        if "and" in value:
            return min((_chance(p, depth + 1) for p in parts), default=Chance.ALWAYS)
        if "or" in value:
            return max((_chance(p, depth + 1) for p in parts), default=Chance.NEVER)
        if "not" in value:
            return _chance(value["not"], depth + 1).opposite
        if isinstance(value.get("equal"), list):
            words = [text(v) for v in value["equal"]]
            open_ = [_of_template(word) for word in words if "<<" in word]
            if open_:
                return min(open_)
            return Chance.ALWAYS if len(set(words)) <= 1 else Chance.NEVER
        return Chance.RUNTIME
    said = text(value).strip()
    if "<<" in said:
        return _of_template(said)
    return Chance.NEVER if said in ("", "false", "0", "null", "none") else Chance.ALWAYS


def _of_template(word: str) -> Chance:
    return Chance.RUNTIME if re.search(r"pipeline\.(?!parameters)|matrix\.", word) else Chance.SETTING


def _of_filters(wired: Mapping[str, Any]) -> Force:
    """Whether the filters of a job let any branch or tag through."""
    limits = wired.get("filters")
    if not isinstance(limits, dict):
        return IN_FORCE
    forces = []
    for key, what in (("branches", "branch"), ("tags", "tag")):
        limit = limits.get(key)
        if isinstance(limit, dict):
            only = strings(limit.get("only")) if "only" in limit else None
            forces.append(filters.of_branches(only, strings(limit.get("ignore")), what))
        elif key == "branches":
            forces.append(IN_FORCE)
    return any_of(forces) if forces else IN_FORCE


def _starts(wired: Mapping[str, Any]) -> tuple[str, ...]:
    """Tags alone, where branches are all left out."""
    limits = wired.get("filters")
    branches = limits.get("branches") if isinstance(limits, dict) else None
    every = isinstance(branches, dict) and not filters.of_branches(None, strings(branches.get("ignore")))
    return ("tag",) if every and isinstance(limits, dict) and "tags" in limits else ()


def _of_orb(document: Located, name: str, kind: str) -> Keys | None:
    """Where a job or command of an orb stands that the file itself declares."""
    orb, _, inner = name.partition("/")
    keys: Keys = ("orbs", orb, kind, inner)
    return keys if inner and isinstance(document.get(*keys, "steps"), list) else None


def _given(document: Located, keys: Keys, passed: list[dict[str, Any]]) -> dict[str, Any]:
    """What the parameters of the job or command under *keys* come to, where all who use it agree."""
    found: dict[str, Any] = {}
    for name, about in document.section(*keys, "parameters").items():
        default = about.get("default") if isinstance(about, dict) else None
        values = [one.get(name, default) for one in passed]
        if values and all(value == values[0] for value in values) and isinstance(values[0], str | int | float | bool):
            found[str(name)] = values[0]
    return found


def _filled(value: Any, given: Mapping[str, Any], depth: int = 0) -> Any:
    """*value* with the parameters that it names in their places."""
    if isinstance(value, str) and "<<" in value:
        return _PARAMETER.sub(lambda m: text(given[m[1]]) if m[1] in given else m[0], value)
    if depth > 20:
        return value
    if isinstance(value, dict):
        return {key: _filled(inner, given, depth + 1) for key, inner in value.items()}
    return [_filled(inner, given, depth + 1) for inner in value] if isinstance(value, list) else value


_PARAMETER = re.compile(r"<<\s{0,5}parameters\.(\w{1,100})\s{0,5}>>")


def _steps(
    document: Located,
    source: SourceFile,
    keys: Keys,
    notes: Notes,
    depth: int,
    given: Mapping[str, Any],
    env: Mapping[str, str] = {},
) -> Iterator[CiStep]:
    """The steps under *keys*, those of the file's own commands and of conditions in their place."""
    for number, step in enumerate(document.items(*keys)):
        where: Keys = (*keys, number)
        name = next(iter(step), "") if isinstance(step, dict) else text(step)
        if name in ("when", "unless") and isinstance(step, dict) and isinstance(step[name], dict):
            chance = _chance(_filled(step[name].get("condition"), given))
            chance = chance.opposite if name == "unless" else chance
            if chance > Chance.SETTING and depth < 4:
                yield from _steps(document, source, (*where, name, "steps"), notes, depth + 1, given, env)
            else:
                void_ = chance is Chance.NEVER
                force = void("never runs") if void_ else unknown("depends on a parameter of the pipeline")
                notes.add("a step", force, document.at(*where).line, step[name])
        elif depth < 4 and (inner := _command(document, name)) is not None:
            said = step[name] if isinstance(step, dict) and isinstance(step[name], dict) else {}
            passed = _given(document, inner, [_filled(said, given)])
            yield from _steps(document, source, (*inner, "steps"), notes, depth + 1, passed, env)
        else:
            made = _step(document, source, where, _filled(step, given))
            body = step.get("run") if isinstance(step, dict) else None
            own = body.get("environment") if isinstance(body, dict) else None
            known = {**env, **variables(_filled(own, given))}
            yield shell(made, _MANNER, notes, known) if made.run else made.model_copy(update={"commands_told": ()})


def _command(document: Located, name: str) -> Keys | None:
    """Where the command *name* stands that the file itself declares."""
    if isinstance(document.get("commands", name, "steps"), list):
        return ("commands", name)
    return _of_orb(document, name, "commands")


def _step(document: Located, source: SourceFile, keys: Keys, step: Any) -> CiStep:
    if isinstance(step, dict) and "run" in step:
        body = step["run"]
        deep = isinstance(body, dict)
        command, where = (
            (text(body.get("command")), (*keys, "run", "command")) if deep else (text(body), (*keys, "run"))
        )
        name = text(body.get("name")) if deep else ""
        when = text(body.get("when")) if deep else ""
        return CiStep(
            name=cut(name, 200),
            run=command,
            line=line_of(document, where, source),
            heeded=not (deep and body.get("background") is True),
            after_failure=when == "on_fail",
        )
    uses = next(iter(step), "") if isinstance(step, dict) else text(step)
    return CiStep(uses=str(uses), line=document.at(*keys).line)


def _triggers(document: Located) -> set[str]:
    found = {"push", "pull_request"}
    for keys, _ in document.walk():
        found |= {"schedule"} if keys[-1:] == ("schedule",) else {"tag"} if keys[-1:] == ("tags",) else set()
    return found


DIALECT = of_documents("circleci", _jobs, _triggers)
