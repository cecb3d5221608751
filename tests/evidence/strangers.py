"""Repositories that try to have another one of the machine read: one way each."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

from tests.repositories import SHOP, git, repository

DIARY = "the otter sleeps under bridge 4711"
"""What stands in the other repository, in its configuration and in the name of one of its files."""
WAYS: dict[str, Callable[[Path, Path], None]] = {}
"""Each is called with the hostile repository and the other one."""

Way = Callable[[Path, Path], None]


def other(folder: Path) -> Path:
    """The repository that nobody has asked about: loose objects, and a pack of the same."""
    made = repository(
        folder, {"diary.py": f'note = "{DIARY}"\nos.system(request.args["{DIARY}"])\n', f"{DIARY}.py": "x\n"}
    )
    git(made, "repack", "--quiet", "-a")
    (made / ".git" / "config.bad").write_text(f"[core]\n\trepositoryformatversion = 0\n\tbigFileThreshold = {DIARY}\n")
    return made


def hostile(folder: Path, private: Path, way: str) -> Path:
    """A repository in *folder* that tries to have *private* read, in one *way*."""
    shop = repository(folder, SHOP)
    WAYS[way](shop, private)
    return shop


def _way(name: str) -> Callable[[Way], Way]:
    def keep(way: Way) -> Way:
        WAYS[name] = way
        return way

    return keep


def _claim(shop: Path, private: Path) -> None:
    """Have the branch of *shop* name the commit of *private*, whose number leaks more easily than what it holds."""
    (shop / ".git" / "refs" / "heads" / "main").write_text(git(private, "rev-parse", "HEAD") + "\n")


def _alternates(shop: Path, line: str) -> None:
    info = shop / ".git" / "objects" / "info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text(f"{line}\n")


@_way("alternates")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    _alternates(shop, f"{private}/.git/objects")


@_way("alternates, relative")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    _alternates(shop, os.path.relpath(private / ".git" / "objects", shop / ".git" / "objects"))


@_way("alternates, quoted")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    _alternates(shop, f'"{private}/.git/objects"')


@_way("alternates of a store inside")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    _alternates(shop, "info/store")
    inner = shop / ".git" / "objects" / "info" / "store" / "info"
    inner.mkdir(parents=True)
    (inner / "alternates").write_text(f"{private}/.git/objects\n")


@_way("alternates, a link")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    (private / "list").write_text(f"{private}/.git/objects\n")
    (shop / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (shop / ".git" / "objects" / "info" / "alternates").symlink_to(private / "list")


@_way("alternates of a bare repository")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    _alternates(shop, f"{private}/.git/objects")
    for name in (*SHOP, ".github", "k8s", "tests"):
        path = shop / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for path in (shop / ".git").iterdir():
        path.rename(shop / path.name)
    (shop / ".git").rmdir()
    git(shop, "config", "core.bare", "true")


@_way("pack, a link")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    pack = shop / ".git" / "objects" / "pack"
    shutil.rmtree(pack, ignore_errors=True)
    pack.symlink_to(private / ".git" / "objects" / "pack")


@_way("packs, links")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    for path in (private / ".git" / "objects" / "pack").iterdir():
        (shop / ".git" / "objects" / "pack" / path.name).symlink_to(path)


@_way("fan-out folders, links")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    for path in (private / ".git" / "objects").glob("??"):
        mine = shop / ".git" / "objects" / path.name
        shutil.rmtree(mine, ignore_errors=True)
        mine.symlink_to(path)


@_way("loose objects, links")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    for path in (private / ".git" / "objects").glob("??/*"):
        mine = shop / ".git" / "objects" / path.parent.name / path.name
        mine.parent.mkdir(exist_ok=True)
        mine.symlink_to(path)


@_way("a pack index of many that names a pack elsewhere")
def _(shop: Path, private: Path) -> None:
    _claim(shop, private)
    mine = shop / ".git" / "objects" / "pack"
    (theirs,) = (private / ".git" / "objects" / "pack").glob("*.idx")
    (mine / "multi-pack-index").write_bytes(_index_of_many(private, theirs, os.path.relpath(theirs, mine)))


@_way("objects, refs and HEAD, links")
def _(shop: Path, private: Path) -> None:
    for name in ("objects", "refs", "HEAD"):
        path = shop / ".git" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        path.symlink_to(private / ".git" / name)


@_way("branches, a link, and alternates")
def _(shop: Path, private: Path) -> None:
    shutil.rmtree(shop / ".git" / "refs" / "heads")
    (shop / ".git" / "refs" / "heads").symlink_to(private / ".git" / "refs" / "heads")
    _alternates(shop, f"{private}/.git/objects")


@_way("a branch, a link")
def _(shop: Path, private: Path) -> None:
    (shop / ".git" / "refs" / "heads" / "main").unlink()
    (shop / ".git" / "refs" / "heads" / "main").symlink_to(private / ".git" / "refs" / "heads" / "main")
    for path in (private / ".git" / "objects").glob("??"):
        shutil.copytree(path, shop / ".git" / "objects" / path.name, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(shop / ".git" / "objects" / path.name)
        (shop / ".git" / "objects" / path.name).symlink_to(path)


@_way("a branch that names a path")
def _(shop: Path, private: Path) -> None:
    (shop / ".git" / "HEAD").write_text(f"ref: refs/heads/../../../../{private.name}/.git/refs/heads/main\n")


@_way("packed branches, a link")
def _(shop: Path, private: Path) -> None:
    git(private, "pack-refs", "--all", "--no-prune")
    (shop / ".git" / "refs" / "heads" / "main").unlink()
    (shop / ".git" / "packed-refs").symlink_to(private / ".git" / "packed-refs")
    (shop / ".git" / "objects" / "pack").rmdir()
    (shop / ".git" / "objects" / "pack").symlink_to(private / ".git" / "objects" / "pack")


@_way("a .git that is a file")
def _(shop: Path, private: Path) -> None:
    shutil.rmtree(shop / ".git")
    (shop / ".git").write_text(f"gitdir: {private}/.git\n")


@_way("a .git that is a link")
def _(shop: Path, private: Path) -> None:
    shutil.rmtree(shop / ".git")
    (shop / ".git").symlink_to(private / ".git")


@_way("a common folder")
def _(shop: Path, private: Path) -> None:
    (shop / ".git" / "commondir").write_text(f"{private}/.git\n")


@_way("a working tree that vouches for itself")
def _(shop: Path, private: Path) -> None:
    own = shop / "own" / "worktrees" / "w"
    (shop / "own" / "worktrees").mkdir(parents=True)
    (shop / ".git").rename(own)
    (own / "commondir").write_text(f"{private}/.git\n")
    (own / "gitdir").write_text(f"{shop}/.git\n")
    (shop / ".git").write_text(f"gitdir: {own}\n")


@_way("a module that vouches for itself")
def _(shop: Path, private: Path) -> None:
    (shop / ".git").rename(shop / "own")
    (shop / "own" / "commondir").write_text(f"{private}/.git\n")
    git(shop, "config", "--file", "own/config", "core.worktree", str(shop))
    (shop / ".git").write_text(f"gitdir: {shop}/own\n")


@_way("a working tree elsewhere")
def _(shop: Path, private: Path) -> None:
    git(shop, "config", "core.worktree", str(private))


@_way("a working tree elsewhere, by a file that is included")
def _(shop: Path, private: Path) -> None:
    (shop / "more").write_text(f"[core]\n\tworktree = {private}\n")
    git(shop, "config", "include.path", "../more")


@_way("a working tree elsewhere, by settings of this working tree")
def _(shop: Path, private: Path) -> None:
    git(shop, "config", "extensions.worktreeConfig", "true")
    git(shop, "config", "core.repositoryformatversion", "1")
    (shop / ".git" / "config.worktree").write_text(f"[core]\n\tworktree = {private}\n")


@_way("settings elsewhere, included")
def _(shop: Path, private: Path) -> None:
    git(shop, "config", "include.path", str(private / ".git" / "config.bad"))


@_way("settings elsewhere, included on a condition, by way of one inside")
def _(shop: Path, private: Path) -> None:
    git(shop, "config", "include.path", "inner")
    (shop / ".git" / "inner").write_text(f'[includeIf "gitdir:**"]\n\tpath = {private}/.git/config.bad\n')


@_way("settings elsewhere, a link")
def _(shop: Path, private: Path) -> None:
    (shop / ".git" / "config").unlink()
    (shop / ".git" / "config").symlink_to(private / ".git" / "config.bad")


@_way("an index elsewhere")
def _(shop: Path, private: Path) -> None:
    (shop / ".git" / "index").unlink()
    (shop / ".git" / "index").symlink_to(private / ".git" / "index")


@_way("logs elsewhere")
def _(shop: Path, private: Path) -> None:
    shutil.rmtree(shop / ".git" / "logs")
    (shop / ".git" / "logs").symlink_to(private / ".git" / "logs")


@_way("a head of another working tree")
def _(shop: Path, private: Path) -> None:
    (shop / ".git" / "worktrees").mkdir()
    (shop / ".git" / "worktrees" / "w").symlink_to(private / ".git")


def _index_of_many(private: Path, index: Path, name: str) -> bytes:
    """A multi-pack-index whose one pack is the one of *index*, under a *name* of ours."""
    shown = git(private, "show-index", text=index.read_bytes()).splitlines()
    rows = sorted((bytes.fromhex(line.split()[1]), int(line.split()[0])) for line in shown)
    names = name.encode() + b"\0"
    names += b"\0" * (-len(names) % 4)
    fan = b"".join(struct.pack(">I", sum(oid[0] <= n for oid, _ in rows)) for n in range(256))
    chunks = {
        b"PNAM": names,
        b"OIDF": fan,
        b"OIDL": b"".join(oid for oid, _ in rows),
        b"OOFF": b"".join(struct.pack(">II", 0, offset) for _, offset in rows),
    }
    start, table = 12 + 12 * (len(chunks) + 1), b""
    for key, data in chunks.items():
        table += key + struct.pack(">Q", start)
        start += len(data)
    whole = struct.pack(">4sBBBBI", b"MIDX", 1, 1, len(chunks), 0, 1) + table + b"\0" * 4 + struct.pack(">Q", start)
    whole += b"".join(chunks.values())
    return whole + hashlib.sha1(whole, usedforsecurity=False).digest()
