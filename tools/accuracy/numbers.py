"""What is written down of faults that are known: how many there may be at most, and which are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from .answers import Answer
from .trials import Accepted, Tried, drawn

MOST = Path(__file__).with_name("most.yaml")
ACCEPTED = Path(__file__).with_name("accepted.yaml")
ONE_IN = 25
"""Of so many labelled cases one is judged every time; of so many releases, too."""
Most = Mapping[str, Mapping[str, Mapping[str, int]]]
HEADER = """\
# How many faults of each kind the own set may still have, of the whole and of the sample; the target of each is 0.
# `LOWER=1 make accuracy` writes what there is where it is less. A number rises only where labels, examples or ways to
# try them were added: `NUMBERS=1 make accuracy` writes all of them as they are, and the diff shows what rose.
"""


def most(file: Path = MOST) -> Most:
    """Trial, kind of fault, ``whole`` or ``sample`` to the number; none where nothing is written."""
    return yaml.safe_load(file.read_text(encoding="utf-8")) or {}


def keep(numbers: Most, file: Path = MOST) -> None:
    """Write the numbers down."""
    plain = {trial: {kind: dict(parts) for kind, parts in kinds.items()} for trial, kinds in numbers.items()}
    file.write_text(HEADER + yaml.safe_dump(plain, default_flow_style=None, width=120), encoding="utf-8")


def counted(answers: Iterable[Answer], tried: Mapping[str, Tried]) -> dict[str, dict[str, dict[str, int]]]:
    """What there is, in the form in which it is written down."""
    counts = {"answers": (faults(answers), faults(a for a in answers if drawn(a.of, ONE_IN)))}
    counts |= {name: (trial.counts(), trial.counts(sample=True)) for name, trial in tried.items()}
    return {
        name: {kind: {"whole": whole[kind], "sample": sample[kind]} for kind in sorted(whole)}
        for name, (whole, sample) in counts.items()
    }


def faults(answers: Iterable[Answer]) -> Counter[str]:
    """How many of *answers* are wrong, and how."""
    return Counter(answer.fault for answer in answers if answer.fault)


def lowered(known: Most, there: Most) -> dict[str, dict[str, dict[str, int]]]:
    """*known* with what is *there*, wherever that is less; what is zero is left out."""
    kept = {
        trial: {
            kind: {part: min(n, there.get(trial, {}).get(kind, {}).get(part, 0)) for part, n in parts.items()}
            for kind, parts in kinds.items()
        }
        for trial, kinds in known.items()
    }
    return {trial: {k: parts for k, parts in kinds.items() if any(parts.values())} for trial, kinds in kept.items()}


def too_many(found: Mapping[str, int], known: Mapping[str, Mapping[str, int]], part: str) -> dict[str, int]:
    """What was *found* more often than is written down."""
    return {kind: n for kind, n in found.items() if n > known.get(kind, {}).get(part, 0)}


def accepted(trial: str, file: Path = ACCEPTED) -> tuple[Accepted, ...]:
    """What rightly happens in *trial*, each with its reason."""
    entries = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get(trial, ())
    return tuple(Accepted(**{**e, "ways": tuple(e["ways"]), "names": tuple(e["names"])}) for e in entries)
