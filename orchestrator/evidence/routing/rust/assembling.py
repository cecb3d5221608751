"""Puts the routes of Rust together: handlers under all that they hang on, and what they ask of a request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...facts.routes import Route
from ..units import Unit, Units, shared
from .building import Around, Hung
from .names import Path
from .reading import ALL, Handler, RustFile

LIBRARY = re.compile(r"^(?:login_required|permission_required)!?$")
_BY_NAME = re.compile(
    r"^(?:RequireAuthorizationLayer|AsyncRequireAuthorizationLayer|ValidateRequestHeaderLayer|HttpAuthentication|"
    r"BearerAuth|BasicAuth|login_required|permission_required)$"
)
"""What the world's libraries turn those away with who show nothing."""
_ASKS = ("from_request", "from_request_parts", "call", "authenticate", "handle", "authorize")
"""Methods of a type that run before a handler."""
_DEPTH = 12
_MOST = 30

Key = tuple[str, str]
"""A function that hangs others: its file, and its name there."""


def assembled_rust(files: Sequence[RustFile]) -> Iterator[Route]:
    """The routes of all *files*, in their order."""
    tree = _Tree(files)
    found = [route for file in files for route in tree.routes(file)]
    yield from sorted(set(found), key=lambda one: (one.file, one.line, one.path, one.method))


class _Tree:
    def __init__(self, files: Sequence[RustFile]) -> None:
        self._files = {file.path: file for file in files}
        self._units = Units((unit for file in files for unit in (*file.units,)), LIBRARY)
        self._named: dict[str, list[str]] = {}
        self._aliases: dict[str, Path] = {}
        self._above: dict[Key, list[tuple[Key, Hung]]] = {}
        self._hung: dict[Key, list[tuple[Key, Hung]]] = {}
        self._mentioned: set[str] = set()
        self._guards: dict[tuple[str, Path], bool] = {}
        for file in files:
            for name in file.handlers:
                self._named.setdefault(name, []).append(file.path)
            for alias, whole in file.taken.items():
                if whole[-1] != alias:
                    self._aliases.setdefault(alias, whole)
        self._units.add(Unit(ALL, "", functions=shared(file.units[0] for file in files)))
        for file in files:
            for name, hung in file.built.hung.items():
                for one in hung:
                    self._hang(file, name, one)

    def _hang(self, file: RustFile, name: str, one: Hung) -> None:
        above = (file.path, name)
        if one.is_handler:
            self._mentioned.add(one.name[-1])
            below = self._find(file, one.name)
            if below is not None:
                self._hung.setdefault(below, []).append((above, one))
            return
        below = (file.path, one.name[0]) if "@" in one.name[0] else self._find(file, one.name)
        if below is not None and below != above and self._files[below[0]].built.hung.get(below[1]):
            self._above.setdefault(below, []).append((above, one))

    def _find(self, file: RustFile, name: Path, depth: int = 0) -> Key | None:
        """The function that *name*, as *file* says it, means."""
        if not name or depth > 5:
            return None
        whole = (*file.taken[name[0]], *name[1:]) if name[0] in file.taken and depth == 0 else name
        last, module = whole[-1], whole[-2] if len(whole) > 1 else ""
        if len(whole) == 1 and last in file.handlers:
            return file.path, last
        known = self._named.get(last, [])
        found = [one for one in known if not module or module in _modules(one)]
        if found:
            return max(found, key=lambda one: (module == _modules(one)[-1], _common(one, file.path), one)), last
        if last in self._aliases and self._aliases[last] != whole:
            return self._find(file, self._aliases[last], depth + 1)
        return (known[0], last) if len(known) == 1 else None

    def routes(self, file: RustFile) -> Iterator[Route]:
        """The routes whose handlers stand in *file*, and those that answer by what stands in no file."""
        for name, handler in file.handlers.items():
            hung = self._hung.get((file.path, name), [])
            for above, one in hung:
                for around in self._around(above, 0):
                    yield from self._answered(file, handler, above, one, around)
            if not hung and (name in self._mentioned or not self._mentioned):
                yield from self._answered(file, handler, (file.path, name), Hung((name,), Around()), Around())
        for name, listed in file.built.hung.items():
            for one in listed:
                if one.is_handler and one.method and self._find(file, one.name) is None:
                    for around in self._around((file.path, name), 0):
                        yield self._route(file, one.method, around.prefix + one.around.prefix, one.line, None, [
                            (file.path, one.around), (file.path, around)])  # fmt: skip

    def _answered(self, file: RustFile, handler: Handler, above: Key, one: Hung, around: Around) -> Iterator[Route]:
        prefix = around.prefix.rstrip("/") + one.around.prefix
        before = [(above[0], one.around), (above[0], around)]
        if one.method:
            yield self._route(self._files[above[0]], one.method, prefix, one.line, (file, handler), before)
        for mark in () if one.method else handler.marks:
            whole = prefix.rstrip("/") + "/" + mark.path.strip("/")
            yield self._route(file, mark.method, whole, mark.line, (file, handler), before)

    def _route(
        self,
        file: RustFile,
        method: str,
        path: str,
        line: int,
        answers: tuple[RustFile, Handler] | None,
        before: list[tuple[str, Around]],
    ) -> Route:
        guarded = any(self._is_guard(where, one) for where, around in before for one in around.before)
        if answers is not None and not guarded:
            where, handler = answers
            guarded = any(self._asks(kind) for kind in handler.asks) or self._units.checks(where.path, handler.name)
        return Route(
            method=method,
            path="/" + path.strip("/"),
            framework=file.built.framework or "actix",
            file=file.path,
            line=line,
            guarded=True if guarded else None,
        )

    def _around(self, key: Key, depth: int) -> list[Around]:
        """All that is around what the function *key* hangs together, once for each that takes it over."""
        above = self._above.get(key, [])
        if depth > _DEPTH:
            return [Around()]
        if not above:
            whole = key[1].partition("@")[0]
            return [Around()] if whole == key[1] else self._around((key[0], whole), depth + 1)
        return [
            Around(outer.prefix.rstrip("/") + one.around.prefix, (*outer.before, *one.around.before))
            for parent, one in above
            for outer in self._around(parent, depth + 1)
        ][:_MOST]

    def _is_guard(self, path: str, name: Path) -> bool:
        """Whether the layer *name* turns those away who may not pass."""
        key = (path, name)
        if key not in self._guards:
            found = self._find(self._files[path], name)
            self._guards[key] = (
                self._units.turns_away(found[0], found[1])
                if found is not None
                else self._asks(name[-1])
                or (_BY_NAME.search(name[0]) is not None and f"type:{name[0]}" not in self._units)
            )
        return self._guards[key]

    def _asks(self, kind: str) -> bool:
        """Whether the type *kind*, made of a request, is made of none that may not pass."""
        name = f"type:{kind}"
        if name not in self._units:
            return _BY_NAME.search(kind) is not None
        return any(self._units.own(name, one) and self._units.turns_away(name, one) for one in _ASKS)


def _modules(path: str) -> list[str]:
    """The names of the modules that the file at *path* is, the innermost last."""
    stem = re.sub(r"(?:/(?:mod|lib|main))?\.rs$", "", path)
    return [one.replace("-", "_") for one in stem.removesuffix("/src").split("/")][-2:]


def _common(one: str, other: str) -> int:
    same = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        same += 1
    return same
