"""Tells which lines of a manifest have an effect: scripts that do something, packages that somebody installs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from . import rehearsals
from .shell import plain, read

_MARKER = re.compile(r"python(?:_full)?_version\s*(<=|<|==|~=)\s*[\"'](\d{1,3})(?:\.(\d{1,3}))?[^\"']*[\"']")
_OLDEST = (3, 8)
"""Older versions of Python get no fixes and few packages any more."""
_MAX_SCRIPTS = 200


def in_force(scripts: Mapping[str, str]) -> dict[str, str]:
    """
    *scripts* of a manifest by their names, each without the commands that never run or do nothing.

    A script of which nothing is left is left out; one that nobody can read stays as it is.
    """
    kept = {}
    for name, text in list(scripts.items())[:_MAX_SCRIPTS]:
        script = read(text)
        does = [c.text for c in script.commands if c.force and rehearsals.of_command(plain(c.text), c.words)]
        if script.unread or len(does) == len(script.commands):
            kept[name] = text
        elif does:
            kept[name] = " && ".join(does)
    return kept


def is_installed(requirement: str) -> bool:
    """Whether pip installs *requirement*, a line with its markers, for a version of Python that is still maintained."""
    marker = requirement.partition(";")[2].partition("#")[0]
    if " or " in marker:
        return True
    return not any(_too_old(*found) for found in _MARKER.findall(marker))


def _too_old(sign: str, major: str, minor: str) -> bool:
    """Whether only versions that nobody maintains are ``sign`` than or like this one."""
    version = (int(major), int(minor or 0))
    if sign == "<":
        return version <= _OLDEST
    return version < _OLDEST
