"""Tells the credentials that stand where something else is asked first: behind a colon, in a command, as a default."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..redaction import ASSIGNED, Match, drawn, is_sample, refers, telling, worth

_VALUE = rb"[^\s\"'`{}<>|;&$\\]{6,200}"
_PLACEHOLDER = re.compile(rb"\$\{([A-Za-z_][\w.-]{1,80}+):[-=]?(?![-+?=])(" + _VALUE + rb")\}")
"""What is taken where the environment gives nothing: ``${SMTP_PASSWORD:…}`` of Spring, ``${TOKEN:-…}`` of shells."""
_SHELL = re.compile(rb"\$\{([A-Za-z_]\w{1,80}+)-(?![-+?=])(" + _VALUE + rb")\}")
_NAMED_BY = re.compile(rb"([\w.-]{2,80})[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?$")
_OF_COMMAND = re.compile(
    rb"(?<![\w$-])((?:PGPASSWORD|MYSQL_PWD|REDISCLI_AUTH|SSHPASS|RESTIC_PASSWORD|VAULT_TOKEN)|"
    rb"[A-Z][A-Z0-9_]{0,40}_(?:PASSWORD|PASSWD|TOKEN|SECRET|API_KEY|ACCESS_KEY))=(" + _VALUE + rb")(?=[ \t][\w./-])"
)
"""What a command is given before its name: ``PGPASSWORD=… psql``, in whatever text it stands."""
_DEFAULT = re.compile(
    rb"^([ \t]{2,24})[\"']?[Dd]efault[\"']?:[ \t]{1,4}[\"']?(" + _VALUE + rb")[\"']?[ \t]{0,4},?\r?$", re.MULTILINE
)
"""The default of a parameter of CloudFormation, on a line of its own."""
_INLINE_DEFAULT = re.compile(
    rb"([\w.-]{2,80})[\"']?:[ \t]{0,4}\{[^{}\n]{0,200}?[\"']?Default[\"']?:[ \t]{0,4}[\"']?("
    + _VALUE
    + rb")[\"']?[ \t]{0,4}[,}]"
)
_HEAD = re.compile(rb"([ \t]{0,23})[\"']?([\w.-]{2,80})[\"']?[ \t]?:[ \t{]{0,4}")
_FAR = 8
"""Lines above a default in which its name stands."""
_UNWRAPPED = re.compile(
    rb"\"([A-Z][A-Z0-9_]{2,60})\"\)[ \t\n]{0,40}\.(?:unwrap_or(?:_else)?|orElse|getOrElse|or)\([^\"\n]{0,30}\"("
    + _VALUE
    + rb")\""
)
"""What a program takes where the environment gives nothing: ``env::var("TOKEN").unwrap_or("…".into())``."""
_KEYLIKE = re.compile(r"(?i)(?:key|secret|token|pass(?:word|wd|phrase)?|pwd|credentials?)$")
_NAMED_AND_DRAWN = 20
"""Signs from which on what is called some key, and was drawn by chance, is one."""


def fallbacks(text: bytes) -> Iterator[Match]:
    """The values of *text* that something falls back on, or hands to one command, and that look like credentials."""
    for found in _PLACEHOLDER.finditer(text):
        before = _NAMED_BY.search(text, max(0, found.start() - 90), found.start())
        yield from _given([found[1], before[1] if before else b""], found)
    for way in (_SHELL, _OF_COMMAND, _UNWRAPPED):
        for found in way.finditer(text):
            yield from _given([found[1]], found)
    if b"efault" in text:
        for found in _INLINE_DEFAULT.finditer(text):
            yield from _given([found[1]], found)
        for found in _DEFAULT.finditer(text):
            yield from _given([_above(text, found.start(), len(found[1]))], found)


def _above(text: bytes, end: int, deep: int) -> bytes:
    """The name under which a line lies that is *deep* inside, as the lines before *end* tell."""
    for line in reversed(text[max(0, end - 2_000) : end].splitlines()[-_FAR:]):
        head = _HEAD.fullmatch(line)
        if head and len(head[1]) < deep:
            return head[2]
    return b""


def _given(names: list[bytes], found: re.Match[bytes]) -> Iterator[Match]:
    """What is *found*, if one of *names* says that it is secret and it looks like it."""
    value = found[2]
    if is_sample(value) or refers(value.decode("utf-8", "replace")):
        return
    for name in names:
        said = name.decode("utf-8", "replace")
        sure = worth(name, value) if telling(said) else None
        if sure is None and _KEYLIKE.search(said) and len(value) >= _NAMED_AND_DRAWN and drawn(value, _NAMED_AND_DRAWN):
            sure = "medium"
        if sure is not None:
            yield Match(ASSIGNED, found.start(2), found.end(2), sure)
            return
