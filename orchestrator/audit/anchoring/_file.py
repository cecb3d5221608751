"""Anchors as lines of a file that only grows."""

from __future__ import annotations

import os
from pathlib import Path

from ...errors import UsageError
from ...host import files

_MOST = 64 << 20
"""Bytes of a file of anchors; a line has about 300."""


class File:
    """
    A file with one anchor a line, among whatever else.

    Args:
        path: Of the file.
    """

    fetch = ""
    push = ""

    def __init__(self, path: Path) -> None:
        self._path = path

    def lines(self) -> list[str]:
        """
        Every line.

        Raises:
            UsageError: The file is not there, or cannot be read.
        """
        try:
            return self._read()
        except FileNotFoundError:
            raise UsageError("the file of anchors is not there", where=str(self._path)) from None

    def add(self, line: str) -> None:
        """
        Write *line* at the end, where it is not there yet.

        Raises:
            UsageError: The file cannot be read or written.
        """
        try:
            there = line in self._read()
        except FileNotFoundError:
            there = False
        if not there:
            self._append(line)

    def _read(self) -> list[str]:
        try:
            return files.read(self._path, _MOST).decode("utf-8", "replace").splitlines()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise UsageError(f"the file of anchors cannot be read: {error.strerror}", where=str(self._path)) from None

    def _append(self, line: str) -> None:
        """One write at the end, so that lines of others stay whole."""
        try:
            held = files.descriptor(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, mode=0o644)
            with open(held, "ab+") as file:  # noqa: PTH123  # a descriptor
                if file.tell() and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
                    line = "\n" + line
                file.write(f"{line}\n".encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise UsageError(f"the anchor cannot be written: {error.strerror}", where=str(self._path)) from None
