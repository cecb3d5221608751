"""This is where authors of checks and agents find what they test them with."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.fact import Fact
from ..domain.signal import Signal
from ..evidence.extract import extract
from ..evidence.facts.secrets import SecretHistory
from ..evidence.tree import MemoryTree
from .checks import Check, Draft


def facts_of(files: Mapping[str, str], signals: tuple[Signal, ...] = ()) -> dict[type[Fact], Fact]:
    """Every fact of a small tree given as path to text; the tree is its own whole history, of one commit."""
    facts = extract(MemoryTree(files), signals)
    return {SecretHistory: SecretHistory(complete=True, commits=1, blobs=len(files)), **facts}


def drafts_of(check: Check, files: Mapping[str, str]) -> list[Draft]:
    """What *check* says of a small tree given as path to text."""
    return list(check.run(facts_of(files, check.reads)))
