"""This is where patterns in source text are found, all of them in one linear search."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import ClassVar

import ahocorasick_rs

from ...domain.fact import Fact, Problem, Source
from ...domain.model import Model
from ...domain.places import Places
from ...domain.signal import ALL, Signal
from ...errors import EvidenceUnavailable, FormatError
from ...redaction import cut
from .. import _phrases, classify, mentions
from ..reader import MAX_PROBLEMS, Reader
from ..tree import MAX_FILE_BYTES, FileEntry, SourceFile
from .files import Files

MAX_LINE = 1_000
_KEPT = Signal.model_fields["kept"].default
_KEPT_PER_FILE = 5
_PADDING = b" " * 40
_LINES_PER_SIGNAL = ALL
_LINES_PER_FILE = 20_000
_TOLD_APART = re.compile(r"#[0-9a-f]{0,8}-\d+$")
"""What a path ends with that would read like another one."""


class Hits(Model):
    """Where a signal was found: counts over everything, and the first places (mostly five a file, forty in all)."""

    total: int = 0
    files: int = 0
    first: tuple[Source, ...] = ()
    """Each with the matching line as ``text``, trimmed to 200 characters."""
    beyond: dict[str, int] = {}
    """Path to the number of places in it that are not among the first; empty, too, where it was not recorded yet."""

    def __bool__(self) -> bool:
        return self.total > 0

    cut: bool = False
    """There was more to look at in some file than is looked at in one."""

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The files of the first places."""
        return tuple(dict.fromkeys(hit.path for hit in self.first))

    def within(self, path: str, first: int = 0, last: int = MAX_FILE_BYTES) -> tuple[Source, ...]:
        """The first places of one file, of its lines from *first* to *last*."""
        here = self._by_path.get(path, ())
        return here[bisect_left(here, first, key=_line) : bisect_right(here, last, key=_line)]

    @cached_property
    def _by_path(self) -> dict[str, tuple[Source, ...]]:
        found: dict[str, list[Source]] = {}
        for hit in self.first:
            found.setdefault(hit.path, []).append(hit)
        return {path: tuple(hits) for path, hits in found.items()}

    @cached_property
    def places(self) -> Places:
        """Everywhere that it was found: the first places, and how many more there are in which files."""
        counted = self.total == len(self.first) + sum(self.beyond.values())
        return Places(self.first, self.beyond, counted and not self.cut)


def _line(place: Source) -> int:
    return place.line


class Code(Fact):
    """What was found of every signal, and how many files were searched."""

    name: ClassVar[str] = "code"

    examined: dict[str, dict[str, int]] = {}
    """Role to language to number of files searched; the language of files without one is ``text``."""
    hits: dict[str, Hits] = {}

    def __getitem__(self, signal: Signal) -> Hits:
        """
        What was found of *signal*.

        Raises:
            EvidenceUnavailable: Nobody asked for it when the tree was read.
        """
        if signal.id not in self.hits:
            raise EvidenceUnavailable(f"signal {signal.id} was not looked for when this tree was read")
        return self.hits[signal.id]

    def lacking(self, signals: Iterable[Signal]) -> tuple[Problem, ...]:
        """The files that one of *signals* would have been looked for in; all of them where none is named."""
        asked = tuple(signals)
        if not asked or len(self.problems) >= MAX_PROBLEMS:  # what else is lacking is not known
            return self.problems
        return tuple(p for p in self.problems if any(_looks_into(signal, p.path) for signal in asked))

    def files(self, *languages: str, role: str = "source") -> int:
        """How many files of *role* (in one of *languages*, if given) were searched."""
        counts = self.examined.get(role, {})
        return sum(n for language, n in counts.items() if not languages or language in languages)


def _looks_into(signal: Signal, path: str) -> bool:
    """Whether *signal* is searched in the file at *path*, or in one of the folder that it is."""
    if not path or path.endswith("/"):
        return True
    name = _TOLD_APART.sub("", path)
    return classify.role(name) in signal.roles and (not signal.languages or classify.language(name) in signal.languages)


