"""When workflows, jobs and steps of GitHub run: their events, and what an ``if`` says of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ....vocabulary import meaning_of, meanings
from ..chance import Chance
from ..force import IN_FORCE, Force, unknown, void
from . import filters
from .expressions import NoExpression, parse
from .values import RUN, Function, Value, evaluate, functions, of_row, sure

_TRIGGERS = meanings("github", "event")
_CHANGES = frozenset({"opened", "synchronize", "reopened"})
_STATUS = re.compile(r"\b(?:success|failure|always|cancelled)\s{0,3}\(")


@dataclass(frozen=True, slots=True)
class Event:
    """One way in which a workflow is started."""

    name: str
    """As GitHub calls it."""
    trigger: str
    """As :class:`Pipeline` does."""
    force: Force = IN_FORCE
    ref: Value = RUN
    actions: tuple[str, ...] = ()
    implied: bool = False
    """The workflow does not speak of it: tags start what pushes start."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a file itself tells of the names in its conditions."""

    env: Mapping[str, str] = field(default_factory=dict)
    needs: Sequence[str] = ()
    steps: Sequence[str] = ()
    matrix: Mapping[str, Sequence[str]] = field(default_factory=dict)
    inputs: Mapping[str, Value] = field(default_factory=dict)
    """What those give it that call it."""
    in_job: bool = False
    """The condition is that of a step."""
    tolerant: bool = False
    """A step of its job may fail without the job (``continue-on-error``)."""


@dataclass(frozen=True, slots=True)
class Start:
    """Whether something starts, on which events, and whether only after a failure."""

    force: Force
    triggers: tuple[str, ...] = ()
    after_failure: bool = False


def events(on: Any) -> list[Event]:
    """The ways in which a workflow is started, those that never happen among them."""
    if isinstance(on, str):
        on = [on]
    if isinstance(on, list):
        on = {name: None for name in on if isinstance(name, str)}
    if not isinstance(on, dict):
        return []
    found: list[Event] = []
    for name, body in on.items():
        limits = body if isinstance(body, dict) else {}
        if name == "push":
            found.extend(_pushes(limits))
        elif name in ("pull_request", "pull_request_target"):
            found.append(_proposals(name, limits))
        elif name == "schedule":
            found.append(Event(name, "schedule", _times(body)))
        else:
            found.append(Event(str(name), _TRIGGERS.get(str(name), "other"), actions=_texts(limits.get("types"))))
    if len(found) > _MOST_EVENTS:
        found.sort(key=lambda event: event.trigger == "other")
    return found[:_MOST_EVENTS]


_MOST_EVENTS = 64
"""More than there are; each condition of each job is asked for each of them."""


def _pushes(limits: Mapping[str, Any]) -> list[Event]:
    of_branches = [key for key in ("branches", "branches-ignore") if key in limits]
    of_tags = [key for key in ("tags", "tags-ignore") if key in limits]
    changed = filters.of_paths(_given(limits, "paths"), _texts(limits.get("paths-ignore")))
    found = []
    if of_branches or not of_tags:
        branches = _given(limits, "branches")
        force = filters.of_branches(branches, _texts(limits.get("branches-ignore")))
        plain = branches is not None and not any(set("*?[]+!") & set(name) for name in branches)
        among = frozenset(f"refs/heads/{name}" for name in branches or ()) if plain else None
        found.append(Event("push", "push", min(changed, force, key=_state), Value(prefix="refs/heads/", among=among)))
    if of_tags or not of_branches:
        force = filters.of_branches(_given(limits, "tags"), _texts(limits.get("tags-ignore")), "tag")
        found.append(Event("push", "tag", force, Value(prefix="refs/tags/"), implied=not of_tags))
    return found


def _proposals(name: str, limits: Mapping[str, Any]) -> Event:
    types = _texts(limits.get("types"))
    trigger = "pull_request"
    if types and not _CHANGES & set(types):
        trigger = "closed" if set(types) == {"closed"} else "other"
    branches = filters.of_branches(_given(limits, "branches"), _texts(limits.get("branches-ignore")))
    changed = filters.of_paths(_given(limits, "paths"), _texts(limits.get("paths-ignore")))
    return Event(name, trigger, min(changed, branches, key=_state), Value(prefix="refs/"), types)


def _times(body: Any) -> Force:
    crons = [str(entry.get("cron", "")) for entry in body if isinstance(entry, dict)] if isinstance(body, list) else []
    forces = [filters.of_time(cron) for cron in crons]
    return max(forces, key=_state, default=void("has no schedule"))


def _state(force: Force) -> int:
    return force.state


def _given(limits: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    return _texts(limits[key]) if key in limits and limits[key] is not None else None


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(v) for v in value if isinstance(v, str | int | float)) if isinstance(value, list) else ()


def start(condition: str, happening: Sequence[Event], known: Known) -> Start:
    """Whether *condition* lets something run on any of the events *happening*, and on which."""
    condition = _inner(condition)
    live = [event for event in happening if event.force]
    if (
        not (known.in_job or known.needs)
        and live
        and all(e.trigger == "closed" for e in live)
        and "merged" not in condition
    ):
        return Start(void("starts when a proposal is closed, whatever became of it"))
    if not condition:
        return Start(IN_FORCE, _triggers(live))
    usual = {event: _chance(condition, event, known) for event in live}
    on = [event for event, chance in usual.items() if chance > Chance.SETTING]
    if on:
        return Start(IN_FORCE, _triggers(on))
    if any(chance is Chance.SETTING for chance in usual.values()) or not live:
        return Start(unknown(f"depends on `{condition[:80]}`, of which no file tells what it comes to"))
    bads = _BAD[:1] if known.in_job and not known.tolerant else _BAD
    failing = [e for e in live if any(_chance(condition, e, known, *bad) > Chance.SETTING for bad in bads)]
    if failing:
        return Start(IN_FORCE, _triggers(failing), after_failure=True)
    return Start(void(f"never runs (`if: {condition[:80]}`)"))


