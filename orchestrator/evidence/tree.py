"""A tree of files, however it is stored, and the hand-over of one file of it to readers."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, TypeVar, cast

from ..domain.model import Model
from ..domain.signal import Role
from ..errors import FormatError
from ..formats.json import load_json
from ..formats.yaml import Parsed, load_once
from . import classify

T = TypeVar("T")
MAX_FILE_BYTES = 5_000_000
"""Larger files are listed and never read."""
MAX_DEPTH = 100
"""
Folders in folders: what lies deeper is listed and never read.

Each of them can keep a file of this process open, and some systems allow 256.
"""


class FileEntry(Model):
    """One file of the tree: what it is, and its path with control characters and odd bytes written as escapes."""

    path: str
    size: int
    digest: str = ""
    """Git's object id, or sha256 of the content for a directory."""
    kind: str = "file"
    """file, symlink, submodule, or unreadable."""
    role: Role = "other"
    language: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def is_set_aside(self) -> bool:
        """Whether its folder or its own name sets it aside: an image or a test as well, which keep their role."""
        return self.role == "aside" or (self.role in ("asset", "test") and bool(classify.aside_by(self.path)))

    @property
    def suffix(self) -> str:
        name = self.name
        return "." + name.rpartition(".")[2].lower() if "." in name[1:] else ""


def too_deep(path: str) -> bool:
    """Whether *path*, a folder's if it ends in a slash, lies in more folders than are entered."""
    return path.count("/") > MAX_DEPTH


def entry(path: str, size: int, digest: str = "", kind: str = "file") -> FileEntry:
    """A file entry with role and language told from its path."""
    return FileEntry(
        path=path, size=size, digest=digest, kind=kind, role=classify.role(path), language=classify.language(path)
    )


class Tree(Protocol):
    """A snapshot of files that can be listed at once and read in one pass."""

    @property
    def entries(self) -> Sequence[FileEntry]: ...

    def read(self, wanted: Iterable[FileEntry]) -> Iterator[tuple[FileEntry, bytes]]:
        """The content of each wanted file, in the order asked for; a file that cannot be read is left out."""
        ...


def as_utf8(data: bytes) -> bytes:
    """*data* in UTF-8 if it says of itself that it is UTF-16 or UTF-32, as files from Windows do; else as it is."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding).encode()
            except UnicodeError:
                return data
    return data


_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class SourceFile:
    """One file during the pass; what several readers need is parsed once."""

    def __init__(self, file: FileEntry, data: bytes) -> None:
        self.file = file
        self.path = file.path
        self.data = data
        self._made: dict[Callable[[SourceFile], Any], Any] = {}

    @cached_property
    def binary(self) -> bool:
        return b"\0" in self.data[:8000]

    @cached_property
    def lower(self) -> bytes:
        """The content with its ASCII letters in lower case."""
        return self.data.lower()

    @cached_property
    def text(self) -> str:
        """The content as text; bytes that are not UTF-8 become U+FFFD."""
        return self.data.decode("utf-8-sig", "replace")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def once(self, make: Callable[[SourceFile], T]) -> T:
        """What *make* makes of it, made for the first reader that asks, and given to the others as it is."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(T, self._made[make])

    def yaml(self) -> list[Parsed]:
        """Every YAML document; raises :class:`FormatError` each time when malformed, having parsed once."""
        parsed = self._yaml
        if isinstance(parsed, FormatError):
            raise parsed
        return parsed

    def json(self) -> Parsed:
        """The JSON document with lines; raises :class:`FormatError` when malformed."""
        parsed = self._json
        if isinstance(parsed, FormatError):
            raise parsed
        return parsed

    @cached_property
    def _yaml(self) -> list[Parsed] | FormatError:
        return load_once(self.data)

    @cached_property
    def _json(self) -> Parsed | FormatError:
        try:
            return load_json(self.data)
        except FormatError as error:
            return error


class MemoryTree:
    """A tree given as a mapping of path to text; for examples and tests."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._data = {path: text.encode() if isinstance(text, str) else text for path, text in sorted(files.items())}
        self.entries: Sequence[FileEntry] = tuple(entry(path, len(data)) for path, data in self._data.items())

    def read(self, wanted: Iterable[FileEntry]) -> Iterator[tuple[FileEntry, bytes]]:
        for file in wanted:
            yield file, self._data[file.path]
