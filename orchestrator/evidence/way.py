"""Walks through a folder, name by name, so that no link is followed and no step is taken twice."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence

from .tree import MAX_DEPTH


class Way:
    """
    Stands in one folder below *root* and goes to another one by the shortest way, over what both have in common.

    So a walk in order enters every folder once, however deep they lie in one another.

    Args:
        root: Where everything begins.
    """

    def __init__(self, root: bytes) -> None:
        self._names: list[bytes] = []
        self._open = [os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)]

    def __enter__(self) -> Way:
        return self

    def __exit__(self, *_: object) -> None:
        self._names = []
        while self._open:
            os.close(self._open.pop())

    def to(self, folders: Sequence[bytes]) -> int:
        """
        A descriptor of the folder that *folders*, names from the root on, lead to; it is open until the next step.

        Raises:
            OSError: It is not there, cannot be entered, is a link, leads out, or lies too deep.
        """
        if len(folders) > MAX_DEPTH:
            raise OSError(errno.ENAMETOOLONG, f"it lies more than {MAX_DEPTH} folders deep")
        if b".." in folders or b"" in folders:
            raise PermissionError(errno.EPERM, "it leads out of the folder")
        common = 0
        while common < min(len(folders), len(self._names)) and folders[common] == self._names[common]:
            common += 1
        while len(self._names) > common:
            self._names.pop()
            os.close(self._open.pop())
        for name in folders[common:]:
            inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._open[-1])
            self._open.append(inner)
            self._names.append(name)
        return self._open[-1]
