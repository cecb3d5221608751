"""Turns the names of files, which may be any bytes, into text that is safe to store and to print."""

from __future__ import annotations

import unicodedata


def safe(raw: bytes) -> str:
    """*raw* as text: bytes that are not UTF-8, control and direction-changing characters written as escapes."""
    text = raw.decode("utf-8", "backslashreplace")
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character.isprintable() and unicodedata.category(character) not in ("Cf", "Cc", "Cs", "Co"):
        return character
    return character.encode("unicode_escape").decode("ascii")
