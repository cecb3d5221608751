"""Tells what a YAML file keeps where nobody reads it: under keys of extensions, or all of it as one text."""

from __future__ import annotations

import re

from ..force import unknown, void
from .spans import Found

_TOP = re.compile(
    rb"""^(?P<quote>["']?)(?P<key>[\w./~-][^\s:"'#]{0,100})(?P=quote):(?=\s|$)(?P<rest>[^\n]*)""", re.MULTILINE
)
_DOCUMENT = re.compile(rb"^---", re.MULTILINE)
_UNREAD = re.compile(rb"x-|_{1,2}\w|(?:disabled|unused)$", re.IGNORECASE)
_EXTENDS = re.compile(rb"^[\"']?(?:openapi|swagger|asyncapi)[\"']?:", re.MULTILINE)
"""Formats in which tools have keys of their own that begin with x-."""
_ANCHOR = re.compile(rb"(?:^|[\s:,\[{-])&([\w.-]{1,100})")
_BLOCK = re.compile(rb"[ \t]*(?:![\w!]{1,40}[ \t]+)?[|>][+-]?\d?[+-]?[ \t\r]*$")
_MAPPING = re.compile(rb"^[ \t]+[\w./-]{1,60}:(?:[ \t\r]|$)", re.MULTILINE)
_MOST = 300
_SAMPLE = 4_000


def judge(data: bytes, found: Found) -> None:
    """Note in *found* the entries at the top of *data* that nothing reads."""
    tops = []
    for match in _TOP.finditer(data):
        tops.append(match)
        if len(tops) > _MOST:
            return
    if b"apiVersion:" not in data and len(tops) == 1 and _BLOCK.fullmatch(tops[0]["rest"]):
        if _MAPPING.search(data, tops[0].end(), tops[0].end() + _SAMPLE):
            reason = (
                f"stands in a text under {tops[0]['key'].decode('utf-8', 'replace')}, and nobody is known to read it"
            )
            found.add(tops[0].end(), len(data), unknown(reason))
        return
    names = [match["key"] for match in tops]
    if not any(map(_UNREAD.match, names)) or _EXTENDS.search(data):
        return
    ends = [*(match.start() for match in tops[1:]), len(data)]
    for match, end in zip(tops, ends, strict=False):
        document = _DOCUMENT.search(data, match.end(), end)
        last = document.start() if document else end
        if _UNREAD.match(match["key"]) and not _is_referred_to(data, match.start(), last):
            name = match["key"].decode("utf-8", "replace")
            found.add(match.start(), last, void(f"stands under {name}, which nothing reads"))


def _is_referred_to(data: bytes, start: int, end: int) -> bool:
    """Whether something outside of an entry takes a part of it by its anchor."""
    names = set(_ANCHOR.findall(data, start, end))
    return any(
        re.search(rb"\*" + re.escape(name) + rb"(?![\w.-])", part)
        for name in sorted(names)[:_MOST]
        for part in (data[:start], data[end:])
    )
