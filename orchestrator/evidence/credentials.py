"""Tells the credentials in the content of one file, and weighs them by where the file stands."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile
from typing import NamedTuple

from ..domain.fact import Source
from ..redaction import (
    ASSIGNED,
    ENVIRONMENT,
    Match,
    disjoint,
    drawn,
    find,
    fingerprint,
    opening,
    passwords,
    settings,
    spoken,
)
from . import classify, texts
from .facts.secrets import Credential
from .falling_back import fallbacks
from .inforce.code.python import Contents
from .scanner.hit import Hit
from .scanner.weighing import is_issued, is_rules, weighed
from .stages import stage_of_file
from .stated import stated
from .tree import FileEntry

_PER_FILE = 20


HARMLESS = frozenset({"test", "example", "docs", "vendored", "generated"})
_TEMPLATE = re.compile(
    r"(^|[/._-])(example|sample|template|tmpl|tpl|skel)([/._-]|$)|\.dist$|(^|/)(locales?|i18n|l10n|intl|translations?|lang)/"
    r"|(^|[/._-])(fake|dummy|mock|test|e2e|spec|fixture|conformance|testing|testdata|testutil)s?([/._-]|$)|messages[^/]*\.properties$|\.(po|pot|xlf)$",
    re.IGNORECASE,
)
_STACK = re.compile(
    r"^(?!(?:.*/)?(?:examples?|samples?|tests?|testdata)/)(?:.*/)?template\.(?:ya?ml|json)$", re.IGNORECASE
)
"""What SAM deploys from: a template in name only."""
_DEVELOPMENT = re.compile(
    r"(^|[/._-])(dev|development|local|localhost|ci|cypress|sandbox)([/._-]|$)|(^|/)\.devcontainer/", re.IGNORECASE
)
_CHOSEN = frozenset({ASSIGNED, ENVIRONMENT, "dsn-password", "basic-auth-url"})
_PGPASS = re.compile(r"(^|/)\.?pgpass(\.conf)?$")
"""Files of PostgreSQL's client, in which a password has no name."""
LOCKS = re.compile(
    r"(^|/)([^/]*[-.]lock(\.\w+)?|[^/]*\.sum|npm-shrinkwrap\.json|yarn\.lock)$|\.(map|min\.js|snap|po|csv|tsv)$"
)


_NAMED_AND_DRAWN = 16
"""Signs from which on a value that has a credential's name is taken for drawn by chance."""


class Treatment(NamedTuple):
    """What a path changes of what is said of the credentials under it."""

    weight: int
    """The less, the more they count: :data:`PRODUCTION`, :data:`DEVELOPMENT`, :data:`ASIDE`, :data:`UNREAD`."""
    reading: str
    """One of :data:`READINGS`: in program code an unquoted value is an expression."""


PRODUCTION, DEVELOPMENT, ASIDE, UNREAD = range(4)
READINGS = ("python", "code", "docs", "plain")


def treatment(path: str) -> Treatment:
    """How a file at *path* is dealt with."""
    role, language = classify.role(path, named=True), classify.language(path)
    code = bool(language) and language != "shell"
    reading = "python" if language == "python" else "code" if code else "docs" if role == "docs" else "plain"
    if LOCKS.search(path):
        return Treatment(UNREAD, reading)
    if _is_aside(path, role):
        return Treatment(ASIDE, reading)
    developing = _DEVELOPMENT.search(path) or stage_of_file(path) == "development"
    return Treatment(DEVELOPMENT if developing else PRODUCTION, reading)


def _is_aside(path: str, role: str) -> bool:
    return role in HARMLESS or (_TEMPLATE.search(path) is not None and not _STACK.search(path))


class Part(NamedTuple):
    """Which part of a file a content is, where it is read in several that overlap."""

    line: int = 1
    """Number of its first line."""
    overlap: int = 0
    """Bytes at its beginning that the part before has as well."""
    head: int = 0
    """Bytes at its beginning of which the part before has told already."""
    tail: int = 0
    """Bytes at its end of which the part behind will tell."""


WHOLE = Part()


Over = Callable[[Credential], None]
"""Hears of a credential that is not kept."""
Asked = Callable[[bytes], Sequence[Hit]]
"""The rules of others, which are asked for each way that a content may be meant."""


def unasked(_text: bytes) -> Sequence[Hit]:
    """No rules of others."""
    return ()


def credentials(file: FileEntry, data: bytes, over: Over | None = None, asked: Asked = unasked) -> list[Credential]:
    """
    The first credentials in one file, at most twenty sure and twenty unsure ones.

    Args:
        file: Where they are looked for.
        data: Its content.
        over: Hears of each that is not kept; without it the search ends where there is no more room.
        asked: The rules of others.
    """
    found: list[Credential] = []
    room = {True: _PER_FILE, False: _PER_FILE}
    for credential in every(file, data, asked=asked):
        low = credential.confidence == "low"
        if room[low]:
            room[low] -= 1
            found.append(credential)
        elif over is not None:
            over(credential)
        if not room[False] and over is None:
            break
    return found


