"""What a run withholds and how: its key, values that it knows, contacts that it may name."""

from __future__ import annotations

import hashlib
import hmac
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from ._headers import LOGIN, OTHER
from ._inline import GIVEN
from ._known import FROM_ENVIRONMENT, Known, environment_values
from ._match import ASSIGNED, PLACEHOLDER, Match
from ._names import stands_in
from ._personal import PERSONAL, normal, reachable
from ._shapes import KEY_MATERIAL, KINDS, find
from ._weighing import distinctive


class Withholding:
    """
    What one run withholds beyond what looks like a credential.

    Args:
        key: Makes the digests in stubs; without it they have none.
        environment: Of the process; credentials in it are withheld wherever they occur.
        known: Values that are known already; what is learned is added to them.
    """

    def __init__(
        self, key: bytes = b"", environment: Mapping[str, str] | None = None, known: Known | None = None
    ) -> None:
        self._key = key
        self.known = known or Known()
        self.contacts: set[bytes] = set()
        """Addresses and telephones that the release itself names as contacts."""
        for value in environment_values(environment or {}):
            self.known.add(FROM_ENVIRONMENT, value)

    @property
    def key(self) -> bytes:
        """Makes the digests in stubs; whoever has it can try out what a short value is."""
        return self._key

    def learn(self, data: bytes) -> None:
        """Withhold the credentials in *data* also where nothing gives them away, if they cannot be taken for words."""
        for match in find(data):
            value = data[match.start : match.end]
            if match.confidence != "low" and distinctive(value):
                self.known.add(match.kind, value)

    def keep(self, name: str, value: str, *, alone: bool = False) -> None:
        """
        Withhold *value*, which its place says is secret, whatever it looks like.

        It is withheld wherever it occurs if it can be taken for nothing else; else behind *name* alone, since a short
        value or a word would blot out whatever else goes by it; without a name, where it has a line for itself. Of
        several lines, each is withheld likewise.
        """
        data = value.encode("utf-8", "surrogatepass")
        if stands_in(value):
            return
        if distinctive(data):
            self.known.add(ASSIGNED, data)
        elif name or alone:
            self.known.add_place(ASSIGNED, name.encode("utf-8", "surrogatepass"), data)
        if b"\n" in data.strip():
            for line in value.splitlines()[:_MOST_LINES]:
                inner, sign, rest = _split(line)
                if sign and _TITLED.fullmatch(inner) and _WORD.fullmatch(rest.strip()):
                    continue
                self.keep(inner if sign else name, (rest if sign else line).strip())

    def send(self, names: Iterable[str], environment: Mapping[str, str]) -> None:
        """
        Withhold what the variables *names* hold, which may be sent to somebody who repeats it: wherever it occurs.

        Of a value with several words, or of an address, each part that can be taken for nothing else is withheld too.
        """
        for value in sendable(names, environment).values():
            data = value.encode("utf-8", "surrogateescape")
            self.known.add(FROM_ENVIRONMENT, data)
            for part in _PARTS.split(urllib.parse.unquote_to_bytes(data)):
                if len(part) >= SHORTEST_SENT and distinctive(part):
                    self.known.add(FROM_ENVIRONMENT, part)

    def name_contacts(self, data: bytes) -> None:
        """Let the addresses and telephones in *data* be said."""
        self.contacts |= {normal(match, data) for match in reachable(data)}

    def digest(self, kind: str, value: bytes) -> str:
        """By which *value* is known again under the same key; empty without one."""
        return hmac.digest(self._key, kind.encode() + b"\0" + value, "sha256").hex() if self._key else ""

    def stub(self, kind: str, value: bytes) -> str:
        """What stands in the place of *value*."""
        digest = self.digest(kind, value)
        length = len(value.decode("utf-8", "replace"))
        return f"[withheld {kind}, {length} characters{f', #{digest[:8]}' if digest else ''}]"


