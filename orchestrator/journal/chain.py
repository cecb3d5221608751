"""Holds lines to one another: as bytes, a block at a time, and none of them is parsed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import BinaryIO, NamedTuple

from .event import GENESIS

BLOCK = 1 << 18
"""Bytes that are held to the chain in one go."""
MAX_LINE = 16 << 20
"""Bytes of a line; whatever is long goes to a blob, and what is longer than this is not a line of ours."""
KIND = b',"kind":"'
"""What stands before the kind in every line: at its last place, since in a node, which follows, quotes are escaped."""


class Block(NamedTuple):
    """Some lines of a journal in a row, each of which follows the one before it."""

    first: int
    """Number of its first event."""
    start: int
    """Where it begins in the file."""
    data: bytes
    lines: Sequence[bytes]
    """Without their newlines; a torn last line is not among them."""
    digests: Sequence[str]
    """Of the lines, in hexadecimal."""
    torn: bool
    """Whether a line that was cut off follows the last one."""

    @property
    def head(self) -> str:
        """The digest of its last line."""
        return f"sha256:{self.digests[-1]}"

    def numbered(self) -> Iterator[tuple[int, bytes, str]]:
        """Number, line and digest of each event."""
        for seq, (line, digest) in enumerate(zip(self.lines, self.digests, strict=True), self.first):
            yield seq, line, f"sha256:{digest}"


def blocks(file: BinaryIO) -> Iterator[Block | None]:
    """The lines of *file*, a block at a time; None stands for one with a line that does not follow the one before."""
    prev, first, start = GENESIS[7:], 0, 0
    while data := file.read(BLOCK):
        rest = file.readline(MAX_LINE)
        if len(rest) == MAX_LINE and rest[-1:] != b"\n":
            yield None
            return
        data += rest
        lines = data.split(b"\n")
        torn = bool(lines.pop())
        digests = _linked(lines, first, prev)
        if digests is None:
            yield None
            return
        yield Block(first, start, data, lines, digests, torn)
        prev, first, start = [prev, *digests][-1], first + len(lines), start + len(data)


def kind(line: bytes) -> bytes:
    """The kind of the event that *line* is."""
    at = line.rfind(KIND) + len(KIND)
    return line[at : line.find(b'"', at)]


def _linked(lines: Sequence[bytes], first: int, prev: str) -> list[str] | None:
    """The digests of *lines*, if each ends in its number and in the digest of the one before it."""
    digests = [sha256(line).hexdigest() for line in lines]
    ends = [
        f',"prev":"sha256:{before}","seq":{seq}}}'.encode()
        for seq, before in enumerate([prev, *digests[:-1]] if digests else (), first)
    ]
    return digests if all(map(bytes.endswith, lines, ends)) else None
