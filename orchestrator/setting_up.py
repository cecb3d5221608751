"""Writes a first readiness.yaml, and examines the machine."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from .config import ReadinessConfig
from .domain.profile import PROFILE_FACTS, Profile
from .evidence import profile as profiling
from .evidence.extract import extract
from .evidence.snapshot import open_snapshot
from .formats.tokens import AS_OF, HELD_AGAINST, SHAPES
from .redaction import redact


class Row(NamedTuple):
    """One thing that was looked at: ``ok``, ``optional`` (missing, and a review works without it) or ``missing``."""

    what: str
    status: str
    found: str
    mend: str = ""


def config_schema() -> str:
    """The JSON Schema of ``readiness.yaml``."""
    schema = ReadinessConfig.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "readiness.yaml"
    schema["properties"]["profile"]["propertyNames"] = {"enum": ["kind", *PROFILE_FACTS]}
    return json.dumps(schema, indent=2) + "\n"


def starter(path: Path) -> str:
    """A commented ``readiness.yaml`` for the folder *path*, with its detected profile as comments."""
    snapshot = open_snapshot(path, worktree=(path / ".git").exists())
    found = profiling.profile(extract(snapshot.tree, profiling.SIGNALS))
    return "\n".join([*_HEAD, *_profile_lines(found), *_REST]) + "\n"


def examine(runs: Path) -> list[Row]:
    """What a review needs, and what makes it better."""
    rows = [Row("python", "ok", f"{sys.version.split()[0]} at {sys.executable}")]
    git = shutil.which("git")
    mend = "install git; without it only plain directories can be reviewed"
    rows.append(Row("git", "ok", git) if git else Row("git", "missing", "not on PATH", mend))
    for module in ("networkx", "pydantic", "yaml", "tree_sitter_hcl", "ahocorasick_rs", "jinja2", "rich"):
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
        return Row("runs folder", "ok", str(runs) + ("" if runs.is_dir() else " (will be made)"))
    return Row("runs folder", "missing", f"{folder} cannot be written", "choose another with --runs DIR")


def _profile_lines(found: Profile) -> list[str]:
    lines = ["profile:", f"  kind: {found.kind if found.kind != 'unknown' else 'service'}"]
    for name, fact in found.facts.items():
        lines.append(redact(f"  # {name}: {fact.answer}  ({fact.because})")[:118])
    return lines


_HEAD = (
    "# What gonogo should know of this release and cannot read from the repository.",
    "# The JSON Schema is printed by `gonogo init --schema`.",
    "version: 1",
    "",
    "# Detected facts stand as comments; uncomment one to overrule it (yes, no or unknown). A fact that was detected",
    "# cannot be denied here, only in a configuration from outside the repository: --config FILE.",
)
_REST = (
    "",
    "thresholds:",
    "  score: 90",
    "",
    "# Rules can only be tightened here; what loosens them comes from outside: --policy FILE.",
    "# policy:",
    "#   max_failed: {critical: 0, high: 0, medium: 5}",
    "",
    "# A risk that a person accepts: earns no points, passes the gate unless it is critical, always shown.",
    "# waivers:",
    "#   - criterion: SEC-2.3.9",
    "#     owner: dana@example.com",
    "#     reason: The provider filters attacks until our own contract starts.",
    "#     link: https://tickets.example/PAY-4411",
    "#     expires: 2027-01-31",
    "",
    "# A fact that only a person can state: earns points, shown as attested.",
    "# attestations:",
    "#   - criterion: OBS-4.3.4",
    "#     owner: lee@example.com",
    "#     reason: Two people per shift through March.",
    "#     link: https://oncall.example/schedules/pay",
    "#     expires: 2027-03-31",
)
