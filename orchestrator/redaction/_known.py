"""This is where values that are known to be secret are found: as they are, encoded, and written over several lines."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterator, Mapping

import ahocorasick_rs

from ._match import Match
from ._parts import Parts
from ._weighing import worth_keeping

FROM_ENVIRONMENT = "environment-value"
MAX_VALUES = 4_000
_MAX_LENGTH = 8_000
_SHORTEST_FORM = 8

_TELLING = re.compile(
    r"(?:^|_)(?:\w*TOKEN|\w*SECRET|\w*PASSWORD|PASSWD|PASS|PW|PWD|\w*PASSPHRASE|\w*CREDENTIALS?|\w*KEY|AUTH|COOKIE|PAT|DSN)"
    r"(?:_(?:\d{1,3}|BASE|BASE64|B64|VALUE|STRING|PROD|PRODUCTION|LIVE|STAGING|DEV|TEST|CURRENT|PREVIOUS|OLD|NEW)){0,2}$",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"^(?:OLD)?PWD$|PUBLIC|PUBLISHABLE|SSH_AUTH|XAUTH", re.IGNORECASE)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s:/@]{0,100}:([^\s@/]{1,300})@")
_ESCAPED = re.compile(rb"(?<!\\)\\++[nrt]")
_SIGNS = b" \t\r\n\v\f\"'`+,\\"
_BETWEEN = re.compile(rb"(?:\\++[nrt]?|[" + re.escape(_SIGNS[:-1]) + rb"])+")
"""What may stand between two parts of a value."""


class Known:
    """Values that are known to be secret."""

    def __init__(self) -> None:
        self._kinds: dict[bytes, str] = {}
        self._forms: list[tuple[bytes, bytes]] = []
        self._automaton: ahocorasick_rs.BytesAhoCorasick | None = None

    def add(self, kind: str, value: bytes) -> None:
        """From now on *value* is found; the first kind that is said of it stays."""
        value = value.strip()
        if value and value not in self._kinds and len(value) <= _MAX_LENGTH and len(self._kinds) < MAX_VALUES:
            self._kinds[value] = kind
            self._automaton = None

    def suspects(self, data: bytes) -> bool:
        """Whether one of them is in *data*."""
        return bool(self._kinds) and bool(self._searching().find_matches_as_indexes(_squeezed(data)))

    def matches(self, data: bytes) -> Iterator[Match]:
        """Where they stand in *data*; they may overlap."""
        if not self.suspects(data):
            return
        parts = Parts(data, _BETWEEN)
        for number, start, end in self._searching().find_matches_as_indexes(parts.whole, overlapping=True):
            value = self._forms[number][1]
            at = parts.span(start, end)
            yield Match(self._kinds[value], at.start, at.end, "high", value)

    def _searching(self) -> ahocorasick_rs.BytesAhoCorasick:
        if self._automaton is None:
            forms = {form: value for value in self._kinds for form in _forms(value)}
            self._forms = sorted(forms.items())
            self._automaton = ahocorasick_rs.BytesAhoCorasick([form for form, _ in self._forms])
        return self._automaton


def environment_values(environment: Mapping[str, str]) -> Iterator[bytes]:
    """What variables hold whose name says credential, and the passwords in addresses that any variable holds."""
    for name, value in sorted(environment.items()):
        for password in _URL.findall(value):
            data = urllib.parse.unquote_to_bytes(password.encode("utf-8", "surrogateescape"))
            if worth_keeping(data):
                yield data
        if _TELLING.search(name) and not _HARMLESS.search(name):
            data = value.strip().encode("utf-8", "surrogateescape")
            if worth_keeping(data):
                yield data


def _forms(value: bytes) -> set[bytes]:
    """How *value* may be written, with what may stand in between taken out."""
    forms = {
        value,
        urllib.parse.quote_from_bytes(value, safe="").encode(),
        value.hex().encode(),
        value.hex().upper().encode(),
    }
    forms.add("".join(f"%{byte:02X}" for byte in value).encode())
    forms.add(urllib.parse.quote_from_bytes(value).encode())
    forms.add(json.dumps(value.decode("utf-8", "surrogateescape"))[1:-1].encode("ascii"))
    for skipped, shift in ((0, 0), (2, 1), (3, 2)):
        text = base64.b64encode(b"\0" * shift + value)[skipped : (shift + len(value)) * 8 // 6]
        forms |= {text, text.translate(_URL_SAFE)}
    return {form for form in map(_squeezed, forms) if len(form) >= _SHORTEST_FORM}


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _squeezed(data: bytes) -> bytes:
    """*data* without what may stand between two parts of a value."""
    if b"\\" in data:
        data = _ESCAPED.sub(b"", data)
    return data.translate(None, _SIGNS)
