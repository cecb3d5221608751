"""Finds the workflows that ship, whether gonogo was installed or lies in a checkout."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

DEFAULT = "release-review"
"""What a release is reviewed by where nobody says otherwise."""


@cache
def workflows() -> dict[str, bytes]:
    """Name to file of every workflow that ships."""
    inside = resources.files("orchestrator") / "workflows"
    folder = inside if inside.is_dir() else Path(__file__).parents[2] / "workflows"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return {f.name.removesuffix(".yaml"): f.read_bytes() for f in files}
