"""Tells what is commented out in files of settings that have nothing else to be told: names, values, comments."""

from __future__ import annotations

import re
from collections.abc import Callable

from .. import springs
from ..force import unknown, void
from .spans import Found

_TERRAFORM = re.compile(rb'"(?:[^"\\\n]|\\.)*"?|#[^\n]*|//[^\n]*|/\*')
_SLASHED = re.compile(rb"'''[\s\S]{0,20000}?'''|\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?|//[^\n]*|/\*")
_TRAILING = re.compile(rb"\"(?:[^\"\\\n]|\\.)*\"?|'[^'\n]*'|(?:^|(?<=\s))#[^\n]*", re.MULTILINE)
_TOML = re.compile(rb"\"\"\"[\s\S]{0,20000}?\"\"\"|'''[\s\S]{0,20000}?'''|" + _TRAILING.pattern, re.MULTILINE)
_ENTRY = re.compile(rb"^[ \t]*(?:\[\[?[\w.\"-]+\]\]?[ \t]*$|[\w.-]+ = )[^\n]*", re.MULTILINE)
_TABLE = re.compile(rb"^[ \t]*\[\[?([\w.\"-]{1,200})\]", re.MULTILINE)
_SET_ASIDE = re.compile(rb"x-|disabled\b|unused\b", re.IGNORECASE)
_IN_A_TEXT = void("stands in a text")
_WHOLE_LINES = re.compile(rb"^[ \t]*[#;!][^\n]*", re.MULTILINE)
_MAX_COMMENTS = 100_000
# A text that is not closed is taken to the end of its line, so that none is looked through again from its middle.

Reading = Callable[[bytes], Found]


def trailing(data: bytes) -> Found:
    """Comments that begin with ``#`` at the start of a word, outside quotes: TOML, ``.env``, many others."""
    return _matching(_TRAILING, data)


def toml(data: bytes) -> Found:
    """The same, and tables and entries that stand in a text of several lines, where nobody reads them as such."""
    found = Found()
    for match in _TOML.finditer(data):
        if len(found.comments) >= _MAX_COMMENTS:
            break
        if match.group()[:1] == b"#":
            found.comments.append(match.span())
        elif match.group()[:3] in (b'"""', b"'''"):
            for entry in _ENTRY.finditer(data, match.start() + 3, match.end()):
                found.add(entry.start(), entry.end(), _IN_A_TEXT)
    tables = [(table.start(), table[1]) for table in _TABLE.finditer(data)]
    for (start, name), (end, _) in zip(tables, [*tables[1:], (len(data), b"")], strict=False):
        if _SET_ASIDE.match(name):
            found.add(start, end, void("stands in a table that nothing reads"))
    return found


def whole_lines(data: bytes) -> Found:
    """Comments that fill their lines: properties and INI files, where a later ``#`` is a part of the value."""
    return _matching(_WHOLE_LINES, data)


def properties(data: bytes) -> Found:
    """The same, and the documents that are for another stage than production."""
    found = whole_lines(data)
    for start, end, force in springs.idle_properties(data):
        found.add(start, end, force)
    return found


def terraform(data: bytes) -> Found:
    """Comments of HCL: ``#`` and ``//`` to the end of the line, and ``/* … */``."""
    found = Found()
    place = 0
    while (match := _TERRAFORM.search(data, place)) is not None and len(found.comments) < _MAX_COMMENTS:
        start, place = match.span()
        if match.group() == b"/*":
            end = data.find(b"*/", place)
            place = end + 2 if end >= 0 else len(data)
        if not match.group().startswith(b'"'):
            found.comments.append((start, place))
    return found


def slashed(data: bytes) -> Found:
    """Comments of Bicep and of JSON that may have some: ``//`` and ``/* … */``, outside quotes."""
    found = Found()
    place = 0
    while (match := _SLASHED.search(data, place)) is not None and len(found.comments) < _MAX_COMMENTS:
        start, place = match.span()
        if match.group() == b"/*":
            end = data.find(b"*/", place)
            place = end + 2 if end >= 0 else len(data)
        if match.group().startswith(b"'''"):
            found.add(start, place, _IN_A_TEXT)
        elif match.group().startswith(b"/"):
            found.comments.append((start, place))
    return found


def markup(data: bytes) -> Found:
    """Comments of XML and HTML."""
    found = Found()
    start = data.find(b"<!--")
    while start >= 0 and len(found.comments) < _MAX_COMMENTS:
        end = data.find(b"-->", start + 4)
        place = end + 3 if end >= 0 else len(data)
        found.comments.append((start, place))
        start = data.find(b"<!--", place)
    return found


_INERT = re.compile(
    rb"<(?P<tag>template)\b[^>]{0,300}>|<(?P<script>script)\b[^>]{0,300}?\btype\s?=\s?[\"']?(?P<type>[\w.+/-]{1,60})[^>]{0,300}>",
    re.IGNORECASE,
)
_RUN = re.compile(
    rb"module|importmap|speculationrules|(?:text|application)/(?:java|ecma)script|application/(?:ld\+)?json",
    re.IGNORECASE,
)
_TEMPLATES = re.compile(rb"template|handlebars|mustache|html|babel|jsx|ejs|x-", re.IGNORECASE)
_MAX_INERT = 1_000
_MAYBE_SHOWN = unknown("stands in a template, which a script may show or not")
_NO_SCRIPT = void("is a text that no browser runs or shows")


def page(data: bytes) -> Found:
    """Comments of a page, and what it has in it that a browser neither shows nor runs by itself."""
    found = markup(data)
    place = 0
    for _ in range(_MAX_INERT):
        match = _INERT.search(data, place)
        if match is None:
            break
        place = match.end()
        if match["script"] and _RUN.fullmatch(match["type"]):
            continue
        closed = (_END_OF_SCRIPT if match["script"] else _END_OF_TEMPLATE).search(data, place)
        place = closed.start() if closed else len(data)
        shown = match["tag"] or _TEMPLATES.search(match["type"])
        found.add(match.end(), place, _MAYBE_SHOWN if shown else _NO_SCRIPT)
    return found


_END_OF_SCRIPT = re.compile(rb"</script\b", re.IGNORECASE)
_END_OF_TEMPLATE = re.compile(rb"</template\b", re.IGNORECASE)


def _matching(pattern: re.Pattern[bytes], data: bytes) -> Found:
    found = Found()
    for match in pattern.finditer(data):
        if len(found.comments) >= _MAX_COMMENTS:
            break
        if match.group()[:1] not in (b'"', b"'"):
            found.comments.append(match.span())
    return found


BY_SUFFIX: dict[str, Reading] = {
    ".toml": toml,
    **dict.fromkeys((".env", ".conf", ".cnf", ".neon"), trailing),
    **dict.fromkeys((".ini", ".cfg"), whole_lines),
    ".properties": properties,
    **dict.fromkeys((".tf", ".tfvars", ".hcl"), terraform),
    **dict.fromkeys((".bicep", ".jsonc", ".json5"), slashed),
    **dict.fromkeys((".xml", ".config", ".csproj", ".props", ".targets", ".plist", ".svg", ".md"), markup),
    **dict.fromkeys((".html", ".htm"), page),
}
