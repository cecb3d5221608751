"""This is where git's history is asked: how long it is, and whether it holds credentials that the tree does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..errors import RepositoryUnreadable
from . import classify, paths
from .facts.history import History
from .facts.secrets import Credential, SecretHistory, credentials
from .git import Git
from .snapshot import Snapshot
from .tree import MAX_FILE_BYTES, as_utf8, entry

MAX_OBJECTS = 60_000
MAX_BYTES = 120_000_000
_SEARCHED = frozenset({"source", "config", "infra", "ci", "other"})


def history(snapshot: Snapshot) -> History:
    """What git's log says of the commits behind the reviewed one."""
    git, release = snapshot.git, snapshot.release
    if git is None:
        return History(reason="a plain directory has no history")
    log = git.run("log", "--no-show-signature", "--format=%ae%x09%cI", release.commit, "--", check=False)
    lines = log.stdout.decode("utf-8", "replace").splitlines()
    rows = [line.rpartition("\t") for line in lines if "\t" in line]
    if log.returncode or not rows:
        return History(reason="git log could not be read")
    tags = git.text(
        "for-each-ref", "--sort=-creatordate", "--count=50", "--format=%(refname:short)", "refs/tags", check=False
    )
    return History(
        available=True,
        complete=release.history == "complete",
        reason="" if release.history == "complete" else f"the clone is {release.history}",
        commits=len(rows),
        authors=len({email for email, _, _ in rows}),
        first_at=rows[-1][2],
        last_at=rows[0][2],
        tags=tuple(paths.safe(tag.encode("utf-8", "surrogateescape")) for tag in tags.splitlines()),
    )


def secret_history(snapshot: Snapshot) -> SecretHistory:
    """Credentials in blobs that history holds and the tree does not, newest commits first, within bounds."""
    git = snapshot.git
    if git is None:
        return SecretHistory(reason="a plain directory has no history")
    try:
        return _searched(snapshot, git)
    except RepositoryUnreadable as error:
        return SecretHistory(reason=error.what)


def _searched(snapshot: Snapshot, git: Git) -> SecretHistory:
    release = snapshot.release
    candidates, commits, reason = _candidates(snapshot, git)
    if release.history != "complete":
        reason = f"the clone is {release.history}"
    found: list[Credential] = []
    searched = size = 0
    for oid, data in git.objects(list(_blobs(git, candidates))):
        size += len(data)
        data = as_utf8(data)
        if size > MAX_BYTES:
            reason = reason or f"only the newest {searched:,} blobs of the history were searched"
            break
        if b"\0" in data[:8000]:
            continue
        searched += 1
        path, commit = candidates[oid]
        found.extend(credentials(entry(path, len(data)), data, commit))
    found.sort(key=lambda c: (c.source.path, c.source.line, c.kind, c.digest))
    kept = {(c.kind, c.digest): c for c in reversed(found)}
    return SecretHistory(
        found=tuple(sorted(kept.values(), key=lambda c: (c.confidence == "low", c.source.path, c.source.line, c.kind)))[
            :200
        ],
        blobs=searched,
        commits=commits,
        complete=not reason,
        reason=reason,
    )


def _candidates(snapshot: Snapshot, git: Git) -> tuple[dict[str, tuple[str, str]], int, str]:
    """Objects of history under paths worth searching, as oid to (path, commit); commits seen; why it is not all."""
    present = {file.digest for file in snapshot.tree.entries}
    found: dict[str, tuple[str, str]] = {}
    commits, commit = 0, ""
    command = ("rev-list", "--objects", "--in-commit-order", "--missing=allow-any", snapshot.release.commit)
    with git.stream(*command, check=True) as out:
        for line in out:
            oid, space, raw = line.rstrip(b"\n").partition(b" ")
            name = oid.decode("ascii")
            if not space:
                commit, commits = name, commits + 1
                continue
            path = paths.safe(raw)
            if name not in present and name not in found and classify.role(path) in _SEARCHED:
                found[name] = (path, commit)
                if len(found) >= MAX_OBJECTS:
                    return found, commits, f"only the newest {commits:,} commits of the history were searched"
    return found, commits, ""


def _blobs(git: Git, names: Iterable[str]) -> Iterator[str]:
    """Those of *names* that are blobs of a size worth reading; the others are trees, too large, or not there."""
    asked = list(names)
    with git.stream("cat-file", "--batch-check", "--buffer", names=asked) as out:
        for _ in asked:
            parts = out.readline().split()
            if len(parts) == 3 and parts[1] == b"blob" and int(parts[2]) <= MAX_FILE_BYTES:
                yield parts[0].decode("ascii")
