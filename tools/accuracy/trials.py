"""What came of trying trees in other forms: of each way how many were tried, and what should not have happened."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Attempt(NamedTuple):
    """
    One tree in another form.

    Args:
        way: How it was changed.
        name: What was changed.
        found: What happened that should not, in a word of its trial; nothing where all is well.
        message: What was said there.
    """

    way: str
    name: str
    found: str = ""
    message: str = ""


def drawn(name: str, one_in: int) -> bool:
    """Whether what is called *name* is part of the sample of one in so many; it is the same every time."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % one_in == 0


@dataclass
class Tried:
    """All attempts of one trial."""

    title: str
    about: str
    kinds: tuple[str, ...]
    """What may be found, the gravest first."""
    one_in: int
    """Of so many one is part of the sample."""
    accepted: tuple[Accepted, ...] = ()
    harmless: frozenset[str] = frozenset()
    """Kinds that are told, and are no fault."""
    tried: int = 0
    _tried: Counter[str] = field(default_factory=Counter)
    _found: list[Attempt] = field(default_factory=list)
    _accepted: list[Attempt] = field(default_factory=list)
    used: set[Accepted] = field(default_factory=set)
    """Lines of what is accepted that were of use."""

    def add(self, attempts: Iterable[Attempt]) -> None:
        """Count *attempts*."""
        for attempt in attempts:
            self.tried += 1
            self._tried[attempt.way] += 1
            if not attempt.found:
                continue
            entry = next((entry for entry in self.accepted if entry.covers(attempt)), None)
            if entry is not None:
                self.used.add(entry)
            (self._accepted if entry else self._found).append(attempt)

    def counts(self, sample: bool = False) -> Counter[str]:
        """How many faults of each kind and way were found, which nobody has accepted."""
        return Counter(
            f"{attempt.found}: {attempt.way}"
            for attempt in self._found
            if attempt.found not in self.harmless
            and (not sample or drawn(f"{attempt.way} {attempt.name}", self.one_in))
        )

    def names(self) -> dict[str, list[str]]:
        """Kind and way to what was found."""
        names: dict[str, list[str]] = defaultdict(list)
        for attempt in sorted(self._found):
            names[f"{attempt.found}: {attempt.way}"].append(f"{attempt.name}: {attempt.message}")
        return names

    def table(self) -> dict[str, list[int]]:
        """Way to how many were tried, and how many of each kind were found, and how many were accepted."""
        found = Counter((attempt.way, attempt.found) for attempt in self._found)
        accepted = Counter(attempt.way for attempt in self._accepted)
        return {
            way: [number, *(found[way, kind] for kind in self.kinds), accepted[way]]
            for way, number in self._tried.items()
        }

    def told(self) -> Iterator[str]:
        """A line for each that was found, the gravest first."""
        for a in sorted(self._found, key=lambda a: (self.kinds.index(a.found), a.way, a.name)):
            yield f"{a.found}: {a.way}: {a.name}" + (f": {a.message}" if a.message else "")


@dataclass(frozen=True)
class Accepted:
    """What rightly happens to some; and why."""

    ways: tuple[str, ...]
    names: tuple[str, ...]
    found: str
    reason: str

    def covers(self, attempt: Attempt) -> bool:
        """Whether *attempt* is one of those; in a name ``*`` stands for anything."""
        return self.found == attempt.found and _names(self.ways, attempt.way) and _names(self.names, attempt.name)


def _names(names: tuple[str, ...], name: str) -> bool:
    return any(re.fullmatch(".*".join(map(re.escape, n.split("*"))), name) for n in names)
