"""Tells whether a content is text, and how to read one with NUL bytes all the same."""

from __future__ import annotations

from collections.abc import Iterator

from . import classify
from .tree import as_utf8

LFS = b"version https://git-lfs.github.com/spec/"
"""How a file begins whose content lies elsewhere."""
_LOOKED_AT = 8_000
_MAGIC = (
    *(b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0"),  # images
    *(b"OggS", b"ID3", b"fLaC", b"\x1aE\xdf\xa3"),  # sound and film
    *(b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0", b"%PDF-"),  # fonts and documents
    *(b"PK\3\4", b"PK\5\6", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd"),  # archives
    *(b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\0asm", b"!<arch>\n"),  # programs
    b"SQLite format 3\0",
)
"""How contents begin that are not text, as those who made their formats have laid it down."""


def is_text(path: str, data: bytes) -> bool:
    """
    Whether *data* is to be read as text.

    What has NUL bytes and is an image, a font, an archive, a program or their like by its name or its first bytes is
    not; where the name promises text, as that of a configuration does, its first bytes do not take it away.
    """
    if b"\0" not in data[:_LOOKED_AT]:
        return True
    name = path.rpartition("/")[2]
    suffix = "." + name.rpartition(".")[2].lower() if "." in name[1:] else ""
    if suffix in classify.ASSETS:
        return False
    promised = classify.language(path) or suffix in classify.CONFIG or name.startswith(".")
    return bool(promised) or not data.startswith(_MAGIC)


def readings(data: bytes) -> Iterator[bytes]:
    """
    How *data* may be meant.

    That is as it stands. Where it has NUL bytes it is with ends of lines in their place, so that it is as long; without
    them, since UTF-16 and UTF-32 have one or three at every plain letter; and in UTF-8, if it says it is one of these.
    """
    if b"\0" not in data:
        yield data
        return
    yield data.replace(b"\0", b"\n")
    yield data.replace(b"\0", b"")
    told = as_utf8(data)
    if told is not data:
        yield told
