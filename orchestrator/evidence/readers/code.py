"""Finds patterns in source text, all of them in one linear search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import ahocorasick_rs

from ...domain.fact import Fact, Source
from ...domain.signal import ALL, Signal
from ...errors import FormatError
from ...redaction import cut
from .. import _phrases, mentions
from ..facts.code import Code, Hits
from ..facts.files import Files
from ..reader import Reader
from ..tree import FileEntry, SourceFile

MAX_LINE = 1_000
_KEPT = Signal.model_fields["kept"].default
_KEPT_PER_FILE = 5
_PADDING = b" " * 40
_LINES_PER_SIGNAL = ALL
_LINES_PER_FILE = 20_000


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
        return file.role in self._roles and not (file.role == "test" and file.is_set_aside)

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
    """The places where *word* begins in *line*."""
    place = line.find(word)
    while place >= 0:
        yield place
        place = line.find(word, place + 1)


def _window(data: bytes, line: int, place: int) -> int:
    """The point to look from to see *place*: its *line*'s start, or what follows the blanks that push it far out."""
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
