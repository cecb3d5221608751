"""Finds credentials by what gives them: a typed constant, an option, a statement, a header, an address."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ._given import given
from ._headers import LOGIN, headers
from ._inline import STATEMENT
from ._match import ASSIGNED, ENVIRONMENT, Match, disjoint
from ._names import telling
from ._positional import positional
from ._weighing import weigh

_NAMED = 60
"""Bytes before a value in which what it is called stands."""
_NAME = re.compile(rb"[\w.-]+")
_EXPRESSION = re.compile(rb"[A-Za-z_]\w{0,40}=\S*|\{?[A-Za-z_$][\w$]*(?:[?!]?\.[\w$]+)+|\W*|[^`]*`[^`]*")
"""A reference, the next argument of a call behind an option's name (``"--token", type=str``), the end of a text."""
_USERLESS = re.compile(rb"://$")
"""An address with one word before its host, which is whoever asks and no password: a DSN that a browser is given."""


def spoken(data: bytes, found: Sequence[Match]) -> Iterator[Match]:
    """
    The credentials in *data* that are given in another way than as a text to a name, in order and apart.

    Those are told for records whatever they look like. Here they have to look like a credential, too.

    Args:
        data: A text.
        found: What was found in it already, in order: nothing of it is told again.
    """
    ends = [match.end for match in found]
    for match in disjoint([*given(data), *headers(data)]):
        number = bisect_left(ends, match.start + 1)
        if number < len(found) and found[number].start < match.end:
            continue
        value = match.value or data[match.start : match.end]
        before = data[max(0, match.start - _NAMED) : match.start]
        if _EXPRESSION.fullmatch(value) or _USERLESS.search(before):
            continue
        confidence = weigh(_called(match, before), value, beside=b"," in before[-6:])
        if confidence in ("medium", "high"):
            kind = ENVIRONMENT if match.kind == ENVIRONMENT else ASSIGNED
            yield Match(kind, match.start, match.end, confidence, match.value)


def opening(data: bytes, found: Sequence[Match]) -> Iterator[Match]:
    """What calls that open something are given by position and is not among what was *found* in order."""
    ends = [match.end for match in found]
    for match in positional(data):
        number = bisect_left(ends, match.start + 1)
        if number >= len(found) or found[number].start >= match.end:
            yield match


_ROW = re.compile(rb"^[^:#\s]+:(?:\d{1,5}|\*):[^:\s]*:[^:\s]+:([^\s]{4,300})\r?$", re.MULTILINE)


def passwords(data: bytes) -> Iterator[Match]:
    """The passwords of a table in which they have no name: ``host:port:database:user:password``, one a line."""
    for row in _ROW.finditer(data):
        if weigh(b"password", row[1]) is not None:
            yield Match(ASSIGNED, row.start(1), row.end(1), "medium")


_BY_FILE = (
    (re.compile(r"(^|/)[._]?netrc$"), re.compile(rb"\bpassword\s{1,40}(\S{6,200})")),
    (
        re.compile(r"\.(?:properties|ini|cfg|conf|cnf|env)$"),
        re.compile(rb"^[ \t]{0,20}(?:pass|pw|pwd)[ \t]{0,8}[=:][ \t]{0,8}[\"']?([^\s\"'#;$]{6,200})", re.MULTILINE),
    ),
    (
        re.compile(r"\.properties$"),
        re.compile(rb"(?i:passw(?:or)?d|secret|token|key)[ \t]{0,8}[=:][ \t]{0,8}\\\r?\n[ \t]{0,40}(\S{6,200})"),
    ),
    (re.compile(r"(^|/)config/(?:master|credentials/[\w-]+)\.key$"), re.compile(rb"\A\s{0,8}([0-9a-f]{32})\s{0,8}\Z")),
)
"""Files of one kind in which a password has no name, a short one, or stands on the line behind it."""


def settings(path: str, data: bytes) -> Iterator[Match]:
    """The credentials that are told by the kind of file they stand in, by its *path*."""
    for kind, way in _BY_FILE:
        for row in way.finditer(data) if kind.search(path) else ():
            if weigh(b"password", row[1]) in ("medium", "high"):
                yield Match(ASSIGNED, row.start(1), row.end(1), "medium")


def _called(match: Match, before: bytes) -> bytes:
    """What is the name of the value of *match*, of all that stands *before* it."""
    if match.kind in (LOGIN, STATEMENT):
        return b"password"
    names = reversed(_NAME.findall(before))
    return next((name for name in names if telling(name.decode("utf-8", "replace"))), b"token")
