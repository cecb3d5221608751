"""Chooses what a release is compared with where nobody says so: the newest release tag before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .. import paths
from ..git import Git

MAX_TAGS = 20_000
"""Tags that are looked at; the newest of them come first."""
_VERSION = re.compile(
    r"(?P<family>(?:[A-Za-z@][A-Za-z0-9_.@/-]{0,80}?[-/_@])?(?:[A-Za-z]{1,20}[-_/.]?)?)"
    r"(?P<number>\d{1,9}(?:[._-]\d{1,9}){1,4})(?P<rest>[-+._]?[A-Za-z][A-Za-z0-9.+_-]{0,40})?"
)
"""``v1.4.0``, ``release-2026-01-05``, ``api/v2.1``, ``@scope/web@3.0.0``, ``v2.0.0-rc.1``."""
_FINAL = re.compile(r"[-+._]?(final|ga|release|lts|stable)([-+._]?\d+)?|\+.*", re.IGNORECASE)
"""Ends of a version that do not make it one before a release; what is after a plus is its build."""


class Tag(NamedTuple):
    """A tag whose name is a version."""

    name: str
    commit: str
    when: int
    family: str
    number: tuple[int, ...]
    final: bool


def chosen_by_tag(git: Git, commit: str) -> tuple[str, str]:
    """
    Commit and name of the newest release tag that *commit* follows from; two empty texts where there is none.

    Tags of one family (``v``, ``api/v``) are ordered by their numbers, families by when their latest was committed. A
    version that says of itself that it comes before a release counts only where there is no other, or where several
    have come and gone since the last other one, as in a project that never calls a version final.
    """
    asked = "--format=%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00"
    asked += "%(committerdate:unix)%00%(*committerdate:unix)"
    listed = git.run(
        "for-each-ref", f"--merged={commit}", "--sort=-creatordate", f"--count={MAX_TAGS}", asked, "refs/tags",
        check=False,
    )  # fmt: skip
    tags = [tag for line in listed.stdout.splitlines() if (tag := _tag(line)) is not None and tag.commit != commit]
    if listed.returncode or not tags:
        return "", ""
    released = _released(tags)
    latest = max(released, key=lambda tag: (tag.when, tag.number, tag.name))
    best = max(
        (tag for tag in released if tag.family == latest.family), key=lambda tag: (tag.number, tag.when, tag.name)
    )
    return best.commit, best.name


def _released(tags: Sequence[Tag]) -> Sequence[Tag]:
    """Those of *tags* that are releases: the final ones, if the project still makes any."""
    final = [tag for tag in tags if tag.final]
    last = max((tag.when for tag in final), default=0)
    since = {tag.number for tag in tags if not tag.final and tag.when > last}
    return final if final and len(since) < _COME_AND_GONE else tags


_COME_AND_GONE = 3
"""Different versions before a release, without one, that are releases themselves."""


def follows(git: Git, commit: str, base: str) -> bool:
    """Whether *base* is an ancestor of *commit*, as far as this clone tells."""
    return git.run("merge-base", "--is-ancestor", base, commit, check=False).returncode == 0


def _tag(line: bytes) -> Tag | None:
    """The tag of a line that git prints; None where it is no version, or of no commit."""
    name, kind, oid, inner_kind, inner, when, inner_when = (line.split(b"\0") + [b""] * 7)[:7]
    of = (oid, when) if kind == b"commit" else (inner, inner_when) if inner_kind == b"commit" else None
    said = paths.safe(name)
    found = _VERSION.fullmatch(said)
    if of is None or found is None:
        return None
    number = tuple(int(part) for part in re.split(r"[._-]", found["number"]))
    rest = found["rest"] or ""
    final = not rest or _FINAL.fullmatch(rest) is not None
    family = (found["family"] or "").lower().rstrip("-_/.@")
    return Tag(said, of[0].decode("ascii", "replace"), int(of[1] or b"0"), family, number, final)
