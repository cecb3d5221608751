"""Copies of what lies in folders of runs: all bytes of one, and a run without one answer."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestrator.journal.record import Record
from tests.forging import chain


def everything(folder: Path) -> dict[str, bytes]:
    """The bytes of every file below *folder*, by path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def without(run: Path, into: Path, purpose: str) -> Path:
    """A copy of *run* with a chain that holds, and no step for *purpose*."""
    copy = shutil.copytree(run, into / run.name)
    events = Record(run).events()
    chain(copy, ((e.at, e.kind, e.node, e.data) for e in events if purpose not in e.data.get("key", "")))
    return copy
