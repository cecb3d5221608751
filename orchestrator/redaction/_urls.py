"""Tells what addresses carry by its place: a password before the host, a token among the parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ahocorasick_rs

from ._inline import CONNECTION
from ._match import Match
from ._names import stands_in

_PARAMETERS = (
    *("key=", "code=", "sig=", "signature=", "auth=", "sid=", "session=", "jwt=", "hmac=", "otp=", "ticket="),
    *("assertion=", "hash=", "sas="),
)
_OF_A_REGISTRY = (":_auth=", ":_password=", ":_authtoken=")
WORDS = ("://", *_PARAMETERS, *_OF_A_REGISTRY)
"""One of these is in the lower-cased text around every find."""
_AUTOMATON = ahocorasick_rs.BytesAhoCorasick([word.encode() for word in WORDS])
_USERINFO = re.compile(rb"://([^\s:/@\"'`<>?#\[{]{0,100}+):([^\s\"'`<>]{1,300})@(?=[\w\[{$%*-])")
_GIVEN = re.compile(rb"[^\s\"'${]{6,300}+")
_PORT = re.compile(rb"\d{1,5}[/?#]|[^@]{0,300}[?&][\w.-]{1,60}=")
_ALONE = re.compile(rb"s://(?=[^\s/@]{0,200}\d)([\w.~%!$&*+=-]{12,200}+)@(?=[\w\[])")
_ASKED = re.compile(rb"[^&\s\"'`<>#()\[\]{}|\\,;]{6,2000}+")
_BEFORE = re.compile(rb"[?&#;](?:[\w.-]{0,40}[-_.])?$")
_WORD = re.compile(rb"[A-Za-z]{1,15}|[\d.]{1,7}|[a-z-]{1,20}")
_PLACEHOLDER = re.compile(r"%[sdvq]|\{\w*\}|:\w+|\.\.\.")


def urls(data: bytes) -> Iterator[Match]:
    """Passwords and tokens in addresses, whatever they look like; a password may have any sign but blanks."""
    reached = 0
    for number, start, end in _AUTOMATON.find_matches_as_indexes(data.lower()):
        if start < reached:
            continue
        match = _by_word(WORDS[number], data, start, end)
        if match is not None:
            reached = match.end
            yield match


def _by_word(word: str, data: bytes, start: int, end: int) -> Match | None:
    if word == "://":
        return _user(data, start)
    if word in _OF_A_REGISTRY:
        found = _GIVEN.match(data, end)
        return Match(CONNECTION, found.start(), found.end(), "low") if found else None
    return _parameter(data, start, end)


def _user(data: bytes, start: int) -> Match | None:
    found = _USERINFO.match(data, start)
    if found is None:
        alone = _ALONE.match(data, max(0, start - 1))
        return Match(CONNECTION, alone.start(1), alone.end(1), "low") if alone else None
    value = found.group(2)
    text = value.decode("utf-8", "replace")
    if _PORT.match(value) or _PLACEHOLDER.fullmatch(text) or stands_in(text):
        return None
    return Match(CONNECTION, found.start(2), found.end(2), "low")


def _parameter(data: bytes, start: int, end: int) -> Match | None:
    if not _BEFORE.search(data, max(0, start - 42), start):
        return None
    found = _ASKED.match(data, end)
    if found is None or _WORD.fullmatch(found.group()) or stands_in(found.group().decode("utf-8", "replace")):
        return None
    return Match(CONNECTION, found.start(), found.end(), "low")
