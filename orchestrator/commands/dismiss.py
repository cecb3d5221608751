"""Writes dispositions: that a finding of a run, looked at by a person, is none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from .. import config as configuration
from ..contract.ignoring import IGNORED
from ..domain.assessment import Assessment
from ..domain.dismissal import Spot
from ..domain.finding import Finding, Status
from ..domain.release import Release
from ..domain.result import Result
from ..domain.said import WordsFile
from ..errors import ConfigError, UnknownCriterion, UsageError
from ..evidence.snapshot import open_snapshot
from ..formats.model import nearest, read_model
from ..host import files
from ..planning.words import MAX_PROOF, digests

_LIST = "dispositions:"
LISTED = 8
"""Findings that a message names at most."""


class Saying(NamedTuple):
    """What a person says of a finding."""

    who: str
    reason: str
    on: date
    link: str = ""
    file: str = ""
    sha256: str = ""


class Written(NamedTuple):
    """A file of words with dispositions added."""

    text: str
    places: tuple[str, ...]
    """Criterion and place of each."""


def digest_beside(words: Path, name: str) -> str:
    """
    SHA-256 of the file *name* beside *words*, in hex.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        return hashlib.sha256(files.read(words.parent / name, MAX_PROOF)).hexdigest()
    except OSError as error:
        raise UsageError(f"'{words.parent / name}' cannot be read: {error.strerror}") from None


def dismiss(document: Result, wanted: str, saying: Saying, reviewed: Path, words: Path) -> Written:
    """
    Add to *words* what *saying* says of one finding.

    Args:
        document: The run that found it.
        wanted: ``CRITERION``, or ``CRITERION@path`` or ``CRITERION@path:line`` where there are several.
        saying: Who says it, and why.
        reviewed: The repository that the run reviewed.
        words: A file outside it; made where there is none.

    Raises:
        UsageError: There is no such finding, several, or one that is about no place.
        ConfigError: The file cannot be added to.
    """
    criterion, _, place = wanted.partition("@")
    if criterion not in document.criteria:
        close = nearest(criterion, list(document.criteria))
        raise UnknownCriterion(
            f"no criterion '{criterion}' in this run", remedy=f"did you mean '{close}'?" if close else ""
        )
    finding = _one(document, criterion, place)
    spots = [at for at in finding.at if not place or at == place or _path(at) == place]
    return _added(words, _entries(finding, spots, saying, _bytes(reviewed, document.release)))


def ignored(document: Result, saying: Saying, reviewed: Path, words: Path) -> Written:
    """
    Add to *words* a draft for each finding that the reviewed tree asks tools not to see: its reason is left to say.

    Raises:
        UsageError: There is none.
        ConfigError: The file cannot be added to.
    """
    found = [f for a in document.assessments for f in a.findings if f.message.startswith(IGNORED) and f.at]
    if not found:
        raise UsageError("the tree asks tools to ignore nothing that was found", where=document.run.id)
    of = _bytes(reviewed, document.release)
    return _added(words, [entry for finding in found for entry in _entries(finding, finding.at, saying, of)])


def _one(document: Result, criterion: str, place: str) -> Finding:
    """The finding on *criterion* at *place* that is against it."""
    assessment: Assessment = next(a for a in document.assessments if a.criterion == criterion)
    against = [finding for finding in assessment.findings if finding.status is not Status.PASS]
    found = [f for f in against if not place or place in f.at or place in map(_path, f.at)]
    if not found:
        said = [f"{criterion}@{at}" for f in against for at in f.at]
        what = f"nothing against {criterion} was found" + (f" at {place}" if place else "")
        mend = f"there is {_listed(said)}" if said else "it was set aside already" if assessment.dismissed else ""
        raise UsageError(what, where=document.run.id, remedy=mend)
    if len(found) > 1:
        said = [f"{criterion}@{f.at[0]}" for f in found if f.at]
        what = f"{len(found)} findings are against {criterion}" + (f" at {place}" if place else "")
        raise UsageError(what, where=document.run.id, remedy=f"name one: {_listed(said)}" if said else "")
    if not found[0].at:
        raise UsageError(
            f"'{found[0].message}' is about no place whose bytes a disposition could be bound to",
            where=document.run.id,
            remedy=f"`gonogo show {criterion}` says what it rests on; mend that, or have the risk waived",
        )
    return found[0]


def _listed(said: list[str]) -> str:
    more = f" and {len(said) - LISTED} more" if len(said) > LISTED else ""
    return ", ".join(said[:LISTED]) + more


def _path(at: str) -> str:
    spot = Spot.read(at)
    return spot.path if spot is not None else at


def _bytes(reviewed: Path, release: Release) -> Callable[[Spot], str]:
    """What tells the bytes of files of *release*, which must still lie at *reviewed*."""
    worktree = release.source == "worktree"
    snapshot = open_snapshot(reviewed, revision="" if worktree else release.commit, worktree=worktree)
    if snapshot.release.tree != release.tree:
        raise UsageError(
            "what lies there is no longer what the run reviewed",
            where=str(reviewed),
            remedy="review it again: `gonogo review`, then dismiss what that finds",
        )
    return digests(snapshot)


def _entries(
    finding: Finding, spots: list[str] | tuple[str, ...], saying: Saying, of: Callable[[Spot], str]
) -> Iterator[str]:
    for at in spots:
        spot = Spot.read(at)
        found = of(spot) if spot is not None else ""
        if not found:
            raise UsageError(f"the bytes of {at} cannot be read", remedy="it may lie in a part that was not cloned")
        said = {
            "criterion": finding.criterion,
            "who": saying.who,
            "check": finding.check,
            "place": at,
            "content": found,
            "reason": saying.reason,
            "on": saying.on.isoformat(),
            "link": saying.link,
            "file": saying.file,
            "sha256": saying.sha256,
        }
        kept = [(key, value) for key, value in said.items() if value or key == "reason"]
        rows = [f"{key}: {value if key == 'on' else json.dumps(value, ensure_ascii=False)}" for key, value in kept]
        told = " ".join(finding.message.split())
        yield "\n".join([f"  # {told[:300]}", f"  - {rows[0]}", *(f"    {row}" for row in rows[1:])])


def _added(words: Path, entries: Iterator[str] | list[str]) -> Written:
    """The text of *words* with *entries* at the head of its dispositions."""
    try:
        data = files.read(words, configuration.MAX_BYTES)
    except FileNotFoundError:
        data = b""
    except OSError as error:
        raise ConfigError(f"'{words}' cannot be read: {error.strerror}") from None
    had = len(_said(data, words).dispositions) if data.strip() else 0
    added = list(entries)
    lines = data.decode("utf-8", "replace").splitlines()
    if _LIST in lines:
        at = lines.index(_LIST) + 1
    else:
        lines.append(_LIST)
        at = len(lines)
    lines[at:at] = added
    text = "\n".join(lines).lstrip("\n") + "\n"
    try:
        after = _said(text.encode(), words).dispositions
    except ConfigError:  # about lines that nobody has written yet
        after = ()
    if len(after) != had + len(added):
        raise ConfigError(
            "its dispositions are not in a form that can be added to",
            where=str(words),
            remedy=f"write `{_LIST}` at the beginning of a line of its own, and each entry in block form below it",
        )
    return Written(text, tuple(f"{one.criterion} at {one.place}" for one in after[: len(added)]))


def _said(data: bytes, words: Path) -> WordsFile:
    return read_model(WordsFile, data, str(words), ConfigError)[0]