def sendable(names: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """What the variables *names* hold, but for what is too short to be withheld where it comes back."""
    values = {name: environment.get(name, "").strip() for name in names}
    return {name: value for name, value in values.items() if len(value.encode("utf-8", "replace")) >= SHORTEST_SENT}


_TITLED = re.compile(r"name|receiver|severity|kind|type|level")
_WORD = re.compile(r"[\"']?[A-Za-z]{1,40}[\"']?")
"""What a line of several gives nothing but a title: ``receiver: Critical`` in a configuration that is kept secret."""
SHORTEST_SENT = 8
_PARTS = re.compile(rb"[\s:/@?&=;,]+")


def _split(line: str) -> tuple[str, str, str]:
    """A line of a setting as its name, its sign and its value."""
    found = _SETTING.match(line)
    return (found[1], found[2], found[3].strip().strip("\"'")) if found else ("", "", "")


_SETTING = re.compile(r"\s*(?:export\s)?[\"']?([\w.-]{1,80})[\"']?\s{0,8}([=:])(.*)")
_MOST_LINES = 1_000

_CURRENT: ContextVar[Withholding | None] = ContextVar("withholding", default=None)
_NOTHING = Withholding()


def current() -> Withholding:
    """What is withheld here and now."""
    return _CURRENT.get() or _NOTHING


@contextmanager
def withholding(key: bytes = b"", environment: Mapping[str, str] | None = None) -> Iterator[Withholding]:
    """
    Withhold by *key* and *environment* as long as this lasts, also in tasks and threads that begin in it.

    Inside of another one it knows what that knows and teaches it what it learns: an error is told after its run.
    """
    outer = _CURRENT.get()
    kept = Withholding(key, environment, outer.known if outer else None)
    token = _CURRENT.set(kept)
    try:
        yield kept
    finally:
        _CURRENT.reset(token)


def fingerprint(match: Match, data: bytes) -> str:
    """
    A digest by which the same credential is known again elsewhere: 64 bits, under the key of the run where it has one.

    Without a key a chosen password could be guessed from as many, so it gets 16.
    """
    value = data[match.start : match.end]
    if keyed := current().digest(match.kind, value):
        return keyed[:16]
    digest = hashlib.sha256(match.kind.encode() + b"\0" + value).hexdigest()
    return digest[: 16 if match.confidence == "high" else 4]


def stubs(data: bytes) -> list[tuple[int, int]]:
    """The places of stubs in *data*, also of one that its end has cut off."""
    found: list[tuple[int, int]] = []
    at = data.find(_HEAD)
    while at >= 0:
        end = _end_of_stub(data, at)
        if end:
            found.append((at, end))
        at = data.find(_HEAD, end or at + 1)
    return found


def _end_of_stub(data: bytes, at: int) -> int:
    """Where the stub ends that begins at *at*; 0 where none does. A kind that nobody withholds makes none."""
    whole = _STUB.match(data, at)
    if whole and whole[1] in _ALL:
        return whole.end()
    cut_off = _CUT_OFF.fullmatch(data, at) if len(data) - at <= _LONGEST else None
    if cut_off is None:
        return 0
    kind, tail = cut_off.groups()
    known = kind in _ALL if tail else any(known.startswith(kind) for known in _ALL)
    return len(data) if known else 0


def _nested(parts: Iterable[str]) -> str:
    """A pattern for *parts* in their order, the later ones optional."""
    pattern = ""
    for part in reversed(list(parts)):
        pattern = f"(?:{part}{pattern})?"
    return pattern


_HEAD = b"[withheld "
_ALL = frozenset(
    kind.encode() for kind in (*KINDS, *PERSONAL, *GIVEN, PLACEHOLDER, FROM_ENVIRONMENT, OTHER, LOGIN, KEY_MATERIAL)
)
_TAIL = [" ", r"\d{1,9}", *(re.escape(c) for c in " characters"), ",", " ", "#", "[0-9a-f]{1,8}", r"\]"]
_STUB = re.compile(rb"\[withheld ([^,\]\n]{1,60}), \d{1,9} characters(?:, #[0-9a-f]{8})?\]")
_CUT_OFF = re.compile(rf"\[withheld ([^,\]\n…]{{0,60}}?)(,{_nested(_TAIL)})?(?:…)?".encode())
_LONGEST = 200
"""Bytes of a stub, and more."""
