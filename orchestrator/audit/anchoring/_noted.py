"""Notes beside a record that it was anchored, so that nobody prunes what an anchor speaks of."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

from ...errors import RunsFolderUnwritable
from ...host import files
from ...journal.beside import ANCHORS
from ...journal.event import canonical

_MOST = 1 << 20
_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)


def note(folder: Path, target: str, anchor: dict[str, Any]) -> bool:
    """
    Note in *folder* that *anchor* was written to *target*; says no where that folder takes nothing.

    Raises:
        RunsFolderUnwritable: It cannot be written for another reason.
    """
    path = folder / ANCHORS
    line = canonical({"anchor": anchor, "to": target}) + b"\n"
    try:
        if os.path.lexists(path) and line in files.read(path, _MOST, inside=folder).splitlines(keepends=True):
            return True
        held = files.descriptor(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, inside=folder)
        with open(held, "wb") as file:  # noqa: PTH123  # a descriptor
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in _CLOSED:
            return False
        raise RunsFolderUnwritable(
            f"the run is anchored, and that cannot be noted beside it: {error.strerror}",
            where=str(path),
            remedy="`gonogo runs hold RUN` keeps it from being pruned",
        ) from None
    return True
