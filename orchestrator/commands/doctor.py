"""Examines the machine: what a review needs, and what makes it better."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from ..formats.tokens import AS_OF, HELD_AGAINST, SHAPES


class Row(NamedTuple):
    """One thing that was looked at: ``ok``, ``optional`` (missing, and a review works without it) or ``missing``."""

    what: str
    status: str
    found: str
    fix: str = ""


def examine(runs: Path) -> list[Row]:
    """What a review needs, and what makes it better."""
    rows = [Row("python", "ok", f"{sys.version.split()[0]} at {sys.executable}")]
    git = shutil.which("git")
    fix = "install git; without it only plain directories can be reviewed"
    rows.append(Row("git", "ok", git) if git else Row("git", "missing", "not on PATH", fix))
    for module in (
        "networkx",
        "pydantic",
        "yaml",
        "tree_sitter_hcl",
        "tree_sitter_bash",
        "ahocorasick_rs",
        "jinja2",
        "rich",
    ):
        try:
            importlib.import_module(module)
        except ImportError as error:
            rows.append(Row(module, "missing", str(error), "reinstall gonogo"))
    kinds = len({shape.kind for shape in SHAPES})
    rows.append(Row("token formats", "ok", f"{kinds} kinds, as of {AS_OF}, held against {HELD_AGAINST}"))
    rows.append(_runs(runs))
    free = shutil.disk_usage(runs if runs.is_dir() else Path.cwd()).free // 1_000_000
    enough = free > 100
    rows.append(Row("disk", "ok" if enough else "missing", f"{free:,} MB free", "" if enough else "make room"))
    key = bool(os.environ.get("ANTHROPIC_API_KEY"))
    said = "ANTHROPIC_API_KEY is set (not shown)" if key else "no ANTHROPIC_API_KEY; a review needs none"
    rows.append(Row("model key", "ok" if key else "optional", said))
    return rows


def _runs(runs: Path) -> Row:
    folder = next(p for p in (runs, *runs.absolute().parents) if p.is_dir())
    if os.access(folder, os.W_OK):
        return Row("runs folder", "ok", str(runs) + ("" if runs.is_dir() else " (will be created)"))
    return Row("runs folder", "missing", f"{folder} cannot be written", "choose another with --runs DIR")
