"""This is where credentials are told by their shape: to find them in a tree, and to keep them out of records."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import ahocorasick_rs

from .formats.tokens import SHAPES, Confidence, Shape

ASSIGNED = "assigned-secret"
"""A quoted literal given to a name such as ``db_password``."""
ENVIRONMENT = "environment-secret"
"""An unquoted value on a line of its own, as in ``.env`` files and YAML; in program code it is an expression."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where a credential stands: ``data[start:end]`` is the credential itself."""

    kind: str
    start: int
    end: int
    confidence: Confidence


def find(data: bytes) -> list[Match]:
    """
    Every credential in *data*, in order, without overlaps; placeholders and documented samples are left out.

    The work grows with the size of *data* and with nothing else, also on a single line of megabytes.
    """
    return _disjoint(_search(data, strict=True))


def redact(text: str) -> str:
    """
    Replace each credential in *text* by ``[withheld <kind>, <n> characters]``.

    Errs towards withholding: placeholders and weak words given to a name such as ``password`` go too, and so do the
    inner lines of keys.
    """
    if len(text) < _SHORTEST:
        return text
    data = text.encode("utf-8", "surrogatepass")
    if not looks_secret(data):
        return text
    pieces: list[bytes] = []
    done = 0
    for match in _disjoint([*_search(data, strict=False), *_key_lines(data)]):
        length = len(data[match.start : match.end].decode("utf-8", "replace"))
        pieces += data[done : match.start], f"[withheld {match.kind}, {length} characters]".encode()
        done = match.end
    return b"".join([*pieces, data[done:]]).decode("utf-8", "surrogatepass")


def redact_given(name: str, value: str) -> str:
    """Redact *value*; all of it where *name* and its looks together say that it is a credential."""
    said = redact(value)
    if said == value and len(value) >= _SHORTEST and looks_secret(name.encode("utf-8", "surrogatepass")):
        head = f"{name} = ".encode("utf-8", "surrogatepass")[-100:]
        data = head + b'"' + value.encode("utf-8", "surrogatepass") + b'"'
        if any(match.start <= len(head) + 1 and match.end >= len(data) - 1 for match in find(data)):
            return f"[withheld {ASSIGNED}, {len(value)} characters]"
    return said


def looks_secret(data: bytes) -> bool:
    """Whether *data* may hold a credential; quick, and never wrong when it says no."""
    return bool(_AUTOMATON.find_matches_as_indexes(data.lower())) or _KEY_LINE.search(data) is not None


def fingerprint(match: Match, data: bytes) -> str:
    """
    A digest by which the same credential is known again elsewhere.

    A token's has 64 bits. A chosen password could be guessed from as many, so it gets 16.
    """
    digest = hashlib.sha256(match.kind.encode() + b"\0" + data[match.start : match.end]).hexdigest()
    return digest[: 16 if match.confidence == "high" else 4]


