"""The expressions of a program, in one shape for all languages, and the functions that they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """Text as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A number, yes or no, nothing, a symbol: whatever it is, it is no text that somebody could choose."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Text of several parts, one behind the other."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """What is called by a name."""

    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """An attribute, or an element under a key; the key is empty where it is computed."""

    base: Term
    key: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call; of a template with a tag, what stands in it is *given*."""

    name: str
    base: Term | None
    given: tuple[Term, ...] = ()
    named: Mapping[str, Term] = field(default_factory=dict)
    made: bool = False
    """Whether it makes an object: ``new …``."""
    tagged: bool = False


@dataclass(frozen=True, slots=True)
class Either:
    """One of several, which nobody knows beforehand."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, or the values of an object."""

    parts: tuple[Term, ...]
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else."""


Term = Text | Plain | Joined | Name | Part | Call | Either | Listed | Other


@dataclass(frozen=True, slots=True)
class Given:
    """What a name is given at a place of the file, or what is added to what it has."""

    at: int
    term: Term
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A call that may matter, and where it stands."""

    call: Call
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition, as it is written, and the statement that it decides."""

    text: str
    start: int
    end: int
    body: str
    """The statement with its condition, or the first of it."""


@dataclass(slots=True)
class Scope:
    """A function, or the file around all of them."""

    above: Scope | None = None
    name: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    """What the function is given, with what is known of it: ``number``, ``input``, or nothing."""
    given: dict[str, list[Given]] = field(default_factory=dict)
    calls: list[Made] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)

    def gives(self, name: str, given: Given) -> None:
        """Note that *name* is given something here."""
        self.given.setdefault(name, []).append(given)


@dataclass(slots=True)
class Program:
    """All functions of a file, and which names it has from where."""

    scopes: list[Scope]
    defined: set[str] = field(default_factory=set)
    """The functions that the file has outside of classes."""
    imported: dict[str, str] = field(default_factory=dict)
    """A name and the module that it comes from."""
    stored: set[str] = field(default_factory=set)
    """The attributes that a module of Python gives a value, of whatever it is."""


def said(term: Term) -> str:
    """*term* as a path, such as ``req.query.n`` or ``r.URL.Query().Get()``; empty where it is none."""
    if isinstance(term, Name):
        return term.name
    if isinstance(term, Part):
        base = said(term.base)
        return f"{base}.{term.key}" if base else ""
    if isinstance(term, Call):
        base = said(term.base) + "." if term.base is not None else ""
        return f"{base}{term.name}()"
    return ""
