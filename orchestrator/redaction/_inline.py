"""Tells a secret in the middle of a line by its name: in options, settings, pairs, statements."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ahocorasick_rs

from ..host.late import late
from ._match import ASSIGNED, ENVIRONMENT, Match
from ._names import stands_in, telling

ARGUMENT = "argument"
"""What an option or a setting of a command is given."""
CONNECTION = "connection-password"
"""What a connection string or an address gives a password, a key or a token."""
STATEMENT = "statement-password"
"""What a statement of SQL gives a role."""
GIVEN = (ARGUMENT, CONNECTION, STATEMENT)

WORDS = (
    *("passw", "passphrase", "passcode", "passkey", "_pass", "-pass", "pass=", ".pass", "storepass", "keypass", "pwd"),
    *("secret", "token", "credential", "apikey", "accesskey", "authkey", "_key", "-key", "accountkey", "requirepass"),
    *("masterauth", "psk", "privatekey", "signingkey", "encryptionkey", "sharedkey", ".key", "identified by"),
)
"""One of these is in the lower-cased text around every find."""
_AUTOMATON = ahocorasick_rs.BytesAhoCorasick([word.encode() for word in WORDS])
_ROLE = "identified by"
_NAME = late(rb"[\w.-]{1,120}+")
_NAME_SIGNS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
_BACK, _NEAR = 60, 160

_TEXT = rb"(?:\"((?:[^\"\\\r\n]|\\[^\r\n]){1,400}+)\"?|'([^'\r\n]{1,400}+)'?|`([^`\r\n]{1,400}+)`?)"
_GAP = rb"(?:[ \t]|[\\`^]\r?\n){1,80}+"
_ENTRY = rb"[\"']?(?:[ \t]{0,8}+,[ \t]{0,8}+(?:\r?\n[ \t]{0,80}+)?|[ \t]{0,8}+\r?\n[ \t]{0,80}+-[ \t]{1,8}+)"
"""What parts two entries of a list: of JSON, or of YAML with one a line."""


def _pattern(before: bytes, bare: bytes, flags: int = 0, *, behind: bytes = b"") -> re.Pattern[bytes]:
    """What stands between a name and its value, which signs a value without quotes has, and what follows it."""
    return re.compile(before + rb"(?:" + _TEXT + rb"|(" + bare + rb"{1,400}+)" + behind + rb")", flags)


_OPTION = _pattern(
    rb"(?:=|[\"']?" + _GAP + rb"(?![\"']?--?[A-Za-z])|" + _ENTRY + rb"(?![\"']?--?[A-Za-z]))", rb"[^\s\"'`;|<>()\],]"
)
_WINDOWS_OPTION = _pattern(rb":", rb"[^\s\"'`;|<>]")
_ASSIGNMENT = _pattern(rb":?=", rb"[^\s\"'`;|<>(),\]}]")
_PARAMETER = re.compile(rb"=([^&\s\"'`<>#()\[\]{}|\\]{1,400}+)")
_CONNECTION = re.compile(
    rb"[ \t]{0,3}=[ \t]{0,3}(?:\{([^}\r\n]{1,400}+)\}|([^;\"'`\s<>]{1,400}+)|'([^'\r\n]{1,400}+)')"
)
_ELEMENT = re.compile(rb"[^<>\r\n]{0,80}+>([^<>\r\n]{1,400}+)</")
_FIELD = _pattern(
    rb"(?:[\"'][ \t]{0,8}+,?|,|[ \t]{0,8}+\r?\n)[ \t\r\n,]{0,80}+(?:-[ \t])?"
    rb"[\"']?(?:parameter|plaintext_?|default_?)?value[\"']?"
    rb"[ \t]{0,8}+(?::|=>?)[ \t]{0,8}+",
    rb"[^\s\"'`,}>]",
    re.IGNORECASE,
)
_SPACED = _pattern(rb"[ \t]{1,8}+(?!-)", rb"[^\s\"'`;&|<>]")
_STATED = re.compile(
    rb"(?:[ \t]{1,8}+FOR[ \t]{1,8}+[^\s=]{1,100}+[ \t]{0,4}=[ \t]{0,4}|[ \t\r\n]{1,40}+|[ \t]{0,4}[(=][ \t]{0,4})"
    rb"(?:PASSWORD[ \t]{0,4}\(?[ \t]{0,4})?"
    rb"(?:BY[ \t]{1,4})?(?:[EN]|U&)?(?:'((?:[^'\r\n\\]|''|\\[^\r\n]){1,400}+)'|\"([^\"\r\n]{1,400}+)\")",
    re.IGNORECASE,
)
_OF_ROLES = ("password", "passwd", "mysql_native_password", "caching_sha2_password", "sha256_password")
_IDENTIFIED = _pattern(rb"[ \t\r\n]{1,8}+(?i:VALUES?[ \t]{1,8}|PASSWORD[ \t]{1,8})?", rb"[^\s\"'`;,()]")
_IDENTIFIER = late(rb"[A-Za-z_$&*][A-Za-z_$?.!]*|[A-Za-z_]\w*(?:\??\.\w+)+")
"""What a bare value of program code looks like; where a document has such a word, it is learned from there."""
_IDENTIFIED_BY_TEXT = re.compile(rb"[ \t\r\n]{1,8}+'([^'\r\n]{1,400}+)'")
_FLOW = _pattern(rb"[\"']?[ \t]{0,4}:[ \t]{1,4}", rb"[^\s\"'`,{}()\[\]]", behind=rb"(?=[ \t]{0,4}[,}\]])")
_FALLBACK = re.compile(
    rb"(?:[\"'\])]{0,4}[ \t]{0,4}(?:\|\||\?\?|\?:)|[\"']?[\])]{1,3}[ \t]{1,4}or\b|[ \t]{1,4}or\b)[ \t]{0,4}" + _TEXT
)
_SECOND = re.compile(rb"[\"'][ \t]{0,4},[ \t]{0,4}(?:default[ \t]?=[ \t]?|defaultValue:[ \t]?)?" + _TEXT)
"""What is taken where an environment has none: the second argument, behind a name that is the first."""
_CONSTANT = re.compile(
    rb"(?:[ \t]{1,4}|:[ \t]{0,4}|\[\w{0,10}\])(?:[\w.&*<>\[\]?']{0,40}|\{[a-z; ]{1,30}\})"
    rb"[ \t]{0,4}=[ \t]{0,4}[rbuf@$]{0,2}"
    rb"(?:(?:[Ff]ield|SecretStr|Secret)\([ \t]{0,4}(?:default[ \t]{0,2}=[ \t]{0,2})?)?" + _TEXT
)
_SETTER = late(r"(?:.*\.)?(?:set|with)[A-Z_]\w*")
_ARGUMENT_OF = re.compile(rb"\([ \t]{0,4}" + _TEXT + rb"[ \t]{0,4}\)")
_PROPERTY = re.compile(rb"</key>\s{0,40}+<string>([^<>\r\n]{1,400}+)</")
_RESOURCE = re.compile(rb"\"[^<>\r\n]{0,80}+>([^<>\r\n]{1,400}+)</")
_BUILT_IN = re.compile(rb"[\"'][ \t]{0,4},[ \t]{0,4}[\"']\\?[\"']?([^\"'\\\r\n]{1,400}+)")
"""A constant that Gradle writes into the program: ``buildConfigField "String", "API_TOKEN", "\\"…\\""``."""
_DEFINED = re.compile(rb"[ \t]{1,20}(?:L|u8)?" + _TEXT)
_SENTENCE = late(
    rb"(?:[ \t]{0,2}[:=][ \t]{1,3}|[ \t]{1,2}(?:is|was)[ \t]{1,2})([^\s\"'`<>(){}\[\],]{5,200}+)(?![(\[{])"
)
_SWITCH = late(r"--?(?:no|ask|disabled?|show|skip|prompt|use|reset|enable|generate|require|allow|force)-")
_QUOTES = (b'"', b"'", b"`")
_NOT_SET = ("PWD", "OLDPWD")
"""What a shell calls the folder that it is in."""
_PROSE = late(
    rb"(?i:options?|flags?|arguments?|parameters?|switch(?:es)?|values?|is|are|was|or|and|to|for|in|if|from|with|as|when|on|of|"
    rb"the|a|an|can|must|may|should|will|instead|set|given)[.,:;]?"
)
_CODE = re.compile(rb"[ \t]{0,2}[:=][ \t]{1,3}([^`\r\n]{1,300}+)`")
_MIXED = late(rb"(?=[^\s]*[A-Za-z])[^\s]*(?:\d|[!@#$%^&*?~])")

_LOGIN = late(rb"(?:^|\s)login[ \t\r\n]{1,8}\S{1,100}[ \t\r\n]{1,8}$")
_SETTING = late(
    rb"(?:(?:configure|config|secrets?|env|variables?)[ \t:]set|set-env[ \t]{1,4}\S{1,60}|"
    rb"\b(?:git|gcloud|pulumi|yarn|pnpm|bundle|poetry|composer|dvc|pip|conda)[ \t]config)"
    rb"(?:[ \t]{1,4}-{1,2}[\w=-]{1,40}){0,3}[ \t]{1,8}(?:\S{1,80}[:/])?$"
)
_EXPORT = late(
    rb"^[ \t]{0,40}+(?:-[ \t])?(?:ENV|ARG|set(?:[ \t]-\w{1,4})?|export|setx|setenv|define|SetEnv)[ \t]{1,8}$"
)
_SETS = late(
    rb"(?:--set(?:-string|-literal|-json)?|--from-literal|--build-arg|--env|--var|-var|-[eDPoc]|--define|--config|--conf|"
    rb"--param(?:eter)?s?|--extra-vars|--opt|kv[ \t]put|vault[ \t]write|secrets?[ \t:](?:set|create)|config:set|setenv|"
    rb"env[ \t]set)[= \t\"',\[]"
)
_BESIDE = late(
    rb"(?:^|[;\s\"'`(,?&])(?:host(?:addr)?|server|user(?:name|[ _]?id)?|uid|dbname|database|port|data[ _]source|driver|"
    rb"initial[ _]catalog|endpoint|accountname|address|service|sslmode)[ \t]?=",
    re.IGNORECASE,
)


def inline(data: bytes) -> Iterator[Match]:
    """
    What a telling name is given, anywhere in a line and whatever it looks like, but no reference and no type.

    Each name is looked at once, and as far around it as is bounded.
    """
    reached = 0
    for number, start, end in _AUTOMATON.find_matches_as_indexes(data.lower()):
        if start < reached:
            continue
        reached = end
        if WORDS[number] == _ROLE:
            way = _IDENTIFIED if data[start:end].isupper() else _IDENTIFIED_BY_TEXT
            match = _value(way.match(data, end), STATEMENT)
        else:
            before = data[max(0, start - _BACK) : start]
            begin = start - (len(before) - len(before.rstrip(_NAME_SIGNS)))
            rest = _NAME.match(data, start)
            reached = rest.end() if rest else end
            name = data[begin:reached].decode("utf-8", "replace")
            match = _Given(data, begin, reached, name).value() if telling(_bare(name)) else None
        if match is not None:
            reached = max(reached, match.end)
            yield match


def _bare(name: str) -> str:
    return (name[2:] if name.startswith(("-D", "-P")) else name).strip(".-")


class _Given:
    """What stands around one name."""

    def __init__(self, data: bytes, begin: int, end: int, name: str) -> None:
        self._data, self._begin, self._end, self._name = data, begin, end, name
        start = max(0, begin - _NEAR)
        self._line = data[max(start, data.rfind(b"\n", start, begin) + 1) : begin]
        self._before, self._after = self._line[-1:], data[end : end + 1]

    def value(self) -> Match | None:
        """What is given to it, by the first way that there is one."""
        line = self._line.rstrip(b" \t")
        if self._name.startswith("-"):
            return self._argument()
        if self._before == b"/" and self._after == b":":
            return self._told(_WINDOWS_OPTION, ARGUMENT)
        if self._before in (b"?", b"&", b"#"):
            return self._told(_PARAMETER, CONNECTION)
        if line.endswith(b";") and (found := self._told(_CONNECTION, CONNECTION)):
            return found
        if self._after in (b"=", b":") and (found := self._pair(line)):
            return found
        if self._before == b"`" and (found := self._told(_CODE, ENVIRONMENT)):
            return found
        if self._before == b"<":
            return self._told(_ELEMENT, ASSIGNED)
        if self._before == b">":
            return self._told(_PROPERTY, ASSIGNED)
        if line.endswith(b'name="') and (found := self._told(_RESOURCE, ASSIGNED)):
            return found
        if self._after == b"(" and _SETTER.fullmatch(self._name):
            return self._told(_ARGUMENT_OF, ASSIGNED)
        if b"buildConfigField" in line or b"resValue" in line:
            return self._told(_BUILT_IN, ASSIGNED)
        stated = self._name.lower() in _OF_ROLES and self._told(_STATED, STATEMENT)
        if found := stated or self._told(_FIELD, ASSIGNED):
            return found
        if self._after in (b" ", b"\t") and self._is_set():
            return self._told(_SPACED, ARGUMENT)
        if line.rstrip(b"\"'").endswith((b"{", b",")) and (found := self._told(_FLOW, ENVIRONMENT)):
            return None if _IDENTIFIER.fullmatch(self._data, found.start, found.end) else found
        way = _SECOND if self._line[-2:-1] == b"(" and self._before in (b'"', b"'") else _FALLBACK
        if found := self._told(way, ASSIGNED) or self._told(_FALLBACK, ASSIGNED):
            return found
        said = _SENTENCE.match(self._data, self._end)
        spoken = _value(said, ENVIRONMENT) if said and _MIXED.match(said.group(1)) else None
        return spoken or self._told(_DEFINED if b"#define" in self._line else _CONSTANT, ASSIGNED)

    def _argument(self) -> Match | None:
        """What the option is given; what follows a mere switch may be the name of a setting."""
        found = None if _SWITCH.match(self._name) else self._told(_OPTION, ARGUMENT)
        said = self._data[found.start : found.end] if found else b""
        switch = telling(said.decode("utf-8", "replace")) or _PROSE.fullmatch(said)
        return None if switch else found

    def _is_set(self) -> bool:
        """Whether what stands before the name gives it the next word."""
        exported = self._name.upper() == self._name and _EXPORT.search(self._line)
        return bool(exported or _SETTING.search(self._line) or _LOGIN.search(self._line))

    def _pair(self, line: bytes) -> Match | None:
        """What ``name=value`` gives, unless it is an argument or a statement of program code."""
        if self._before in _QUOTES and self._data[self._end + 1 : self._end + 2] == self._before:
            return None
        beside = _BESIDE.search(self._line) or _BESIDE.search(self._rest())
        if self._name in _NOT_SET:
            return self._told(_ASSIGNMENT, CONNECTION) if beside else None
        if self._name.upper() == self._name:
            return self._told(_ASSIGNMENT, ENVIRONMENT)
        if _SETS.search(self._line):
            return self._told(_ASSIGNMENT, ARGUMENT)
        if line.endswith((b"(", b",")) or self._before not in b" \t\"'@:/`":
            return None
        return self._told(_ASSIGNMENT, CONNECTION) if beside or self._before in _QUOTES else None

    def _rest(self) -> bytes:
        """What follows on the line, as far as it is near."""
        return self._data[self._end : self._end + _NEAR].partition(b"\n")[0]

    def _told(self, way: re.Pattern[bytes], kind: str) -> Match | None:
        return _value(way.match(self._data, self._end), kind)


def _value(found: re.Match[bytes] | None, kind: str) -> Match | None:
    """The value in *found*, unless it stands in for one."""
    if found is None or found.lastindex is None:
        return None
    value = found.group(found.lastindex).rstrip(b"\\")
    if not value or stands_in(value.decode("utf-8", "replace")):
        return None
    start = found.start(found.lastindex)
    return Match(kind, start, start + len(value), "low")
