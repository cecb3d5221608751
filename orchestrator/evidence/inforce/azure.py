"""Works a deployment of Azure out over its parameters: conditions, loops, choices, and plain functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...formats.azure import Call, Expression, Loop, Name, Object
from ...formats.bicep import MISSING, BicepFile, Declaration
from ..stages import is_elsewhere
from .force import IN_FORCE, Force, unknown, void
from .terraform.values import MAX_TEXT, PRODUCTION, UNKNOWN, plain, same

MAX_COPIES = 100
"""Copies that one loop makes; of more it is not known which they are."""
MAX_PARTS = 2_000
_MAX_DEPTH = 40
_STAGE = re.compile(r"(?:^|[a-z0-9_-])(?:env|environment|stage)(?:name|type)?$", re.IGNORECASE)
_LOOP = "an element of a loop"


class Budget:
    """How many steps working out may take over a whole tree; behind that nothing more is known."""

    def __init__(self, left: int = 400_000) -> None:
        self._left = left

    def spend(self) -> bool:
        self._left -= 1
        return self._left >= 0


@dataclass
class Copy:
    """One copy of what is declared: how far it counts, and what the names of its loop stand for."""

    force: Force
    names: dict[str, Any] = field(default_factory=dict)


@dataclass
class Filled:
    """A body of plain values, as far as they are known, and the lines of its entries."""

    body: dict[str, Any]
    lines: dict[str, int]


class Deployment:
    """One file with what its parameters are given; one that names an environment names production."""

    def __init__(self, file: BicepFile, given: Mapping[str, Any], budget: Budget) -> None:
        self._file = file
        self._given = given
        self._budget = budget
        self._told: dict[tuple[str, str], Any] = {}

    def copies(self, declared: Declaration) -> list[Copy]:
        """What becomes of *declared*: once for each element of its loop, each under its condition."""
        if declared.loop is None:
            return [Copy(self._met(declared.given, {}))]
        elements = self.value(declared.loop.over, {})
        if not isinstance(elements, list) or len(elements) > MAX_COPIES:
            return [Copy(unknown("is declared once for each of something that cannot be told"))]
        if not elements:
            return [Copy(void("is declared once for each of nothing"))]
        every = [_names(declared.loop, place, element) for place, element in enumerate(elements)]
        return [Copy(self._met(declared.given, names), names) for names in every]

    def _met(self, given: Any, names: Mapping[str, Any]) -> Force:
        if given is True:
            return IN_FORCE
        told = plain(self.value(given, names))
        if told is True:
            return IN_FORCE
        return (
            void("has a condition that is false") if told is False else unknown("has a condition that cannot be told")
        )

    def fill(self, body: Object, names: Mapping[str, Any]) -> Filled:
        """*body* with what is known in the place of expressions; what is not stands there as a template writes it."""
        lines: dict[str, int] = {}
        filled = self._filled(body, names, "", lines, 0)
        return Filled(filled if isinstance(filled, dict) else {}, lines)

    def _filled(self, value: Any, names: Mapping[str, Any], at: str, lines: dict[str, int], depth: int) -> Any:
        if depth > _MAX_DEPTH:
            return "[too deep]"
        if isinstance(value, Expression):
            found = plain(self.value(value, names))
            return self._shown(found, str(value), 0)
        if isinstance(value, dict):
            made: dict[str, Any] = {}
            for key, inner in value.items():
                if isinstance(value, Object) and key in value.lines:
                    lines[f"{at}/{_escape(key)}"] = value.lines[key]
                if key.startswith("..."):
                    spread = plain(self.value(inner, names))
                    if not isinstance(spread, dict):
                        return f"[{{{key[:3]}{inner}}}]"
                    made |= self._shown(spread, str(inner), 0)
                    continue
                made[key] = self._filled(inner, names, f"{at}/{_escape(key)}", lines, depth + 1)
            return made
        if isinstance(value, list):
            if any(isinstance(v, Expression) and isinstance(v.tree, Call) and v.tree.name == "..." for v in value):
                return "[...]"
            return [self._filled(v, names, f"{at}/{n}", lines, depth + 1) for n, v in enumerate(value)]
        return value

    def _shown(self, found: Any, text: str, depth: int) -> Any:
        """*found* without what is not known in it."""
        if plain(found) is UNKNOWN or depth > _MAX_DEPTH or not self._budget.spend():
            return text
        if isinstance(found, dict):
            return {key: self._shown(inner, text, depth + 1) for key, inner in found.items()}
        return [self._shown(inner, text, depth + 1) for inner in found] if isinstance(found, list) else found

    def value(self, written: Any, names: Mapping[str, Any], depth: int = 0) -> Any:
        """What *written* comes to, ``UNKNOWN`` or the name of production; in lists and mappings parts may be."""
        if depth > _MAX_DEPTH or not self._budget.spend():
            return UNKNOWN
        tree = written.tree if isinstance(written, Expression) else written
        if isinstance(tree, Name):
            return names[tree.text] if tree.text in names else self._named(tree.text, depth)
        if isinstance(tree, Call):
            return self._call(tree, names, depth + 1)
        if isinstance(tree, Loop):
            return self._loop(tree, names, depth + 1)
        if isinstance(tree, dict):
            if any(key.startswith("...") for key in tree):
                return UNKNOWN
            return {key: self.value(inner, names, depth + 1) for key, inner in tree.items()}
        return [self.value(inner, names, depth + 1) for inner in tree] if isinstance(tree, list) else tree

    def _named(self, name: str, depth: int) -> Any:
        found = self._parameter(name, depth)
        return found if name in self._file.parameters else self._variable(name, depth)

    def _parameter(self, name: str, depth: int) -> Any:
        if name not in self._file.parameters:
            return UNKNOWN
        if name in self._given:
            return self._given[name]
        default = self._file.parameters[name]
        told = UNKNOWN if default is MISSING else self._once(("parameter", name), default, depth)
        if _STAGE.search(name) and (not isinstance(told, str) or is_elsewhere(told)):
            return PRODUCTION
        return told

    def _variable(self, name: str, depth: int) -> Any:
        if name not in self._file.variables:
            return UNKNOWN
        return self._once(("variable", name), self._file.variables[name], depth)

    def _once(self, key: tuple[str, str], written: Any, depth: int) -> Any:
        if key not in self._told:
            self._told[key] = UNKNOWN  # what names itself is not known
            self._told[key] = bounded(self.value(written, {}, depth + 1))
        return self._told[key]

    def _loop(self, loop: Loop, names: Mapping[str, Any], depth: int) -> Any:
        elements = self.value(loop.over, names, depth)
        if not isinstance(elements, list) or len(elements) > MAX_COPIES:
            return UNKNOWN
        inner = ({**names, **_names(loop, place, element)} for place, element in enumerate(elements))
        return bounded([self.value(loop.body, given, depth) for given in inner])

    def _call(self, call: Call, names: Mapping[str, Any], depth: int) -> Any:
        name = call.name.lower()
        given = list(call.arguments)
        if name in ("parameters", "variables") and len(given) == 1 and isinstance(given[0], str):
            looked = self._parameter if name == "parameters" else self._variable
            return looked(given[0], depth)
        if name == "copyindex":
            return names.get(_LOOP, UNKNOWN) if not given else UNKNOWN
        if name == "if" and len(given) == 3:
            told = plain(self.value(given[0], names, depth))
            return self.value(given[1 if told else 2], names, depth) if isinstance(told, bool) else UNKNOWN
        values = [self.value(argument, names, depth) for argument in given]
        if name in ("and", "or"):
            return _decided(values, decides=name == "or")
        if name == "coalesce":
            return next((value for value in values if value is not None), None)
        work = _WORK.get((name, len(values))) or _WORK.get((name, -1))
        if work is None or (name not in _OF_UNKNOWN and any(plain(value) is UNKNOWN for value in values)):
            return UNKNOWN
        try:
            found = work(*values)
        except (AttributeError, TypeError, ValueError, IndexError, KeyError, ZeroDivisionError, OverflowError):
            return UNKNOWN
        return UNKNOWN if isinstance(found, str) and len(found) > MAX_TEXT else bounded(found)


def bounded(value: Any) -> Any:
    """*value*, not known where it has more parts than anybody writes: those of one name may stand there many times."""
    todo, left = [value], MAX_PARTS
    while todo:
        inner = todo.pop()
        left -= 1
        if left < 0:
            return UNKNOWN
        if isinstance(inner, dict | list):
            if len(inner) > left:
                return UNKNOWN
            todo.extend(inner.values() if isinstance(inner, dict) else inner)
    return value


def _names(loop: Loop, place: int, element: Any) -> dict[str, Any]:
    return {loop.item: element, _LOOP: place} | ({loop.place: place} if loop.place else {})


def _decided(values: list[Any], *, decides: bool) -> Any:
    if any(value is decides for value in values):
        return decides
    return not decides if all(value is not decides and isinstance(value, bool) for value in values) else UNKNOWN


def _not(value: Any) -> Any:
    return not value if isinstance(value, bool) else UNKNOWN


def _differs(left: Any, right: Any) -> Any:
    return _not(same(left, right))


def _empty(value: Any) -> Any:
    return value is None or (not value if isinstance(value, str | list | dict) else UNKNOWN)


def _member(of: Any, key: Any) -> Any:
    if isinstance(of, dict):
        return of.get(key, UNKNOWN)
    return of[key] if isinstance(of, list) and isinstance(key, int) and 0 <= key < len(of) else UNKNOWN


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int):
        return str(value)
    raise TypeError


def _concat(*parts: Any) -> Any:
    if all(isinstance(part, list) for part in parts):
        return [element for part in parts for element in part]
    return "".join(_text(part) for part in parts)


def _format(pattern: str, *parts: Any) -> str:
    return re.sub(r"\{(\d{1,3})\}", lambda hole: _text(parts[int(hole[1])]), pattern)


def _union(*parts: Any) -> Any:
    if all(isinstance(part, dict) for part in parts):
        return {key: value for part in parts for key, value in part.items()}
    return _concat(*parts) if all(isinstance(part, list) for part in parts) else UNKNOWN


def _contains(of: Any, what: Any) -> Any:
    if isinstance(of, list):
        found = [same(one, what) for one in of]
        return True if True in found else UNKNOWN if UNKNOWN in found else False
    return what in of if isinstance(of, dict) else what.lower() in of.lower()


def _range(start: int, count: int) -> Any:
    return list(range(start, start + count)) if 0 <= count <= MAX_COPIES else UNKNOWN


def _compared(sign: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    def told(left: Any, right: Any) -> Any:
        return sign(left, right) if isinstance(left, int | float) and isinstance(right, int | float) else UNKNOWN

    return told


def _counted(sign: Callable[[int, int], int]) -> Callable[[Any, Any], Any]:
    def told(left: Any, right: Any) -> Any:
        if type(left) is not int or type(right) is not int:
            return UNKNOWN
        found = sign(left, right)
        return found if abs(found) < 10**15 else UNKNOWN

    return told


_WORK: dict[tuple[str, int], Callable[..., Any]] = {
    ("equals", 2): same, ("differs", 2): _differs, ("not", 1): _not,
    ("alike", 2): lambda a, b: a.lower() == b.lower(), ("unlike", 2): lambda a, b: a.lower() != b.lower(),
    ("less", 2): _compared(lambda a, b: a < b), ("lessorequals", 2): _compared(lambda a, b: a <= b),
    ("greater", 2): _compared(lambda a, b: a > b), ("greaterorequals", 2): _compared(lambda a, b: a >= b),
    ("add", 2): _counted(lambda a, b: a + b), ("sub", 2): _counted(lambda a, b: a - b),
    ("mul", 2): _counted(lambda a, b: a * b), ("div", 2): _counted(lambda a, b: a // b),
    ("mod", 2): _counted(lambda a, b: a % b), ("minus", 1): lambda a: -a,
    ("empty", 1): _empty, ("length", 1): len, ("member", 2): _member, ("concat", -1): _concat, ("format", -1): _format,
    ("tolower", 1): lambda a: a.lower(), ("toupper", 1): lambda a: a.upper(), ("string", 1): _text,
    ("int", 1): int, ("bool", 1): lambda a: {"true": True, "false": False}[str(a).lower()],
    ("true", 0): lambda: True, ("false", 0): lambda: False, ("null", 0): lambda: None,
    ("createarray", -1): lambda *a: list(a), ("range", 2): _range, ("union", -1): _union, ("contains", 2): _contains,
    ("first", 1): lambda a: a[0], ("last", 1): lambda a: a[-1], ("split", 2): lambda a, b: a.split(b),
    ("startswith", 2): lambda a, b: a.lower().startswith(b.lower()),
    ("endswith", 2): lambda a, b: a.lower().endswith(b.lower()),
}  # fmt: skip
"""Functions by their name in lower case and how many arguments they take; -1 for any number."""
_OF_UNKNOWN = frozenset({"equals", "differs", "createarray", "contains"})
"""Those that say something of what is not known: the name of production is none of another stage."""


def given_by(texts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a file of parameters gives, with what a tool puts into it (``${NAME=default}``) or not known."""
    for name, entry in texts.items():
        value = entry.get("value", UNKNOWN) if isinstance(entry, dict) else UNKNOWN
        if isinstance(value, str) and "${" in value:
            hole = _HOLE.fullmatch(value)
            value = UNKNOWN if hole is None or hole[1] is None else {"true": True, "false": False}.get(hole[1], hole[1])
        yield name, value


_HOLE = re.compile(r"\$\{\w{1,100}(?:=([^{}]{0,400}))?\}")


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
