"""This is where the one pass over the tree happens: every reader sees each file that it wants, once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from ..domain.fact import Fact, Problem
from ..errors import FormatError
from .facts.files import Files
from .tree import MAX_FILE_BYTES, FileEntry, SourceFile, Tree


Progress = Callable[[int, int], None]


class Reader(ABC):
    """
    Extracts one fact during the pass.

    A reader never raises for what stands in a file: :class:`FormatError` is turned into a problem of the fact by the
    pass, for every file of a role other than test, example, vendored and docs.
    """

    fact: ClassVar[type[Fact]]

    @abstractmethod
    def wants(self, file: FileEntry) -> bool:
        """Whether to read *file*; told from its path, role, language and size alone."""

    @abstractmethod
    def read(self, source: SourceFile) -> None:
        """Take in one wanted file; files come in the order of their paths."""

    @abstractmethod
    def finish(self, files: Files) -> Fact:
        """The fact, once every file has been seen; ``problems`` are added by the pass."""


_QUIET = frozenset({"test", "example", "vendored", "docs", "generated"})


def read_tree(tree: Tree, readers: Sequence[Reader], progress: Progress | None = None) -> dict[type[Fact], Fact]:
    """
    Read *tree* once and return each reader's fact, and :class:`Files`.

    Binary files and files over the size limit are listed in :class:`Files` and handed to nobody.
    """
    files = Files.of(tree.entries)
    wanted: dict[str, list[Reader]] = {}
    for file in tree.entries:
        if file.kind == "file" and 0 < file.size <= MAX_FILE_BYTES and file.role != "asset":
            takers = [reader for reader in readers if reader.wants(file)]
            if takers:
                wanted[file.path] = takers
    problems: dict[Reader, list[Problem]] = {reader: [] for reader in readers}
    seen = set()
    for file, data in tree.read(f for f in tree.entries if f.path in wanted):
        seen.add(file.path)
        if progress and len(seen) % 100 == 0:
            progress(len(seen), len(wanted))
        source = SourceFile(file, data)
        if source.binary or data.startswith(_LFS):
            continue
        for reader in wanted[file.path]:
            try:
                reader.read(source)
            except (FormatError, RecursionError) as error:
                if file.role not in _QUIET:
                    problems[reader].append(_problem(file.path, error))
    for path in sorted(wanted.keys() - seen):
        for reader in wanted[path]:
            problems[reader].append(Problem(path=path, reason="could not be read, or changed while it was read"))
    facts: dict[type[Fact], Fact] = {Files: files}
    for reader in readers:
        fact = reader.finish(files)
        if problems[reader]:
            fact = fact.model_copy(update={"problems": (*fact.problems, *problems[reader])})
        facts[reader.fact] = fact
    return facts


_LFS = b"version https://git-lfs.github.com/spec/"


def _problem(path: str, error: FormatError | RecursionError) -> Problem:
    if isinstance(error, FormatError):
        return Problem(path=path, line=error.line, reason=error.reason)
    return Problem(path=path, reason="nested too deeply")


def names(*wanted: str) -> frozenset[str]:
    """Lower-cased file names, for quick tests in :meth:`Reader.wants`."""
    return frozenset(name.lower() for name in wanted)


def first(sources: Iterable[FileEntry]) -> FileEntry | None:
    """The first of *sources*, or None."""
    return next(iter(sources), None)
