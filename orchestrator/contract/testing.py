"""The tools with which authors of checks and agents test them."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.derived import read_by
from ..domain.fact import Fact
from ..domain.signal import Signal
from ..evidence.extract import extract
from ..evidence.sources import listed, unmade
from ..evidence.tree import MemoryTree
from .checks import Check, Draft

NOT_ASKED = "nothing outside the tree is asked in an example"


def facts_of(files: Mapping[str, str | bytes], signals: tuple[Signal, ...] = ()) -> dict[type[Fact], Fact]:
    """Every fact of a small tree given as path to text; the tree is its own whole history, of one commit."""
    facts = extract(MemoryTree(files), signals)
    for source in listed():
        if source.of == "outside" or source.sample is not None:
            facts[source.fact] = source.sample(len(files)) if source.sample else unmade(source.fact, NOT_ASKED)
    return facts


def facts_for(check: Check, files: Mapping[str, str]) -> dict[type[Fact], Fact]:
    """Every fact of a small tree given as path to text, with the signals that *check* reads."""
    told_by = (signal for kind in check.facts for signal in read_by(kind))
    return facts_of(files, tuple({signal.id: signal for signal in (*check.reads, *told_by)}.values()))


def drafts_of(check: Check, files: Mapping[str, str]) -> list[Draft]:
    """What *check* says of a small tree given as path to text."""
    return list(check.run(facts_for(check, files)))
