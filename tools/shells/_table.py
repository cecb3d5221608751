"""Counts shells by way and by area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ._accepted import Accepted
from ._trying import Shell, Side


class Tally:
    """How many shells there are, and which of them still deceive."""

    def __init__(self, side: Side, accepted: Sequence[Accepted]) -> None:
        self.side = side
        self._accepted = accepted
        self._tried: list[Shell] = []
        self.deceiving: list[Shell] = []
        self.covered: list[Shell] = []
        self.crashed: list[Shell] = []
        """Those on which the judging broke: they are neither stopped nor deceiving."""

    def add(self, shell: Shell) -> None:
        """Try a shell, and count it."""
        self._tried.append(shell)
        if shell.crash:
            self.crashed.append(shell)
        elif shell.deceives:
            known = any(entry.covers(shell) for entry in self._accepted)
            (self.covered if known else self.deceiving).append(shell)

    def by_way(self, sample: bool = False) -> Counter[str]:
        """How many deceive that nobody accepted, by side and way."""
        return Counter(f"{self.side} {shell.way}" for shell in self.deceiving if shell.drawn or not sample)

    def told(self) -> str:
        """The tables, and every shell that deceives."""
        word = "pass" if self.side == "clean" else "fail"
        lines = [
            f"{self.side} examples: {len(self._tried):,} shells, of which {len(self.deceiving):,} still {word} "
            f"({len(self.deceiving) / max(1, len(self._tried)):.1%}), and {len(self.covered):,} more that are accepted",
            f"the judging broke on {len(self.crashed):,} of them, of which nobody knows what they do",
        ]
        for title, name in (("area", lambda shell: shell.area), ("way", lambda shell: shell.way)):
            counts = [Counter(map(name, those)) for those in (self._tried, self.deceiving, self.covered, self.crashed)]
            lines += ["", f"{title:<55}{'applicable':>12}{'deceiving':>11}{'accepted':>10}{'crashed':>10}"]
            for row in sorted(counts[0]):
                tried, found, kept, broken = (count[row] for count in counts)
                lines.append(f"{row:<55}{tried:>12}{found:>11}{kept:>10}{broken:>10}")
        return "\n".join([*lines, "", *sorted(shell.key for shell in self.deceiving), *self.told_of_crashes()])

    def told_of_crashes(self) -> list[str]:
        """Each shell on which the judging broke, and on what."""
        return sorted(f"crashed: {shell.key}: {shell.crash}" for shell in self.crashed)
