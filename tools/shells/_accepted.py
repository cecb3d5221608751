"""What is known of shells that still deceive: those that are accepted, and how many more there may be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

from ._trying import Shell

ACCEPTED = Path(__file__).with_name("accepted.yaml")
MOST = Path(__file__).with_name("most.yaml")


@dataclass(frozen=True)
class Accepted:
    """Ways that do not take away what some checks see; and why."""

    checks: tuple[str, ...]
    ways: tuple[str, ...]
    reason: str
    side: str = "clean"

    def covers(self, shell: Shell) -> bool:
        """Whether *shell* is one of those; a name that ends with ``*`` stands for all that begin so."""
        return self.side == shell.side and _names(self.checks, shell.check.id) and _names(self.ways, shell.way)


def _names(names: tuple[str, ...], name: str) -> bool:
    return any(name.startswith(n[:-1]) if n.endswith("*") else name == n for n in names)


def accepted(file: Path = ACCEPTED) -> tuple[Accepted, ...]:
    """The written list."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8")) or ()
    return tuple(Accepted(**{**e, "checks": tuple(e["checks"]), "ways": tuple(e["ways"])}) for e in entries)


Most = dict[str, dict[str, int]]


def most(file: Path = MOST) -> Most:
    """How many more may deceive, of the whole and of the sample, by side and way; none where nothing is written."""
    return yaml.safe_load(file.read_text(encoding="utf-8")) or {}


HEADER = """\
# How many void shells of each way may still deceive, of the whole and of the sample. `LOWER=1 make shells` writes what
# there is where it is less; a number never rises.
"""


def keep(numbers: Most, file: Path = MOST) -> None:
    """Write the numbers down."""
    file.write_text(HEADER + yaml.safe_dump(numbers, default_flow_style=None), encoding="utf-8")


def lowered(known: Most, whole: Counter[str], sample: Counter[str]) -> Most:
    """*known* with what was counted, wherever that is less."""
    counted = {name: {"whole": whole[name], "sample": sample[name]} for name in sorted(known)}
    kept = {name: {part: min(n, known[name][part]) for part, n in numbers.items()} for name, numbers in counted.items()}
    return {name: numbers for name, numbers in kept.items() if any(numbers.values())}
