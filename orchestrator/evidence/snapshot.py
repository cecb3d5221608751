"""Makes a path a snapshot of one release: its tree, its name and version, and what is odd about it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..domain.release import Release
from ..errors import NotARepository, RepositoryUnreadable, UnknownRevision
from . import borders, confines, paths
from .git import Git
from .keeping import Keep
from .tree import MAX_DEPTH, Tree, too_deep
from .trees import FolderTree, GitTree


@dataclass(frozen=True)
class Snapshot:
    """
    What is under review.

    Args:
        release: Its name, version and exact tree.
        tree: Its files.
        total: How many there are with those that are left out.
        notes: What a reader must know: shallow, partial, links, submodules, files left out.
        git: The repository behind it; None for a plain directory.
    """

    release: Release
    tree: Tree
    total: int
    notes: tuple[str, ...]
    git: Git | None


def open_snapshot(
    path: Path,
    *,
    revision: str = "",
    worktree: bool = False,
    name: str = "",
    version: str = "",
    exclude: Sequence[str] = (),
) -> Snapshot:
    """
    Take a snapshot of *path*.

    Args:
        path: A repository (working tree or bare), or a plain directory.
        revision: What to review; ``HEAD`` when empty.
        worktree: Review the files as they are, uncommitted changes and untracked files included.
        name: Of the release; the repository's own when empty.
        version: Of the release; a tag at the commit or the short commit when empty.
        exclude: git wildcards of paths that are not part of the release.

    Raises:
        NotARepository: There is nothing at *path* that can be reviewed.
        UnknownRevision: The revision names no commit.
        RepositoryUnreadable: git or the file system refuses.
    """
    if not path.is_dir():
        what = f"'{path}' is a file" if path.exists() else f"'{path}' does not exist"
        raise NotARepository(what, remedy="name the folder of a repository: `gonogo review PATH`")
    where = borders.hold(path)
    git = Git(path)
    found = git.run("rev-parse", "--git-dir", check=False)
    keep = Keep(exclude)
    if found.returncode:
        said = found.stderr.decode("utf-8", "replace")
        if "not a git repository" not in said or (path / ".git").exists():
            raise RepositoryUnreadable(f"git cannot read this repository: {said.strip()}", where=str(path))
        if revision or worktree:
            flag = "--rev" if revision else "--worktree"
            raise NotARepository(
                f"'{path}' is not a git repository, so {flag} has no meaning", remedy=f"leave {flag} out"
            )
        return _folder(path, name, version, keep)
    top = borders.settle(where, git, path)
    return _repository(path, top, git, revision, worktree, name, version, keep)


def _repository(
    path: Path, top: Path, git: Git, revision: str, worktree: bool, name: str, version: str, keep: Keep
) -> Snapshot:
    commit = _commit(git, revision, path)
    bare = borders.is_bare(git)
    notes = []
    if not bare and top.resolve() != path.resolve():
        notes.append(f"'{path.name}' lies inside a repository; the whole repository is reviewed")
        git = Git(top)
    tree: GitTree | FolderTree
    if worktree:
        if bare:
            raise NotARepository(f"'{path}' is a bare repository without a working tree", remedy="leave --worktree out")
        tree = FolderTree(top, _worktree(git), keep)
        digest = tree.digest
    else:
        tree = GitTree(git, commit, keep)
        digest = git.text("rev-parse", f"{commit}^{{tree}}")
    history = _history(git)
    if any(file.kind == "unreadable" and not too_deep(file.path) for file in tree.entries) and history == "complete":
        history = "partial"
    release = Release(
        name=name or _named(top).removesuffix(".git") or "release",
        version=version or _version(git, commit) + ("+worktree" if worktree else ""),
        commit=commit,
        tree=digest,
        source="worktree" if worktree else "git",
        ref=revision or "HEAD",
        history=history,
    )
    return Snapshot(release, tree, tree.total, (*notes, *_notes(tree, release)), git)


def _worktree(git: Git) -> set[bytes]:
    """What git lists of a working tree, and the folders that it could not look into."""
    confines.hold_working_tree(git.folder)
    listed = git.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--full-name")
    shut = re.findall(rb"^warning: could not open directory '([^\n]*)': ", listed.stderr, re.MULTILINE)
    return {raw for raw in (*listed.stdout.split(b"\0"), *shut) if raw}


def _folder(path: Path, name: str, version: str, keep: Keep) -> Snapshot:
    tree = FolderTree(path, None, keep)
    release = Release(
        name=name or _named(path.resolve()) or "release",
        version=version or "0+" + tree.digest[7:15],
        tree=tree.digest,
        source="directory",
        history="missing",
    )
    return Snapshot(release, tree, tree.total, _notes(tree, release), None)


def _named(folder: Path) -> str:
    return paths.safe(os.fsencode(folder.name))


def _commit(git: Git, revision: str, path: Path) -> str:
    wanted = revision or "HEAD"
    if wanted.startswith("-"):
        raise UnknownRevision(f"'{wanted}' is not a revision", where=str(path))
    done = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{wanted}^{{commit}}", check=False)
    commit = done.stdout.decode("ascii", "replace").strip()
    if done.returncode == 0 and commit:
        return commit
    if not revision and git.run("rev-list", "--all", "--max-count=1", check=False).stdout.strip() == b"":
        raise NotARepository(
            f"the repository '{path}' has no commits",
            remedy="commit something first",
        )
    raise UnknownRevision(
        f"'{wanted}' names no commit of this repository",
        where=str(path),
        remedy="`git branch -a` and `git tag` list what there is; a shallow clone may lack it",
    )


def _version(git: Git, commit: str) -> str:
    tags = git.run("tag", "--points-at", commit, check=False).stdout.splitlines()
    return paths.safe(max(tags)) if tags else commit[:10]


def _history(git: Git) -> str:
    if git.text("rev-parse", "--is-shallow-repository") == "true":
        return "shallow"
    partial = git.text("config", "--local", "--get", "extensions.partialClone", check=False)
    return "partial" if partial else "complete"


def _notes(tree: GitTree | FolderTree, release: Release) -> tuple[str, ...]:
    kinds: dict[str, list[str]] = {}
    for file in tree.entries:
        kinds.setdefault(file.kind, []).append(file.path)
    notes = []
    if release.source == "directory":
        notes.append("a plain directory, not a git repository: its history is missing")
    if release.history == "shallow":
        notes.append("a shallow clone: history before its edge cannot be examined")
    if release.history == "partial":
        notes.append("a partial clone: objects that are not on this machine cannot be examined")
    deep = sum(too_deep(file.path) for file in tree.entries)
    if deep:
        notes.append(f"{deep:,} entries lie more than {MAX_DEPTH} folders deep and are not read")
    for kind, what in (("unreadable", "cannot be read"), ("submodule", "are submodules and not part of this tree")):
        if kind in kinds:
            notes.append(f"{len(kinds[kind])} entries {what}, first {kinds[kind][0]}")
    return tuple(notes)
