"""This is where a file that anybody can have put there is read: a regular one, up to a size."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read(path: Path, most: int, *, links: bool = True) -> bytes:
    """
    What *path* holds.

    Args:
        path: Of the file.
        most: Bytes that it may have.
        links: Whether a link is followed.

    Raises:
        OSError: It cannot be read, is a pipe, a device or a folder, or is larger; nothing is waited for.
    """
    data, _ = read_with_status(path, most, links=links)
    return data


def read_with_status(path: Path, most: int, *, links: bool = True) -> tuple[bytes, os.stat_result]:
    """The same, with what the system says of the very file that was read."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if links else os.O_NOFOLLOW)
    file = os.open(path, flags)
    with open(file, "rb") as opened:  # noqa: PTH123  # a descriptor
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        data = opened.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes", str(path))
    return data, status
