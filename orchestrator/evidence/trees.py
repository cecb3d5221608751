"""This is where trees are read: straight from git's objects, or from a folder that nobody follows links out of."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ..errors import RepositoryTooLarge
from . import paths
from .git import Git
from .tree import MAX_FILE_BYTES, FileEntry, entry

MAX_FILES = 200_000

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
        listed = _ls_tree(git, commit)
        if len(listed) > MAX_FILES:
            raise _too_large(len(listed))
        sizes = _sizes(git, dict.fromkeys(oid for mode, oid, _ in listed if mode not in _KINDS))
        found = []
        for mode, oid, raw in listed:
            kind = _KINDS.get(mode, "file" if oid in sizes else "unreadable")
            found.append(entry(paths.safe(raw), sizes.get(oid, 0), oid, kind))
        self.total = len(found)
        self.entries: Sequence[FileEntry] = _unique(file for file in found if keep(file.path))

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

    Args:
        root: The folder.
        names: Paths below it as bytes; None to walk it (``.git`` and links are never entered).
        keep: Which paths belong to the release.
    """

    def __init__(self, root: Path, names: Iterable[bytes] | None, keep: Callable[[str], bool]) -> None:
        self._root = os.fsencode(root)
        self._raw: dict[str, bytes] = {}
        found = []
        for raw in sorted(names if names is not None else _walk(self._root)):
            file = self._entry(raw)
            self._raw[file.path] = raw
            found.append(file)
            if len(found) > MAX_FILES:
                raise _too_large(len(found))
        self.total = len(found)
        self.entries: Sequence[FileEntry] = _unique(file for file in found if keep(file.path))

    @property
    def digest(self) -> str:
        """sha256 over the paths and contents of everything listed."""
        whole = hashlib.sha256()
        for file in self.entries:
            whole.update(f"{file.path}\0{file.kind}\0{file.digest}\n".encode())
        return "sha256:" + whole.hexdigest()

    def read(self, wanted: Iterable[FileEntry]) -> Iterator[tuple[FileEntry, bytes]]:
        """Each wanted file in the order asked for; one that is gone or no longer what was listed is left out."""
        for file in wanted:
            try:
                data = _content(os.path.join(self._root, self._raw[file.path]))
            except OSError:
                continue
            if _hash(data) == file.digest:
                yield file, data

    def _entry(self, raw: bytes) -> FileEntry:
        path, full = paths.safe(raw), os.path.join(self._root, raw)
        try:
            status = os.lstat(full)
            if stat.S_ISLNK(status.st_mode):
                return entry(path, 0, _hash(os.readlink(full)), "symlink")
            if not stat.S_ISREG(status.st_mode):
                return entry(path, 0, "", "submodule" if stat.S_ISDIR(status.st_mode) else "unreadable")
            if status.st_size > MAX_FILE_BYTES:
                return entry(path, status.st_size, f"size:{status.st_size}")
            data = _content(full)
        except OSError:
            return entry(path, 0, "", "unreadable")
        return entry(path, len(data), _hash(data))


def _walk(root: bytes) -> Iterator[bytes]:
    for folder, folders, files in os.walk(root, followlinks=False):
        folders[:] = [f for f in folders if f != b".git" and not os.path.islink(os.path.join(folder, f))]
        for name in files:
            yield os.path.relpath(os.path.join(folder, name), root)


def _content(path: bytes) -> bytes:
    """The content of a regular file, never through a link that took its place, never blocking on a pipe."""
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(file, "rb") as opened:
        return opened.read(MAX_FILE_BYTES + 1)


def _ls_tree(git: Git, commit: str) -> list[tuple[str, str, bytes]]:
    """(mode, object id, raw path) of every entry, sorted by path."""
    out = git.run("ls-tree", "-r", "-z", "--full-tree", commit).stdout
    listed = []
    for line in out.split(b"\0"):
        if line:
            meta, _, raw = line.partition(b"\t")
            mode, _, oid = meta.decode("ascii").split(" ")
            listed.append((mode, oid, raw))
    return sorted(listed, key=lambda item: item[2])


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


def _unique(files: Iterable[FileEntry]) -> tuple[FileEntry, ...]:
    """Two odd names can be written alike; the later is told apart by its digest."""
    seen: dict[str, FileEntry] = {}
    for file in files:
        path = file.path if file.path not in seen else f"{file.path}#{file.digest[:8]}"
        seen[path] = file if path == file.path else file.model_copy(update={"path": path})
    return tuple(sorted(seen.values(), key=lambda file: file.path))


def _hash(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _too_large(found: int) -> RepositoryTooLarge:
    return RepositoryTooLarge(
        f"this repository has more than {MAX_FILES:,} files ({found:,} seen)",
        remedy="leave out what is not part of the release with `exclude:` in readiness.yaml, or review one part of it",
    )
