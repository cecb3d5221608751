"""Makes the one pass over the tree: every reader sees each file that it wants, once."""

from __future__ import annotations

import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from ..domain.fact import MAX_ASIDE, MAX_PROBLEMS, Aside, Fact, Problem
from ..errors import FormatError, OrchestratorError
from ..logs import logger
from .classify import CONFIG, QUIET, aside_by, role
from .facts.files import Files
from .naming import settled
from .texts import LFS
from .tree import MAX_FILE_BYTES, FileEntry, SourceFile, Tree, as_utf8

_log = logger("evidence")
Progress = Callable[[int, int], None]


class Reader(ABC):
    """
    Extracts one fact during the pass.

    A reader never raises for what stands in a file: :class:`FormatError` is turned into a problem of the fact by the
    pass, for every file that is no test, example or prose, neither vendored nor generated nor set aside. Any other
    exception is a mistake of the reader: it costs the file, is said as a problem whatever the file's role, and does not
    stop the pass. One that comes when it finishes costs its fact, about which nobody then says anything.
    """

    fact: ClassVar[type[Fact]]
    broad: ClassVar[bool] = False
    """It wants files of every kind, so that a binary one among them says nothing unless its name promises text."""
    binary: ClassVar[bool] = False
    """It reads files with NUL bytes as well."""

    @abstractmethod
    def wants(self, file: FileEntry) -> bool:
        """Whether to read *file*; told from its path, role, language and size alone."""

    @abstractmethod
    def read(self, source: SourceFile) -> None:
        """Take in one wanted file; files come in the order of their paths."""

    @abstractmethod
    def finish(self, files: Files) -> Fact:
        """The fact, once every file has been seen; ``problems`` are added by the pass."""


def read_tree(tree: Tree, readers: Sequence[Reader], progress: Progress | None = None) -> dict[type[Fact], Fact]:
    """
    Read *tree* once and return each reader's fact, and :class:`Files`.

    Binary files, files over the size limit and those that cannot be read are listed in :class:`Files` and handed to
    nobody; a reader that would have needed one has a problem.
    """
    entries = settled(tree)
    files = Files.of(entries)
    wanted: dict[str, list[Reader]] = {}
    problems: dict[Reader, list[Problem]] = {reader: [] for reader in readers}
    left_out = _LeftOut()
    for file in entries:
        reason = _unread(file)
        if file.role == "asset" or (not reason and (file.kind != "file" or file.size == 0)):
            continue
        takers = readers if file.path.endswith("/") else [reader for reader in readers if reader.wants(file)]
        if file.role == "aside":
            left_out.add(file, [reader for reader in readers if reader not in takers])
        if reason:
            _note(problems, takers, file, reason)
        elif takers:
            wanted[file.path] = list(takers)
    seen = set()
    for file, raw in tree.read(f for f in entries if f.path in wanted):
        seen.add(file.path)
        if progress and len(seen) % 100 == 0:
            progress(len(seen), len(wanted))
        source = SourceFile(file, as_utf8(raw))
        if source.binary or raw.startswith(LFS):
            reason = "not text" if source.binary else "its content is in Git LFS and not here"
            able = [reader for reader in wanted[file.path] if source.binary and reader.binary]
            _note(problems, [reader for reader in wanted[file.path] if reader not in able], file, reason)
            wanted[file.path] = able
        for reader in wanted[file.path]:
            problem = _tried(reader, source)
            if problem is not None and len(problems[reader]) < MAX_PROBLEMS:
                problems[reader].append(problem)
    for path in sorted(wanted.keys() - seen):
        for reader in wanted[path]:
            problems[reader].append(Problem(path=path, reason="could not be read, or changed while it was read"))
    facts: dict[type[Fact], Fact] = {Files: files}
    for reader in readers:
        fact = made(reader.fact, partial(reader.finish, files))
        if problems[reader]:
            fact = fact.model_copy(update={"problems": (*fact.problems, *problems[reader][:MAX_PROBLEMS])})
        if aside := left_out.of(reader):
            fact = fact.model_copy(update={"aside": (*fact.aside, *aside)})
        facts[reader.fact] = fact
    return facts


