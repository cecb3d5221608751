"""Tells which steps that act on the world a record shows as begun but never ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from ..errors import UsageError
from .event import Event
from .kinds import StepDone, StepSettled, StepStarted, told

DONE, STARTED, SETTLED = "StepDone", "StepStarted", "StepSettled"
State = Literal["done", "undone"]


class Begun(NamedTuple):
    """A step that was begun, by whom and when."""

    key: str
    node: str
    at: str


def begun(events: Iterable[Event]) -> dict[str, Begun]:
    """
    Steps by key of which *events* know a beginning and no end.

    Raises:
        RecordBroken: An event is none that this project writes.
    """
    open_: dict[str, Begun] = {}
    for event in events:
        said = told(event)
        match said.value if said is not None else None:
            case StepStarted(key=key):
                open_[key] = Begun(key, event.node, event.at)
            case StepDone(key=key) | StepSettled(key=key, state="undone"):
                open_.pop(key, None)
    return open_


def answers(said: Iterable[str], open_: Mapping[str, Begun]) -> dict[str, State]:
    """
    What a person says of steps that were begun, as ``KEY=done`` or ``KEY=undone``.

    Raises:
        UsageError: It is neither, or no such step was begun.
    """
    found: dict[str, State] = {}
    for words in said:
        key, _, state = words.rpartition("=")
        if state not in ("done", "undone"):
            raise UsageError(f"'{words}' says neither done nor undone", remedy="--step 'KEY=done' or 'KEY=undone'")
        if key not in open_:
            waiting = ", ".join(f"'{other}'" for other in sorted(open_)) or "none"
            raise UsageError(f"no step '{key}' was begun and left open", remedy=f"steps that are: {waiting}")
        found[key] = "done" if state == "done" else "undone"
    return found
