"""Reads trees: straight from git's objects, or from a folder that nobody follows links out of."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from ..errors import RepositoryTooLarge, RepositoryUnreadable
from . import paths
from .git import Git
from .tree import MAX_FILE_BYTES, FileEntry, entry, too_deep
from .way import Way

MAX_FILES = 200_000
MAX_LISTED = 2_000_000
"""Kept or not: a few objects of git can stand for more files than any machine could hold."""
MAX_PATHS = 100_000_000
"""Bytes of all paths together."""

_KINDS = {"120000": "symlink", "160000": "submodule"}


class GitTree:
    """
    The files of one commit, read from the object store: no checkout, no filters, no hooks.

    Args:
        git: The repository.
        commit: Full object id.
        keep: Which paths belong to the release.
    """

    def __init__(self, git: Git, commit: str, keep: Callable[[str], bool]) -> None:
        self._git = git
        listed = []
        self.total = size = 0
        for mode, oid, raw in _ls_tree(git, commit):
            self.total, size = self.total + 1, size + len(raw)
            path = paths.safe(raw)
            if keep(path):
                listed.append((mode, oid, raw, path))
            if len(listed) > MAX_FILES or self.total > MAX_LISTED or size > MAX_PATHS:
                raise _too_large(len(listed))
        listed.sort(key=lambda item: item[2])
        sizes = _sizes(git, dict.fromkeys(oid for mode, oid, _, _ in listed if mode not in _KINDS))
        found = []
        for mode, oid, _, path in listed:
            kind = "unreadable" if too_deep(path) else _KINDS.get(mode, "file" if oid in sizes else "unreadable")
            found.append(entry(path, sizes.get(oid, 0), oid, kind))
        self.entries: Sequence[FileEntry] = tuple(sorted(_told_apart(found), key=lambda file: file.path))

    def read(self, wanted: Iterable[FileEntry]) -> Iterator[tuple[FileEntry, bytes]]:
        """Each wanted file in the order asked for; one whose object is missing is left out."""
        files = list(wanted)
        pending = iter(files)
        for oid, data in self._git.objects([file.digest for file in files]):
            for file in pending:
                if file.digest == oid:
                    yield file, data
                    break


class FolderTree:
    """
    The files of a folder as they are now; each is hashed when listed, and one that changes later is left out.

    No link is ever followed, neither a file nor a folder on the way to one, also when it takes a file's place later.

    Args:
        root: The folder.
        names: Paths below it as bytes; None to walk it (``.git`` and links are never entered).
        keep: Which paths belong to the release.
    """

    def __init__(self, root: Path, names: Iterable[bytes] | None, keep: Callable[[str], bool]) -> None:
        self._root = os.fsencode(root)
        self.total = size = 0
        found: list[tuple[bytes, FileEntry]] = []
        with _entered(self._root) as way:
            for raw in sorted(names) if names is not None else _walk(way):
                self.total, size = self.total + 1, size + len(raw)
                path = paths.safe(raw)
                if keep(path) and (file := _described(way, path, raw)) is not None:
                    found.append((raw, file))
                if len(found) > MAX_FILES or self.total > MAX_LISTED or size > MAX_PATHS:
                    raise _too_large(len(found))
        found.sort(key=lambda item: item[0])
        files = _told_apart(file for _, file in found)
        self._raw = {file.path: raw for file, (raw, _) in zip(files, found, strict=True)}
        self.entries: Sequence[FileEntry] = tuple(sorted(files, key=lambda file: file.path))

    @property
    def digest(self) -> str:
        """sha256 over the paths and contents of everything listed."""
        whole = hashlib.sha256()
        for file in self.entries:
            whole.update(f"{file.path}\0{file.kind}\0{file.digest}\n".encode())
        return "sha256:" + whole.hexdigest()

    def read(self, wanted: Iterable[FileEntry]) -> Iterator[tuple[FileEntry, bytes]]:
        """Each wanted file in the order asked for; one that is gone or no longer what was listed is left out."""
        with _entered(self._root) as way:
            for file in wanted:
                folders, name = _split(self._raw[file.path])
                try:
                    with _opened(way.to(folders), name) as opened:
                        data = opened.read(MAX_FILE_BYTES + 1)
                except OSError:
                    continue
                if _hash(data) == file.digest:
                    yield file, data


def _described(way: Way, path: str, raw: bytes) -> FileEntry | None:
    """What lies at *raw*; None where nothing does any more."""
    if too_deep(path):
        return entry(path, 0, "", "unreadable")
    try:
        folders, name = _split(raw)
        folder = way.to(folders)
        if name in (b"", b".."):
            raise PermissionError(f"{raw!r} leads out of the folder")
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            return entry(path, 0, _hash(os.readlink(name, dir_fd=folder)), "symlink")
        if stat.S_ISDIR(status.st_mode):
            os.close(os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder))
            return entry(path, 0, "", "submodule")
        if not stat.S_ISREG(status.st_mode):
            return entry(path, 0, "", "unreadable")
        if status.st_size > MAX_FILE_BYTES:
            return entry(path, status.st_size, f"size:{status.st_size}")
        with _opened(folder, name) as opened:
            data = opened.read(MAX_FILE_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return entry(path, 0, "", "unreadable")
    return entry(path, len(data), _hash(data))


def _walk(way: Way) -> Iterator[bytes]:
    """
    Every path that *way* leads to but links to folders; a folder that cannot be read comes as its path and a slash.

    What a folder holds is known before the next one is entered.
    """
    waiting = [b""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(way.to(below.split(b"/")[:-1])) as inside:
                here = [(os.fsencode(found.name), found.is_dir(follow_symlinks=False)) for found in inside]
        except OSError as error:
            if not below:
                raise RepositoryUnreadable(f"the folder cannot be read: {error.strerror}") from None
            yield below
            continue
        yield from (below + name for name, is_folder in here if not is_folder)
        waiting += [below + name + b"/" for name, is_folder in here if is_folder and name != b".git"]


def _entered(root: bytes) -> Way:
    try:
        return Way(root)
    except OSError as error:
        raise RepositoryUnreadable(f"the folder cannot be read: {error.strerror}") from None


def _split(raw: bytes) -> tuple[list[bytes], bytes]:
    """The folders that *raw* lies in, and its last name."""
    *folders, name = raw.removesuffix(b"/").split(b"/")
    return folders, name


def _opened(folder: int, name: bytes) -> IO[bytes]:
    """A regular file, never through a link that took its place, never blocking on a pipe."""
    return os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder), "rb")


def _ls_tree(git: Git, commit: str) -> Iterator[tuple[str, str, bytes]]:
    """(mode, object id, raw path) of every entry."""
    with git.stream("ls-tree", "-r", "-z", "--full-tree", commit, check=True) as out:
        rest = b""
        while chunk := out.read(1 << 20):
            *lines, rest = (rest + chunk).split(b"\0")
            for line in lines:
                meta, _, raw = line.partition(b"\t")
                mode, _, oid = meta.decode("ascii").split(" ")
                yield mode, oid, raw


def _sizes(git: Git, oids: Iterable[str]) -> dict[str, int]:
    """Size in bytes of each object that is there."""
    names = list(oids)
    sizes = {}
    with git.stream("cat-file", "--batch-check", "--buffer", names=names) as out:
        for _ in names:
            parts = out.readline().split()
            if len(parts) == 3 and parts[2].isdigit():
                sizes[parts[0].decode("ascii")] = int(parts[2])
    return sizes


def _told_apart(files: Iterable[FileEntry]) -> list[FileEntry]:
    """Two odd names can be written alike; the later ones get a digest of what they hold, and a number."""
    seen: dict[str, int] = {}
    found = []
    for file in files:
        number = seen[file.path] = seen.get(file.path, 0) + 1
        if number > 1:
            file = file.model_copy(update={"path": f"{file.path}#{file.digest.rpartition(':')[2][:8]}-{number}"})
        found.append(file)
    return found


def _hash(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _too_large(found: int) -> RepositoryTooLarge:
    return RepositoryTooLarge(
        f"this repository has more than {MAX_FILES:,} files ({found:,} seen)",
        remedy="leave out what is not part of the release with `exclude:` in a file outside it (--config FILE), "
        "or review one part of it",
    )
