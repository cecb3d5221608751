"""Asks what of a history is present: the refs that are here, and what is known to be elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...errors import RepositoryUnreadable
from .. import paths
from ..git import Git
from .patience import Patience

MAX_REFS = 2_000_000
_MAX_REMOTES = 20
_MAX_BRANCHES = 3
_MAX_WORDS = 200


@dataclass
class Present:
    """What the refs of a repository lead to, by the object's id, each with one of its refs."""

    commits: dict[str, bytes] = field(default_factory=dict)
    tags: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, bytes] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    lost: dict[str, bytes] = field(default_factory=dict)
    """What is not on this machine."""
    refs: int = 0

    def take(self, name: str, kind: str, ref: bytes) -> None:
        """Note that *ref* leads to the object *name*, which is a *kind*."""
        kept = {"commit": self.commits, "tag": self.tags, "tree": self.trees, "blob": self.blobs}.get(kind, self.lost)
        kept.setdefault(name, ref)


def present(git: Git, patience: Patience) -> Present:
    """
    What every ref leads to: branches, those of remotes, tags, notes and all else below ``refs/``; and stashes and HEAD.

    Raises:
        RepositoryUnreadable: The refs could not be listed.
    """
    found = Present()
    names: dict[str, bytes] = {}
    with git.stream("for-each-ref", "--format=%(objectname) %(refname)", check=True, patience=patience.left) as out:
        for line in out:
            head, _, ref = line.rstrip(b"\n").partition(b" ")
            names.setdefault(head.decode("ascii"), ref)
            found.refs += 1
            if found.refs > MAX_REFS:
                raise RepositoryUnreadable(f"the repository has more than {MAX_REFS:,} refs")
    for name in _stashed(git):
        names.setdefault(name, b"refs/stash")
    if here := git.text("rev-parse", "--verify", "--quiet", "HEAD", check=False):
        names.setdefault(here, b"HEAD")
    lead(git, names, found, patience)
    return found


def lead(git: Git, names: Mapping[str, bytes], found: Present, patience: Patience) -> None:
    """Note in *found* what the objects *names* are, to which the refs lead that stand beside them."""
    with git.stream("cat-file", "--batch-check", "--buffer", names=names, patience=patience.left) as out:
        for name, ref in names.items():
            words = out.readline().split()
            found.take(name, words[1].decode("ascii") if len(words) == 3 else "missing", ref)


def _stashed(git: Git) -> Iterator[str]:
    """Every stash; the older ones stand in the log of the ref alone."""
    done = git.run("rev-parse", "--verify", "--quiet", "refs/stash", check=False)
    if not done.returncode:
        yield from git.text("log", "--walk-reflogs", "--format=%H", "refs/stash", "--", check=False).split()


def absent(git: Git) -> tuple[str, ...]:
    """What the repository's own settings say that remotes have and this clone has not."""
    said = git.run("config", "--local", "-z", "--get-regexp", r"^remote\..*\.(fetch|tagopt)$", check=False).stdout
    remotes: dict[str, list[str]] = {}
    untagged: list[str] = []
    for entry in said.split(b"\0"):
        key, _, value = (paths.safe(part) for part in entry.partition(b"\n"))
        remote, _, what = key.removeprefix("remote.").rpartition(".")
        if what == "fetch":
            remotes.setdefault(remote, []).append(value)
        elif what == "tagopt" and value == "--no-tags":
            untagged.append(remote)
    found: list[str] = []
    for remote, specs in sorted(remotes.items()):
        found += _missing(git, remote, specs)
    found += [f"the tags of '{remote}', of which none are fetched" for remote in sorted(untagged)]
    return tuple(what[:_MAX_WORDS] for what in found[:_MAX_REMOTES])


def _missing(git: Git, remote: str, specs: list[str]) -> Iterator[str]:
    """What *specs* leave out of the branches of *remote*, or have never brought."""
    sources = [spec.lstrip("+").partition(":")[0] for spec in specs if not spec.startswith("^")]
    left = [spec[1:] for spec in specs if spec.startswith("^")]
    if not any(source in ("*", "refs/*", "refs/heads/*") for source in sources):
        named = ", ".join(source.removeprefix("refs/heads/") for source in sources[:_MAX_BRANCHES])
        yield f"the branches of '{remote}' other than {named}"
    elif left:
        yield f"the branches of '{remote}' under {', '.join(left[:_MAX_BRANCHES])}"
    places = [spec.partition(":")[2] for spec in specs if not spec.startswith("^") and ":" in spec]
    for place in places[:_MAX_BRANCHES]:
        prefix = place.partition("*")[0]
        if prefix.startswith("refs/") and not git.text("for-each-ref", "--count=1", prefix.rstrip("/"), check=False):
            yield f"what '{remote}' would bring to {place}, which was never fetched"
