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
    Copy the tree at *root*, new files included.

    Every function gets a comment. A test that notices (a digest of sources, say) fails in the copy as it is, and is
    therefore never asked: it would tell any edit from none, not a wrong one from a right one.
    """
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0"):
        source, target = root / name, to / name
        if not name or not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
        if source.suffix == ".py" and name.split("/")[0] in ROOMS:
            target.write_text(neutral(source.read_text()))
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "A copy"]):
        subprocess.run(["git", *words], cwd=to, check=True, env=surroundings(to), capture_output=True)
    return to


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
    who = {f"GIT_{role}_{part}": "mutants@example.invalid" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    return kept | who | {"PYTHONPATH": str(copy)}
