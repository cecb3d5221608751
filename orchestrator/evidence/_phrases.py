"""Tells from a string alone what it is: a sentence, a pattern, words to look for, the name of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .classify import CONFIG, DOCS, LANGUAGES

_FILE = re.compile(
    r"(?:[\w.@-]{1,80}/){0,20}(?:[\w.-]{0,80}\.(?P<ending>[a-z0-9]{1,10})|Dockerfile|Makefile|Gemfile|Procfile)"
)
_MORE_ENDINGS = frozenset({"tf", "tfvars", "hcl", "mod", "sum", "gradle", "dist", "ru", "nomad", "bicep", "prisma"})
_ENDINGS = _MORE_ENDINGS | {ending[1:] for ending in (*LANGUAGES, *DOCS, *CONFIG)}
_REGEX = re.compile(r"\\[bsdwSDW(\[.|]|\(\?[:=!<iPms]")
_SENTENCE = re.compile(r"[\"'`(]?[A-Za-z][\w'-]*,?(?: [\w\"'`(][\w\"'`(),.:/|-]{0,40}){5,}")
_NAME = re.compile(r"@?\w[\w./-]{0,80}\*?")
_STARRED = re.compile(r"\w[/-]?\*$")
_PROSE = re.compile(r"(?:- )?[\w-]{1,80}[:=] ?[\"']?[A-Z][\w'-]*,?(?: [\w\"'`(][\w\"'`(),.:;/|-]{0,60}){5,}[.!?][\"']?")
_STATEMENT = re.compile(
    r"\s*(?:select|insert|update|delete|create|alter|drop|grant|revoke|truncate|with|begin|set|copy|merge|vacuum|analyze)\b",
    re.IGNORECASE,
)


def is_sentence(line: str) -> bool:
    """Whether a line of YAML or of properties gives a key nothing but a sentence for people."""
    return _PROSE.fullmatch(line) is not None


def is_file_name(text: str) -> bool:
    """Whether *text* is a path that ends like a file's."""
    found = _FILE.fullmatch(text)
    return found is not None and (found["ending"] is None or found["ending"] in _ENDINGS)


def searched_for(texts: Iterable[object]) -> bool:
    """Whether these are words to look for: no name and no setting has an open bracket, or a star at its end."""
    return any(isinstance(text, str) and len(text) <= 200 and (_open(text) or _STARRED.search(text)) for text in texts)


def _open(text: str) -> bool:
    return any(text.count(a) != text.count(b) for a, b in ("()", "[]"))


def is_about_code(text: str) -> bool:
    """Whether a string shows by itself that it is a pattern, a list of words to look for, or a sentence."""
    if "\n" in text.strip("\n") or len(text) > 20_000:
        return False
    words = text.split("|")
    if len(words) > 1 and (_REGEX.search(text) or (len(words) > 2 and (searched_for(words) or all(map(_name, words))))):
        return True
    words = text.split(" ")
    if len(words) > 2 and all(map(_name, words)) and 2 * sum(map(_joined, words)) >= len(words):
        return True
    return _SENTENCE.match(text) is not None and not _STATEMENT.match(text)


def _name(word: str) -> bool:
    return _NAME.fullmatch(word) is not None


def _joined(word: str) -> bool:
    return any(joint in word for joint in "-/*@")
