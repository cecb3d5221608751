"""Tells which statements of an SQL file have an effect: none that is commented out, rolled back, undone or uncalled."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from ....errors import FormatError
from ....formats.sql import Statement, Tokens, cut, speaks_mysql
from ..force import Force, void
from ..routines import idle_lines
from ..sql import Transaction, ways_back
from ..undoing import undone
from . import sqltext
from .spans import MAX_SPANS, Found

_ROUTINE = re.compile(
    r"create (?:or replace )?(?:definer = \S+ )?(?:function|procedure) (?:if not exists )?(\S+(?: \. \S+)*)"
)
_TELLS = frozenset({"ALTER", "COMMENT", "DROP", "GRANT", "REVOKE"})
"""What names a routine and does not call it."""
_WORD = re.compile(r"\w+")
_MAX_BYTES = 1_000_000
_MAX_SECTIONS = 20
_ROLLED_BACK = void("is rolled back")
_A_WAY_BACK = void("only takes a migration back")
_LEFT_OUT = void("is left out by psql")
_UNDOES = re.compile(r"(^|[./_-])down\.sql$|(^|/)U\d[\w.]*__[^/]+\.sql$", re.IGNORECASE)


def reader(path: str) -> Callable[[bytes], Found]:
    """What reads the file at *path*."""
    return lambda data: read(data, path)


def read(data: bytes, path: str = "") -> Found:
    """What is not in force of *data*, as far as the file itself tells."""
    text = data.decode("latin-1")  # a character a byte, so that places are the same
    mysql = speaks_mysql(text[:_MAX_BYTES])
    found = sqltext.read(data, mysql)
    if len(data) > _MAX_BYTES:
        return found
    if _UNDOES.search(path):
        found.add(0, len(data), _A_WAY_BACK)
    tokens = Tokens(text, 1, whole=False, backslashes=mysql)
    try:
        statements = list(cut(tokens))
    except FormatError:
        return found
    script = _Script(text, statements, found)
    for first, last in tokens.left_out:
        script.leave_out(text.count("\n", 0, first) + 1, text.count("\n", 0, last) + 1, _LEFT_OUT)
    script.judge()
    for first, last in tokens.bodies:
        script.read_body(first, last)
    script.judge_routines()
    return found


class _Script:
    """One file: its statements, the lines that each begins and ends on, and what is found of them."""

    def __init__(self, text: str, statements: Sequence[Statement], found: Found) -> None:
        self._text = text
        self._found = found
        self._starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
        self._silent = bytearray(len(self._starts) + 1)
        """Of each line (from 1), whether it is not in force, so that a name in it is no call."""
        sections = ways_back(text.split("\n"))
        self._statements = [s for s in statements if not any(s.line in section for section in sections[:_MAX_SECTIONS])]
        for section in sections[:_MAX_SECTIONS]:
            self.leave_out(section.start, section.stop - 1, _A_WAY_BACK)

    def judge(self) -> None:
        """Note what is rolled back, undone further down, or never reached."""
        mysql = speaks_mysql(self._text)
        transaction, done = Transaction(), list[Statement]()
        for statement in self._statements:
            left = transaction.take(statement, len(done))
            if left is not None and not mysql:
                for one in done[left:]:
                    self.leave_out(one.line, one.end, _ROLLED_BACK)
                del done[left:]
            done.append(statement)
        for number, reason in undone(done).items():
            self.leave_out(done[number].line, done[number].end, void(reason))
        for idle in idle_lines(self._text):
            self.leave_out(idle.first, idle.last, void(idle.reason))

    def read_body(self, first: int, last: int) -> None:
        """Note what never runs of the body of a routine or a block."""
        body = self._text[first:last]
        for idle in idle_lines(body, bisect_right(self._starts, first)):
            self.leave_out(idle.first, idle.last, void(idle.reason))

    def judge_routines(self) -> None:
        """Note what stands in a function or a procedure that nothing calls."""
        routines: dict[str, list[Statement]] = {}
        for statement in self._statements:
            head = " ".join(token.text for token in statement.tokens[:12]).lower()
            if (named := _ROUTINE.match(head)) is not None and len(routines) < MAX_SPANS:
                routines.setdefault(re.split(r"\W+", named[1].strip('"`'))[-1], []).append(statement)
        if not routines:
            return
        silent = bytearray(self._silent)
        for statement in self._statements:
            if statement.head in _TELLS:
                silent[statement.line : statement.end + 1] = b"\1" * (statement.end + 1 - statement.line)
        called: dict[str, set[int]] = {name: set() for name in routines}
        for line, said in enumerate(self._text.lower().split("\n"), 1):
            if not silent[line]:
                for word in set(_WORD.findall(said)) & called.keys():
                    called[word].add(line)
        for name, made in routines.items():
            if called[name] <= {line for one in made for line in range(one.line, one.end + 1)}:
                for one in made:
                    reason = f"stands in {name}, which nothing calls"
                    self.leave_out(one.line, one.end, void(reason, unless=name))

    def leave_out(self, first: int, last: int, force: Force) -> None:
        """Say *force* of the lines from *first* to *last*."""
        if len(self._found.forces) >= MAX_SPANS:
            return
        last = min(last, len(self._starts) - 1)
        self._silent[first : last + 1] = b"\1" * (last + 1 - first)
        self._found.add(self._starts[first - 1], self._starts[last], force)
