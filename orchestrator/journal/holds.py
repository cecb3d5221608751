"""Holds a run, so that it is not pruned: by a file beside the runs, which is not part of any record."""

from __future__ import annotations

import os
from pathlib import Path

from ..domain.model import Model
from ..errors import RunsFolderUnwritable
from ..host import files
from ..redaction import redact
from . import foreign
from .event import canonical
from .known import known

ENDING = ".hold"
_MOST = 1 << 16
"""Bytes of a hold."""


class Hold(Model):
    """That a run is kept, and why."""

    run: str
    """The run's id."""
    since: str
    """When it was first held, in UTC."""
    reason: str = ""
    """In words of whoever holds it."""


def place(folder: Path) -> Path:
    """The place of the hold on the run in *folder*: beside that folder, whatever is in it."""
    own = Path(os.path.abspath(folder))  # noqa: PTH100  # links are not followed
    return own.with_name(own.name + ENDING)


def hold(folder: Path, reason: str, since: str) -> Hold | None:
    """
    Hold the run in *folder*; where it is held already, that stays as it is.

    Returns:
        How it was held before; None where it was not.

    Raises:
        RunsFolderUnwritable: The hold cannot be written.
    """
    path = place(folder)
    said = Hold(run=folder.name, since=since, reason=redact(reason))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with open(os.open(path, flags, 0o644), "wb") as file:  # noqa: PTH123  # a descriptor
            file.write(canonical(said.model_dump()) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return held(folder)
    except OSError as error:
        raise RunsFolderUnwritable(f"the hold cannot be written: {error.strerror}", where=str(path)) from None
    return None


def unhold(folder: Path) -> bool:
    """
    Hold the run in *folder* no longer; says whether it was held.

    Raises:
        RunsFolderUnwritable: The hold cannot be taken away.
    """
    path = place(folder)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise RunsFolderUnwritable(f"the hold cannot be taken away: {error.strerror}", where=str(path)) from None
    return True


def held(folder: Path) -> Hold | None:
    """How the run in *folder* is held; whatever lies in the place of a hold is one, also where it cannot be read."""
    path = place(folder)
    if not os.path.lexists(path):
        return None
    try:
        return known(Hold, foreign.parsed(files.read(path, _MOST, inside=path.parent))).value
    except (OSError, ValueError):
        return Hold(run=folder.name, since="", reason=f"{path.name} cannot be read")
