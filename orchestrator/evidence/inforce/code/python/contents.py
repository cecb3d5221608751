"""Tells which texts of a Python module are the contents of files that it describes."""

from __future__ import annotations

from functools import cached_property

from .....errors import FormatError
from ._literals import Literals
from ._module import Module
from ._strings import Strings


class Contents:
    """
    The contents of files in a mapping of names to texts; a module that cannot be parsed has none.

    Args:
        data: The module.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._literals = Literals(data)

    def cover(self, place: int) -> bool:
        """Whether the byte at *place* lies inside such a text."""
        literal = next(iter(self._literals.within(place, place + 1)), None)
        if literal is None or self._literals.is_comment(literal):
            return False
        return self._strings is not None and self._strings.mention(place)

    @cached_property
    def _strings(self) -> Strings | None:
        try:
            return Strings(Module(self._data), self._data, files_only=True)
        except FormatError:
            return None
