"""Reads the routes that attributes declare on the methods of controllers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..marks import Mark, Method, Type, filled, is_told, rooted, shown

_VERBS = {f"Http{verb.capitalize()}": verb for verb in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")}
_GUARDS = frozenset({"Authorize", "RequiresClaim", "RequiredScope"})
_OPENS = frozenset({"AllowAnonymous"})
_FILTERS = frozenset({"ServiceFilter", "TypeFilter"})
_DEEP = 5


@dataclass(frozen=True, slots=True)
class Mapped:
    """One route: the type and the method that it stands at, its own path, its method, and where it is declared."""

    type: Type
    method: Method
    verb: str
    path: str
    start: int
    line: int


def mapped(type_: Type, method: Method) -> Iterator[Mapped]:
    """The routes that are marked on *method*."""
    routes = [mark for mark in method.marks if mark.name == "Route"]
    verbs = [mark for mark in method.marks if mark.name in _VERBS or mark.name == "AcceptVerbs"]
    for mark in verbs:
        own = mark.texts("", "template") if mark.name in _VERBS else ()
        named = [text for route in routes for text in route.texts("", "template")]
        for path in own or named or [""]:
            yield Mapped(type_, method, _verb(mark), path, mark.start, mark.line)
    for mark in routes if not verbs else ():
        for path in mark.texts("", "template") or ("",):
            yield Mapped(type_, method, "ANY", path, mark.start, mark.line)


def _verb(mark: Mark) -> str:
    if mark.name in _VERBS:
        return _VERBS[mark.name]
    named = mark.texts("")
    return named[0].upper() if len(named) == 1 else "ANY"


class Types:
    """
    The types of a tree, and what their marks say.

    Args:
        types: Each by its name.
        refusing: The names of those of which something turns somebody away.
        constants: Names that are given a text.
    """

    def __init__(
        self, types: Mapping[str, list[Type]], refusing: frozenset[str], constants: dict[str, tuple[str, ...]]
    ) -> None:
        self._types = types
        self._refusing = refusing
        self._constants = constants

    def paths(self, one: Mapped) -> Iterator[tuple[str, bool]]:
        """The paths of the route *one*, below those of its type, and whether each can be told."""
        for own in filled(one.path, self._constants):
            for prefix in self._prefixes(one.type) if not own.startswith(("/", "~/")) else [""]:
                whole = "/".join(filter(None, (prefix.rstrip("/"), own.removeprefix("~"))))
                whole = re.sub(r"\[controller\]", one.type.name.removesuffix("Controller"), whole)
                whole = re.sub(r"\[action\]", one.method.name, whole)
                yield rooted(shown(whole)), is_told(whole)

    def _prefixes(self, type_: Type, depth: int = 0) -> list[str]:
        found = [t for mark in type_.marks if mark.name == "Route" for said in mark.texts("", "template")
                 for t in filled(said, self._constants)]  # fmt: skip
        above = self._above(type_) if not found and depth < _DEEP else []
        return found or [one for base in above for one in self._prefixes(base, depth + 1)] or [""]

    def _above(self, type_: Type) -> list[Type]:
        return [found[0] for base in type_.bases if len(found := self._types.get(base, [])) == 1]

    def opens(self, type_: Type, marks: tuple[Mark, ...], depth: int = 0) -> bool:
        """Whether *marks*, or those of *type_* and what it is derived from, let everybody pass."""
        if any(mark.name in _OPENS for mark in (*marks, *type_.marks)):
            return True
        return depth < _DEEP and any(self.opens(base, (), depth + 1) for base in self._above(type_))

    def guards(self, type_: Type, marks: tuple[Mark, ...], depth: int = 0) -> bool:
        """Whether *marks*, or those of *type_* and what it is derived from, turn somebody away."""
        if any(self._is_guard(mark) for mark in (*marks, *type_.marks)):
            return True
        return depth < _DEEP and any(self.guards(base, (), depth + 1) for base in self._above(type_))

    def _is_guard(self, mark: Mark) -> bool:
        if mark.name in _GUARDS:
            return (mark.name not in self._types and f"{mark.name}Attribute" not in self._types) or self._does(
                mark.name
            )
        return self._does(mark.name) or (mark.name in _FILTERS and any(map(self._does, mark.given.get("typeof", ()))))

    def _does(self, name: str, depth: int = 0) -> bool:
        """Whether the type *name* of the tree is a guard by what it does, or by what it is derived from."""
        for said in (name, f"{name}Attribute"):
            for found in self._types.get(said, ()):
                if said in self._refusing and any("Filter" in base or "Attribute" in base for base in found.bases):
                    return True
                if "AuthorizeAttribute" in found.bases and "AuthorizeAttribute" not in self._types:
                    return True
                if depth < _DEEP and any(self._does(base, depth + 1) for base in found.bases if base != said):
                    return True
        return False
