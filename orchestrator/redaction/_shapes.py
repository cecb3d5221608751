"""Tells credentials by their own shape, and by the name that they are given to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import ahocorasick_rs

from ..formats.tokens import SHAPES, Shape
from ..host.late import late
from ._commands import WORDS as COMMAND_WORDS
from ._headers import WORDS as HEADER_WORDS
from ._inline import WORDS as NAME_WORDS
from ._match import ASSIGNED, ENVIRONMENT, Match, disjoint
from ._positional import WORDS as CALL_WORDS
from ._structure import WORDS as STRUCTURE_WORDS
from ._urls import WORDS as ADDRESS_WORDS
from ._weighing import EXPRESSION, KEYWORD, SAMPLE, entropy, placeholder, varied, weigh

PRIVATE_KEY, KEY_MATERIAL = "private-key", "key-material"

_KEYS = ("api", "access", "private", "auth", "encryption", "signing", "account", "shared", "master", "crypto")
_NAMES = rf"passw(?:or)?d|passphrase|_pass|_pwd|secret|token|credentials?|(?:{'|'.join(_KEYS)})[_-]?key"
SHORTEST = 6
"""A name, what gives it a value, and one character of that."""
_NAME_WORDS = (
    *("passwd", "password", "passphrase", "_pass", "_pwd", "secret", "token", "credential"),
    *(f"{word}{joint}key" for word in _KEYS for joint in ("", "_", "-")),
)
_STAGES = r"prod(?:uction)?|live|staging|stage|dev(?:elopment)?|default"
_TAIL = rf"(?:[_.-]?(?:{_NAMES}|key|base|value|string|admin|root|user|db|\d|{_STAGES})){{0,4}}"
_GIVEN = r"[\"'`\]]{0,3}[ \t]{0,20}(?:\??:[ \t]{0,3}[\w.\[\]|]{1,30}[ \t]{0,3}=|=>|:=|={1,3}|:|(?<=[\"'`]),)[ \t]{0,20}"
_QUOTED = late(rf"(?i:{_NAMES})(?i:{_TAIL}){_GIVEN}[brufBRUF@$]{{0,2}}(\\?[\"'`])([^\"'`\r\n\\]{{1,256}}+)\1".encode())
_ALSO_A_NAME = late(rb"(?:[A-Za-z0-9]{1,40}[_-]){1,6}(?i:password|passwd|secret|token|key)s?")
_UNQUOTED = late(
    rf"(?i:{_NAMES})(?i:{_TAIL})(?:=|:[ \t]{{1,20}}|[ \t]{{0,4}}=[ \t]{{0,4}})".encode()
    + rb"([^\s\"'`#;,(){}\[\]<>$\\|&*]{1,256}+)[ \t]*+(?:[\r\n]|#|$)"
)
_LINE_HEAD = late(rb"[ \t]*(?:-[ \t]+)?(?:(?:export|ENV|ARG|set|SET)[ \t]+)?(?://[\w.:/-]{1,80}:)?[\w.-]{0,80}$")
_EXPORTED = late(rb"[ \t]*(?:-[ \t]+)?(?:(?:export|ENV|ARG|set|SET)[ \t]+)?[A-Z0-9_]{0,80}$")
"""What stands before a name that is an environment variable's: its value is a literal, never an expression."""
_DEFAULTED = late(rf"(?i:{_NAMES})[\w.]{{0,40}}:[-=]?([^}}\s?+=-][^}}\s]{{0,199}}+)\}}".encode())
"""``${DB_PASSWORD:hunter2}``: what stands there where the variable is not set."""
_DSN = late(rb"://([^\s:/@\"'`<>]{0,100}):([^\s@/\"'`<>]{1,200})@([\w.\-\[\]]{1,200})")
_FILLED_IN = late(rb"\$\{[^}:]*\}|\$[A-Z_]+|\{\{.*|%[sdv]")
"""A password that an address is given where it is used."""
_SCHEME = late(rb"[A-Za-z][A-Za-z0-9+.-]{1,30}$")
_PEM = late(rb"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_PEM_BODY = late(rb"[A-Za-z0-9+/]{40}")
_KEY_LENGTH = 60
"""Characters from which on a run of base64 is taken for a line of a key."""
_KEY_LINE = late(rb"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{%d,}={0,2}(?![A-Za-z0-9+/=_-])" % _KEY_LENGTH)
_SIGNS = (re.compile(rb"[a-z]"), re.compile(rb"[A-Z]"), re.compile(rb"\d"))
_REFERENCE = late(rb"\[withheld|(?:\$\{|#\{|\{\{|<%)[^:]*$")
"""A value that is written elsewhere, or was withheld before; one with a default in it is none."""
_MAX_PEM = 12_000

_WORDS: dict[bytes, list[Shape | str]] = {}
for _known in SHAPES:
    for _word in _known.words:
        _WORDS.setdefault(_word, []).append(_known)
for _name in _NAME_WORDS:
    _WORDS.setdefault(_name.encode(), []).append(ASSIGNED)
_WORDS.setdefault(b"://", []).append("dsn")
_WORDS.setdefault(b"private key", []).append("pem")
for _name in (*HEADER_WORDS, *NAME_WORDS, *COMMAND_WORDS, *ADDRESS_WORDS, *CALL_WORDS, *STRUCTURE_WORDS):
    _WORDS.setdefault(_name.encode(), [])
_INDEX = list(_WORDS)
_AUTOMATON = ahocorasick_rs.BytesAhoCorasick(_INDEX, implementation=ahocorasick_rs.Implementation.DFA)

_HEADS = ahocorasick_rs.BytesAhoCorasick(
    [word for known in SHAPES if not known.grouped for word in known.words if not known.back]
)

KINDS: tuple[str, ...] = tuple(
    sorted({*(s.kind for s in SHAPES), ASSIGNED, ENVIRONMENT, "dsn-password", "basic-auth-url", PRIVATE_KEY})
)
"""Every kind that can be found."""


def find(data: bytes) -> list[Match]:
    """
    Every credential in *data*, in order, without overlaps; placeholders and documented samples are left out.

    The work grows with the size of *data* and with nothing else, also on a single line of megabytes.
    """
    return disjoint(_search(data, strict=True))


def for_records(data: bytes) -> Iterator[Match]:
    """Whatever in *data* may be a credential, placeholders too; of what overlaps all."""
    yield from _search(data, strict=False)
    yield from _key_lines(data)


def tokens(data: bytes) -> Iterator[Match]:
    """What in *data* is told by its own shape alone, whatever stands around it; no placeholders."""
    for number, start, _ in _AUTOMATON.find_matches_as_indexes(data.lower(), overlapping=True):
        for shape in _WORDS[_INDEX[number]]:
            if isinstance(shape, Shape) and not shape.grouped:
                match = _provider(shape, data, start, strict=True)
                if match is not None:
                    yield match


def begins_token(run: bytes) -> bool:
    """Whether *run* has the head of a token that is told by its own shape."""
    return bool(_HEADS.find_matches_as_indexes(run.lower()))


def told(data: bytes) -> bool:
    """Whether *data* may hold a credential; quick, and never wrong when it says no."""
    if _AUTOMATON.find_matches_as_indexes(data.lower()):
        return True
    return len(data) >= _KEY_LENGTH and _KEY_LINE.search(data) is not None


def _search(data: bytes, strict: bool) -> Iterator[Match]:
    """Try each shape around each of its words; a hit inside what the same shape has just matched is skipped."""
    reached: dict[int, int] = {}
    for number, start, _ in _AUTOMATON.find_matches_as_indexes(data.lower(), overlapping=True):
        for shape in _WORDS[_INDEX[number]]:
            if start < reached.get(id(shape), 0):
                continue
            match = (
                _provider(shape, data, start, strict)
                if isinstance(shape, Shape)
                else _dsn(data, start, strict)
                if shape == "dsn"
                else _pem(data, start, strict)
                if shape == "pem"
                else _assigned(data, start, strict)
            )
            if match is not None:
                reached[id(shape)] = match.end
                yield match


def _provider(shape: Shape, data: bytes, start: int, strict: bool) -> Match | None:
    found = shape.pattern.match(data, start - shape.back) if start >= shape.back else None
    if found is None:
        return None
    group = 1 if shape.grouped else 0
    value = found.group(group)
    if strict and (SAMPLE.search(value[:200]) or not varied(value[-40:])):
        return None
    return Match(shape.kind, found.start(group), found.end(group), shape.confidence)


def _dsn(data: bytes, start: int, strict: bool) -> Match | None:
    found = _DSN.match(data, start)
    scheme = _SCHEME.search(data, max(0, start - 30), start)
    if found is None or scheme is None:
        return None
    user, password, host = found.groups()
    kind = "basic-auth-url" if scheme.group().lower() in (b"http", b"https") else "dsn-password"
    local = (
        b"." not in host
        or host.startswith((b"127.", b"0.0.0.0"))
        or host.endswith((b".local", b".internal", b".example"))
    )
    if not strict and _FILLED_IN.fullmatch(password):
        return None
    if strict:
        word = not re.search(rb"\d", password) and (local or len(password) < 8)
        if placeholder(password) or (local and (word or password.lower() == user.lower() or len(password) < 10)):
            return None
        if SAMPLE.search(host):
            return None
    return Match(kind, found.start(2), found.end(2), "medium" if local else "high")


def _pem(data: bytes, start: int, strict: bool) -> Match | None:
    """A key from its first line to its last; for records also what stands before a last line without a first."""
    mark = data.rfind(b"-----", max(0, start - 60), start)
    found = _PEM.match(data, mark) if mark >= 0 else None
    if found is None:
        lone = not strict and mark >= 0 and data.startswith(b"-----END", mark)
        if not lone or data.rfind(b"-----", max(0, mark - _MAX_PEM), mark) >= 0:
            return None
        return Match(PRIVATE_KEY, max(0, mark - _MAX_PEM), _end_of_pem(data, mark), "high")
    last = data.find(b"-----", found.end(), found.end() + _MAX_PEM)
    body = _PEM_BODY.search(data, found.end(), min(last if last >= 0 else len(data), found.end() + 400))
    if strict and (body is None or SAMPLE.search(body.group()) or _is_filler(body.group())):
        return None
    end = _end_of_pem(data, last) if last >= 0 else min(len(data), found.end() + _MAX_PEM)
    return Match(PRIVATE_KEY, found.start(), end, "high")


def _is_filler(body: bytes) -> bool:
    """Whether a word is repeated where a key goes, which has nearly every letter of its alphabet."""
    return entropy(body) < 3 or (len(body) >= 40 and len(set(body)) < 16)


def _end_of_pem(data: bytes, mark: int) -> int:
    """The end of the last line that begins at *mark*; *mark* itself when it begins another key."""
    close = data.find(b"-----", mark + 5, mark + 70) if data.startswith(b"-----END", mark) else -1
    return close + 5 if close >= 0 else mark


def _assigned(data: bytes, start: int, strict: bool) -> Match | None:
    before = data[max(0, start - 60) : start]
    found = _QUOTED.match(data, start)
    if found is not None:
        value = found.group(2)
        if strict:
            beside = b"," in data[found.start(2) - 6 : found.start(2)]
            if beside and _ALSO_A_NAME.fullmatch(value):
                return None  # a list of names
            confidence = weigh(_called(before, data, start), value, beside=beside)
            return Match(ASSIGNED, found.start(2), found.end(2), confidence) if confidence else None
        return None if _REFERENCE.match(value) else Match(ASSIGNED, found.start(2), found.end(2), "low")
    head = data[max(data.rfind(b"\n", max(0, start - 200), start) + 1, start - 200, 0) : start]
    found = _UNQUOTED.match(data, start) if _LINE_HEAD.match(head) else None
    if found is None:
        return None if strict else _defaulted(data, start)
    value = found.group(1)
    exported = not strict and _EXPORTED.match(head) and b"=" in found.group()[: -len(value)].rstrip(b" \t")[-1:]
    if (KEYWORD if exported and data[start : start + 1].isupper() else EXPRESSION).fullmatch(value):
        return None
    if not strict:
        return Match(ENVIRONMENT, found.start(1), found.end(1), "low")
    level = weigh(_called(head, data, start), value)
    return Match(ENVIRONMENT, found.start(1), found.end(1), "medium") if level else None


def _called(before: bytes, data: bytes, start: int) -> bytes:
    """The name of which a telling word begins at *start*, with what stands *before* that word."""
    begun, rest = _NAME_BEGUN.search(before), _NAME_ENDS.match(data, start)
    return (begun.group() if begun else b"") + (rest.group() if rest else b"")


_NAME_BEGUN = late(rb"[\w.-]{1,60}+$")
_NAME_ENDS = late(rb"[\w.-]{1,80}+")


def _defaulted(data: bytes, start: int) -> Match | None:
    """What a variable that is named a credential is, where nobody sets it."""
    opened = data.rfind(b"${", max(0, start - 60), start)
    if opened < 0 or b"}" in data[opened:start]:
        return None
    found = _DEFAULTED.match(data, start)
    return Match(ENVIRONMENT, found.start(1), found.end(1), "low") if found else None


def _key_lines(data: bytes) -> Iterator[Match]:
    """Long runs of base64 with both cases and digits: the inner lines of a key whose first line is not here."""
    for found in _KEY_LINE.finditer(data):
        value = found.group()
        if all(sign.search(value) for sign in _SIGNS) and _is_random(value):
            yield Match(KEY_MATERIAL, found.start(), found.end(), "low")


def _is_random(value: bytes) -> bool:
    """Whether letters of either case and digits follow each other by chance, as in base64; words of a path do not."""
    kinds = [0 if b in b"/+=" else 1 if 97 <= b <= 122 else 2 if 65 <= b <= 90 else 3 for b in value]
    pairs = [(a, b) for a, b in pairwise(kinds) if a and b]
    return sum(a != b for a, b in pairs) > 0.35 * len(pairs)
