"""The digest of a function and of all that it refers to: what has to change for it to judge differently."""

from __future__ import annotations

import functools
import hashlib
import linecache
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import chain
from types import CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any

from ..domain.signal import Signal
from ..estate.typed import Typed
from ..vocabulary import Words

_PLAIN = (str, bytes, int, float, bool, type(None), Enum)


def lineage(function: FunctionType, signals: Iterable[Signal] = (), makers: Iterable[str] = ()) -> str:
    """
    Digest of *function*'s source and of whatever it leads to.

    That is the source of the functions and classes of its own package that it names, directly or through others,
    the values of their constants, the patterns of *signals*, and every list of words: of the vocabulary those that are
    named there, or by functions of the house that are named there. *makers* are digests of what makes its facts.
    """
    package = function.__module__.rpartition(".")[0] or function.__module__
    parts = {part for signal in signals for part in _value(signal)} | {f"made by {maker}" for maker in makers}
    for reached in _reached(function, package):
        own = f"{reached.__module__}.".startswith(f"{package}.")
        parts |= _direct(reached).told if own else _words_beyond(reached)
    told = hashlib.sha256()
    for part in sorted(parts):
        told.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return "sha256:" + told.hexdigest()[:16]


def _reached(function: FunctionType, package: str) -> list[FunctionType]:
    """*function* and all that it leads to within *package*, and the first functions of the house on each way."""
    found = {function: None}
    waiting = [function]
    while waiting:
        asked = waiting.pop()
        if f"{asked.__module__}.".startswith(f"{package}."):
            waiting += _direct(asked).functions - found.keys()
            found |= dict.fromkeys(_direct(asked).functions)
    return list(found)


@cache
def _words_beyond(function: FunctionType) -> frozenset[str]:
    """The lists of words that a function of the house leads to."""
    found, waiting = {function}, [function]
    words: set[str] = set()
    while waiting:
        direct = _direct(waiting.pop(), whole=False)
        words |= direct.told
        waiting += direct.functions - found
        found |= direct.functions
    return frozenset(words)


@dataclass(frozen=True)
class _Direct:
    """What one function is and names by itself, and the functions among it."""

    told: frozenset[str]
    functions: frozenset[FunctionType]


@cache
def _direct(function: FunctionType, whole: bool = True) -> _Direct:
    """What *function* names: all of it with its source, or only lists of words and functions."""
    told, functions = set(), set()
    for name, value in _named(function):
        for thing in _spread(value):
            if isinstance(thing, FunctionType):
                if thing.__module__.startswith("orchestrator.") or _near(function, thing):
                    functions.add(thing)
            elif isinstance(thing, Words):
                told.add(f"words {thing.digest}")
            elif whole:
                told |= {f"{name} = {part}" for part in _value(thing)}
    if whole:
        code = function.__code__
        told.add("".join(linecache.getlines(code.co_filename)[code.co_firstlineno - 1 : _last_line(code)]))
    return _Direct(frozenset(told), frozenset(functions))


def _near(function: FunctionType, other: FunctionType) -> bool:
    """Whether both come from one distribution, as far as the name of their package tells."""
    return function.__module__.partition(".")[0] == other.__module__.partition(".")[0]


def _named(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Each name that *function* takes from outside itself, with what stands behind it."""
    codes = [function.__code__]
    names: dict[str, None] = {}
    for code in codes:
        names |= dict.fromkeys(code.co_names)
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    for cell_name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        yield cell_name, cell.cell_contents
    yield from ((f"default {number}", value) for number, value in enumerate(function.__defaults__ or ()))
    yield from (function.__kwdefaults__ or {}).items()
    for name in names:
        value = function.__globals__.get(name)
        if isinstance(value, ModuleType):
            yield from ((f"{name}.{n}", vars(value)[n]) for n in names if n in vars(value))
        elif value is not None:
            yield name, value


def _spread(value: Any) -> Iterator[Any]:
    """*value* itself, and of what holds several what it holds: functions, methods, lists of words, constants."""
    value = getattr(value, "__wrapped__", value)
    if isinstance(value, functools.partial):
        yield from chain(_spread(value.func), _spread(value.args), _spread(value.keywords))
    elif isinstance(value, Typed):
        yield value.words
    elif isinstance(value, type) and not issubclass(value, Enum):
        for member in vars(value).values():
            member = getattr(member, "__func__", getattr(member, "fget", getattr(member, "func", member)))
            if isinstance(member, FunctionType | Words | re.Pattern):
                yield member
    elif isinstance(value, dict | MappingProxyType):
        for key, one in value.items():
            yield from chain(_spread(key), _spread(one))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _spread(one)
    else:
        yield value


def _value(thing: Any) -> Iterator[str]:
    """What a constant says, where it says the same in every process."""
    if isinstance(thing, re.Pattern):
        yield f"/{thing.pattern!r}/{thing.flags}"
    elif isinstance(thing, Signal):
        yield thing.model_dump_json()
    elif isinstance(thing, set | frozenset):
        yield repr(sorted(map(repr, thing)))
    elif isinstance(thing, _PLAIN):
        yield repr(thing)


def _last_line(code: CodeType) -> int:
    """The last line of a function; asking `inspect` for the source of every check would cost more than a review."""
    inner = [_last_line(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return max([end for _, end, _, _ in code.co_positions() if end] + inner)
