"""Looks at all that git may follow in a repository before git does: links, pipes, alternates."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import RepositoryTooLarge, RepositoryUnreadable
from ..host import files
from .git import Git
from .whereabouts import Whereabouts, pointer

READ = ("info", "logs", "objects", "refs", "reftable", "worktrees")
"""The folders of a repository that git reads for us; hooks and the like can lie anywhere, since nothing is run."""
MAX_ENTRIES = 4_000_000
"""Names in these folders; a loose object or branch is one."""
MAX_DEPTH = 64
"""Folders in folders; a branch of git's own making has a few."""
MAX_LIST = 1 << 20
"""Bytes of a list of alternates."""
MAX_INCLUDED = 20


def hold(where: Whereabouts) -> None:
    """
    Refuse what leads out of a repository, and what git would wait for without end.

    Raises:
        RepositoryUnreadable: With the first such thing, and how to fix it.
        RepositoryTooLarge: It holds more names than can be looked at.
    """
    roots = tuple(dict.fromkeys(place.resolve() for place in (where.git_dir, where.common_dir)))
    borders = _Borders(where, roots)
    for root in roots:
        borders.look_over(root)


def hold_working_tree(top: Path) -> None:
    """
    Refuse what git would wait for while it lists a working tree: its own files at every depth, if they are not files.

    Raises:
        RepositoryUnreadable: With the first such thing, and how to fix it.
        RepositoryTooLarge: It holds more names than can be looked at.
    """
    left, waiting = MAX_ENTRIES, [str(top)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as found:
                for entry in found:
                    left -= 1
                    if entry.name in (".git", ".gitignore"):
                        _hold_waited_for(Path(entry.path))
                        if entry.name == ".git" and entry.is_file(follow_symlinks=False):
                            _hold_waited_for(pointer(Path(entry.path), "gitdir: ") or top)
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:  # git cannot look into it either, and says so
            continue
        if left < 0:
            raise _too_large("this working tree", top, "review the commit, without --worktree")


def settings(config: Path) -> list[tuple[str, str]]:
    """
    (key, value) of everything that one file of git's configuration says by itself; nothing where there is none.

    Raises:
        RepositoryUnreadable: git cannot make sense of it.
    """
    if not files.is_plain(config.resolve()):
        return []
    listed = Git(Path("/")).run("config", "--file", str(config.absolute()), "--no-includes", "--null", "--list")
    entries = (entry.partition(b"\n") for entry in listed.stdout.split(b"\0") if entry)
    return [(os.fsdecode(key), os.fsdecode(value)) for key, _, value in entries]


class _Borders:
    """
    Holds one repository to what lies inside it.

    Args:
        where: The repository.
        roots: Where it keeps what it knows, links resolved.
    """

    def __init__(self, where: Whereabouts, roots: Sequence[Path]) -> None:
        self._where = where
        self._roots = roots
        self._left = MAX_ENTRIES

    def look_over(self, root: Path) -> None:
        """Look at the files in *root* itself, and at all that lies in the folders that are read."""
        for found in self._inside(root):
            path = Path(found.path)
            if found.is_symlink():
                if found.name in READ or not found.is_dir():
                    self._hold_link(path)
            elif found.is_dir():
                if found.name in READ:
                    self._look_through(path)
            else:
                self._hold_file(found)
        for name in ("config", "config.worktree"):
            self._hold_settings(root / name)

    def _look_through(self, folder: Path) -> None:
        waiting = [(folder, 1)]
        while waiting:
            here, depth = waiting.pop()
            for found in self._inside(here):
                if found.is_symlink():
                    self._hold_link(Path(found.path))
                elif not found.is_dir(follow_symlinks=False):
                    self._hold_file(found)
                    if found.name == "alternates" and here.name == "info":
                        self._hold_alternates(Path(found.path))
                elif depth < MAX_DEPTH:
                    waiting.append((Path(found.path), depth + 1))
                else:
                    raise _refused(f"more than {MAX_DEPTH} folders are nested in one another there", Path(found.path))

    def _inside(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                for entry in found:
                    self._left -= 1
                    if self._left < 0:
                        remedy = "`git gc` in it puts loose objects and branches together"
                        raise _too_large("what git keeps of this repository", folder, remedy)
                    yield entry
        except OSError as error:
            raise _refused(f"it cannot be looked at: {error.strerror}", folder) from None

    def _hold_file(self, found: os.DirEntry[str]) -> None:
        """Refuse what git would wait for; whether it is a file costs nothing to tell."""
        if not found.is_file(follow_symlinks=False):
            _hold_waited_for(Path(found.path))

    def _hold_link(self, link: Path) -> None:
        """Refuse a link, unless it leads to a plain file or folder that is looked at itself."""
        end = link.resolve()
        root = next((root for root in self._roots if end.is_relative_to(root)), None)
        parts = end.relative_to(root).parts if root is not None else ()
        if not (parts and (parts[0] in READ or (len(parts) == 1 and files.is_plain(end)))):
            raise _refused(
                f"a link there leads into a repository elsewhere, or to something else on this machine: {end}",
                link,
                remedy="review the repository that it leads to, if it is yours, or make this one whole: `git clone`",
            )

    def _hold_alternates(self, listed: Path) -> None:
        """Refuse objects that are kept elsewhere; *listed* is a file that says where."""
        objects = listed.parent.parent
        for line in self._read(listed, MAX_LIST).splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            end = (objects / line).resolve() if "\0" not in line else Path("/")
            if line.startswith('"') or not any(end.is_relative_to(root / "objects") for root in self._roots):
                raise _refused(
                    f"it borrows objects from a repository elsewhere: {line[:200]}",
                    listed,
                    remedy="`git repack -a -d && rm .git/objects/info/alternates` in it makes it whole, if it is yours",
                )

    def _hold_settings(self, config: Path) -> None:
        """Refuse settings that are read from elsewhere."""
        waiting, seen = [config], set[Path]()
        while waiting:
            file = waiting.pop()
            if file in seen or not os.path.lexists(file):
                continue
            seen.add(file)
            self._hold_included(file, config, len(seen))
            for key, value in settings(file):
                if key == "include.path" or (key.startswith("includeif.") and key.endswith(".path")):
                    if not value.startswith("~/"):  # git is given a home in which nothing lies
                        waiting.append(file.parent / value)
                elif key == "extensions.refstorage" and ":" in value:
                    raise _refused("its configuration names another place for its branches", file)

    def _hold_included(self, file: Path, config: Path, number: int) -> None:
        end = file.resolve()
        within = any(end.is_relative_to(place) for place in (*self._roots, self._where.home))
        if not within or not files.is_plain(end) or number > MAX_INCLUDED:
            raise _refused(
                f"its configuration includes a file elsewhere, or something that is not a plain file: {file}",
                config,
                remedy="`git config --unset-all include.path` in it, if the repository is yours",
            )

    def _read(self, path: Path, most: int) -> str:
        try:
            return files.read(path, most).decode("utf-8", "surrogateescape")
        except OSError as error:
            raise _refused(f"it cannot be read: {error.strerror}", path) from None


def _hold_waited_for(path: Path) -> None:
    """
    Refuse a pipe or a device where git looks for a file of its own, or for the repository of a folder further down.

    A socket is what git's own watcher of files listens at; it cannot be opened, so nobody waits.
    """
    for place in (path, path / "HEAD"):
        try:
            kind = place.stat().st_mode
        except (OSError, ValueError):
            continue
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind) or stat.S_ISSOCK(kind)):
            raise _refused(
                "it is not a plain file, and git would wait for it",
                place,
                remedy="remove it, if the repository is yours",
            )


def _refused(what: str, path: Path, remedy: str = "") -> RepositoryUnreadable:
    return RepositoryUnreadable(f"this repository cannot be reviewed as it is: {what}", where=str(path), remedy=remedy)


def _too_large(what: str, folder: Path, remedy: str) -> RepositoryTooLarge:
    return RepositoryTooLarge(f"{what} has more than {MAX_ENTRIES:,} names", where=str(folder), remedy=remedy)
