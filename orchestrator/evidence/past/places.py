"""Remembers under which paths history had each blob, as far as that changes what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...errors import RepositoryUnreadable
from .. import paths
from ..credentials import READINGS, treatment

MAX_BLOBS = 3_000_000
MAX_PATH_BYTES = 300_000_000
"""Bytes of all paths together."""


class Place(NamedTuple):
    """A path under which history had a blob, and the commit that brought it there."""

    weight: int
    """How a credential there counts, see :class:`orchestrator.evidence.credentials.Treatment`."""
    path: str
    commit: int
    """Its number in the order of the walk."""


class Places:
    """
    For each blob and each way to read it the place where a credential counts most; of several the oldest.

    Millions of them are kept, each as one number: its weight, that of its path and that of its commit.
    """

    def __init__(self) -> None:
        self._paths: list[bytes] = []
        self._numbers: dict[bytes, int] = {}
        self._heads: list[int] = []
        self._shelves: list[dict[bytes, int]] = []
        self._kept: dict[str, dict[bytes, int]] = {reading: {} for reading in READINGS}
        self._size = 0

    def add(self, blob: bytes, path: bytes, commit: int) -> None:
        """
        Note that *commit* had *blob* at *path*; older commits are told later.

        Raises:
            RepositoryUnreadable: There are more than any machine could hold.
        """
        number = self._numbers.get(path)
        if number is None:
            number = self._new(path)
        shelf, place = self._shelves[number], self._heads[number] | commit
        kept = shelf.get(blob)
        if kept is None or place >> _WEIGHT <= kept >> _WEIGHT:
            shelf[blob] = place
            if len(shelf) > MAX_BLOBS:
                raise RepositoryUnreadable(f"the history has more than {MAX_BLOBS:,} blobs")

    def weights(self) -> dict[bytes, int]:
        """Each blob, and how much a credential in it can count."""
        found: dict[bytes, int] = {}
        for shelf in self._kept.values():
            for blob, place in shelf.items():
                found[blob] = min(found.get(blob, place >> _WEIGHT), place >> _WEIGHT)
        return found

    def of(self, blob: bytes) -> list[Place]:
        """The paths that *blob* had, the one that counts most first."""
        found = [shelf[blob] for shelf in self._kept.values() if blob in shelf]
        return sorted(
            Place(place >> _WEIGHT, paths.safe(self._paths[place >> _PATH & _LOW]), place & _LOW) for place in found
        )

    def forget(self, seen: Mapping[bytes, Mapping[str, int]]) -> int:
        """
        Leave out where the tree has a blob that is read there in the same way and counts as much.

        Args:
            seen: Blob to way of reading to weight.

        Returns:
            How many blobs are left out altogether.
        """
        for blob, readings in seen.items():
            for reading, weight in readings.items():
                place = self._kept[reading].get(blob)
                if place is not None and weight <= place >> _WEIGHT:
                    del self._kept[reading][blob]
        return sum(not any(blob in shelf for shelf in self._kept.values()) for blob in seen)

    def _new(self, path: bytes) -> int:
        self._size += len(path)
        if self._size > MAX_PATH_BYTES:
            raise RepositoryUnreadable(f"the paths of the history have more than {MAX_PATH_BYTES:,} bytes")
        weight, reading = treatment(paths.safe(path))
        number = self._numbers[path] = len(self._paths)
        self._paths.append(path)
        self._heads.append(weight << _WEIGHT | number << _PATH)
        self._shelves.append(self._kept[reading])
        return number


_PATH, _WEIGHT, _LOW = 30, 60, (1 << 30) - 1


def seen_in(tree: Iterator[tuple[bytes, str]]) -> dict[bytes, dict[str, int]]:
    """What :meth:`Places.forget` asks for, of (blob, path) of every file that was read in the tree."""
    found: dict[bytes, dict[str, int]] = {}
    for blob, path in tree:
        weight, reading = treatment(path)
        readings = found.setdefault(blob, {})
        readings[reading] = min(readings.get(reading, weight), weight)
    return found
