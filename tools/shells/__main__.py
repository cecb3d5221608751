"""Prints how many void shells still deceive, by way and by area, and which: ``python -m tools.shells [CHECK …]``."""

from __future__ import annotations

import os
import sys
from collections import Counter

from ._accepted import accepted, keep, lowered, most
from ._table import Tally
from ._trying import Side, checks, shells

SIDES: tuple[Side, ...] = ("clean", "flagged")


def main(names: list[str]) -> int:
    """
    Try every shell of the checks whose name begins with one of *names*, of all without one.

    ``LOWER=1`` writes down what may deceive at most from now on, which is never more than before; ``SIDES=clean``
    leaves the flagged examples out.

    Returns:
        1 where the judging broke on any of them, and then nothing is written down; else 0.
    """
    known = accepted()
    whole: Counter[str] = Counter()
    sample: Counter[str] = Counter()
    crashed = 0
    for side in SIDES:
        if side not in os.environ.get("SIDES", " ".join(SIDES)).split():
            continue
        tally = Tally(side, known)
        for check in checks(side):
            if not names or check.id.startswith(tuple(names)):
                for shell in shells(check, side):
                    tally.add(shell)
        print(tally.told(), end="\n\n")
        crashed += len(tally.crashed)
        whole += tally.by_way()
        sample += tally.by_way(sample=True)
    if crashed:
        print(f"the judging broke on {crashed:,} shells: see the lines that begin with 'crashed:'")
        return 1
    if "LOWER" in os.environ and not names and "SIDES" not in os.environ:
        keep(lowered(most(), whole, sample))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
