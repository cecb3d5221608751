"""Asks one question of all managed databases at once, and answers it in one draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..domain.measure import Measure
from ..domain.sentence import each
from ..evidence.facts.databases import ManagedDatabase, Setting, managed_databases
from ..evidence.facts.infrastructure import Infrastructure
from .checks import Draft, examined, failed, passed

Ask = Callable[[ManagedDatabase], Setting]
Holds = Callable[[bool | float], bool]
Count = Callable[[float], Measure | None]


def production_databases(infrastructure: Infrastructure) -> list[ManagedDatabase]:
    """The managed databases that people's data depends on."""
    return [database for database in managed_databases(infrastructure) if database.production]


def judge_databases(
    databases: Sequence[ManagedDatabase],
    ask: Ask,
    holds: Holds,
    lacks: str,
    has: str,
    *,
    others: Sequence[object] = (),
    count: Count | None = None,
) -> Iterator[Draft]:
    """
    Fail for the databases for which it does not hold; pass where it holds for all of them.

    Args:
        databases: All that there are.
        ask: Which of their settings is meant.
        holds: Whether a known value of it is good.
        lacks: What is wrong with a database, after its name: ``is not encrypted``; empty for no failure.
        has: What is right with all of them, before their names: ``Backups are encrypted``; empty for no pass.
        others: Databases that this says nothing about; with any of them there is no pass.
        count: What measure the value is; the lowest of all databases decides.
    """
    answers = [(database, ask(database)) for database in databases]
    known = sorted(((d, s, s.value) for d, s in answers if s.value is not None), key=lambda answer: answer[2])
    bad = [(d, s) for d, s, value in known if not holds(value)]
    seen = examined(len(databases), "managed databases")
    measure = count(known[0][2]) if count and known else None
    if bad and lacks:
        database, setting = bad[0]
        why = f" ({setting.because})" if setting.because else ""
        message = each(bad, at=lambda answer: answer[1].at).like(f"{database.block.address} {lacks}{why}")
        yield failed(message, seen, measure=measure)
    elif has and answers and not bad and not others and all(s.value is not None for _, s in answers):
        every = each(answers, name=lambda answer: answer[0].block.address, at=lambda answer: answer[1].at)
        yield passed(every.say("{has}: {}", has=has), seen, measure=measure)
