"""Tells credentials by the HTTP header that carries them: in dumps, commands, code and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ahocorasick_rs

from ..host.late import late
from ._ahead import Runs, of
from ._match import Match
from ._weighing import EXPRESSION, SAMPLE

AUTHORIZATION, COOKIE, OTHER, LOGIN = "authorization-header", "session-cookie", "credential-header", "login"

WORDS = (
    *("authorization", "cookie", "x-api-key", "x-auth", "x-access", "x-session", "x-csrf-token", "x-xsrf-token"),
    *("x-amz-security-token", "x-vault-token", "x-goog-api-key", "x-gitlab-token", "private-token", "job-token"),
    *("x-functions-key", "subscription-key", "x-secret", "x-token", "x-signature", "x-shopify-", "curl "),
)
"""One of these is in the lower-cased text around every find."""
_AUTOMATON = ahocorasick_rs.BytesAhoCorasick([word.encode() for word in WORDS])
NAME = re.compile(
    r"(?:proxy-)?authorization|(?:set-)?cookie2?|private-token|job-token|[a-z-]{0,30}subscription-key"
    r"|x-[a-z-]{0,30}(?:key|token|secret|signature|auth|session|password)(?:-[a-z0-9]{1,20})?",
    re.IGNORECASE,
)
_HEADER = late(
    rb"(?<![A-Za-z0-9])(" + NAME.pattern.encode() + rb")"
    rb"(?:[\"'`]?\]?[ \t]{0,4}(?:=>|[:=,])[ \t]{0,4}(?:[bru]{0,2}([\"'`]))?|(?<=--cookie)[ \t=]{1,4}([\"'`]?))",
    re.IGNORECASE,
)
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"
_REST_OF_NAME = re.compile(rb"[A-Za-z0-9-]++")
_BEHIND_NAME = frozenset(b"\"'`] \t=:,")
_PREFIX = late(rb"(?<![a-z0-9])x-")
_LONGEST_PREFIX = 30
_SCHEME = late(
    rb"(?:bearer|basic|token|api-?key|key|bot|negotiate|ntlm|ssws|splunk|dpop|digest|hawk|oauth|mac|signature|"
    rb"(?:aws4-)?hmac[a-z0-9-]{0,40})[ \t]{1,4}",
    re.IGNORECASE,
)
_PARAMETERS = late(rb"(?:digest|hawk|oauth|mac|signature|(?:aws4-)?hmac)", re.IGNORECASE)
_PAIR = re.compile(rb"[\w-][ \t]?=[ \t]?[^\s,]{6}")
_TOKEN = re.compile(rb"[A-Za-z0-9._~+/=:%|!*-]++")
_SHORTEST_TOKEN, _LONGEST_TOKEN, _LONGEST_EXPRESSION = 6, 4_000, 200
_WORD = late(rb"[A-Za-z]?[a-z]{1,23}[.,:]?|[A-Z_]{1,23}")
_CRUMB = rb"([^\s=;,\"'\[\]]{1,80}+)=([^\s;,\"'`\[\]${}<>%][^\s;,\"'`\[\]${}<>]{5,4000}+)"
_COOKIE = late(_CRUMB)
_NEXT_COOKIE = late(rb";[ \t]{0,4}" + _CRUMB)
_ATTRIBUTES = frozenset((b"path", b"domain", b"expires", b"max-age", b"samesite", b"version", b"priority", b"comment"))
_USER = re.compile(rb"[ \t](?:-u|-U|--user|--proxy-user)[ =]?[\"']?[^\s:\"'$<\[]{0,80}+:([^\s\"'@$<>\[]{4,300}+)")
_LONGEST_COMMAND = 400
_PLACEHOLDER = re.compile(rb"\$[{(A-Za-z_]|\{\{|#\{|%[sv(]")
_DIGIT = re.compile(rb"[0-9]")
_QUOTES = {quote: re.compile(rb"(?<!\\)" + quote) for quote in (b'"', b"'", b"`")}
_MAX_VALUE = 4_200


def headers(data: bytes) -> Iterator[Match]:
    """The values of headers that carry credentials; templates and words that only speak of one are left out."""
    return _Search(data).matches()


class _Search:
    """One text, searched from its beginning to its end; what one header was asked is not asked for the next again."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._line_ends = [of(data, b"\n"), of(data, b"\r")]
        self._quotes = {quote: of(data, pattern) for quote, pattern in _QUOTES.items()}
        self._users, self._pairs, self._digits = of(data, _USER), of(data, _PAIR), of(data, _DIGIT)
        self._placeholders, self._stubs = of(data, _PLACEHOLDER), of(data, b"[withheld ")
        self._names, self._tokens = Runs(data, _REST_OF_NAME), Runs(data, _TOKEN)
        self._refused = -1
        self._cookies_until = 0
        self._reached = 0
        """Where the last header's name ended."""
        self._withheld = range(0)
        """The value of an earlier header; it takes along any other that begins in it."""

    def matches(self) -> Iterator[Match]:
        data = self._data
        lowered = data.lower()
        for _, start, _ in _AUTOMATON.find_matches_as_indexes(lowered):
            if start < self._reached:
                continue
            if lowered.startswith(b"curl ", start):
                yield from self._login(start)
            elif header := self._header(lowered, start):
                self._reached = header.end()
                if self._reached not in self._withheld:
                    yield from self._value(header)

    def _login(self, start: int) -> Iterator[Match]:
        """The password that a command names, unless a line ends before it."""
        at = self._users(start)
        if at - start <= _LONGEST_COMMAND and self._line_ends[0](start) >= at:
            found = _USER.match(self._data, at)
            if found is not None:
                yield Match(LOGIN, found.start(1), found.end(1), "low")

    def _header(self, lowered: bytes, start: int) -> re.Match[bytes] | None:
        """The header whose name the word at *start* belongs to; names that are cut short by no sign are none."""
        end = self._names.end(start)
        if end >= len(lowered) or lowered[end] not in _BEHIND_NAME:
            return None
        before = lowered[max(0, start - _LONGEST_PREFIX) : start]
        begin = start - (len(before) - len(before.rstrip(_LETTERS)))
        if lowered[max(0, begin - 1) : begin].isalnum():
            begin = 1 + lowered.find(b"-", begin, start) or start
        if lowered.startswith(b"subscription-key", start):
            return _HEADER.match(self._data, begin)
        named = _PREFIX.search(lowered, begin, start)
        places = [named.start()] if named else []
        places += [start - len(word) for word in (b"proxy-", b"set-") if before.endswith(word)]
        for place in (*places, start):
            if place > self._refused or place == start:
                if header := _HEADER.match(self._data, place):
                    return header
                self._refused = max(self._refused, place)
        return None

    def _value(self, header: re.Match[bytes]) -> Iterator[Match]:
        """What is secret in the value of *header*: up to the quote that it stands in, else to the end of its line."""
        data, start, name = self._data, header.end(), header.group(1).lower()
        quote = header.group(2) or header.group(3) or data[max(0, header.start() - 1) : header.start()]
        end = min(len(data), start + _MAX_VALUE, *(line_end(start) for line_end in self._line_ends))
        if quote in self._quotes:
            end = min(end, start if data.startswith(quote, start) else self._quotes[quote](start))
        if b"cookie" in name:
            yield from self._cookies(start, end)
            return
        kind = AUTHORIZATION if b"authorization" in name else OTHER
        scheme = _SCHEME.match(data, start, end)
        begin = scheme.end() if scheme else start
        if scheme and _PARAMETERS.match(scheme.group()) and self._pairs(begin) < end:
            if self._stubs(begin) >= end and not self._template(begin, end):
                self._withheld = range(begin, end)
                yield Match(kind, begin, end, "medium")
            return
        stop = min(self._tokens.end(begin), end, begin + _LONGEST_TOKEN)
        if stop - begin < _SHORTEST_TOKEN or not self._secret(begin, stop, bare=scheme is None):
            return
        if not self._template(begin, min(end, begin + 200)):
            self._withheld = range(begin, stop)
            yield Match(kind, begin, stop, "low")

    def _cookies(self, start: int, end: int) -> Iterator[Match]:
        """The first cookie at *start*, and those behind a semicolon that another header has not had yet."""
        first = _COOKIE.match(self._data, start, end)
        if first is not None and _is_worth(first):
            self._withheld = range(first.start(2), first.end())
            yield Match(COOKIE, first.start(2), first.end(), "low")
        begin = max(start, self._cookies_until)
        for pair in _NEXT_COOKIE.finditer(self._data, begin, end):
            if _is_worth(pair):
                yield Match(COOKIE, pair.start(2), pair.end(), "low")
        last = self._data.rfind(b";", begin, end)
        self._cookies_until = last if last >= 0 else max(begin, end)

    def _secret(self, begin: int, end: int, *, bare: bool) -> bool:
        """Whether a value can be a credential and is not a word; without a scheme it must look more like one."""
        data, size = self._data, end - begin
        if bare and (size < 8 or self._digits(begin) >= end or data.startswith(b"/", begin)):
            return False
        word = size < 24 and _WORD.fullmatch(data, begin, end)
        return not (word or (size <= _LONGEST_EXPRESSION and EXPRESSION.fullmatch(data, begin, end)))

    def _template(self, begin: int, end: int) -> bool:
        value = self._data[begin:end]
        return (
            value.startswith((b"<", b"{"))
            or self._placeholders(begin) < end - 1
            or (b" " in value.strip() and SAMPLE.search(value[:60]) is not None)
        )


def _is_worth(pair: re.Match[bytes]) -> bool:
    """Whether a cookie is worth withholding: it is neither an attribute of another one nor an expression."""
    if pair.group(1).lower() in _ATTRIBUTES:
        return False
    return pair.end() - pair.start(2) > _LONGEST_EXPRESSION or not EXPRESSION.fullmatch(pair.group(2))
