"""This is where a record's head is written down outside its folder, and a record is held against such an anchor."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from .domain.model import Model
from .engine import history as reading
from .errors import RecordBroken, RepositoryUnreadable, UnknownRevision, UsageError
from .evidence.git import Git
from .journal import foreign
from .journal.event import canonical, digest
from .journal.kinds import Digest
from .journal.record import Record
from .replaying import verify
from .result import STATEMENT

FORMAT: Final = "gonogo/anchor/1"
REF = "refs/notes/gonogo"
MAX_NOTE = 1 << 20
"""Bytes of one note; a line has about 300."""
STDOUT = "stdout"


class Anchor(Model):
    """One line outside the folder that says where a run's record ends."""

    format: Literal["gonogo/anchor/1"] = FORMAT
    run: str
    """The run's id."""
    head: Digest
    """Of the journal's last line."""
    events: Annotated[int, Field(ge=0)]
    """How many lines it has."""
    verdict: str
    """The run's verdict."""
    statement: Digest | None = None
    """Of `statement.dsse.json`; absent where the run was not signed."""


def anchor(record: Record, target: str) -> str:
    """
    Verify *record*, then write its line where *target* says; a line that is there already is not written again.

    Args:
        record: A run that has come to its verdict.
        target: ``file:PATH``, ``note:REPO`` or ``stdout`` (which is left to the caller).

    Returns:
        The line.

    Raises:
        RecordBroken: The record is damaged or unfinished.
        UsageError: *target* is none of these, or cannot take the line.
    """
    kind, place = _parsed(target, STDOUT)
    verify(record)
    if not (now := _now(record))["verdict"]:
        raise reading.unfinished(record, reading.read(record))
    line = canonical(now).decode("ascii")
    if kind == "file" and line not in _file(place, missing_ok=True):
        _append(place, line)
    if kind == "note":
        _annotate(Git(place), _commit(record), line)
    return line


def check(record: Record, target: str) -> tuple[str, str]:
    """
    Check that *record* ends where an anchor says that it ended.

    Args:
        record: A run whose chain holds, finished or not.
        target: ``file:PATH`` or ``note:REPO``.

    Returns:
        (what, what was found).

    Raises:
        RecordBroken: The target has no line of this run, or the record ends elsewhere.
        UsageError: *target* is neither, or cannot be read.
    """
    kind, place = _parsed(target)
    lines = _file(place) if kind == "file" else _note(Git(place), _commit(record))
    now = _now(record)
    ours = [said for said in _anchors(lines) if said.get("run") == now["run"]]
    if not ours:
        raise RecordBroken(f"no anchor of run '{now['run']}' is there", where=target)
    for said in ours:
        _held(said, now, target)
    if (signed := ours[-1].get("statement")) and signed != now.get("statement"):
        what = f"{STATEMENT} is not the one" if "statement" in now else f"{STATEMENT} is gone:"
        raise RecordBroken(f"{what} that was anchored, {str(signed)[:23]}…", where=target)
    return ("anchor", f"{target} says the same head, {now['events']:,} events")


def _held(said: dict[str, Any], now: dict[str, Any], target: str) -> None:
    """Compare one anchor with the record as it is."""
    was = said.get("events")
    if isinstance(was, int) and was > now["events"]:
        raise RecordBroken(
            f"the record has lost its end: {was:,} events were anchored, {now['events']:,} are there", where=target
        )
    for name in ("events", "head", "verdict"):
        if said.get(name) != now[name]:
            raise RecordBroken(
                f"the record is not the one that was anchored: {name} was {str(said.get(name))[:80]}, is {now[name]}",
                where=target,
            )


def _now(record: Record) -> dict[str, Any]:
    """What an anchor says, of the record as it is."""
    history = reading.read(record)
    signed = record.folder / STATEMENT
    now = Anchor(
        run=history.manifest.run,
        head=history.head,
        events=history.count,
        verdict=history.verdict.data["verdict"] if history.verdict and history.finished else "",
        statement=digest(signed.read_bytes()) if signed.is_file() else None,
    )
    return now.model_dump(exclude_none=True)


