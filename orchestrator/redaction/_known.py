"""Finds values that are known to be secret: as they are, encoded, and written over several lines."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import ahocorasick_rs

from ._match import Match
from ._parts import Parts
from ._weighing import worth_keeping

FROM_ENVIRONMENT = "environment-value"
MAX_VALUES = 4_000
_MAX_LENGTH = 8_000
_SHORTEST_FORM = 8
_SHORTEST_IN_PLACE, _LONGEST_PLACE = 3, 1_000
_LIST_SIGNS, _INDENT = b" \t\r-\"'`,\\[]", 200
_SIGNS_BEFORE = (b":", b"=", b"", b">", b"=>", b":=")
"""What stands between a name and its value, blanks and quotes apart."""

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


class _Form(NamedTuple):
    """How a value may be written, without what may stand in between: ``context`` bytes of it say where it stands."""

    text: bytes
    kind: str
    value: bytes
    context: int = 0
    alone: bool = False
    """It counts only where its line has nothing else."""


class Known:
    """Values that are known to be secret: everywhere, or only behind the name that they are given to."""

    def __init__(self) -> None:
        self._kinds: dict[bytes, str] = {}
        self._places: dict[tuple[bytes, bytes], str] = {}
        self._forms: list[_Form] = []
        self._automaton: ahocorasick_rs.BytesAhoCorasick | None = None
        self.passed_over = 0
        """How many were too many to be kept in mind."""

    def add(self, kind: str, value: bytes) -> None:
        """From now on *value* is found; the first kind that is said of it stays."""
        value = value.strip()
        if not value or value in self._kinds or len(value) > _MAX_LENGTH:
            return
        if len(self._kinds) >= MAX_VALUES:
            self.passed_over += 1
            return
        self._kinds[value] = kind
        self._automaton = None

    def add_place(self, kind: str, name: bytes, value: bytes) -> None:
        """
        From now on *value* is found behind *name*, and nowhere else: it may be a word that others use as well.

        Without a name it is found where it has a line for itself.
        """
        name, value = name.strip(), value.strip()
        if not value or (name, value) in self._places or len(name) + len(value) > _LONGEST_PLACE:
            return
        if len(self._places) >= MAX_VALUES:
            self.passed_over += 1
            return
        self._places[name, value] = kind
        self._automaton = None

    def given(self, name: str, value: str) -> str:
        """The kind of *value* where *name* is known to be given it, or where it is known itself; else empty."""
        said = value.strip().encode("utf-8", "surrogatepass")
        place = self._places.get((name.strip().encode("utf-8", "surrogatepass"), said), "") if self._places else ""
        return place or self._kinds.get(said, "")

    def suspects(self, data: bytes) -> bool:
        """Whether one of them is in *data*."""
        if not self._kinds and not self._places:
            return False
        return bool(self._searching().find_matches_as_indexes(_squeezed(data)))

    def matches(self, data: bytes) -> Iterator[Match]:
        """The places of the known values in *data*; they may overlap."""
        if not self.suspects(data):
            return
        parts = Parts(data, _BETWEEN)
        for number, start, end in self._searching().find_matches_as_indexes(parts.whole, overlapping=True):
            form = self._forms[number]
            at = parts.span(start + form.context, end)
            whole = alone(data, at.start, at.end) if form.alone else True
            if whole and (not form.context or _apart(data, parts.span(start, end).start, at.end)):
                yield Match(form.kind, at.start, at.end, "high", form.value)

    def _searching(self) -> ahocorasick_rs.BytesAhoCorasick:
        if self._automaton is None:
            forms = {form: _Form(form, kind, value) for value, kind in self._kinds.items() for form in _forms(value)}
            for (name, value), kind in self._places.items():
                head, said = _squeezed(name), _squeezed(value)
                if len(said) < _SHORTEST_IN_PLACE:
                    continue
                if not head:
                    forms.setdefault(said, _Form(said, kind, value, alone=True))
                for sign in _SIGNS_BEFORE if head else ():
                    text = head + sign + said
                    forms.setdefault(text, _Form(text, kind, value, len(head) + len(sign)))
            self._forms = sorted(forms.values())
            self._automaton = ahocorasick_rs.BytesAhoCorasick([form.text for form in self._forms])
        return self._automaton


def alone(data: bytes, start: int, end: int) -> bool:
    """Whether the line of ``data[start:end]`` has nothing else but the signs of a list or a continuation."""
    before = data[max(0, start - _INDENT) : start].rpartition(b"\n")[2]
    after = data[end : end + _INDENT].partition(b"\n")[0]
    return not before.strip(_LIST_SIGNS) and not after.strip(_LIST_SIGNS)


def _apart(data: bytes, start: int, end: int) -> bool:
    """Whether ``data[start:end]`` is not part of a longer word."""
    return not (data[max(0, start - 1) : start].isalnum() or data[end : end + 1].isalnum())


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
