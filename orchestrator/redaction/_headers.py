"""This is where credentials are told by the HTTP header that carries them: in dumps, commands, code and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ahocorasick_rs

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
_HEADER = re.compile(
    rb"(?<![A-Za-z0-9])(" + NAME.pattern.encode() + rb")"
    rb"(?:[\"'`]?\]?[ \t]{0,4}(?:=>|[:=,])[ \t]{0,4}(?:[bru]{0,2}([\"'`]))?|(?<=--cookie)[ \t=]{1,4}([\"'`]?))",
    re.IGNORECASE,
)
_SCHEME = re.compile(
    rb"(?:bearer|basic|token|api-?key|key|bot|negotiate|ntlm|ssws|splunk|dpop|digest|hawk|oauth|mac|signature|"
    rb"(?:aws4-)?hmac[a-z0-9-]*)[ \t]{1,4}",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(rb"(?:digest|hawk|oauth|mac|signature|(?:aws4-)?hmac)", re.IGNORECASE)
_PAIRS = re.compile(rb"[\w-]{1,40}[ \t]?=[ \t]?[^\s,]{6}")
_TOKEN = re.compile(rb"[A-Za-z0-9._~+/=:%|!*-]{6,4000}")
_WORD = re.compile(rb"[A-Za-z]?[a-z]{1,23}[.,:]?|[A-Z_]{1,23}")
_COOKIE = re.compile(rb"(?:^|;[ \t]{0,4})([^\s=;,\"'\[\]]{1,80})=([^\s;,\"'`\[\]${}<>%][^\s;,\"'`\[\]${}<>]{5,4000})")
_ATTRIBUTES = frozenset((b"path", b"domain", b"expires", b"max-age", b"samesite", b"version", b"priority", b"comment"))
_CURL = re.compile(
    rb"curl\b[^\n]{0,400}?[ \t](?:-u|-U|--user|--proxy-user)[ =]?[\"']?[^\s:\"'$<\[]{0,80}:([^\s\"'@$<>\[]{4,300})"
)
_MAX_VALUE = 4_200


def headers(data: bytes) -> Iterator[Match]:
    """The values of headers that carry credentials; templates and words that only speak of one are left out."""
    lowered = data.lower()
    reached = 0
    for _, start, _ in _AUTOMATON.find_matches_as_indexes(lowered):
        if start < reached:
            continue
        if lowered.startswith(b"curl ", start):
            found = _CURL.match(data, start)
            if found is not None:
                yield Match(LOGIN, found.start(1), found.end(1), "low")
            continue
        back = max(0, start - 30)
        header = next((h for h in _HEADER.finditer(data, back, start + 120) if h.end(1) > start), None)
        if header is not None and header.start() <= start:
            reached = header.end()
            yield from _value(data, header)


def _value(data: bytes, header: re.Match[bytes]) -> Iterator[Match]:
    """What is secret in the value of *header*: up to the quote that it stands in, else to the end of its line."""
    start, name = header.end(), header.group(1).lower()
    quote = header.group(2) or header.group(3) or data[max(0, header.start() - 1) : header.start()]
    stop = min(len(data), start + _MAX_VALUE)
    ends = [data.find(b"\n", start, stop), data.find(b"\r", start, stop)]
    if quote in (b'"', b"'", b"`"):
        ends.append(_unescaped(data, quote, start, stop))
    end = min((at for at in ends if at >= 0), default=stop)
    if b"cookie" in name:
        for pair in _COOKIE.finditer(data[start:end]):
            if pair.group(1).lower() not in _ATTRIBUTES and not EXPRESSION.fullmatch(pair.group(2)):
                yield Match(COOKIE, start + pair.start(2), start + pair.end(2), "low")
        return
    kind = AUTHORIZATION if b"authorization" in name else OTHER
    scheme = _SCHEME.match(data, start, end)
    begin = scheme.end() if scheme else start
    if scheme and _PARAMETERS.match(scheme.group()) and _PAIRS.search(data, begin, end):
        if b"[withheld " not in data[begin:end] and not _template(data[begin:end]):
            yield Match(kind, begin, end, "medium")
        return
    token = _TOKEN.match(data, begin, end)
    if token is None or _template(data[begin:end][:200]) or not _secret(token.group(), bare=scheme is None):
        return
    yield Match(kind, token.start(), token.end(), "low")


def _secret(value: bytes, *, bare: bool) -> bool:
    """Whether a value can be a credential and is no word; without a scheme before it, it must look more like one."""
    if EXPRESSION.fullmatch(value) or (_WORD.fullmatch(value) and len(value) < 24):
        return False
    return not bare or (len(value) >= 8 and re.search(rb"\d", value) is not None and not value.startswith(b"/"))


def _template(value: bytes) -> bool:
    return re.search(rb"\$[{(A-Za-z_]|\{\{|#\{|^<|^\{|%[sv(]", value) is not None or (
        SAMPLE.search(value[:60]) is not None and b" " in value.strip()
    )


def _unescaped(data: bytes, quote: bytes, start: int, stop: int) -> int:
    at = data.find(quote, start, stop)
    while at > start and data[at - 1 : at] == b"\\":
        at = data.find(quote, at + 1, stop)
    return at