def _parsed(target: str, *others: str) -> tuple[str, Path]:
    kind, _, place = target.partition(":")
    if target in others or (kind in ("file", "note") and place):
        return kind, Path(place)
    known = ", ".join(("file:PATH", "note:REPO", *others))
    raise UsageError(f"'{target}' is no place for an anchor", remedy=f"one of {known}")


def _anchors(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The anchors among *lines*; other lines are somebody else's."""
    found = []
    for line in lines:
        try:
            said = foreign.parsed(line.encode("utf-8", "replace"))
        except ValueError:
            continue
        if isinstance(said, dict) and said.get("format") == FORMAT:
            found.append(said)
    return found


def _file(path: Path, *, missing_ok: bool = False) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        if missing_ok:
            return []
        raise UsageError("the file of anchors is not there", where=str(path)) from None
    except OSError as error:
        raise UsageError(f"the file of anchors cannot be read: {error.strerror}", where=str(path)) from None


def _append(path: Path, line: str) -> None:
    """One write at the end, so that lines of others stay whole."""
    try:
        with path.open("ab+") as file:
            if file.tell() and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
                line = "\n" + line
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UsageError(f"the anchor cannot be written: {error.strerror}", where=str(path)) from None


def _commit(record: Record) -> str:
    """The commit that was reviewed."""
    release = record.manifest().release
    commit = release.commit
    if release.source != "git" or not re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", commit):
        raise UsageError("the run reviewed no commit, and a note needs one", remedy="anchor it with file:PATH")
    return commit


def _note(git: Git, commit: str) -> list[str]:
    """The lines of the note on *commit*."""
    blob = git.text("notes", "--ref", REF, "list", commit, check=False)
    if not re.fullmatch(r"[0-9a-f]{40,64}", blob):
        git.run("rev-parse", "--git-dir")  # says so where there is no repository at all
        return []
    if int(git.text("cat-file", "-s", blob)) > MAX_NOTE:
        raise RepositoryUnreadable(f"the note on {commit[:10]} is too large", where=str(git.folder))
    return git.text("cat-file", "blob", blob).splitlines()


def _annotate(git: Git, commit: str, line: str) -> None:
    """Add *line* to the note on *commit*: objects first, then the one reference, if nobody else has moved it."""
    git.run("rev-parse", "--git-dir")
    if git.run("cat-file", "-e", f"{commit}^{{commit}}", check=False).returncode:
        raise UnknownRevision(f"the reviewed commit {commit[:10]} is not in this repository", where=str(git.folder))
    lines = _note(git, commit)
    if line in lines:
        return
    before = git.text("rev-parse", "--verify", "--quiet", f"{REF}^{{commit}}", check=False)
    notes = _notes(git, before) | {commit: _made(git, ["hash-object", "-w", "--stdin"], [*lines, line])}
    tree = _made(git, ["mktree"], [f"100644 blob {blob}\t{of}" for of, blob in sorted(notes.items())])
    who = ("-c", "user.name=gonogo", "-c", "user.email=gonogo@localhost")
    after = git.text(*who, "commit-tree", tree, "-m", "Anchor a run", *(("-p", before) if before else ()))
    git.run("update-ref", "--no-deref", "-m", "gonogo anchor", REF, after, before)


def _notes(git: Git, before: str) -> dict[str, str]:
    """Every note of *before*: commit to blob, whether git has spread them over folders or not."""
    found = {}
    for entry in git.run("ls-tree", "-r", "-z", before).stdout.split(b"\0") if before else ():
        if entry:
            kind, _, path = entry.decode("utf-8", "replace").partition("\t")
            name = path.replace("/", "")
            if not kind.startswith("100644 blob ") or not re.fullmatch(r"[0-9a-f]{40,64}", name):
                raise RepositoryUnreadable(f"{REF} holds what is no note: {path[:80]}", where=str(git.folder))
            found[name] = kind.rpartition(" ")[2]
    return found


def _made(git: Git, words: list[str], lines: list[str]) -> str:
    """The name of the object that git makes of *lines*."""
    with git.stream(*words, names=lines, check=True) as out:
        return out.read(100).decode("ascii").strip()
