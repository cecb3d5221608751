"""Asks one question of all parts of an inventory at once, and answers it in one draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from ..domain.fact import Source
from ..domain.measure import Measure
from ..domain.sentence import each
from ..estate.settings import Setting
from .checks import Draft, examined, failed, passed, unsure


class Named(Protocol):
    """A part that has a name."""

    @property
    def address(self) -> str: ...


P = TypeVar("P", bound=Named)
Holds = Callable[[bool | float], bool]
Count = Callable[[float], Measure | None]


def judge_parts(
    parts: Sequence[P],
    ask: Callable[[P], Setting],
    holds: Holds,
    lacks: str,
    has: str,
    *,
    what: str,
    beside: Sequence[P] = (),
    count: Count | None = None,
) -> Iterator[Draft]:
    """
    Fail for the parts for which it does not hold; pass where it holds for all of them.

    Args:
        parts: All that there are.
        ask: Which of their settings is meant.
        holds: Whether a known value of it is good.
        lacks: What is wrong with a part, after its name: ``is not encrypted``; empty for no failure.
        has: What is right with all of them, before their names: ``Backups are encrypted``; empty for no pass.
        what: What they are, in the plural: ``databases``.
        beside: Parts that nothing fails for, and without which nothing is said of all.
        count: What measure the value is; the lowest of all parts decides.
    """
    answers = [(part, ask(part)) for part in parts]
    known = sorted(((p, s, s.value) for p, s in answers if s.value is not None), key=lambda answer: answer[2])
    bad = [(p, s) for p, s, value in known if not holds(value)]
    others = [(part, ask(part)) for part in beside]
    if all(s.absent for _, s in bad) and any(s.value is None for _, s in (*answers, *others)):
        bad = []  # what is not understood may be what was not seen
    open_ = [(p, s) for p, s in (*answers, *others) if s.value is None or not holds(s.value)]
    seen = examined(len(answers) + len(others), what)
    measure = count(known[0][2]) if count and known else None
    if bad and lacks:
        part, setting = bad[0]
        why = f" ({setting.because})" if setting.because else ""
        yield failed(each(bad, at=_place).like(f"{part.address} {lacks}{why}"), seen, measure=measure)
    elif has and answers and not bad and open_:
        told = each(open_, name=lambda answer: answer[0].address, at=_place)
        yield unsure(told.say("{has}: it cannot be told of {}", has=has), seen)
    elif has and answers and not bad:
        every = each(answers, name=lambda answer: answer[0].address, at=_place)
        yield passed(every.say("{has}: {}", has=has), seen, measure=measure)


def _place(answer: tuple[Named, Setting]) -> Source:
    return answer[1].at
