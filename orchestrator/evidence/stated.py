"""Tells the credentials that a document's structure says are some, whatever they are called: a Secret, a parameter."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from ..host.late import late
from ..redaction import ASSIGNED, Match, find, is_sample, refers, spoken, structural, telling, worth
from .kept_secret import kept_secret

MOST = 200
"""Values of one document that are weighed."""
_PUBLIC = late(
    r"(?:^|[._-])(?:user(?:name)?|login|email|host(?:name)?|ur[il]|endpoint|server|address|region|bucket|domain|port|"
    r"database|dbname|namespace|path|type|id|name|ca|crt|cert(?:ificate)?s?|pub(?:lic)?|ssl_?mode|version|known_hosts)"
    r"(?:[._-](?:crt|pem|cert))?$",
    re.IGNORECASE,
)
"""Entries of a Secret that anybody may see."""
_OF_ANYTHING = late(
    r"(?:parameter|plaintext_?|default_?|string)?value(?:_wo)?|default|example|result|data", re.IGNORECASE
)
_SAYS = late(rb"SecureString|secret|passw|token|credential|[_-]key|api_?key|NoEcho|masked|sensitive", re.IGNORECASE)
_NEAR = 400
"""Bytes around a value without a name of its own in which something says that it is secret."""


def stated(path: str, text: bytes) -> Iterator[Match]:
    """
    The values of *text* that its structure says are secret and that look like one; references and samples are none.

    Args:
        path: Tells the format.
        text: A document.
    """
    yield from _started(text)
    if not structural(text):
        return
    place = (0, 0)
    for number, told in enumerate(kept_secret(path, text, set())):
        if number >= MOST:
            return
        value = told.value.strip().encode("utf-8", "surrogatepass")
        at = text.find(value) if value else -1
        plain = _plain(value)
        if at >= 0:
            place = (at, at + len(value))
        if plain and at >= 0:
            value = plain
        if place[1] and _is_one(told.name, value, text, place[0]):
            yield Match(ASSIGNED, *place, "medium")


def _started(text: bytes) -> Iterator[Match]:
    """What a machine is given to run when it starts, in base64, where that holds a credential."""
    lower = text.lower()
    if not any(word in lower for word in _GIVEN_TO_RUN):
        return
    for found in _USER_DATA.finditer(text):
        plain = _plain(found[1])
        inner = find(plain) if plain else []
        if any(match.confidence != "low" for match in [*inner, *spoken(plain, inner)]):
            yield Match(ASSIGNED, found.start(1), found.end(1), "medium")


_GIVEN_TO_RUN = (b"userdata", b"user_data", b"customdata", b"custom_data")
"""One of these is in the lower-cased text around every find: looking for them takes a hundredth of the time."""
_USER_DATA = late(
    rb"(?i:user_?data(?:_base64)?|custom_?data)[\"']?[ \t]{0,8}[:=][ \t]{0,8}[\"']?([A-Za-z0-9+/]{24,40000}={0,2})"
)


def _is_one(name: str, value: bytes, text: bytes, at: int) -> bool:
    if refers(value.decode("utf-8", "replace")) or is_sample(value[:200]):
        return False
    if any(match.confidence != "low" for match in find(value)):
        return True
    if telling(name):
        return worth(name.encode(), value) in ("medium", "high")
    if _PUBLIC.search(name):
        return False
    if _OF_ANYTHING.fullmatch(name) and not _SAYS.search(text, max(0, at - _NEAR), at + _NEAR):
        return False
    return worth(b"token", value) in ("medium", "high")


def _plain(value: bytes) -> bytes:
    """The text that base64 stands for; empty where it stands for none."""
    try:
        plain = base64.b64decode(b"".join(value.split()), validate=True)
    except ValueError:
        return b""
    text = plain.decode("utf-8", "replace")
    return plain if plain and "\ufffd" not in text and (text.isprintable() or "\n" in text) else b""
