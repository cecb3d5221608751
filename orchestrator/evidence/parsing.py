"""Parses source text with a grammar, in a number of steps that depends on the text alone."""

from __future__ import annotations

import importlib
import warnings
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Tree

_REPORTS = (500, 0.06)
"""
How often the parser may report that it is still at work: so often at least, and so often for each byte.

It reports after a fixed number of its own steps, so that the bound is the same on every machine. Of real files the
worst reported 0.024 times a byte.
"""
_MISTAKEN = 100
"""How often it may report while it tries to make sense of a mistake, which takes time and memory; 85 was the worst."""
_READ = 4_096
"""Bytes that the parser is given at a time; it copies them each time that it comes back to them."""


def parsed(language: Language, data: bytes) -> Tree:
    """
    The syntax tree of *data*.

    What the parser does in one of its steps has no bound here; see :mod:`.trial`.

    Raises:
        ValueError: The parser had too much to do.
    """
    from tree_sitter import Parser

    left = _REPORTS[0] + int(_REPORTS[1] * len(data))
    mistaken = _MISTAKEN

    def exhausted(_: int, mistake: bool) -> bool:
        nonlocal left, mistaken
        left -= 1
        mistaken -= mistake
        return left < 0 or mistaken < 0

    def read(start: int, _: object) -> bytes:
        end = start + _READ
        while 0x80 <= (data[end] if end < len(data) else 0) < 0xC0:
            end += 1  # the parser cannot bear a piece that ends within a character
        return data[start:end]

    return Parser(language).parse(read, progress_callback=exhausted)


@cache
def loaded(module: str, entry: str) -> Language:
    """The grammar that the function *entry* of *module* gives."""
    from tree_sitter import Language

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # some still give a number where a capsule is asked for
        return Language(getattr(importlib.import_module(module), entry)())
