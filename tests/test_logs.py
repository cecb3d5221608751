"""Diagnostics are structured, apart from the record, and hold no secret."""

from __future__ import annotations

import json

from tests.cli.command import gonogo
from tests.repositories import SHOP, repository


def test_one_json_object_a_line(tmp_path):
    """
    With `--log` every line of diagnostics is JSON; what a file says that cannot be parsed is redacted.
    """
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    shop = repository(tmp_path / "shop", SHOP | {f"k8s/{token}.yaml": "apiVersion: v1\nkind: [\n"})
    done = gonogo(tmp_path, "review", str(shop), "-q", "--log", "info")
    lines = [json.loads(line) for line in done.err.splitlines()]

    assert {"planned", "reading the tree", "a file could not be made sense of"} <= {line["event"] for line in lines}
    assert all({"event", "level", "room", "timestamp"} <= set(line) for line in lines)
    assert token not in done.err
    assert token not in done.out


def test_silent_by_default(tmp_path):
    """
    Without it nothing is logged.
    """
    shop = repository(tmp_path / "shop", SHOP)

    assert "" == gonogo(tmp_path, "review", str(shop), "-q").err