class _LeftOut:
    """Counts what readers would read if its folder, or its own name, did not set it aside."""

    def __init__(self) -> None:
        self._counted: dict[Reader, dict[str, int]] = {}

    def add(self, file: FileEntry, readers: Iterable[Reader]) -> None:
        """Count *file* for those of *readers* that would want it anywhere else."""
        elsewhere = file.model_copy(update={"role": role(file.path, named=True)})
        for reader in readers:
            if reader.wants(elsewhere):
                counted = self._counted.setdefault(reader, {})
                place = aside_by(file.path)
                counted[place] = counted.get(place, 0) + 1

    def of(self, reader: Reader) -> tuple[Aside, ...]:
        """What *reader* did not read, by folder."""
        counted = sorted(self._counted.get(reader, {}).items())
        return tuple(
            Aside(path=place, reason=_FOLDER.format(n) if place.endswith("/") else _NAME)
            for place, n in counted[:MAX_ASIDE]
        )


_FOLDER = "is set aside by its name, and nothing in force takes anything from it ({:,} of its files would be read here)"
_NAME = "is set aside by the end of its name"


STUMBLED = "gonogo stumbled over it"
UNFINISHED = "could not be finished, which is a mistake of gonogo"


def _unread(file: FileEntry) -> str:
    """Why *file* cannot be handed to anybody; empty where it can, or is not a file."""
    if file.kind == "unreadable":
        return "cannot be read"
    large = file.kind == "file" and file.size > MAX_FILE_BYTES
    return f"{file.size:,} bytes are more than the {MAX_FILE_BYTES:,} that are read" if large else ""


def _note(problems: dict[Reader, list[Problem]], takers: Iterable[Reader], file: FileEntry, reason: str) -> None:
    """Tell *takers* that they lack *file*, where it is one that counts."""
    if file.role in QUIET:
        return
    text = file.language or file.suffix in CONFIG or file.path.endswith("/")
    for reader in takers:
        if (text or not reader.broad) and len(problems[reader]) < MAX_PROBLEMS:
            problems[reader].append(Problem(path=file.path, reason=reason))


def _tried(reader: Reader, source: SourceFile) -> Problem | None:
    """What came between *reader* and *source*, if anything did."""
    path, quiet = source.path, source.file.role in QUIET
    try:
        reader.read(source)
    except FormatError as error:
        return None if quiet else Problem(path=path, line=error.line, reason=error.reason)
    except RecursionError:
        return None if quiet else Problem(path=path, reason="nested too deeply")
    except Exception as error:  # noqa: BLE001  # whatever it is, it is said as a problem, which is recorded
        _log.warning(STUMBLED, fact=reader.fact.name, path=path, error=repr(error))
        return Problem(path=path, reason=f"{STUMBLED}: {type(error).__name__}")
    return None


def made(kind: type[Fact], make: Callable[[], Fact]) -> Fact:
    """
    What *make* makes; a fact without content that says so, where *make* is at fault.

    What is wrong with the repository itself, and for its owner to fix, is told as it is.
    """
    try:
        return make()
    except OrchestratorError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it is said as a problem, which is recorded
        trace = "".join(traceback.format_exception(error, limit=-5))
        _log.warning(UNFINISHED, fact=kind.name, error=repr(error), trace=trace)
        reason = f"the evidence '{kind.name}' {UNFINISHED} ({type(error).__name__})"
        return kind(problems=(Problem(path="", reason=reason),))


def names(*wanted: str) -> frozenset[str]:
    """Lower-cased file names, for quick tests in :meth:`Reader.wants`."""
    return frozenset(name.lower() for name in wanted)


def first(sources: Iterable[FileEntry]) -> FileEntry | None:
    """The first of *sources*, or None."""
    return next(iter(sources), None)
