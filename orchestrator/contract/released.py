"""Judges the migrations of a release apart from those that its base had already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..domain.fact import Source
from ..domain.finding import Status
from ..evidence.facts.changes import Changes
from ..evidence.facts.migrations import Migration, Migrations
from .checks import Draft, unsure

Judge = Callable[[list[Migration]], Iterable[Draft]]


def of_this_release(migrations: Migrations, changes: Changes, judge: Judge, newest: int = 10) -> Iterator[Draft]:
    """
    What *judge* says of the migrations that were added since the base, of however many; of the newest without a base.

    What the base had does not block as new: where *judge* fails it, that is told and decides nothing. A base that the
    reviewed repository has chosen by a tag of its own takes no such doubt away, since whoever sets tags could then say
    what is judged; one that was named from outside does, where there are new migrations to judge.

    Args:
        migrations: All of them.
        changes: What changed since the base.
        judge: Says of some of them, in the order they apply, whether they are safe.
        newest: How many of each folder are looked at besides the new ones.
    """
    new = migrations.since(changes)
    if new is None:
        yield from judge(migrations.newest(newest))
        return
    said = list(judge(new)) if new else []
    before = [migration for migration in migrations.newest(newest) if migration not in new]
    if not before or any(draft.status is Status.FAIL for draft in said) or (new and changes.given):
        yield from said
        return
    earlier = list(judge(before))
    failed = next((draft for draft in earlier if draft.status is Status.FAIL), None)
    if failed is not None:
        base = changes.name_of_base or "the base"
        text = f"{failed.message}: {base} had it already, so that it does not block as new"
        places = (item for item in failed.evidence if isinstance(item, Source))
        yield unsure(text, *places, criterion=failed.criterion)
    elif new and not any(draft.status is Status.UNKNOWN for draft in earlier):
        yield from said
    else:
        yield from earlier