_KEYS = ("api", "access", "private", "auth", "encryption", "signing", "account", "shared", "master", "crypto")
_NAMES = rf"passw(?:or)?d|passphrase|_pass|_pwd|secret|token|credentials?|(?:{'|'.join(_KEYS)})[_-]?key"
_SHORTEST = 6
"""A name, what gives it a value, and one character of that."""
_NAME_WORDS = (
    *("passwd", "password", "passphrase", "_pass", "_pwd", "secret", "token", "credential"),
    *(f"{word}{joint}key" for word in _KEYS for joint in ("", "_", "-")),
)
_STAGES = r"prod(?:uction)?|live|staging|stage|dev(?:elopment)?|default"
_TAIL = rf"(?:[_.-]?(?:{_NAMES}|key|base|value|string|admin|root|user|db|\d|{_STAGES})){{0,4}}"
_GIVEN = r"[\"'`\]]{0,3}[ \t]{0,20}(?:\??:[ \t]{0,3}[\w.\[\]|]{1,30}[ \t]{0,3}=|=>|:=|={1,3}|:|(?<=[\"'`]),)[ \t]{0,20}"
_QUOTED = re.compile(
    rf"(?i:{_NAMES})(?i:{_TAIL}){_GIVEN}[brufBRUF@$]{{0,2}}([\"'`])([^\"'`\r\n\\]{{1,256}}+)\1".encode()
)
_UNQUOTED = re.compile(
    rf"(?i:{_NAMES})(?i:{_TAIL})(?:=|:[ \t]{{1,20}}|[ \t]{{0,4}}=[ \t]{{0,4}})".encode()
    + rb"([^\s\"'`#;,(){}\[\]<>$\\|&*]{1,256}+)[ \t]*+(?:[\r\n]|#|$)"
)
_LINE_HEAD = re.compile(rb"[ \t]*(?:-[ \t]+)?(?:(?:export|ENV|ARG|set|SET)[ \t]+)?(?://[\w.:/-]{1,80}:)?[\w.-]{0,80}$")
_DSN = re.compile(rb"://([^\s:/@\"'`<>]{0,100}):([^\s@/\"'`<>]{1,200})@([\w.\-\[\]]{1,200})")
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{1,30}$")
_PEM = re.compile(rb"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_PEM_BODY = re.compile(rb"[A-Za-z0-9+/]{40}")
_KEY_LINE = re.compile(rb"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{60,}={0,2}(?![A-Za-z0-9+/=_-])")
_MAX_PEM = 12_000

_WORDS: dict[bytes, list[Shape | str]] = {}
for _known in SHAPES:
    for _word in _known.words:
        _WORDS.setdefault(_word, []).append(_known)
for _name in _NAME_WORDS:
    _WORDS.setdefault(_name.encode(), []).append(ASSIGNED)
_WORDS.setdefault(b"://", []).append("dsn")
_WORDS.setdefault(b"private key", []).append("pem")
_INDEX = list(_WORDS)
_AUTOMATON = ahocorasick_rs.BytesAhoCorasick(_INDEX)

KINDS: tuple[str, ...] = tuple(
    sorted({*(s.kind for s in SHAPES), ASSIGNED, ENVIRONMENT, "dsn-password", "basic-auth-url", "private-key"})
)
"""Every kind that can be found."""


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
    group = 1 if shape.pattern.groups else 0
    value = found.group(group)
    if strict and (_SAMPLE.search(value[:200]) or _entropy(value[-40:]) < 2.8):
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
    if strict:
        word = not re.search(rb"\d", password) and (local or len(password) < 8)
        if _placeholder(password) or (local and (word or password.lower() == user.lower() or len(password) < 10)):
            return None
        if _SAMPLE.search(host):
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
        return Match("private-key", max(0, mark - _MAX_PEM), _end_of_pem(data, mark), "high")
    last = data.find(b"-----", found.end(), found.end() + _MAX_PEM)
    body = _PEM_BODY.search(data, found.end(), min(last if last >= 0 else len(data), found.end() + 400))
    if strict and (body is None or _SAMPLE.search(body.group()) or _entropy(body.group()) < 3):
        return None
    end = _end_of_pem(data, last) if last >= 0 else min(len(data), found.end() + _MAX_PEM)
    return Match("private-key", found.start(), end, "high")


def _end_of_pem(data: bytes, mark: int) -> int:
    """Where the last line that begins at *mark* ends; *mark* itself where it begins another key."""
    close = data.find(b"-----", mark + 5, mark + 70) if data.startswith(b"-----END", mark) else -1
    return close + 5 if close >= 0 else mark


def _assigned(data: bytes, start: int, strict: bool) -> Match | None:
    before = data[max(0, start - 60) : start]
    found = _QUOTED.match(data, start)
    if found is not None:
        value = found.group(2)
        if strict:
            name = before[-40:] + data[start : found.start(2)]
            confidence = _weigh(name, value)
            return Match(ASSIGNED, found.start(2), found.end(2), confidence) if confidence else None
        return None if value.startswith(b"[withheld") else Match(ASSIGNED, found.start(2), found.end(2), "low")
    head = data[max(data.rfind(b"\n", max(0, start - 200), start) + 1, start - 200, 0) : start]
    found = _UNQUOTED.match(data, start) if _LINE_HEAD.match(head) else None
    if found is None or _EXPRESSION.fullmatch(found.group(1)):
        return None
    value = found.group(1)
    if not strict:
        return Match(ENVIRONMENT, found.start(1), found.end(1), "low")
    level = _weigh(head + data[start : found.start(1)], value)
    return Match(ENVIRONMENT, found.start(1), found.end(1), "medium") if level else None


_SAMPLE = re.compile(
    rb"example|sample|changeme|change[_-]?(?:me|this|it)|placeholder|dummy|redacted|your[_-]?|my[_-]?(?:secret|password|token|key)|"
    rb"replace|insert|xxxx|\*\*\*|\.\.\.|0000000|1234567890|abcdefgh|deadbeef|eyJzdWIiOiIxMjM0NTY3ODkwI|fake|not[_-]?a?[_-]?(?:real|secret)|"
    rb"todo|fixme|lorem|foobar",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    rb"\$[{(A-Za-z_]|\{\{|#\{|<[%A-Za-z_]|%[({sd]|\{[A-Za-z_]\w*\}|@[A-Z_]+@|__\w+__|\(\?[:=!P]|\[[^\]\s]{1,40}\][{+*]|\{\d"
)
_EXPRESSION = re.compile(
    rb"(?:[A-Za-z_]\w*(?:\.\w+)+|(?i:str(?:ing)?|bytes|bool(?:ean)?|int|number|any|object|null|none|nil|true|false|undefined|"
    rb"required|optional|optional\[\w+\]|unknown|never|void|text|varchar|char)[?!]?|/[\w./-]+|\w*(?:password|secret|token|key|passwd))",
)
_PATHLIKE = re.compile(
    rb"(?:https?|file|arn|vault|ssm|op|env|projects|kms|urn):|^[./~]|\.(?:pem|key|json|ya?ml|txt|html?|crt|env|js|ts|py|php|rb|go)$|"
    rb"^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$|process\.env|os\.environ|getenv|^secrets?\."
)
_OTHER_NAMES = re.compile(
    rb"public|csrf|xsrf|max_?|page_?|continuation|cancel|syntax|design|placeholder|invalid|wrong|mock|fake|dummy|example|test|bogus|"
    rb"missing|forgot|reset|expected|label|hash|i18n|translat|next_?|no_|bad_?|lexer|parser|css|icon|type",
    re.IGNORECASE,
)
_WORDY = re.compile(rb"[A-Za-z]+(?:[ ._:/@#+-]+[A-Za-z]+)*[.!?:]?\d?")
_COUNTED = re.compile(rb"(?i:sha|md|utf|oauth|base|es|hs|rs|ps|aes|v|ed|bcrypt|pbkdf|http|p)[_-]?\d{1,5}.{0,16}")


def _weigh(name: bytes, value: bytes) -> Confidence | None:
    """How sure it is that *value*, given to *name*, is a credential; None where it is not one."""
    if (
        len(value) < 6
        or len(value) > 200
        or b" " in value
        or 2 * sum(b > 127 for b in value) > len(value)
        or _OTHER_NAMES.search(name)
    ):
        return None
    if (
        _placeholder(value)
        or _PATHLIKE.search(value)
        or _COUNTED.fullmatch(value)
        or value.decode("utf-8", "replace").isalpha()
        or value.startswith((b"$2", b"sha256", b"pbkdf2_"))
    ):
        return None
    lowered = name.lower()
    typed = b"pass" in lowered or b"pwd" in lowered
    entropy = _entropy(value)
    mixed = bool(re.search(rb"\d", value)) and bool(re.search(rb"[A-Za-z]", value))
    if typed:
        return ("medium" if entropy > 2.7 else "low") if mixed or re.search(rb"[^\w]", value) else None
    if len(value) < 12 or not mixed or entropy < 3.2 or (b"," in name[-3:] and entropy < 3.8):
        return None
    return "medium" if len(value) >= 16 else "low"


def _placeholder(value: bytes) -> bool:
    """Whether a value stands in for one that is given elsewhere, or is a plain word or two, also as base64."""
    return _stands_in(value) or (len(value) >= 8 and _stands_in(_decoded(value)))


def _decoded(value: bytes) -> bytes:
    """What base64 stands for, also where its end was cut off; the value itself where that is no text."""
    try:
        text = base64.b64decode(value[: len(value) // 4 * 4], validate=True)
    except ValueError:
        return value
    return text if text.isascii() and text.decode("ascii").isprintable() else value


def _stands_in(value: bytes) -> bool:
    lowered = value.lower()
    return (
        len(set(lowered)) <= 2
        or _SAMPLE.search(value) is not None
        or _TEMPLATE.search(value) is not None
        or _WORDY.fullmatch(value) is not None
        or lowered.strip(b"_-!0123456789") in _DEVELOPMENT
    )


_DEVELOPMENT = frozenset(
    b"password passwd pass secret token test testing admin root guest user demo dev postgres mysql redis rabbit "
    b"rabbitmq mongo letmein none null foo bar baz hunter key value qwerty default pwd p@ssw0rd p@ssword api".split()
)


def _entropy(value: bytes) -> float:
    """Bits per byte."""
    size = len(value) or 1
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values())


def _key_lines(data: bytes) -> Iterator[Match]:
    """Long runs of base64 with both cases and digits: the inner lines of a key whose first line is not here."""
    for found in _KEY_LINE.finditer(data):
        value = found.group()
        if re.search(rb"[a-z]", value) and re.search(rb"[A-Z]", value) and re.search(rb"\d", value):
            yield Match("key-material", found.start(), found.end(), "low")


def _disjoint(matches: Iterator[Match] | list[Match]) -> list[Match]:
    """In order; of two that overlap the surer stays, then the longer."""
    rank = {"high": 0, "medium": 1, "low": 2}
    kept: list[Match] = []
    for match in sorted(set(matches), key=lambda m: (m.start, -m.end, rank[m.confidence], m.kind)):
        if kept and match.start < kept[-1].end:
            if (rank[match.confidence], match.start - match.end) < (
                rank[kept[-1].confidence],
                kept[-1].start - kept[-1].end,
            ):
                kept[-1] = match
        else:
            kept.append(match)
    return kept
