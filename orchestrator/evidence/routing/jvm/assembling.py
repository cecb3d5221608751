"""Puts the routes of Java and Kotlin together: prefixes of types, and who may pass by marks and filter chains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...facts.routes import Route
from ..marks import Mark, Type, filled, is_told, rooted, shown
from ..summary import Summary
from ..untold import Untold
from .chains import Chain
from .declaring import Mapped, Unit

_GUARDS = frozenset({"PreAuthorize", "Secured", "RolesAllowed", "DenyAll", "PermitAll", "Authenticated"})
_OPEN = ("permitAll", "IS_AUTHENTICATED_ANONYMOUSLY", "IS_ANONYMOUS", "isAnonymous()")
_BY_SETTING = frozenset({"PreAuthorize", "Secured", "RolesAllowed", "DenyAll", "PermitAll"})
"""Marks that Spring asks only where they are switched on."""
_SOURCE = "src/main/"
_DEEP = 5


def routes(summaries: Sequence[Summary]) -> Iterator[Route]:
    """The routes of all files of Java and Kotlin."""
    return _Tree([one for one in summaries if isinstance(one, Unit)]).routes()


class _Tree:
    """
    The files of a tree.

    Args:
        units: What was read of each.
    """

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units
        self._types: dict[str, list[Type]] = {}
        self._below: dict[str, list[Type]] = {}
        self._constants: dict[str, tuple[str, ...]] = {}
        self._chains: dict[str, list[Chain]] = {}
        self._based = {_module(unit.path): unit.based for unit in units if unit.based}
        for unit in units:
            self._constants.update(unit.constants)
            self._chains.setdefault(_module(unit.path), []).extend(unit.chains)
            for type_ in unit.types:
                self._types.setdefault(type_.name, []).append(type_)
                for base in type_.bases:
                    self._below.setdefault(base, []).append(type_)
        self._secured = {_module(unit.path) for unit in units if unit.secures}
        self._enabled: dict[str, frozenset[str]] = {}
        for unit in units:
            if unit.enabled is not None:
                module = _module(unit.path)
                self._enabled[module] = self._enabled.get(module, frozenset()) | unit.enabled

    def routes(self) -> Iterator[Route]:
        """All routes."""
        for unit in self._units:
            for mapped in unit.mapped:
                yield from self._of(unit, mapped)

    def _of(self, unit: Unit, mapped: Mapped) -> Iterator[Route]:
        for prefix in self._prefixes(unit, mapped):
            for said in mapped.paths:
                for text in filled(said, self._constants):
                    path = _joined(prefix, text)
                    if not is_told(text):
                        unit.untold.append(
                            Untold(mapped.line, "a route", f"hangs on a path that cannot be told, {shown(text)}")
                        )
                    yield Route(
                        method=mapped.method,
                        path=rooted(shown(path)),
                        framework=mapped.framework,
                        file=unit.path,
                        line=mapped.line,
                        guarded=self._guarded(unit, mapped, path),
                    )

    def _prefixes(self, unit: Unit, mapped: Mapped) -> list[str]:
        of = {"spring": "RequestMapping", "jax-rs": "Path", "micronaut": "Controller"}[mapped.framework]
        found: list[str] = []
        for type_ in self._with_those_below(mapped.type):
            for mark in type_.marks:
                if mark.name == of:
                    found += [t for said in mark.texts("", "value", "path") for t in filled(said, self._constants)]
            if found:
                break
        base = self._based.get(_module(unit.path), "") if mapped.framework == "jax-rs" else ""
        return [_joined(base, one) for one in found or [""]]

    def _with_those_below(self, type_: Type) -> list[Type]:
        """*type_*, and the one that is derived from it where it does not answer by itself."""
        below = self._below.get(type_.name, []) if type_.is_interface or not type_.marks else []
        return [type_, *(below if type_.name and len(below) == 1 else ())]

    def _guarded(self, unit: Unit, mapped: Mapped, path: str) -> bool | None:
        module = _module(unit.path)
        said = self._by_marks(mapped.marks, mapped.framework, module)
        for type_ in self._with_those_below(mapped.type):
            said = self._of_type(type_, mapped.framework, module) if said is None else said
        if mapped.framework == "spring" and said is not True:
            for chain in self._chains.get(module, []):
                asked = chain.is_for(path, self._constants)
                if asked is None:
                    return None
                if asked and chain.rules:
                    told = chain.guards(mapped.method, path, self._constants)
                    return told if told is not None or said is None else None
        return said

    def _of_type(self, type_: Type, framework: str, module: str, depth: int = 0) -> bool | None:
        """What the marks of *type_* and of what it is derived from say."""
        said = self._by_marks(type_.marks, framework, module)
        for base in type_.bases if said is None and depth < _DEEP else ():
            above = self._types.get(base, [])
            said = self._of_type(above[0], framework, module, depth + 1) if len(above) == 1 else None
            if said is not None:
                break
        return said

    def _by_marks(self, marks: tuple[Mark, ...], framework: str, module: str, depth: int = 0) -> bool | None:
        """True where one of *marks* turns somebody away, False where one says that everybody may pass."""
        found: bool | None = None
        for mark in marks:
            if mark.name in _GUARDS:
                if framework == "spring" and mark.name in _BY_SETTING and not self._is_asked(mark, module):
                    continue
                texts = [text for key in ("", "value") for text in mark.given.get(key, ())]
                opens = mark.name == "PermitAll" or any(word in text for text in texts for word in _OPEN)
                opens = opens or (mark.name == "PreAuthorize" and texts == ["true"])
                found = not opens
            elif mark.name == "Auth" and not mark.given:
                found = True
            elif depth < _DEEP:
                own = self._types.get(mark.name, [])
                inner = self._by_marks(own[0].marks, framework, module, depth + 1) if len(own) == 1 else None
                found = inner if inner is not None else found
        return found

    def _is_asked(self, mark: Mark, module: str) -> bool:
        """Whether Spring asks for *mark*: it is switched on, or how it is set up lies outside of the tree."""
        if module in self._enabled:
            return mark.name in self._enabled[module]
        return module not in self._secured or bool(self._enabled)


def _module(path: str) -> str:
    """The folder of the module that the file at *path* belongs to."""
    return path.partition(_SOURCE)[0] if _SOURCE in path else ""


def _joined(prefix: str, path: str) -> str:
    if not prefix or not path:
        return prefix or path
    return f"{prefix.rstrip('/')}/{path.lstrip('/')}"
