"""The shape of a vocabulary file: lists of rows, and how each row is tried."""

from __future__ import annotations

import datetime
import re
from functools import cached_property
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from ..domain.model import Model

Text = Annotated[str, Field(min_length=1, max_length=500)]
Url = Annotated[str, Field(pattern=r"^https://\S{4,300}$")]
Word = Annotated[str, Field(min_length=2, max_length=200)]


class Repeated(Model):
    """A file of one text many times over, where its size is what matters."""

    text: str
    times: Annotated[int, Field(ge=1, le=1_000_000)]


class Trial(Model):
    """
    How a row is shown to matter: with its line in a small tree, something is said that is not said without it.

    Args:
        by: The id of the check that is asked, or ``profile.`` and the name of a profile fact.
        gives: What it must say: ``pass``, ``fail`` or ``unknown`` of a check, ``yes``, ``no`` or ``unknown`` of a fact;
            ``silence`` where a check says nothing with it and something without.
        beside: Files that stand beside the line's own, path to text.
    """

    by: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+){1,2}$")]
    gives: Annotated[str, Field(pattern=r"^(pass|fail|silence|yes|no|unknown)$")]
    beside: dict[str, str | Repeated] = {}

    def tree(self, path: str, text: str) -> dict[str, str]:
        """All files, with *text* at *path*."""
        found = {p: t if isinstance(t, str) else t.text * t.times for p, t in self.beside.items()}
        return {**found, path: text}


class Said(Model):
    """What a kind of resource says about one of its settings, and where; what it says nothing of is its default."""

    at: str = ""
    """
    The attribute, through nested blocks with dots; ``setting[name=insights].value`` is in the one of several that has
    this name; ``https_only|https`` is the first of two names that is written. Empty where a provider leaves no choice.
    """
    default: bool | float | None = None
    """What holds where the attribute is missing; None where that cannot be told."""
    always: bool | float | None = None
    least: float | None = None
    """The number from which on it holds."""
    endless: float | None = None
    """The number that means for ever."""
    tls: bool = False
    """Whether it names the least version of TLS, or a policy for it: it holds from 1.2 on."""
    given: bool = False
    """Whether it holds as soon as anything is written there, and not where nothing is."""
    values: dict[str, bool | float] = {}
    """What each text means; any other one cannot be told."""
    because: str = ""
    """Why, where nothing is written down."""


class Written(Model):
    """What a file may say of a row, a list or all of its lists; what is left open here is said further out."""

    meaning: Text | None = None
    source: Url | None = None
    """Who keeps the word: a page; ``{word}`` in it stands for the word without its star."""
    date: datetime.date | None = None
    """When somebody last held the word against its source."""
    file: Text | None = None
    """The path under which the line would stand in a repository."""
    around: Text | None = None
    """What stands around the line in that file, with ``{line}`` in it; `around.yaml` knows the usual ones."""
    tried: tuple[Trial, ...] | None = None
    line: Text | None = None
    """A line that shows the word; ``{word}`` in it stands for the word, with ``v1`` for its star."""
    kind: Text | None = None
    """What kind of part a resource of this name is, where its noun has several."""
    says: dict[Word, Said] | None = None
    """Its settings, by their neutral names."""


class WrittenRow(Written):
    """A row; one that says nothing but its line is written as that line, one that says nothing at all is empty."""

    pattern: Text | None = None
    """A regular expression, where the word alone would not tell it."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, body: object) -> object:
        return {"line": body} if isinstance(body, str) else {} if body is None else body

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "", re.IGNORECASE)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return pattern


class WrittenList(Written):
    """Rows of one ecosystem, of one language, or of neither."""

    ecosystem: str = ""
    language: str = ""
    rows: Annotated[dict[Word, WrittenRow], Field(min_length=1)]


class WrittenFile(Written):
    """A whole vocabulary file."""

    lists: Annotated[tuple[WrittenList, ...], Field(min_length=1)]


class Row(Model):
    """
    One word, what it means, and where it comes from.

    A ``*`` in the word stands for any letters and digits. As a name it is compared as a whole, in any case. In a line
    it is found where it does not begin or end within another word; beside a sign, a blank is any blanks or none.
    """

    word: Word
    meaning: Text
    line: Text
    file: Text
    source: Url
    date: datetime.date
    """The day that it was written down; what stands at the source may have changed since."""
    tried: tuple[Trial, ...] = Field(min_length=1)
    pattern: str = ""
    around: str = ""
    ecosystem: str = ""
    language: str = ""
    kind: str = ""
    says: dict[str, Said] = {}
    place: str = ""
    """File and line of the vocabulary, for those who have to fix it."""

    @model_validator(mode="after")
    def _holds(self) -> Row:
        """Refuse a row whose line does not show its word; whether it stands there as a whole, its test says."""
        line, parts = self.line.lower(), re.split(r"[* ]", self.word.lower())
        if not (self.is_in(self.line) if self.pattern else all(part in line for part in parts)):
            raise ValueError(f"its line does not contain {self.word!r}: {self.line!r}")
        return self

    @cached_property
    def regex(self) -> str:
        """A pattern that finds the word in a line, to be searched in any case."""
        if self.pattern:
            return f"(?:{self.pattern})"
        return in_a_line(self.word, r"[\w./@:-]*" if self.ecosystem else r"\w*")

    def is_in(self, line: str) -> bool:
        """Whether *line* contains the word, in any case."""
        return re.search(self.regex, line, re.IGNORECASE) is not None

    @property
    def text(self) -> str:
        """The whole file in which the line stands."""
        return (self.around or "{line}\n").replace("{line}", self.line)


def in_a_line(word: str, star: str = r"\w*") -> str:
    """
    A pattern that finds *word* in a line: as it stands, and at its own ends not within another word.

    A star at an end says that it may stand within one, which needs no pattern.
    """
    inner = star.join(_BLANK.sub(_blanks, re.escape(part)) for part in word.strip("*").split("*"))
    before = r"(?<!\w)" if re.match(r"\w", word) else ""
    after = r"(?!\w)" if re.search(r"\w$", word) else ""
    return before + inner + after


_BLANK = re.compile(r"(?<=(.))\\ (?=(.))")


def _blanks(found: re.Match[str]) -> str:
    """A blank between two words; beside a sign any blanks or none."""
    return " " if re.fullmatch(r"\w\w", found[1] + found[2]) else r"\s*"
