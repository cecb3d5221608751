"""Chooses edits by a seed, a third of them of each kind, and leaves out what is known to change nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from ._edits import Edit, Kind

EQUIVALENT = Path(__file__).with_name("equivalent.yaml")


@dataclass(frozen=True)
class Equivalent:
    """An edit that no test can tell, because nothing follows from it; and why."""

    path: str
    scope: str
    what: str
    reason: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.path, self.scope, self.what


def equivalents(file: Path = EQUIVALENT) -> tuple[Equivalent, ...]:
    """The written list."""
    return tuple(Equivalent(**entry) for entry in yaml.safe_load(file.read_text()) or ())


def chosen(root: Path, edits: Mapping[Kind, Sequence[Edit]], seed: str, count: int) -> Iterator[Edit]:
    """*count* edits, the same for the same seed and tree."""
    known = {entry.key for entry in equivalents()}
    texts: dict[str, str] = {}
    for number, (kind, those) in enumerate(edits.items()):
        wanted = count // len(edits) + (number < count % len(edits))
        order = list(those)
        random.Random(f"{seed} {kind}").shuffle(order)
        for edit in order:
            if not wanted:
                break
            if edit.key not in known and edit.is_sound(texts.setdefault(edit.path, (root / edit.path).read_text())):
                wanted -= 1
                yield edit