def called(condition: str, triggers: Sequence[str]) -> tuple[str, ...]:
    """Those of *triggers*, of a workflow that calls another, on which *condition* may let a job of that other run."""
    condition = _inner(condition)
    if not condition:
        return tuple(triggers)
    known = Known(needs=("*",))
    events = [Event(name, trigger) for name, trigger in _TRIGGERS.items() if trigger in triggers and trigger != "call"]
    among = [event.trigger for event in events]
    may = [event.trigger for event in events if _may(condition, event, known)]
    return tuple(trigger for trigger in triggers if trigger not in among or trigger in may)


def _may(condition: str, event: Event, known: Known) -> bool:
    return any(_chance(condition, event, known, *bad) > Chance.NEVER for bad in ((False, False), *_BAD))


def _triggers(happening: Sequence[Event]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(event.trigger for event in happening))


def _inner(condition: str) -> str:
    condition = condition.strip()
    whole = re.fullmatch(r"\$\{\{(.*)\}\}", condition, re.DOTALL)
    if whole and "${{" not in whole[1]:
        return whole[1].strip()
    return "true" if "${{" in condition else condition  # text around a value is never empty, and so always true


_BAD = ((True, True), (True, False))
"""Something has failed, and the job with it or, where it may go on, without it."""


def _chance(condition: str, event: Event, known: Known, failed: bool = False, broken: bool = False) -> Chance:
    if not _STATUS.search(condition):
        condition = f"success() && ({condition})"
    try:
        node = parse(condition)
        return evaluate(node, lambda parts: _lookup(parts, event, known, failed), _functions(broken)).truth
    except NoExpression:
        return Chance.SETTING


def _functions(broken: bool) -> dict[str, Function]:
    return {
        **functions("github", broken),
        "fromjson": _from_json,
        "format": lambda values: Value(chance=min((v.chance for v in values if not v.known), default=Chance.RUNTIME)),
    }


def _from_json(values: list[Value]) -> Value:
    """``fromJSON('false')`` is how a text becomes a truth value."""
    if values and values[0].known and str(values[0].value) in ("true", "false"):
        return sure(values[0].value == "true")
    return values[0] if values and not values[0].known else RUN


def _lookup(parts: tuple[str, ...], event: Event, known: Known, failed: bool) -> Value:
    context, rest = parts[0].lower(), parts[1:]
    if context == "github":
        return _of_event(rest, event)
    name = rest[0] if rest else ""
    if context == "env":
        return (
            sure(known.env[name])
            if name in known.env and "${{" not in known.env[name]
            else (RUN if name in known.env else of_row(meaning_of("github", f"env.{name}") or "setting"))
        )
    if context == "inputs":
        if event.trigger == "call" and name in known.inputs:
            return known.inputs[name]
        return RUN if event.trigger in ("manual", "call") else sure(None)
    if context == "needs":
        if name not in known.needs and name != "*":
            return sure(None)
        return sure("success") if rest[1:] == ("result",) and not failed and name != "*" else RUN
    if context == "steps":
        if known.in_job and name not in known.steps and name != "*":
            return sure(None)
        return sure("success") if rest[1:] in (("outcome",), ("conclusion",)) and not failed else RUN
    if context == "job" and rest == ("status",):
        return RUN if failed else sure("success")
    if context == "matrix" and name in known.matrix and len(rest) == 1:
        return Value(among=frozenset(known.matrix[name]))
    return of_row(meaning_of("github", ".".join((context, *rest))))


def _of_event(rest: tuple[str, ...], event: Event) -> Value:
    name = rest[0].lower() if rest else ""
    if name == "event_name":
        return sure(event.name) if event.trigger != "call" else RUN
    if event.trigger == "call":
        return RUN
    if name == "ref":
        return event.ref
    if name == "ref_type" and event.name == "push":
        return sure("tag" if event.trigger == "tag" else "branch")
    if name == "ref_name" and event.ref.among is not None:
        return Value(among=frozenset(one.removeprefix("refs/heads/") for one in event.ref.among))
    if name in ("base_ref", "head_ref") and event.name in ("push", "schedule", "workflow_dispatch", "release"):
        return sure("")
    if name == "event" and rest[1:] == ("action",) and event.actions:
        return Value(among=frozenset(event.actions))
    if name == "event" and len(rest) > 1 and rest[1] == "inputs":
        return RUN if event.trigger == "manual" else sure(None)
    if name == "event" and len(rest) > 1 and rest[1] == "pull_request" and event.name in ("push", "schedule"):
        return sure(None)
    return RUN


def empty_matrix(matrix: Any) -> bool:
    """Whether a matrix has no combination, so that its job never runs."""
    if not isinstance(matrix, dict):
        return False
    lists = {key: value for key, value in matrix.items() if key not in ("include", "exclude")}
    included = matrix.get("include")
    if not lists:
        return included == [] or not matrix
    return any(value == [] for value in lists.values()) and not included
