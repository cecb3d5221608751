"""Puts the routes of a tree together: prefixes of all that they hang on, and whether a guard stands before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..facts.routes import Route
from .guards import Guards
from .index import Index
from .summary import Declared, Definition, Mount, Summary, Term

_DEPTH = 10
_EVERYWHERE = "*"
Key = tuple[str, str]
"""A router: the module that makes it, and its name there."""


def assembled(summaries: Sequence[Summary]) -> Iterator[Route]:
    """The routes of all *summaries*, in their order."""
    tree = _Tree(summaries)
    for summary in summaries:
        for declared in sorted(summary.routes, key=lambda route: (route.line, route.path)):
            yield tree.route(summary, declared)


class _Tree:
    """What hangs on what."""

    def __init__(self, summaries: Sequence[Summary]) -> None:
        self._index = Index(summaries)
        self._guards = Guards(self._index, logins_off=any(summary.logins_off for summary in summaries))
        self._above: dict[Key, list[tuple[str, Key, Mount]]] = {}
        self._hooks: dict[Key, list[tuple[str, Term]]] = {}
        self._globally = {term.name for summary in summaries for term in summary.global_guards}
        self._unmounted: list[tuple[Summary, Mount]] = []
        for summary in summaries:
            for mount in summary.mounts:
                self._hang(summary, mount)
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
        key = ("", _EVERYWHERE) if mount.above == _EVERYWHERE else self._key(summary.path, mount.above)
        self._hooks.setdefault(key, []).extend((summary.path, term) for term in mount.guards)

    def _key(self, path: str, name: str) -> Key:
        return self._index.place(path, name) or (path, name)

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
            or self._behind(key, declared.framework, 0)
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

    def _behind(self, key: Key, framework: str, depth: int) -> bool:
        """Whether a guard stands before all that hangs on the router *key*."""
        if framework == "flask" and any(
            self._guards.is_guard(path, term) for path, term in self._hooks.get(("", _EVERYWHERE), [])
        ):
            return True
        found = self._index.router(*key)
        if found is not None and self._guards.any(found[0], found[1].guards):
            return True
        if any(self._guards.is_guard(path, term) for path, term in self._hooks.get(key, [])):
            return True
        above = self._above.get(key, [])
        if not above or depth > _DEPTH:
            return False
        return all(
            self._guards.any(path, mount.guards) or self._behind(parent, framework, depth + 1)
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
