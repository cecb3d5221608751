"""Reads files that somebody has named: plain ones, within a limit, and never waiting for one."""

from __future__ import annotations

import errno
import os
import stat
import sys
from io import BufferedReader
from pathlib import Path

_OTHER = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
}


class NotPlain(OSError):
    """What stands there is no plain file, or holds more than anybody would read; its ``strerror`` says which."""


def read(path: Path, most: int, *, inside: Path | None = None) -> bytes:
    """
    All that the file *path* holds.

    Args:
        path: The file.
        most: Bytes that it may have.
        inside: A folder above it; below that, links are not followed. Without it they are.

    Raises:
        NotPlain: It is not a plain file, is larger, or is reached through a link below *inside*.
        OSError: It is not there, or cannot be read.
    """
    with opened(path, most, inside=inside) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise _larger(path, most)
    return data


def opened(path: Path, most: int = sys.maxsize, *, inside: Path | None = None) -> BufferedReader:
    """The plain file *path*, to be read piece by piece; as :func:`read` has it."""
    file = open(path, "rb", opener=lambda _, how: descriptor(path, how, inside=inside))  # noqa: SIM115  # is returned
    if os.fstat(file.fileno()).st_size > most:
        file.close()
        raise _larger(path, most)
    return file


def descriptor(path: Path, how: int, *, inside: Path | None = None, mode: int = 0o600) -> int:
    """A descriptor of the plain file *path*, opened for *how*; what is made is for its owner alone, or has *mode*."""
    if inside is not None:
        _hold_way(path, inside)
        how |= os.O_NOFOLLOW
    try:
        file = os.open(path, how | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, mode)
    except OSError as error:
        if error.errno == errno.ELOOP and path.is_symlink():
            raise _odd(path, stat.S_IFLNK) from None
        if error.errno == errno.ENXIO:  # a pipe that nobody reads, or a socket
            raise _odd(path, stat.S_IFMT(path.stat().st_mode)) from None
        raise
    kind = stat.S_IFMT(os.fstat(file).st_mode)
    if kind != stat.S_IFREG:
        os.close(file)
        raise _odd(path, kind)
    return file


def is_plain(path: Path) -> bool:
    """Whether a plain file stands there itself, and no link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def crossing(path: Path, tree: Path) -> Path | None:
    """
    The first link inside *tree* that the way to *path* leads over; None where there is none.

    Args:
        path: Any path; it need not be there.
        tree: A folder whose author is not to say where that leads.
    """
    top = tree.resolve()
    here = there = Path("/")
    waiting = list(reversed(path.absolute().parts[1:]))
    for _ in range(_MOST_STEPS):
        if not waiting:
            return None
        part = waiting.pop()
        if part == "..":
            here = here.parent
            continue
        there = here / part
        try:
            target = there.readlink()
        except OSError:
            here = there
            continue
        if here.is_relative_to(top):
            return there
        if target.is_absolute():
            here = Path("/")
        waiting += [step for step in reversed(target.parts) if step != "/"]
    return there


_MOST_STEPS = 10_000


def _hold_way(path: Path, inside: Path) -> None:
    """Refuse a *path* on whose way below *inside* there is a link; its last name is left to whoever opens it."""
    way = inside
    for part in path.relative_to(inside).parts[:-1]:
        way = way / part
        if way.is_symlink():
            raise _odd(way, stat.S_IFLNK)


def _odd(path: Path, kind: int) -> NotPlain:
    return NotPlain(errno.EINVAL, f"it is {_OTHER.get(kind, 'something else')}, not a plain file", str(path))


def _larger(path: Path, most: int) -> NotPlain:
    return NotPlain(errno.EFBIG, f"it is larger than {_size(most)}", str(path))


def _size(most: int) -> str:
    return f"{most >> 20} MiB" if most >= 1 << 20 else f"{most:,} bytes"
