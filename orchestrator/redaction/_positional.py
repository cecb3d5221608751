"""Tells a credential by its place among the arguments of a call that opens something: a client, a login."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import ahocorasick_rs

from ._match import ASSIGNED, Match
from ._weighing import distinctive, entropy, is_sample, weigh

_OPENS = ("client(", "connect(", "connection(", "session(", "sdk(", "api(", "credentials(", "newclientwithtoken(")
"""What takes a token, beside other things; only what looks drawn by chance is one."""
_LOGS_IN = (
    "login(",
    "basicauth(",
    "basic_auth(",
    "setbasicauth(",
    "getconnection(",
    "mysqli_connect(",
    "usernamepassword(",
)
"""What takes a name and then a password."""
WORDS = (*_OPENS, *_LOGS_IN)
_AUTOMATON = ahocorasick_rs.BytesAhoCorasick(
    [word.encode() for word in WORDS], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
)
_GAP = re.compile(rb"[ \t]{0,40}(?:\r?\n[ \t]{0,80})?")
_ARGUMENT = re.compile(
    rb"(?:\"([^\"\\\r\n]{0,200})\"|'([^'\\\r\n]{0,200})'|`([^`$\\\r\n]{0,200})`|"
    rb"([\w.$>-]{1,80}(?:\([\w.\"', -]{0,80}\))?))"
    rb"[ \t]{0,40}(?:\r?\n[ \t]{0,80})?(,|\))"
)
_MOST = 6
_DRAWN = re.compile(rb"[A-Za-z0-9_+/=.~-]{1,200}")
_SIGNS = (re.compile(rb"[a-z]"), re.compile(rb"[A-Z]"), re.compile(rb"\d"))
_PLACE = re.compile(rb"[\w.-]{1,100}:\d{1,5}|[\d.:]+|[\w.+-]{1,80}@[\w.-]{1,80}|.{0,20}://.{0,200}|[/.~].*")


def positional(data: bytes) -> Iterator[Match]:
    """The credentials in *data* that a call is given by position, in order."""
    for number, _, end in _AUTOMATON.find_matches_as_indexes(data.lower()):
        logs_in = WORDS[number] in _LOGS_IN
        at = end
        for index in range(_MOST):
            gap = _GAP.match(data, at)
            found = _ARGUMENT.match(data, gap.end() if gap else at)
            if found is None:
                break
            group = next((g for g in (1, 2, 3) if found.group(g)), 0)
            if group and _is_one(found.group(group), index, logs_in):
                yield Match(ASSIGNED, found.start(group), found.end(group), "medium")
            at = found.end()
            if found.group(5) == b")":
                break


def _is_one(value: bytes, index: int, logs_in: bool) -> bool:
    """Whether *value* is a credential as the argument *index* of a call."""
    if is_sample(value) or _PLACE.fullmatch(value):
        return False
    if logs_in and index and weigh(b"password", value) in ("medium", "high"):
        return True
    return drawn(value)


def drawn(value: bytes, least: int = 20) -> bool:
    """
    Whether a machine has drawn *value* by chance: of words put together capitals and digits follow more rarely.

    Args:
        value: What may be a credential.
        least: Signs that it must have: the fewer, the less its place may leave open what it is.
    """
    if len(value) < least or _DRAWN.fullmatch(value) is None or not all(sign.search(value) for sign in _SIGNS):
        return False
    kinds = [bytes((b,)).isdigit() + 2 * bytes((b,)).isupper() for b in value if bytes((b,)).isalnum()]
    changes = sum(a != b for a, b in pairwise(kinds))
    return entropy(value) >= 3.8 and changes > 0.45 * len(kinds) and distinctive(value)