def every(file: FileEntry, data: bytes, part: Part = WHOLE, asked: Asked = unasked) -> Iterator[Credential]:
    """
    The credentials in one file, or in one part of it.

    In tests, examples, prose and other people's code they are recorded with low confidence, and so are chosen
    passwords in files for development, whose role is then ``example``: they fail nothing by themselves. A chosen
    password in a text that a Python module keeps for a file is too weakly shaped to tell, and so is one in the message
    of a commit or tag; so is whatever stands in a scanner's own rules. Where NUL bytes let a text be read in several
    ways, the first counts that has a sure one. Of lock files and their like only what a rule names is told.
    """
    weight, reading = treatment(file.path)
    role = classify.role(file.path, named=True)
    aside = weight == ASIDE or (weight == UNREAD and _is_aside(file.path, role))
    message = file.kind == MESSAGE
    strings = Contents(data) if reading == "python" else None
    sure = False
    for text in texts.readings(data):
        if sure:
            return
        written = data if len(text) == len(data) else text
        line, counted = part.line, 0
        mine = own(file.path, text) if weight < UNREAD else []
        made = None
        for match, rule in _with_rules(mine, weighed(asked(text), text)):
            if match.kind == ENVIRONMENT and (message or reading != "plain"):
                continue
            if match.start < part.head or match.end > len(text) - part.tail:
                continue
            line += written.count(b"\n", counted, match.start)
            counted = match.start
            made = is_rules(text) if made is None else made
            chosen = match.kind in _CHOSEN
            low = aside or (weight == DEVELOPMENT and chosen)
            weak = made or (chosen and (message or (strings is not None and strings.cover(match.start))))
            confidence = "low" if low or weak else match.confidence
            is_drawn = low and drawn(text[match.start : match.end], _NAMED_AND_DRAWN)
            sure = sure or confidence != "low"
            yield Credential(
                kind=ASSIGNED if match.kind == ENVIRONMENT else match.kind,
                source=Source(path=file.path, line=line),
                role="example" if low and role not in HARMLESS and not is_drawn else role,
                length=match.end - match.start,
                digest=fingerprint(match, text),
                confidence=confidence,
                message=message,
                rule=rule,
            )


def own(path: str, text: bytes) -> list[Match]:
    """What gonogo's own patterns find."""
    found = find(text)
    rows = passwords(text) if _PGPASS.search(path) else ()
    behind = list(fallbacks(text))
    given = {one.start for one in behind}
    mine = disjoint([*found, *spoken(text, found), *rows])
    mine = [m for m in mine if m.kind != ENVIRONMENT or m.start not in given]
    more = _beside(mine, chain(settings(path, text), stated(path, text), behind))
    found = sorted([*mine, *opening(text, mine), *more], key=_place)
    return [m for m in found if not _SEALED.match(text, m.start)] if b"SealedSecret" in text else found


_SEALED = re.compile(rb"Ag[A-Za-z0-9+/]{100}")
"""How what a SealedSecret holds begins: nobody but one cluster can read it."""


def _beside(found: Sequence[Match], more: Iterable[Match]) -> Iterator[Match]:
    """Those of *more* that touch none of what was *found* in order, each once."""
    ends = [match.end for match in found]
    for match in dict.fromkeys(more):
        number = bisect_left(ends, match.start + 1)
        if number >= len(found) or found[number].start >= match.end:
            yield match


def _with_rules(mine: Sequence[Match], ruled: Sequence[tuple[Match, str]]) -> list[tuple[Match, str]]:
    """
    All finds in order, each with the rule of others that names it.

    Of one that both have, the own one stays, as it says what it is; where that is only a value that somebody gave to a
    name, a rule that knows who issued it knows better.
    """
    named: dict[Match, str] = {}
    alone: list[tuple[Match, str]] = []
    apart, at = disjoint(mine), 0
    for match, rule in ruled:
        while at < len(apart) and apart[at].end <= match.start:
            at += 1
        same = takewhile(lambda one: one.start < match.end, islice(apart, at, None))  # noqa: B023  # used up below
        both = [one for one in same if one.end > match.start]
        if not both and (not alone or alone[-1][0].end <= match.start):
            alone.append((match, rule if is_issued(rule) else ""))
        for one in both if is_issued(rule) else ():
            named.setdefault(one, rule)
    told = [(match.surer() if match in named else match, named.get(match, "")) for match in mine]
    return sorted([*told, *alone], key=lambda found: found[0].start)


def _place(match: Match) -> int:
    return match.start


MESSAGE = "message"
"""The kind of what is not a file but the message of a commit or tag."""