class CodeReader(Reader):
    """Finds every line of every signal: one automaton over all anchors, then each signal's own pattern on the line."""

    fact = Code
    broad = True

    def __init__(self, signals: Iterable[Signal]) -> None:
        self._signals = tuple(sorted({s.id: s for s in signals}.values(), key=lambda s: s.id))
        self._roles = {role for s in self._signals for role in s.roles}
        self._patterns = [re.compile(s.pattern, re.IGNORECASE) if s.pattern else None for s in self._signals]
        self._spelled: dict[int, tuple[bytes, ...]] = {}
        self._by_anchor: dict[bytes, list[int]] = {}
        for number, signal in enumerate(self._signals):
            for anchor in signal.anchors:
                self._by_anchor.setdefault(anchor.encode(), []).append(number)
        self._anchors = list(self._by_anchor)
        self._automaton = ahocorasick_rs.BytesAhoCorasick(self._anchors) if self._anchors else None
        self._examined: dict[str, dict[str, int]] = {}
        self._found: dict[int, list[Source]] = {}
        self._totals: dict[int, int] = {}
        self._files: dict[int, int] = {}
        self._beyond: dict[int, dict[str, int]] = {}
        self._cut: set[int] = set()
        self._wanted: dict[tuple[str, str], frozenset[int]] = {}

    def wants(self, file: FileEntry) -> bool:
        return file.role in self._roles

    def read(self, source: SourceFile) -> None:
        file = source.file
        languages = self._examined.setdefault(file.role, {})
        languages[file.language or "text"] = languages.get(file.language or "text", 0) + 1
        if self._automaton is None:
            return
        data = source.data
        active = self._active(file)
        candidates: dict[tuple[int, int], None] = {}
        counted: dict[int, int] = {}
        passed_over: set[int] = set()
        line, end = 0, -1
        for anchor, start, _ in self._automaton.find_matches_as_indexes(data.lower(), overlapping=True):
            if not line <= start <= end:
                line = data.rfind(b"\n", 0, start) + 1
                end = data.find(b"\n", start)
                end = end if end >= 0 else len(data)
            window = _window(data, line, start)
            for number in self._by_anchor[self._anchors[anchor]]:
                if number not in active or (place := (window, number)) in candidates:
                    continue
                counted[number] = counted.get(number, 0) + 1
                if counted[number] > _LINES_PER_SIGNAL or len(candidates) >= _LINES_PER_FILE:
                    passed_over.add(number)
                else:
                    candidates[place] = None
        self._judge(file, data, sorted(candidates))
        self._cut |= passed_over
        if passed_over:
            raise FormatError("too many lines in it would have to be looked at; only the first of them were")

    def finish(self, files: Files) -> Fact:
        hits = {
            signal.id: Hits(
                total=self._totals.get(number, 0),
                files=self._files.get(number, 0),
                first=tuple(self._found.get(number, ())),
                beyond=self._beyond.get(number, {}),
                cut=number in self._cut,
            )
            for number, signal in enumerate(self._signals)
        }
        return Code(examined={role: dict(sorted(c.items())) for role, c in sorted(self._examined.items())}, hits=hits)

    def _active(self, file: FileEntry) -> frozenset[int]:
        """The signals that search files of this role and language."""
        kind = (file.role, file.language)
        if kind not in self._wanted:
            self._wanted[kind] = frozenset(
                number
                for number, signal in enumerate(self._signals)
                if file.role in signal.roles and (not signal.languages or file.language in signal.languages)
            )
        return self._wanted[kind]

    def _judge(self, file: FileEntry, data: bytes, candidates: list[tuple[int, int]]) -> None:
        line, counted_to = 1, 0
        here: dict[int, int] = {}
        quoted = mentions.Mentions(data) if file.language == "python" else None
        for start, number in candidates:
            line += data.count(b"\n", counted_to, start)
            counted_to = start
            end = data.find(b"\n", start, start + MAX_LINE)
            text = data[start : end if end >= 0 else start + MAX_LINE].decode("utf-8", "replace").strip()
            pattern = self._patterns[number]
            if pattern is not None and not pattern.search(text):
                continue
            if file.role == "config" and _phrases.is_sentence(text):
                continue
            if quoted is not None and self._only_mentioned(number, data, start, quoted):
                continue
            if not self._signals[number].comments and (
                is_comment(text, file.language) or in_block_comment(data, start, file.language)
            ):
                continue
            here[number] = here.get(number, 0) + 1
            self._totals[number] = self._totals.get(number, 0) + 1
            kept = self._found.setdefault(number, [])
            most = self._signals[number].kept
            if len(kept) < most and here[number] <= (most if most > _KEPT else _KEPT_PER_FILE):
                kept.append(Source(path=file.path, line=line, text=cut(text, 200)))
            else:
                beyond = self._beyond.setdefault(number, {})
                beyond[file.path] = beyond.get(file.path, 0) + 1
        for number in here:
            self._files[number] = self._files.get(number, 0) + 1

    def _only_mentioned(self, number: int, data: bytes, start: int, quoted: mentions.Mentions) -> bool:
        """Whether all that a signal finds in the line that begins at *start* stands in strings that do not use it."""
        end = data.find(b"\n", start, start + MAX_LINE)
        line = data[start : end if end >= 0 else start + MAX_LINE]
        lower = line.lower()
        if number not in self._spelled:
            self._spelled[number] = tuple(word.encode() for word in self._signals[number].spelled_out)
        places = [place for word in self._spelled[number] for place in _places(lower, word)]
        if (pattern := self._patterns[number]) is not None:
            text = line.decode("utf-8", "replace").strip()
            before = len(line) - len(line.lstrip())
            matches = [
                tuple(before + len(text[:at].encode()) for at in found.span()) for found in pattern.finditer(text)
            ]
            inside = [[place for place in places if first <= place < last] or [first] for first, last in matches]
            places = [place for match in inside for place in match]
        return all(quoted.cover(start + place) for place in places)


