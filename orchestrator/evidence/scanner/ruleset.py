"""Loads the rules for credentials that a package brings along, and says which they are and from when."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, NamedTuple

from .hit import Hit

if TYPE_CHECKING:
    from kingfisher_sdk import Scanner

PACKAGE = "kingfisher-secret-scanner"
MOST_DAYS = 548
"""Eighteen months: who issues tokens changes their format more often than that, so that an older set misses some."""
_MAX_SBOM = 4_000_000


Scan = Callable[[bytes], list[Hit]]


class About(NamedTuple):
    """What a fact records of a set, by the names of :class:`RuleSet`: the process that asks one needs no facts."""

    name: str
    version: str = ""
    released: str = ""
    rules: int = 0
    lacking: str = ""


class Rules(NamedTuple):
    """A set that can be asked."""

    about: About
    scan: Scan


def lacking(released: str, today: date) -> str:
    """Why the word of a set from the day *released* is not taken on *today*; empty where it is."""
    try:
        day = date.fromisoformat(released)
    except ValueError:
        return "does not say when it was released"
    if (today - day).days > MOST_DAYS:
        return f"was released on {released}, more than 18 months before {today.isoformat()}"
    return ""


def loaded(today: date) -> Rules:
    """
    The rules that are installed, ready to be asked; nothing is asked over a network.

    Where there are none, nothing is found, and the set says why its word is not taken.
    """
    try:
        version = metadata.version(PACKAGE)
        scanner, number = _scanner()
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        why = (
            "is not installed" if isinstance(error, metadata.PackageNotFoundError | ImportError) else "cannot be loaded"
        )
        return Rules(About(PACKAGE, lacking=why), _nothing)
    released = released_on()
    about = About(PACKAGE, version, released, number, lacking(released, today))
    return Rules(about, lambda data: _hits(scanner, data))


def _nothing(_data: bytes) -> list[Hit]:
    return []


@cache
def _scanner() -> tuple[Scanner, int]:
    """All rules of the set, compiled; what was compiled once is kept in the user's own folder for caches."""
    from kingfisher_sdk import Rules as Compiled  # here, since what it brings along has 36 MB
    from kingfisher_sdk import Scanner

    rules = Compiled(confidence="low")
    return Scanner(rules), len(rules)


def released_on() -> str:
    """The day on which the installed set was made, as its list of components says; empty where it does not."""
    for file in metadata.files(PACKAGE) or ():
        if file.match("*/sboms/*.cyclonedx.json") and (file.size or 0) < _MAX_SBOM:
            try:
                said = json.loads(file.read_text(encoding="utf-8"))["metadata"]["timestamp"]
                return date.fromisoformat(str(said)[:10]).isoformat()
            except (OSError, ValueError, KeyError, TypeError):
                return ""
    return ""


def _hits(scanner: Scanner, data: bytes) -> list[Hit]:
    """What the rules find in *data*, in order; helpers that say no secret themselves are left out."""
    found = set()
    for finding in scanner.scan(data):
        if not finding.visible:
            continue
        place = finding.location
        start, end = place["start_offset"], place["end_offset"]
        if not finding.is_base64_encoded:
            start, end = _span(data, finding.secret.encode("utf-8", "surrogateescape"), start, end)
        found.add(Hit(finding.rule_id, start, end, finding.confidence == "high"))
    return sorted(found)


def _span(data: bytes, secret: bytes, start: int, end: int) -> tuple[int, int]:
    """The place of *secret*, which the set gives in what it has decoded where a text says that it is no UTF-8."""
    if data[start:end] == secret:
        return start, end
    inner = data.find(secret, start, end)
    at = inner if inner >= 0 else data.find(secret)
    return (at, at + len(secret)) if at >= 0 else (min(start, len(data)), min(end, len(data)))
