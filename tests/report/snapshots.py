"""Compares whole outputs with the ones that were read and kept."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def check(name: str, text: str) -> None:
    """
    Compare *text* with the kept one.

    ``UPDATE_SNAPSHOTS=1`` keeps the new one instead: read what changed before it is committed.
    """
    file = FOLDER / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
    assert file.read_bytes().decode() == text