def _places(line: bytes, word: bytes) -> Iterator[int]:
    """Where *word* begins in *line*."""
    place = line.find(word)
    while place >= 0:
        yield place
        place = line.find(word, place + 1)


def _window(data: bytes, line: int, place: int) -> int:
    """Where to look from to see *place*: its *line*'s beginning, or what follows the blanks that push it far out."""
    if place - line < MAX_LINE // 2:
        return line
    gap = data.rfind(_PADDING, max(line, place - MAX_LINE // 2), place)
    return gap + len(_PADDING) if gap >= 0 else line


_LOOK_BACK = 20_000
_BLOCKS = frozenset(
    [
        "javascript",
        "typescript",
        "vue",
        "svelte",
        "go",
        "java",
        "kotlin",
        "scala",
        "groovy",
        "php",
        "csharp",
        "rust",
        "c",
        "cpp",
        "swift",
        "dart",
        "css",
    ]
)


def in_block_comment(data: bytes, start: int, language: str) -> bool:
    """
    Whether the line that begins at *start* lies inside a block comment of a C-like language.

    Only a comment that opens a line counts, since ``/*`` is also how many path patterns are written in strings.
    """
    if language not in _BLOCKS:
        return False
    floor = max(start - _LOOK_BACK, 0)
    closed = data.rfind(b"*/", floor, start)
    opened = data.rfind(b"/*", max(closed, floor), start)
    while opened >= 0:
        line = data.rfind(b"\n", floor, opened) + 1
        if not data[line:opened].strip():
            return True
        opened = data.rfind(b"/*", max(closed, floor), opened)
    return False


_HASH = frozenset({"python", "ruby", "shell", "perl", "r", "elixir", "powershell", ""})


def is_comment(line: str, language: str) -> bool:
    """Whether a trimmed line is nothing but a comment, told from its first characters."""
    if language in _HASH and line.startswith("#"):
        return True
    if language in ("sql", "lua", "haskell") and line.startswith("--"):
        return True
    if language == "html":
        return line.startswith("<!--")
    return language not in _HASH and line.startswith(("//", "/*", "* ", "*/"))
