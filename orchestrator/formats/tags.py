"""Finds tags in HTML, in templates of any language, and in JSX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import FormatError

MAX_TAG = 4_000
MAX_TAGS = 20_000


class Tag(NamedTuple):
    """One opening or closing tag (``/label``): attributes by lower-case name, without a leading colon, as written."""

    name: str
    attributes: dict[str, str]
    open_ended: bool
    """A template expression or a spread may add attributes."""
    line: int
    inside: int = 0
    """Characters up to the closing tag; only for script and style, whose content is skipped."""

    def has(self, *names: str) -> bool:
        return any(n in self.attributes for n in names)

    def value(self, name: str) -> str:
        """The value without its quotes and braces; empty where there is none."""
        return self.attributes.get(name, "").strip("\"'{} `")


def scan(text: str, *, markup: bool) -> Iterator[Tag]:
    """
    Every tag that a reader of pages asks about, in order; linear in the text, at most 20,000.

    This is not an HTML parser on purpose: before it is rendered, neither a template nor JSX is HTML.

    Args:
        text: The file.
        markup: Whether names are matched in any case, as HTML does; JSX tells ``label`` from ``Label``.
    """
    pattern = _MARKUP if markup else _JSX
    line, counted, position = 1, 0, 0
    for _ in range(MAX_TAGS):
        match = pattern.search(text, position)
        if match is None:
            return
        start, name = match.start(), match.group(1)
        line += text.count("\n", counted, start)
        counted = start
        if name == "!--":
            position = _behind(_COMMENT_END, text, match.end())
            continue
        if not markup and text[start - 1 : start] in ("`", "'", '"'):
            position = match.end()
            continue
        name = name.lower() if markup else name
        position = _end_of_tag(text, match.end())
        body = text[match.end() : position]
        skipped = 0
        if name in _CLOSING and not body.endswith("/>"):
            close = _behind(_CLOSING[name], text, position)
            skipped, position = close - position, close
        rest = _ATTRIBUTE.sub(" ", body)
        attributes = {m.group(1).lower().lstrip(":"): m.group(2) for m in _ATTRIBUTE.finditer(body)}
        for bare in _BARE.findall(rest):
            attributes.setdefault(bare.lower(), "")
        yield Tag(name, attributes, any(mark in rest for mark in _EXPRESSIONS), line, skipped)
    if pattern.search(text, position):
        raise FormatError(f"more than {MAX_TAGS:,} tags", line)


_NAMES = (
    r"html|head|title|template|img|iframe|input|select|textarea|link|meta|div|span|li|td|script|style|svg|"
    r"(?:[A-Za-z]\w{0,30}\.)?[\w-]{0,30}label"
)
_MARKUP = re.compile(rf"<(!--|/?(?:{_NAMES})(?=[\s/>{{]))", re.IGNORECASE)
_JSX = re.compile(rf"<(!--|/?(?:{_NAMES.replace('label', '[lL]abel')})(?=[\s/>{{]))")
_ATTRIBUTE = re.compile(
    r"""(?<![:@#\w.()\[\]*-])([:@#\w.()\[\]*-]{1,80})\s{0,20}=\s{0,20}("[^"]{0,2000}"|'[^']{0,2000}'|\{[^}]{0,400}\}|[^\s"'>{]{1,500})"""
)
_BARE = re.compile(r"(?<![\w-])(alt|hidden|disabled)(?![\w=-])")
_EXPRESSIONS = ("{", "<%", "<?", "@")
_COMMENT_END = re.compile("-->")
_CLOSING = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "svg")}


def _behind(mark: re.Pattern[str], text: str, start: int) -> int:
    found = mark.search(text, start)
    return found.end() if found else len(text)


def _end_of_tag(text: str, start: int) -> int:
    """Behind the ``>`` that ends a tag: quotes and braces may hold others."""
    depth, quote = 0, ""
    limit = min(len(text), start + MAX_TAG)
    for match in _STOPS.finditer(text, start, limit):
        char = match.group()
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'`":
            quote = char
        elif char == "{":
            depth += 1
        elif char == "}":
            depth = max(0, depth - 1)
        elif depth == 0 and text[match.start() - 1] not in "=%?":
            return match.end()
    return limit


_STOPS = re.compile(r"[\"'`{}>]")
