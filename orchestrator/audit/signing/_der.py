"""Puts the certificates of an answer into the order that DER asks for; many authorities have another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_SEQUENCE, _FIRST = 0x30, 0xA0
_PATH = (
    (_SEQUENCE, 0),  # TimeStampResp
    (_SEQUENCE, 1),  # its token, a ContentInfo; the status stands before it
    (_FIRST, 0),  # the content
    (_SEQUENCE, 0),  # SignedData
    (_FIRST, 0),  # its certificates
)
"""The way to the certificates: a tag, and how many of it come before."""


def ordered(answer: bytes) -> bytes:
    """
    *answer* with its certificates in order, for readers that insist on it; what is none is left as it is.

    They are a set, no signature is over it, and who the signer is stands elsewhere.
    """
    begin, end = 0, len(answer)
    try:
        for tag, before in _PATH:
            inside = [part for part in _parts(answer, begin, end) if part.tag == tag][before]
            begin, end = inside.content, inside.end
        certificates = [answer[part.begin : part.end] for part in _parts(answer, begin, end)]
    except (IndexError, ValueError):
        return answer
    return answer[:begin] + b"".join(sorted(certificates)) + answer[end:]


class _Part(NamedTuple):
    """One value of DER: where it begins, where its content does, and where both end."""

    tag: int
    begin: int
    content: int
    end: int


def _parts(data: bytes, begin: int, end: int) -> Iterator[_Part]:
    """
    The values that stand in *data* from *begin* to *end*.

    Raises:
        IndexError: They do not fit.
        ValueError: A length is not one of DER.
    """
    while begin < end:
        length, content = data[begin + 1], begin + 2
        if length & 0x80:
            size = length & 0x7F
            if not 0 < size <= 4:
                raise ValueError("a length without an end")
            content += size
            length = int.from_bytes(data[begin + 2 : content], "big")
        if content + length > end:
            raise IndexError("it ends elsewhere")
        yield _Part(data[begin], begin, content, content + length)
        begin = content + length
