"""Reads the policies that ship beside the workflows' own."""

from __future__ import annotations

from functools import cache
from importlib import resources

from ._policies import Layer, parse_policy


@cache
def policies() -> dict[str, Layer]:
    """Every policy that ships, by name."""
    folder = resources.files(__package__) / "policies"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    read = [parse_policy(file.read_bytes(), file.name.removesuffix(".yaml")) for file in found]
    return {layer.by: layer._replace(ships=True) for layer in read}
