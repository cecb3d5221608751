"""Compares the reviewed tree with its base, file by file, within limits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from ...domain.base import Base
from ...errors import OrchestratorError
from ..facts.changes import Changed, Changes
from ..keeping import Keep
from ..snapshot import Snapshot
from ..tree import MAX_FILE_BYTES, FileEntry, Tree, as_utf8
from ..trees import GitTree
from .difference import Compared, compare
from .pieces import matters, near

MAX_NAMED = 20_000
"""Files that are named; the others are counted."""
MAX_COMPARED = 4_000
"""Files whose lines are compared."""
MAX_BYTES = 64_000_000
"""Bytes of both sides that are compared."""
MAX_STRETCHES = 400
"""Stretches of lines of one file that are kept; of one with more it is not told which lines changed."""


def changes(snapshot: Snapshot) -> Changes:
    """What changed between the base of *snapshot* and its tree; nothing with a reason where that cannot be told."""
    base = snapshot.release.base or Base(reason="nothing says what to compare with")
    if snapshot.git is None:
        return Changes(reason="a plain directory has no history")
    if not base.commit:
        return Changes(reason=base.reason)
    try:
        former = GitTree(snapshot.git, base.commit, Keep())
    except OrchestratorError as error:
        return Changes(reason=f"the base cannot be read: {error.what}")
    was = {file.path: file for file in former.entries}
    now = {file.path for file in snapshot.tree.entries}
    lost = [file for file in former.entries if file.path not in now]
    other = _others(snapshot, was)
    named = other[:MAX_NAMED]
    files = _named(named, lost, was, former, snapshot.tree)
    renamed = {file.before for file in files}
    gone = [file.path for file in lost if file.path not in renamed]
    beyond = len(other) - len(named) + max(len(gone) - MAX_NAMED, 0)
    return Changes(
        base=base.commit,
        name_of_base=base.name,
        given=base.chosen == "given",
        files=tuple(files),
        gone=tuple(gone[:MAX_NAMED]),
        beyond=beyond,
    )


def _others(snapshot: Snapshot, was: Mapping[str, FileEntry]) -> list[FileEntry]:
    """The files of the reviewed tree that the base does not have, or not with this content."""
    entries = snapshot.tree.entries
    if snapshot.release.source == "git":
        return [
            file
            for file in entries
            if file.path not in was or (was[file.path].kind, was[file.path].digest) != (file.kind, file.digest)
        ]
    alike = [file for file in entries if _may_be(file, was.get(file.path))]
    same = {file.path for file in alike if file.kind != "file"}
    read = snapshot.tree.read(file for file in alike if file.kind == "file")
    same |= {file.path for file, data in read if _object(data, was[file.path].digest) == was[file.path].digest}
    return [file for file in entries if file.path not in same]


def _may_be(file: FileEntry, former: FileEntry | None) -> bool:
    """Whether a *file* as it lies in a folder can be what the commit has; a link is not followed and not compared."""
    return former is not None and former.kind == file.kind and (file.kind != "file" or former.size == file.size)


def _object(data: bytes, like: str) -> str:
    """The object id that git would give *data*, by the kind of digest that *like* is."""
    whole = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return whole(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _named(
    other: Sequence[FileEntry], lost: Sequence[FileEntry], was: Mapping[str, FileEntry], former: Tree, tree: Tree
) -> list[Changed]:
    """Each of *other* with what can be told of its lines."""
    pairs = [(was.get(file.path), file) for file in other]
    kept = _within([*pairs, *((file, None) for file in lost)])
    number = {path: n for n, path in enumerate(sorted({f.path for pair in kept for f in pair if f is not None}))}
    before = _contents(former, [old for old, _ in kept if old is not None], number)
    after = _contents(tree, [new for _, new in kept if new is not None], number)
    try:
        told = compare(before, after)
    except OrchestratorError as error:
        return [Changed(path=file.path, whole=file.path not in was, untold=error.what) for file in other]
    path_of = {n: path for path, n in number.items()}
    return [
        _changed(file, was.get(file.path), number.get(file.path, -1), told, before, after, path_of) for file in other
    ]


def _within(
    pairs: Iterable[tuple[FileEntry | None, FileEntry | None]],
) -> list[tuple[FileEntry | None, FileEntry | None]]:
    """Those of *pairs* whose lines can be compared, as many as the limits allow."""
    kept: list[tuple[FileEntry | None, FileEntry | None]] = []
    room = MAX_BYTES
    for old, new in pairs:
        old, new = (file if file is not None and _comparable(file) else None for file in (old, new))
        size = sum(file.size for file in (old, new) if file is not None)
        if (old is not None or new is not None) and size <= room and len(kept) < MAX_COMPARED:
            kept.append((old, new))
            room -= size
    return kept


def _comparable(file: FileEntry) -> bool:
    return file.kind == "file" and file.role != "asset" and file.size <= MAX_FILE_BYTES


def _contents(tree: Tree, files: Sequence[FileEntry], number: Mapping[str, int]) -> dict[int, bytes]:
    """What *files* hold, as readers have it, by number."""
    return {number[file.path]: as_utf8(data) for file, data in tree.read(files)}


def _changed(
    file: FileEntry,
    former: FileEntry | None,
    number: int,
    told: Mapping[int, Compared],
    before: Mapping[int, bytes],
    after: Mapping[int, bytes],
    path_of: Mapping[int, str],
) -> Changed:
    """What can be told of *file*, which is not what it was."""
    if number not in after or (former is not None and number not in before):
        why = "it is no text that is compared" if not _comparable(file) else "it is too much to compare, or unreadable"
        return Changed(path=file.path, whole=former is None and number in after, untold=why)
    difference = told.get(number)
    if difference is None:
        return Changed(path=file.path, whole=former is None)
    if difference.before is None:
        return Changed(path=file.path, whole=True)
    origin = path_of[difference.before]
    added = difference.added
    around = near(file.path, after[number], difference)
    if len(added) > MAX_STRETCHES or len(around) > MAX_STRETCHES:
        return Changed(path=file.path, lost=True, untold=f"it changed in more than {MAX_STRETCHES} places")
    return Changed(
        path=file.path,
        before=origin if origin != file.path else "",
        added=added,
        near=around,
        lost=any(change.removed and matters(file.path, change) for change in difference.changes),
    )
