"""Settles what a release is compared with: what is asked for, its newest release tag, or the last run of its name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..domain.base import Base
from ..errors import NotARepository, RecordBroken, UnknownRevision, UsageError
from ..evidence import paths
from ..evidence.git import Git
from ..evidence.since import chosen_by_tag, follows
from ..evidence.snapshot import Snapshot
from ..host import files
from ..journal.claim import VERDICT
from ..journal.record import Record, all_runs

MAX_RUNS = 200
"""Recorded runs that are looked at, the latest first."""


def based(snapshot: Snapshot, asked: str, runs: Path | None, known: Base | None = None) -> Snapshot:
    """
    *snapshot*, whose release says what it is compared with.

    Args:
        snapshot: What is reviewed.
        asked: A commit, tag or branch of its repository; empty where nobody named one.
        runs: The folder with the record of earlier runs.
        known: What was settled when the run began, for one that is taken up again.

    Raises:
        NotARepository: A base was named for a plain directory.
        UnknownRevision: It names no commit.
        UsageError: It is the reviewed commit itself.
    """
    base = known or _base(snapshot, asked, runs)
    return replace(snapshot, release=snapshot.release.model_copy(update={"base": base}))


def _base(snapshot: Snapshot, asked: str, runs: Path | None) -> Base:
    git, release = snapshot.git, snapshot.release
    if git is None:
        if asked:
            raise NotARepository("a plain directory has no base to compare with", remedy="leave --base out")
        return Base(reason="a plain directory has no history")
    if asked:
        return _given(git, asked, release.commit, worktree=release.source == "worktree")
    commit, name = chosen_by_tag(git, release.commit)
    if commit:
        return Base(commit=commit, name=name, chosen="tag")
    return _by_run(git, snapshot, runs) or Base(reason=_none(release.history))


def _none(history: str) -> str:
    if history in ("shallow", "partial"):
        return f"the clone is {history}, and no release tag before the reviewed commit is in it"
    return "no release tag is before the reviewed commit, and no earlier run of this name is recorded"


def _given(git: Git, asked: str, commit: str, *, worktree: bool) -> Base:
    found = None
    if not asked.startswith("-"):
        found = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{asked}^{{commit}}", check=False)
    if found is None or found.returncode or not found.stdout.strip():
        raise UnknownRevision(
            f"--base '{asked}' names no commit of this repository",
            where=str(git.folder),
            remedy="`git tag` and `git branch -a` list what there is; a shallow clone may lack it",
        )
    base = found.stdout.decode("ascii", "replace").strip()
    if base == commit and not worktree:
        raise UsageError(
            f"--base '{asked}' is the reviewed commit itself, so that nothing would be new",
            remedy="name the release before it",
        )
    name = paths.safe(asked.encode("utf-8", "surrogateescape"))
    return Base(commit=base, name=name, chosen="given", ancestor=follows(git, commit, base))


def _by_run(git: Git, snapshot: Snapshot, runs: Path | None) -> Base | None:
    """The commit of the latest finished run of the same name that the reviewed one follows from."""
    if runs is None:
        return None
    for folder in list(reversed(all_runs(runs)))[:MAX_RUNS]:
        if folder.is_symlink() or not files.is_plain(folder / VERDICT):
            continue
        try:
            manifest = Record(folder).manifest()
        except RecordBroken:
            continue
        was = manifest.release
        if was.name != snapshot.release.name or was.source != "git" or was.commit in ("", snapshot.release.commit):
            continue
        if _is_commit(was.commit) and follows(git, snapshot.release.commit, was.commit):
            return Base(commit=was.commit, name=manifest.run, chosen="run")
    return None


def _is_commit(text: str) -> bool:
    return len(text) in (40, 64) and set(text) <= set("0123456789abcdef")
