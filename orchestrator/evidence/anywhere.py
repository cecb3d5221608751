"""Tells whether a file says any of many things, of which each is looked for only where its words stand."""

from __future__ import annotations

import re
from functools import cached_property

from ..domain.anchors import alternatives, anchors


class Anywhere:
    """
    The alternatives of a pattern, for those who ask whether it matches and not where.

    A pattern of many alternatives is tried at each letter of a file, which takes longer than all else that is done with
    most files. Of one that has none of an alternative's words, a search for these words is all that it takes.

    Args:
        pattern: What is looked for.
        flags: Of the pattern.
    """

    def __init__(self, pattern: bytes, flags: int = 0) -> None:
        self.pattern = pattern
        self._flags = flags

    def stands_in(self, data: bytes, lower: bytes | None = None) -> bool:
        """Whether the pattern matches anywhere in *data*, of which *lower* is known to be the lower case."""
        lower = data.lower() if lower is None else lower
        for words, pattern in self._each:
            for word in words:
                if word in lower:
                    break
            else:
                if words:
                    continue
            if pattern.search(data) is not None:
                return True
        return False

    @cached_property
    def _each(self) -> list[tuple[tuple[bytes, ...], re.Pattern[bytes]]]:
        """Each alternative, with the words of which any text that it matches has one; none where it has none."""
        parts = alternatives(self.pattern.decode("ascii"))
        return [(tuple(w.encode() for w in anchors(part)), re.compile(part.encode(), self._flags)) for part in parts]
