"""Tells whether what stands before some paths stands before one of them."""

from __future__ import annotations

import re

_ALL_BUT = re.compile(r"^/?\(\(\?!(?P<not>[\w/|.\\$*+?\[\]()-]{0,300}?)\)\.[*+]\)$")
WILD = re.compile(r"[*+?()]")
"""What makes a pattern stand for more than one path, parameters aside."""
_PARAMETER = re.compile(r"^(?:[:{\[$].{0,80}|\*.{0,40}|.{0,20}\(.{0,60}\).{0,3})$")


def reaches(pattern: str, path: str, whole: bool) -> bool:
    """
    Whether *path* is among those that *pattern* names.

    Args:
        pattern: Segments, of which ``:id`` and ``[id]`` stand for any one and ``*`` and ``:rest*`` for all that follow.
        path: A route's own.
        whole: The first segments are enough.
    """
    if pattern in ("", "/") and whole:
        return True
    if (but := _ALL_BUT.search(pattern)) is not None:
        first = path.strip("/")
        return not any(word and first.startswith(word.strip("/")) for word in but["not"].split("|"))
    wanted, given = segments(pattern), segments(path)
    for at, segment in enumerate(wanted):
        if segment in ("*", "**", ".*", "(.*)") or re.fullmatch(r":\w{1,60}[*+]|\*\w{1,60}|\{\*\w{1,60}\}", segment):
            return True
        if at >= len(given):
            return False
        if segment != given[at] and not _PARAMETER.search(segment):
            return False
    return whole or len(wanted) == len(given)


def segments(path: str) -> list[str]:
    """The parts of *path* between its slashes."""
    return [segment for segment in path.strip("/").split("/") if segment]
