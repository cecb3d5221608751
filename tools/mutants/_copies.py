"""Makes copies of the tree to break: each is what git would commit, with a comment in every function."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
from pathlib import Path

ROOMS = ("orchestrator", "agents")


def copied(root: Path, to: Path) -> Path:
    """
    Bring *to* up to the tree at *root*, new files included; what has not changed keeps its time and what is compiled.

    Every function gets a comment. A test that notices (a digest of sources, say) fails in the copy as it is, and is
    therefore never asked: it would tell any edit from none, not a wrong one from a right one.
    """
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(listed, cwd=root, check=True, capture_output=True, text=True).stdout
    names = {name for name in said.split("\0") if name and (root / name).is_file()}
    for name in names:
        data = (root / name).read_bytes()
        if name.endswith(".py") and name.split("/")[0] in ROOMS:
            data = neutral(data.decode()).encode()
        target = to / name
        if not target.is_file() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            shutil.copymode(root / name, target)
    for file in [file for file in to.rglob("*") if file.is_file()]:
        inside = file.relative_to(to)
        if inside.as_posix() not in names and not {".git", "__pycache__"} & set(inside.parts):
            file.unlink()
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "A copy"]):
        subprocess.run(["git", *words], cwd=to, check=True, env=surroundings(to), capture_output=True)
    return to


def mirrored(base: Path, to: Path) -> Path:
    """Make *to* the same as *base*, compiled files and times included."""
    kept = {file.relative_to(base) for file in base.rglob("*") if file.is_file()}
    for file in [file for file in to.rglob("*") if file.is_file() and file.relative_to(to) not in kept]:
        file.unlink()
    for name in kept:
        source, target = base / name, to / name
        if not target.exists() or _time(source) != _time(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return to


def _time(file: Path) -> tuple[int, int]:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


def neutral(text: str) -> str:
    """*text* with a comment behind the last statement of every function: another digest, and nothing else."""
    lines = text.split("\n")
    functions = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    for number in {function.body[-1].end_lineno for function in functions}:
        if number is not None:
            lines[number - 1] += "  # as it was"
    return "\n".join(lines)


def surroundings(copy: Path) -> dict[str, str]:
    """The environment in which everything imports *copy*, processes that a test starts as well."""
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "MAKEFLAGS", "MAKELEVEL")}
    who = {
        f"GIT_{role}_{part}": "mutants@example.invalid"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    }
    return kept | who | {"PYTHONPATH": str(copy)}
