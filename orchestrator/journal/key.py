"""Keeps the key of a folder of runs: it makes the digests of what is withheld, and leaves no run."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from ..errors import RunsFolderUnwritable
from ..host import files
from .writer import guarded, prepared

KEY = ".redaction-key"
_SIZE = 32


def redaction_key(runs: Path) -> bytes:
    """
    The key of the folder *runs*; the first run that needs it makes it.

    Raises:
        RunsFolderUnwritable: It can neither be read nor made.
    """
    path = runs / KEY

    def key() -> bytes:
        with contextlib.suppress(FileNotFoundError):
            return _read(path)
        prepared(runs)
        with contextlib.suppress(FileExistsError):  # another run was quicker: its key is the key
            _made(path)
        return _read(path)

    found = guarded(key, runs)
    if len(found) != _SIZE:
        raise RunsFolderUnwritable(
            f"the key of the runs has {len(found)} bytes, expected {_SIZE}",
            where=str(path),
            remedy="restore it, or delete it: later runs will then not recognise what earlier ones have withheld",
        )
    if not _ours(path):
        raise RunsFolderUnwritable(
            "others can read the key of the runs, and could test guesses at what is withheld",
            where=str(path),
            remedy=f"`chmod 600 {path}`, if you have made it, or delete it",
        )
    return found


def passing_key() -> bytes:
    """A key for one life of one run, which is kept nowhere."""
    return secrets.token_bytes(_SIZE)


def _read(path: Path) -> bytes:
    with files.opened(path, inside=path.parent) as file:
        return file.read(_SIZE + 1)


def _ours(path: Path) -> bool:
    """Whether it is ours, and nobody else can read or write it."""
    found = path.lstat()
    return found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _made(path: Path) -> None:
    """Put a new key in its place in one go, so that nobody reads half of it; never over another."""
    part = path.with_name(f"{KEY}.{secrets.token_hex(8)}.part")
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        try:
            os.write(file, secrets.token_bytes(_SIZE))
            os.fsync(file)
        finally:
            os.close(file)
        os.link(part, path)
    finally:
        part.unlink()
