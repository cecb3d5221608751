"""What a finding says of several things: the names of a few, how many more there are, and verbs that agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from string import Formatter
from typing import TypeVar

from .fact import Source
from .places import Places, together

T = TypeVar("T")
NAMED = 4
"""So many things are named in a sentence; the others are counted."""
_LONGEST = 160
_IRREGULAR = {"is": "are", "was": "were", "has": "have", "does": "do", "its": "their", "it": "them"}
_SIBILANT = ("s", "x", "z", "ch", "sh")


@dataclass(frozen=True)
class Sentence:
    """A message about several things, and where they are."""

    text: str
    places: Places


class Several:
    """Things that one finding is about; :func:`each` makes it."""

    def __init__(self, called: Callable[[], tuple[str, ...]], total: int, exact: bool, places: Places) -> None:
        self.called, self.total, self.exact, self.places = called, total, exact, places

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The first few; nobody is asked for a name that is not said."""
        return self.called()

    def __str__(self) -> str:
        """``a, b, c, d and 3 more``."""
        rest = self.total - len(self.names)
        shown = [*self.names, f"{_number(rest, self.exact)} more"] if rest else list(self.names)
        if not rest and not self.exact:
            shown.append("maybe more")
        return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)

    def stacked(self) -> str:
        """The same one below the other, as in a cell of a table."""
        rest = self.total - len(self.names)
        return "\n".join([*self.names, *([f"and {_number(rest, self.exact)} more"] if rest else [])])

    def say(self, template: str, of: int = 0, **words: object) -> Sentence:
        """
        One sentence about all of them, such as ``each(queues).say("{} {sends} failed messages nowhere")``.

        Args:
            template: What stands in braces is filled in, and nothing else is looked at, so that a name from the tree is
                given as one of *words* and never written into it. It begins with a capital or with braces.

                - ``{}``: the names of a few, and how many more.
                - ``{number}``, ``{number:queue}``: how many, ``1 queue``, ``2,400 queues``, ``at least 40 queues``.
                - ``{share:queue}``: how many of how many, ``1 of 7 queues``, ``the only queue``; needs *of*.
                - ``{all:queue}``: ``all 12 queues``, ``both queues``, ``the only queue``.
                - ``{the:newest queue}``: ``the 3 newest queues``, ``the newest queue``.
                - ``{none:queue}``: ``none of 12 queues``, ``no queue``; the verb behind it is written as of one.
                - ``{sends}``, ``{it}``: a verb or pronoun that agrees. ``{was|were}``: any two words that do.
                - ``{name}``, ``{name:queue}``: one of *words*; a number with its noun.
            of: How many there are of the kind.
            words: What else is filled in.
        """
        said = self._fill(template, of, words)
        _, name, noun = _pieces(template)[0]
        written = template.startswith("{") and (name == "" or (name in words and not noun))
        return Sentence(said if written else said[:1].upper() + said[1:], self.places)

    def like(self, first: str, others: str = "like it") -> Sentence:
        """
        One sentence about the *first*, and how many *others* there are: ``…, and 3 more like it``.

        *others* is a template as in :meth:`say`: ``"{keeps} less"`` gives ``, and 1 more keeps less``.
        """
        rest = Several(tuple, self.total - 1, self.exact, Places())
        if rest.total:
            first += f", and {rest.number()} more {rest._fill(others, 0, {})}"
        return Sentence(first if rest.total or self.exact else f"{first}, and maybe more", self.places)

    def number(self, noun: str = "") -> str:
        """``7``, ``at least 7``, ``7 queues``."""
        return many(self.total, noun, self.exact) if noun else _number(self.total, self.exact)

    def _fill(self, template: str, of: int, words: dict[str, object]) -> str:
        filled = ""
        for literal, name, noun in _pieces(template):
            filled += literal if name is None else literal + self._said(name, noun, of, words)
        return filled

    def _said(self, name: str, noun: str, of: int, words: dict[str, object]) -> str:
        """What stands for one pair of braces."""
        single, alone = self.total == 1, self.total == 1 and self.exact
        if not name:
            return str(self)
        if name in words:
            value = words[name]
            return many(value, noun) if isinstance(value, int | Places) and noun else str(value)
        if name == "number":
            return self.number(noun)
        if name == "share" and (of > 1 or not alone):
            return f"{self.number()} of {many(max(of, self.total), noun)}"
        if name in _PHRASES:
            one, several = _PHRASES[name]
            if name == "all" and self.total == 2 and self.exact:
                return f"both {plural(noun)}"
            return one + _single(noun) if alone else several + self.number(noun)
        one, _, several = name.partition("|")
        return one if single else several or agreeing(one)


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """Each text of *template* with what stands in the braces behind it, and the noun behind its colon."""
    return tuple((literal, name, noun or "") for literal, name, noun, _ in Formatter().parse(template))


