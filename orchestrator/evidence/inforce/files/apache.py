"""Tells which lines of an Apache configuration have an effect."""

from __future__ import annotations

import re

from ..force import Force, unknown, void
from .spans import Found

_OPEN = re.compile(r"<(\w+)\s*([^>]*)>")
_ONCE = frozenset(
    {"sslengine", "servertokens", "serversignature", "traceenable", "expiresactive", "sslprotocol", "sslciphersuite"}
    | {"sslhonorcipherorder", "keepalive", "hostnamelookups", "rewriteengine", "filetag", "fileetag", "timeout"}
)
_HEADER = re.compile(
    r"header\s+(?:always\s+|onsuccess\s+)?(set|append|merge|add|setifempty|unset)\s+\"?([\w-]+)", re.IGNORECASE
)
_NEVER = re.compile(r"\"?'?(?:false|0|1\s*==?\s*0|1\s+-eq\s+0)'?\"?", re.IGNORECASE)


def read(data: bytes) -> Found:
    """What is not in force of *data*: comments, sections that never apply, what is set again or unset further down."""
    found = Found()
    stack: list[tuple[str, int, Force | None]] = []
    blocks: list[list[tuple[str, int, int]]] = [[]]
    place = 0
    going_on = False
    for raw in data.split(b"\n"):
        start, end = place, place + len(raw)
        place = end + 1
        text = raw.decode("utf-8", "replace").strip()
        if going_on:
            going_on = text.endswith("\\")
            continue
        if text.startswith("#"):
            found.comments.append((start, end))
        elif text.startswith("</"):
            if stack:
                _, since, force = stack.pop()
                _overridden(blocks.pop(), found)
                if force is not None:
                    found.add(since, end, force)
        elif (opened := _OPEN.match(text)) is not None and len(stack) < 100:
            stack.append((opened[1].lower(), start, _of_section(opened[1].lower(), opened[2].strip())))
            blocks.append([])
        elif text:
            blocks[-1].append((text, start, end))
        going_on = text.endswith("\\") and not text.startswith("#")
    for block in blocks:
        _overridden(block, found)
    return found


def _of_section(name: str, condition: str) -> Force | None:
    """What is to be said of all in a section; None where there is nothing."""
    if name in ("if", "elseif") and _NEVER.fullmatch(condition):
        return void("is in a section that never applies")
    if name == "ifdefine":
        return unknown(f"is only there if the server is started with {condition.strip('!')}")
    return None


def _overridden(block: list[tuple[str, int, int]], found: Found) -> None:
    later: set[str] = set()
    unset: set[str] = set()
    for text, start, end in reversed(block):
        name = text.split(None, 1)[0].lower()
        header = _HEADER.match(text)
        if header is not None:
            if header[1].lower() == "unset":
                unset.add(header[2].lower())
            elif header[2].lower() in unset:
                found.add(start, end, void("is unset further down"))
        elif name in _ONCE:
            if name in later:
                found.add(start, end, void("is set again further down"))
            later.add(name)
