"""Words of one purpose, asked whether they know a name or found in a line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .row import Row


@dataclass(frozen=True)
class Words:
    """
    The rows of one vocabulary file, or those of one ecosystem or language in it.

    ``"flask" in words("packages/web-servers", ecosystem="pypi")`` compares whole names, in any case, with ``*`` for the
    rest of one. :attr:`pattern` finds the words in lines. Iterated, they are their words, as a file writes them.
    """

    name: str
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[str]:
        return iter(row.word for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.row(name) is not None

    def of(self, ecosystem: str) -> Words:
        """Those of one ecosystem, as :class:`orchestrator.Manifest` calls it."""
        if ecosystem not in self._of:
            self._of[ecosystem] = Words(self.name, tuple(row for row in self.rows if row.ecosystem == ecosystem))
        return self._of[ecosystem]

    @cached_property
    def _of(self) -> dict[str, Words]:
        return {}

    def row(self, name: str) -> Row | None:
        """The row that knows *name*."""
        lower = name.lower()
        if (row := self._whole.get(lower)) is not None:
            return row
        if lower.startswith(self._starts):
            return next(row for row in self.rows if _starts(row) and lower.startswith(row.word[:-1].lower()))
        return next((row for shape, row in self._shapes if shape.fullmatch(lower)), None)

    @cached_property
    def _whole(self) -> dict[str, Row]:
        return {row.word.lower(): row for row in self.rows if "*" not in row.word}

    @cached_property
    def _starts(self) -> tuple[str, ...]:
        return tuple(row.word[:-1].lower() for row in self.rows if _starts(row))

    @cached_property
    def _shapes(self) -> tuple[tuple[re.Pattern[str], Row], ...]:
        """Words with a star that is not at their end alone."""
        others = [row for row in self.rows if "*" in row.word and not _starts(row)]
        return tuple((re.compile(".*".join(map(re.escape, row.word.lower().split("*")))), row) for row in others)

    @cached_property
    def pattern(self) -> str:
        """A pattern that finds any of the words in a line, to be searched in any case."""
        return "|".join(row.regex for row in self.rows)

    @cached_property
    def digest(self) -> str:
        """Digest over what is found or known: words and patterns, not the examples that show them."""
        told = sorted((row.ecosystem, row.language, row.word, row.pattern, *_of_a_part(row)) for row in self.rows)
        return "sha256:" + hashlib.sha256(repr((self.name, told)).encode()).hexdigest()[:16]


def _of_a_part(row: Row) -> tuple[str, ...]:
    """Of a resource also which kind of part it is, and what its settings are read from."""
    says = tuple(f"{setting} {said.model_dump_json()}" for setting, said in sorted(row.says.items()))
    return (row.kind, *says) if row.kind or says else ()


def _starts(row: Row) -> bool:
    """Whether the word is the beginning of names."""
    return row.word.find("*") == len(row.word) - 1
