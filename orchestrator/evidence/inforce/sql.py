"""Follows transactions through the statements of an SQL text: what is rolled back has not been done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...formats.sql import Statement
from ..sections import mark

_HEADING = re.compile(r"^--\s*(up|down|rollback|undo|revert)(?: migration)?\s*:?\s*$", re.IGNORECASE)
"""What people write over a section where no tool asks for a mark."""

_AFTER_BEGIN = frozenset({"TRANSACTION", "TRAN", "WORK", "ISOLATION", "READ", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"})


class Transaction:
    """
    The transaction that statements stand in, while they are read one after the other.

    A rollback outside of any is left alone: whether the program that runs the text has begun one is not known.
    """

    def __init__(self) -> None:
        self._begun: int | None = None
        self._savepoints: dict[str, int] = {}

    @property
    def begun(self) -> bool:
        """Whether the text itself has begun one."""
        return self._begun is not None

    def take(self, statement: Statement, done: int) -> int | None:
        """
        How much is left of what was done, where *statement* undoes some of it.

        Args:
            statement: The next one.
            done: How much has been done before it.
        """
        words = [token.word for token in statement.tokens[:8]]
        head = words[0] if words else ""
        if words[:2] == ["START", "TRANSACTION"] or (head == "BEGIN" and (words[1:] == [] or words[1] in _AFTER_BEGIN)):
            if self._begun is None:
                self._begun = done
        elif head in ("COMMIT", "END"):
            self._end()
        elif head == "SAVEPOINT" and len(statement.tokens) > 1:
            self._savepoints[statement.tokens[1].text.lower()] = done
        elif head in ("ROLLBACK", "ABORT"):
            return self._rolled_back(statement, words, done)
        return None

    def _rolled_back(self, statement: Statement, words: list[str], done: int) -> int | None:
        if "TO" in words:
            return self._savepoints.get(statement.tokens[: len(words)][-1].text.lower())
        left = self._begun
        self._end()
        if left is not None and words[-2:] == ["AND", "CHAIN"]:
            self._begun = left
        return left

    def _end(self) -> None:
        self._begun = None
        self._savepoints.clear()


def ways_back(lines: Sequence[str]) -> list[range]:
    """The lines (from 1) of the sections of a migration that only take it back, as comments say."""
    marks = [(number, direction) for number, line in enumerate(lines, 1) if (direction := _direction(line))]
    ends = [*(number for number, _ in marks[1:]), len(lines) + 1]
    return [range(start, end) for (start, direction), end in zip(marks, ends, strict=False) if direction != "up"]


def _direction(line: str) -> str:
    """Where the section goes that *line* begins; nothing where it begins none."""
    if not line.startswith("--"):
        return ""
    if by_tool := mark(line):
        return by_tool.direction
    heading = _HEADING.match(line[:100])
    return heading[1].lower() if heading else ""
