"""Lists every commit of a history, and every path under which each of them brought a blob."""

from __future__ import annotations

from binascii import unhexlify
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from ...errors import RepositoryUnreadable
from ..git import Git
from .patience import Patience
from .places import Places

MAX_COMMITS = 2_000_000
_MAX_NAME = 4_000_000
"""Bytes of one path; git itself has no limit."""
_MAX_BROKEN = 50
"""How often git is asked again for the commits behind one that it has stopped at."""
_NO_BLOB = frozenset({b"000000", b"160000"})


def commits(git: Git, starts: Iterable[str], patience: Patience) -> Iterator[str]:
    """
    Every commit that *starts* lead to, newest first.

    Raises:
        RepositoryUnreadable: Not all of them could be listed.
    """
    with git.stream("rev-list", "--stdin", names=starts, check=True, patience=patience.left) as out:
        for number, line in enumerate(out):
            if number >= MAX_COMMITS:
                raise RepositoryUnreadable(f"the history has more than {MAX_COMMITS:,} commits")
            yield line.rstrip().decode("ascii")


def blobs(git: Git, found: Sequence[str], places: Places, patience: Patience) -> None:
    """
    Put into *places* what each of the commits *found* has brought.

    A merge has brought what none of its parents has at that path: whatever it took over, a parent has brought.

    Raises:
        RepositoryUnreadable: Not all of it could be listed.
    """
    start, failure = 0, None
    for _ in range(_MAX_BROKEN):
        last = start
        try:
            for number, blob, path in _brought(git, found, start, patience):
                last = number
                places.add(blob, path, number)
        except _Ended as error:
            failure, start = error, last + 1
            if not patience.over:
                continue
        break
    if failure is not None:
        raise RepositoryUnreadable(f"not all trees of the history can be read: {failure}")


def _brought(git: Git, found: Sequence[str], start: int, patience: Patience) -> Iterator[tuple[int, bytes, bytes]]:
    """Number of the commit, object id and path of each blob that one of *found* has brought, from *start* on."""
    words = ("--stdin", "-r", "-c", "--root", "-z", "--raw", "--no-renames", "--no-abbrev", "-O/dev/null")
    number = start
    try:
        with git.stream(
            "diff-tree", *words, "--ignore-submodules=none", names=found[start:], check=True, patience=patience.left
        ) as out:
            fields = _fields(out)
            for field in fields:
                if field[:1] != b":":
                    number = found.index(field.decode("ascii"), number)
                    continue
                parents = len(field) - len(field.lstrip(b":"))
                values = field.split(b" ")
                path = next(fields, b"")
                if values[parents] not in _NO_BLOB:
                    yield number, unhexlify(values[2 * parents + 1]), path
    except RepositoryUnreadable as error:
        raise _Ended(error.what) from None


class _Ended(Exception):
    """git has stopped at an object that it cannot read."""


def tree(git: Git, name: str, places: Places, commit: int, patience: Patience) -> None:
    """Put into *places* what the tree *name* holds, to which a tag leads and no commit."""
    with git.stream("ls-tree", "-r", "-z", "--full-tree", name, check=True, patience=patience.left) as out:
        for field in _fields(out):
            head, _, path = field.partition(b"\t")
            mode, _, blob = head.split(b" ")
            if mode not in _NO_BLOB:
                places.add(unhexlify(blob), path, commit)


def _fields(out: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := out.read(1 << 20):
        *fields, rest = (rest + chunk).split(b"\0")
        if len(rest) > _MAX_NAME:
            raise RepositoryUnreadable(f"a path of the history has more than {_MAX_NAME:,} bytes")
        yield from fields