_PHRASES = {
    "share": ("the only ", ""),
    "all": ("the only ", "all "),
    "the": ("the ", "the "),
    "none": ("no ", "none of "),
}
"""What is said before the noun, of one thing and of several."""


def each(
    things: Iterable[T],
    name: Callable[[T], object] = str,
    at: Callable[[T], Source | Iterable[Source]] | None = None,
    number: int | None = None,
    exact: bool = True,
) -> Several:
    """
    Things to make a sentence about, in order.

    Args:
        things: Places, or what has them.
        name: What one of them is called; asked only of as many as are named.
        at: Where it is, in one place or several.
        number: How many there are, where one of *things* may stand for several.
        exact: False where there may be more, of which :class:`Places` know by themselves.
    """
    every = tuple(things)
    called = partial(_names, every, name)
    if isinstance(things, Places):
        return Several(called, things.total if number is None else number, things.exact, things)
    places = Places()
    if at is not None:
        found = map(at, every)
        places = together(*((place,) if isinstance(place, Source) else place for place in found))
    elif every and isinstance(every[0], Source):
        places = Places(thing for thing in every if isinstance(thing, Source))
    return Several(called, len(every) if number is None else number, exact, places)


def first_of(found: Iterable[tuple[str, Source]], others: str = "like it") -> Sentence:
    """The sentence of the first of what was *found*, each with its own and its place, and how many *others*."""
    every = tuple(found)
    return each(every, at=lambda one: one[1]).like(every[0][0], others)


def many(number: int | Places, noun: str, exact: bool = True) -> str:
    """``1 job``, ``2,400 jobs``; of places ``at least 40 jobs`` where there may be more."""
    if isinstance(number, Places):
        return many(number.total, noun, number.exact)
    return f"{_number(number, exact)} {_single(noun) if number == 1 else plural(noun)}"


@cache
def plural(noun: str) -> str:
    """``query`` gives ``queries``, ``column for money`` ``columns for money``, and ``one|several`` what is said."""
    if "|" in noun:
        return noun.partition("|")[2]
    head, tail = _split(noun)
    if head.endswith("y") and head[-2:-1] not in "aeiou":
        return head[:-1] + "ies" + tail
    return head + ("es" if head.endswith(_SIBILANT) else "s") + tail


@cache
def singular(noun: str) -> str:
    """``places`` gives ``place``, and ``columns for money`` gives ``column for money``: what :func:`plural` made."""
    head, tail = _split(noun)
    if not head.endswith("s") or head.endswith(("ss", "us", "is", "Kubernetes")) or " and " in head or "," in head:
        return noun
    if head.endswith("ies"):
        return head[:-3] + "y" + tail
    return (head[:-2] if head.endswith(("sses", "xes", "ches")) else head[:-1]) + tail


@cache
def agreeing(verb: str) -> str:
    """``runs`` gives ``run``, as it is said of several."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    return verb[:-2] if verb.endswith(("sses", "shes", "xes", "tches", "oes")) else verb.removesuffix("s")


_TAIL = re.compile(
    r" (?:behind|beside|by|for|from|in|of|on|to|where|with|without|that|which|searched|examined|read)\b.*$"
)


def _single(noun: str) -> str:
    return noun.partition("|")[0]


def _split(noun: str) -> tuple[str, str]:
    tail = _TAIL.search(noun)
    return (noun[: tail.start()], tail[0]) if tail else (noun, "")


def _number(number: int, exact: bool) -> str:
    return f"{number:,}" if exact else f"at least {number:,}"


def _names(things: Sequence[T], name: Callable[[T], object]) -> tuple[str, ...]:
    """The first different names, each short enough to be read."""
    found: dict[str, None] = {}
    for thing in things:
        said = " ".join(str(name(thing)).split())
        found[said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"] = None
        if len(found) == NAMED:
            break
    return tuple(found)
