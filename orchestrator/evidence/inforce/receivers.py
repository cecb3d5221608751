"""Follows Alertmanager's routes: which receivers exist, tell somebody, and can be reached at some time of the week."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...formats.promql import Matcher
from .force import IN_FORCE, Force, any_of, unknown, void
from .intervals import always
from .matching import contradictory, everything, matchers, meets

_CHANNELS = re.compile(r"([a-z0-9]{1,40}?)_?[cC]onfigs")
MAX_ROUTES = 300
"""So many routes are read; what becomes of single alerts among more of them is not asked."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told, in which ways, and whether anything comes of it."""

    title: str
    channels: tuple[str, ...]
    force: Force


@dataclass(frozen=True, slots=True)
class Branch:
    """One route: to whom, of which alerts, and whether an alert can come there."""

    receiver: str
    matchers: tuple[Matcher, ...]
    """Its own, without those of the routes that it is part of."""
    force: Force
    root: bool = False


@dataclass(frozen=True)
class Route:
    """One node of the tree as it is written, with what it takes over from the node above."""

    receiver: str
    asked: tuple[Matcher, ...]
    goes_on: bool
    """An alert that came here is offered to the routes behind it as well."""
    muted: str = ""
    """The time interval in which it is quiet, if that is always."""
    lost: str = ""
    """A time interval that it names and that is not there."""
    below: tuple[Route, ...] = ()


@dataclass(frozen=True)
class Routing:
    """
    What one configuration of Alertmanager does.

    Args:
        receivers: All that it defines, in their order.
        branches: All of its routes, each before those below it.
        root: The tree; None where there is none, or more of it than is read.
    """

    receivers: tuple[Receiver, ...] = ()
    branches: tuple[Branch, ...] = ()
    root: Route | None = None

    @cached_property
    def _by_title(self) -> dict[str, Receiver]:
        return {receiver.title: receiver for receiver in self.receivers}

    def receiver(self, title: str) -> Receiver | None:
        return self._by_title.get(title)

    def reached(self, labels: Mapping[str, str]) -> list[Receiver]:
        """Who is told of an alert with *labels*, as far as they are defined."""
        ends = _ends(self.root, labels) if self.root else ()
        return [receiver for end in ends if not end.muted and (receiver := self.receiver(end.receiver))]

    def delivers(self, labels: Mapping[str, str]) -> Force:
        """Whether an alert with *labels* is told to anybody."""
        ends = list(_ends(self.root, labels)) if self.root else []
        told = [self.receiver(end.receiver) for end in ends if not end.muted]
        if not ends or any(receiver is None or receiver.channels for receiver in told):
            return IN_FORCE
        said = f"is muted at all times by '{ends[0].muted}'" if ends[0].muted else "notifies nobody"
        return void(f"it goes to receiver '{ends[0].receiver}', which {said}")


def routing(config: Mapping[str, Any]) -> Routing:
    """What a configuration with ``route`` does; which of its ``receivers`` exist is not asked where it lists none."""
    written = _dicts(config.get("receivers"))
    titles = {_text(receiver.get("name")) for receiver in written} if "receivers" in config else None
    reader = _Reader(config)
    root = reader.route(config["route"]) if isinstance(config.get("route"), Mapping) else None
    branches = tuple(_branches(root, titles)) if root else ()
    leads: dict[str, Force] = {}
    for branch in branches:
        leads[branch.receiver] = any_of([branch.force, leads.get(branch.receiver, branch.force)])
    nowhere = void("no route leads to it") if root else unknown("no route is written beside it")
    receivers = []
    for receiver in written:
        title, ways = _text(receiver.get("name")), channels(receiver)
        force = leads.get(title, nowhere) if ways else void("it has no integration")
        receivers.append(Receiver(title, ways, force))
    return Routing(tuple(receivers), branches, root if reader.left > 0 else None)


def channels(receiver: Mapping[str, Any]) -> tuple[str, ...]:
    """The ways on which a receiver reaches people; one of which nothing is said leads nowhere."""
    return tuple(
        found[1].lower()
        for key, value in receiver.items()
        if isinstance(key, str) and (found := _CHANNELS.fullmatch(key)) and any(_dicts(value))
    )


class _Reader:
    """Reads the tree of routes, as far as there is room."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        named = [pair for key in _INTERVALS for pair in _named(config.get(key))]
        self._known = {name for name, _ in named}
        self._always = {name for name, intervals in named if any(map(always, intervals))}
        self.left = MAX_ROUTES

    def route(self, written: Mapping[str, Any], inherited: str = "", root: bool = True) -> Route:
        self.left -= 1
        receiver = _text(written.get("receiver")) or inherited
        quiet = _names(written, "mute_time_intervals", "muteTimeIntervals")
        named = [*quiet, *_names(written, "active_time_intervals", "activeTimeIntervals")]
        below = [self.route(inner, receiver, False) for inner in _dicts(written.get("routes")) if self.left > 0]
        return Route(
            receiver=receiver,
            asked=() if root else matchers(written),
            goes_on=written.get("continue") is True,
            muted=next((name for name in quiet if name in self._always), ""),
            lost=next((name for name in named if name not in self._known), ""),
            below=tuple(below),
        )


def _branches(route: Route, titles: set[str] | None, reach: Force = IN_FORCE, root: bool = True) -> Iterator[Branch]:
    """*route* and those below it; what is muted takes its alerts all the same."""
    if contradictory(route.asked):
        reach = reach and void("no alert has such labels")
    taken = any(everything(inner.asked) for inner in route.below)
    own = reach and (void("a route below it takes every alert") if taken else _force(route, titles))
    yield Branch(route.receiver, route.asked, own, root)
    for inner in route.below:
        yield from _branches(inner, titles, reach, False)
        if everything(inner.asked) and not inner.goes_on:
            reach = reach and void("a route before it takes every alert")


def _force(route: Route, titles: set[str] | None) -> Force:
    if titles is not None and route.receiver not in titles:
        return void(f"its receiver '{route.receiver}' is not there")
    if route.lost:
        return void(f"its time interval '{route.lost}' is not there")
    return void(f"it is muted at all times by '{route.muted}'") if route.muted else IN_FORCE


def _ends(route: Route, labels: Mapping[str, str]) -> Iterator[Route]:
    """The routes at which an alert with *labels* may come to an end."""
    caught = False
    for inner in route.below:
        answer = meets(labels, inner.asked)
        if answer is not False:
            yield from _ends(inner, labels)
        caught |= answer is True
        if answer and not inner.goes_on:
            return
    if not caught:
        yield route


_INTERVALS = ("time_intervals", "mute_time_intervals", "timeIntervals", "muteTimeIntervals")


def _named(value: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(_text(v.get("name")), _dicts(v.get("time_intervals") or v.get("timeIntervals"))) for v in _dicts(value)]


def _names(route: Mapping[str, Any], *keys: str) -> list[str]:
    return [_text(name) for key in keys if isinstance(route.get(key), list) for name in route[key]]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return str(value)[:200] if value is not None else ""
