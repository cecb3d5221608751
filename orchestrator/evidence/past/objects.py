"""Reads the contents of git's objects in pieces, however large, and goes on past broken ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from ...errors import RepositoryUnreadable
from ..git import Git
from .patience import Patience

PIECE = 4_000_000
_MAX_BROKEN = 50
"""After so many broken objects no more are tried: each costs a process."""


class Content:
    """
    One object.

    Args:
        name: Its id.
        kind: commit, tag, tree or blob; empty where it is not there or broken.
        size: In bytes.
    """

    def __init__(self, name: str, kind: str = "", size: int = 0, out: IO[bytes] | None = None) -> None:
        self.name, self.kind, self.size = name, kind, size
        self._out, self._left = out, size
        self.broken = False

    def pieces(self) -> Iterator[bytes]:
        """Its bytes; where they end too early, it is :attr:`broken`."""
        while self._left and self._out is not None:
            data = self._out.read(min(PIECE, self._left))
            self._left -= len(data)
            if not data:
                self.broken = True
                return
            yield data
        if self._out is not None and not self.broken:
            self.broken, self._out = self._out.read(1) != b"\n", None

    def skip(self) -> None:
        """Read to its end."""
        for _ in self.pieces():
            pass


def contents(git: Git, names: Sequence[str], patience: Patience) -> Iterator[Content]:
    """
    Each object of *names*, in order, through one process; after one that git breaks off at, through another.

    Raises:
        RepositoryUnreadable: There are too many broken ones.
    """
    start = 0
    for _ in range(_MAX_BROKEN):
        with git.stream("cat-file", "--batch", "--buffer", names=names[start:], patience=patience.left) as out:
            first = start
            while start < len(names) and not patience.over:
                content = _next(names[start], out)
                if content is None and start > first:  # so the one before was shorter than git had said
                    yield _broken(names[start - 1])
                    break
                start += 1
                yield content or _broken(names[start - 1])
                if content is None:
                    break
                content.skip()
                if content.broken:
                    break
            else:
                return
    raise RepositoryUnreadable(f"more than {_MAX_BROKEN} objects of the history are broken")


def _next(name: str, out: IO[bytes]) -> Content | None:
    """What git says next, if it is of *name*."""
    words = out.readline(_MAX_HEADER).split()
    if words[:1] != [name.encode("ascii", "replace")]:
        return None
    if len(words) == 3 and words[2].isdigit():
        return Content(name, words[1].decode("ascii"), int(words[2]), out)
    return Content(name)


def _broken(name: str) -> Content:
    content = Content(name)
    content.broken = True
    return content


_MAX_HEADER = 1_000
