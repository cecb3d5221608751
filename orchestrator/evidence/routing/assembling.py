"""Puts the routes of a tree together: prefixes of all that they hang on, and whether a guard stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..facts.routes import Route
from ..inforce.code.python import file_of
from .guards import Guards
from .hooks import Call, Hooks, Key
from .index import Find, Index
from .summary import Declared, Definition, Handed, Mount, Summary

_DEPTH = 10
_EVERYWHERE = "*"


def assembled(summaries: Sequence[Summary], find: Find = file_of) -> Iterator[Route]:
    """
    The routes of all *summaries*, in their order.

    Args:
        summaries: What was read of each module.
        find: Finds the file of a module by its name.
    """
    tree = _Tree(summaries, find)
    for summary in summaries:
        for declared in sorted(summary.routes, key=lambda route: (route.line, route.path)):
            if declared.sure or tree.may_route(summary, declared):
                yield tree.route(summary, declared)


class _Tree:
    """What hangs on what."""

    def __init__(self, summaries: Sequence[Summary], find: Find) -> None:
        self._index = Index(summaries, find)
        self._guards = Guards(self._index, logins_off=any(summary.logins_off for summary in summaries))
        self._sharing: dict[Key, list[Key]] = {}
        self._above: dict[Key, list[tuple[str, Key, Mount]]] = {}
        self._hooks = Hooks(self._guards)
        self._globally = {term.name for summary in summaries for term in summary.global_guards}
        self._first: dict[Key, Key] = {}
        for summary in summaries:
            for one, other in summary.same:
                self._first[self._key(summary.path, one)] = self._key(summary.path, other)
        for summary in summaries:
            for mount in summary.mounts:
                self._hang(summary, mount)
            for handed in summary.handed:
                self._hand(summary, handed)
            for mount in summary.includes:
                module = self._index.module(summary.path, mount.below)
                if module is None:
                    summary.routes.append(_outside(mount))
                else:
                    above = self._key(summary.path, mount.above)
                    self._above.setdefault((module, "urlpatterns"), []).append((summary.path, above, mount))

    def _hang(self, summary: Summary, mount: Mount) -> None:
        if mount.below:
            above = self._key(summary.path, mount.above)
            if mount.listed and not self._index.leads(summary.path, mount.below):
                summary.routes.append(_outside(mount))
                return
            self._above.setdefault(self._key(summary.path, mount.below), []).append((summary.path, above, mount))
            return
        everywhere = mount.above.startswith(_EVERYWHERE)
        key = ("", mount.above) if everywhere else self._key(summary.path, mount.above)
        self._hooks.add(key, summary.path, mount)

    def _hand(self, summary: Summary, handed: Handed) -> None:
        """Hang what a function is handed, or what it hands back, on what it is handed to."""
        above = self._key(summary.path, handed.router)
        path, name = summary.path, handed.function
        below = self._index.parameter(path, name, handed.argument) if handed.argument >= 0 else None
        below = below or (self._index.returned(path, name) if handed.argument <= 0 else None)
        if below is None or below == above:
            return
        mount = Mount(handed.router, name, handed.prefix, handed.guards, order=handed.order)
        self._above.setdefault(below, []).append((path, above, mount))
        if self._index.shares(path, name):
            self._sharing.setdefault(above, []).append(below)

    def may_route(self, summary: Summary, declared: Declared) -> bool:
        """Whether what a route hangs on, which only looks like a router, is none that talks to somebody else's."""
        made = self._index.made(summary.path, declared.router)
        return made is None or not any(_CLIENT.search(one.name) for one in made[1])

    def _key(self, path: str, name: str) -> Key:
        key = self._index.place(path, name) or (path, name)
        for _ in range(_DEPTH):
            if (other := self._first.get(key, key)) == key:
                break
            key = other
        return key

    def route(self, summary: Summary, declared: Declared) -> Route:
        """The route *declared* as it is reached."""
        key = self._key(summary.path, declared.router)
        prefix = self._prefix(key, 0)
        return Route(
            method=declared.method,
            path=_joined(prefix, declared.path),
            framework=declared.framework,
            file=summary.path,
            line=declared.line,
            guarded=self._guarded(summary, declared, key),
        )

    def _prefix(self, key: Key, depth: int) -> str:
        found = self._index.router(*key)
        own = found[1].prefix if found else ""
        above = self._above.get(key, [])
        if not above or depth > _DEPTH:
            return own
        _, parent, mount = above[0]
        is_flask = found is not None and found[1].framework == "flask"
        own = mount.prefix if is_flask and mount.prefix else _joined(mount.prefix, own)
        return _joined(self._prefix(parent, depth + 1), own)

    def _guarded(self, summary: Summary, declared: Declared, key: Key) -> bool | None:
        opens, own = declared.opens, self._guards.any(summary.path, declared.guards)
        place = self._index.definition(summary.path, declared.handler) if declared.handler else None
        if place is not None and not own:
            definition = place.definition
            opens = opens or definition.opens
            own = self._answers_guarded(place.path, definition)
        if opens:
            return False
        if (
            own
            or self._behind(key, _call(summary, declared), 0)
            or self._by_settings(declared, (place is not None and place.path) or "")
        ):
            return True
        return None

    def _answers_guarded(self, path: str, definition: Definition) -> bool:
        """Whether a handler has a guard for all that it answers, be it its own or its bases'."""
        if self._guards.any(path, definition.terms):
            return True
        methods = definition.methods
        if methods and all(self._guards.any(path, guards) for _, guards in methods):
            return True
        return bool(definition.returns) and all(self._guards.is_guard(path, term) for term in definition.returns)

    def _behind(self, key: Key, call: Call, depth: int) -> bool:
        """Whether a guard stands before *call*, which hangs on the router *key*."""
        everywhere = _EVERYWHERE if call.framework == "flask" else _EVERYWHERE + call.framework
        if self._hooks.stand_before(("", everywhere), call):
            return True
        found = self._index.router(*key)
        if found is not None and self._guards.any(found[0], found[1].guards):
            return True
        if any(self._hooks.stand_before(one, call) for one in (key, *self._sharing.get(key, []))):
            return True
        above = self._above.get(key, [])
        if not above or depth > _DEPTH:
            return False
        return all(
            self._guards.any(path, mount.guards)
            or self._behind(
                parent, call._replace(path=_joined(mount.prefix, call.path), module=path, order=mount.order), depth + 1
            )
            for path, parent, mount in above
        )

    def _by_settings(self, declared: Declared, path: str) -> bool:
        """Whether settings put a guard before every view, or every one of the REST framework."""
        if declared.framework != "django":
            return False
        if "django" in self._globally:
            return True
        if "rest_framework" not in self._globally or not path:
            return False
        return self._is_rest(path, declared.handler)

    def _is_rest(self, path: str, handler: str) -> bool:
        found = self._index.definition(path, handler.rpartition(".")[2])
        return found is not None and any(
            word in term.name
            for term in found.definition.terms
            for word in ("APIView", "ViewSet", "api_view", "Generic")
        )


_CLIENT = re.compile(
    r"axios|\bky\b|\bgot\b|supertest|request|client|fetch|http|^api$|superagent|\$fetch", re.IGNORECASE
)


def _call(summary: Summary, declared: Declared) -> Call:
    return Call(declared.framework, declared.method, declared.path, summary.path, declared.order)


def _outside(mount: Mount) -> Declared:
    """Routes of a package that are taken in under a prefix, of which no more is known."""
    return Declared(mount.above, "ANY", mount.prefix, "django", mount.line, "", mount.guards)


def _joined(prefix: str, path: str) -> str:
    """*path* below *prefix*, with one slash between them."""
    if not prefix:
        return path
    if not path:
        return prefix
    return f"{prefix.rstrip('/')}/{path.lstrip('/')}" if prefix.endswith("/") or path.startswith("/") else prefix + path
