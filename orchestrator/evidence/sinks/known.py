"""Knows which calls are given text that becomes a query, code, a command or a place, by language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ...vocabulary import words
from .terms import Call, said

LANGUAGES = {"typescript": "javascript"}
"""Languages whose words are those of another one."""
_BINDING = frozenset({"sql", "SQL", "$queryRaw", "$executeRaw"})
"""Tags of templates that send what is put in apart from the text."""
_SCRIPTS = frozenset({"javascript", "typescript"})
_TICKS = "`"
_RUN_IN_A_SHELL = frozenset({"ruby", "php"})
"""Languages in which text between backticks is a command."""
_APART = re.compile(r"\.|::|->")


@dataclass(frozen=True, slots=True)
class Sink:
    """One kind of call that is known."""

    name: str
    base: str | None
    """What it is called on: None for a plain call, ``*`` for anything, else the end of its path."""
    made: bool
    """Whether it is the making of an object."""
    kind: str

    def is_it(self, call: Call) -> bool:
        """Whether *call* is of this kind."""
        if call.made != self.made:
            return False
        if self.base is None:
            return call.base is None
        if self.base == "*":
            return call.base is not None
        on = said(call.base) if call.base is not None else ""
        return on == self.base or on.endswith("." + self.base)


@cache
def sinks(language: str) -> dict[str, tuple[Sink, ...]]:
    """The known calls of *language*, by the name that is called."""
    found: dict[str, list[Sink]] = {}
    for row in words("calls/sinks", language=LANGUAGES.get(language, language)).rows:
        made = row.word.startswith("new ")
        word = row.word.removeprefix("new ").removesuffix("(")
        *base, name = _APART.split(word)
        found.setdefault(name, []).append(Sink(name, ".".join(base) or None, made, row.kind))
    return {name: tuple(sorted(known, key=lambda s: s.base == "*")) for name, known in found.items()}


def names(language: str) -> frozenset[str]:
    """The names of all calls that may matter."""
    return frozenset(sinks(language)) | (_BINDING if language in _SCRIPTS else frozenset())


@cache
def mentions(language: str) -> re.Pattern[bytes]:
    """What a file says that has such a call, and maybe others."""
    called = "|".join(sorted(map(re.escape, sinks(language))))
    after = r"\s{0,9}[(<]" if language != "ruby" else r"[\s(]"
    tags = r"|[\w$](?:<[^>\n]{0,200}>)?`" if language in _SCRIPTS else ""
    ticks = "|`" if language in _RUN_IN_A_SHELL else ""
    return re.compile(rf"(?<!\w)(?:{called}){after}{ticks}{tags}".encode())


def known(call: Call, language: str) -> Sink | None:
    """The kind of *call*, if it is one that is known; one whose owner is named comes first."""
    if call.tagged:
        return Sink(call.name, None, False, "sql") if call.name in _BINDING else None
    if call.name == _TICKS:
        return Sink(_TICKS, None, False, "shell")
    return next((sink for sink in sinks(language).get(call.name, ()) if sink.is_it(call)), None)
