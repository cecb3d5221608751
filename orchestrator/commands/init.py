"""Writes a first readiness.yaml."""

from __future__ import annotations

import json
from pathlib import Path

from .. import profiling
from ..config import ReadinessConfig
from ..domain.profile import PROFILE_FACTS, Profile
from ..evidence.extract import extract
from ..evidence.snapshot import open_snapshot
from ..redaction import redact


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
    "# Evidence outside of this repository; contacted only where --allow-host or the file of --policy allows it.",
    "# targets: [{name: shop, url: 'https://shop.example/health'}]",
    "",
    "# What only people can state or accept counts here where it is signed; better keep it outside: --words FILE.",
    "# attestations:",
    "#   - criterion: OBS-4.3.4",
    "#     who: lee",
    "#     seen: The rota for December names two people for every night.",
    "#     on: 2026-11-20",
    "#     link: https://oncall.example/schedules/pay",
)
