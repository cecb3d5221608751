"""Judges what documents tell of restores that were tried, in one way for all who ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from ..domain.fact import Source
from ..domain.measure import measured
from ..evidence.facts.documents import Aims, Document, Documents, Restore
from ..evidence.facts.history import History
from .checks import Draft, examined, failed, passed, unsure

_LEAST_ROWS = 1_000
"""Fewer rows show nothing of a copy that was cut off."""
_WEEKLY = 14
"""So many days may lie between two restores that are made each week."""
_OLD = 400
"""Restores that lie longer back tell nothing of how often one is made."""


class Told(NamedTuple):
    """One restore, and the document that tells of it."""

    document: Document
    restore: Restore

    @property
    def at(self) -> Source:
        return Source(path=self.document.path, line=self.restore.line)

    @property
    def is_drill(self) -> bool:
        """Whether it has a heading of its own: people did it, and wrote it down at length."""
        return 0 < self.restore.line == self.restore.section

    @property
    def day(self) -> date:
        return date.fromisoformat(self.restore.day)


def restores(documents: Documents, until: date) -> list[Told]:
    """Every restore that documents tell of with its figures and that had come by *until*, the newest last."""
    found = [
        Told(document, restore)
        for document in documents.every()
        for restore in document.restores
        if restore.about and date.fromisoformat(restore.day) <= until and (restore.took or restore.equal)
    ]
    return sorted(found, key=lambda told: (told.restore.day, told.document.path, told.restore.line))


def _today(history: History, told: Sequence[Told]) -> date:
    """The day of the review; where no commit tells how late it is, that of the newest restore."""
    return history.latest if history.last_at or not told else told[-1].day


def met_aims(documents: Documents, history: History, within: int) -> Iterator[Draft]:
    """Pass where a restore of the last *within* days was compared, and kept to the times that its document aims at."""
    every = restores(documents, history.latest)
    if not every:
        return
    until = _today(history, every)
    late = until - timedelta(days=within)
    recent = [told for told in every if told.day >= late]
    newest = every[-1]
    if not recent:
        text = f"The last restore that is told of was on {newest.restore.day}, more than {within} days ago"
        yield unsure(
            text, newest.at, measure=measured("days since the last restore", (until - newest.day).days, "days")
        )
        return
    bad = next((told for told in recent if told.restore.failed), None)
    if bad is not None:
        yield unsure(f"The restore of {bad.restore.day} did not bring back all: {bad.restore.text[:120]}", bad.at)
        return
    judged = [(told, aims_of(told.document, told.restore)) for told in recent]
    missed = next((told for told, aims in judged if aims is not None and not _keeps(told.restore, aims)), None)
    good = [(told, aims) for told, aims in judged if aims is not None and _shows(told.restore, aims)]
    if missed is not None:
        text = f"The restore of {missed.restore.day} did not keep to what is aimed at: {missed.restore.text[:120]}"
        yield unsure(text, missed.at)
    elif good:
        told, aims = good[-1]
        text = (
            f"The restore of {told.restore.day} took {told.restore.took:g} minutes of {aims.back:g} that it may take, "
            "and brought back what there was"
        )
        yield passed(text, told.at, Source(path=told.document.path, line=aims.line), confidence="medium")
    elif all(told.restore.staging for told in recent):
        yield unsure(f"The restore of {newest.restore.day} was one of staging's own data", newest.at)
    elif not any(aims for _, aims in judged):
        yield unsure(f"{newest.document.path} tells of a restore, and not what times it is to keep to", newest.at)
    else:
        text = f"Of the restore of {newest.restore.day} it is not told how long it took and whether all came back"
        yield unsure(text, newest.at)


def compared(
    documents: Documents, history: History, within: int, checked: Sequence[Source], apart: int
) -> Iterator[Draft]:
    """
    Pass where what was restored in the last *within* days had as many rows as its source.

    Where the tree itself has each backup checked (*checked*), the comparison may be *apart* days old.
    """
    every = [told for told in restores(documents, history.latest) if told.restore.equal or told.restore.failed]
    if not every:
        return
    until = _today(history, every)
    newest = every[-1]
    age = (until - newest.day).days
    measure = measured("days since rows were compared", age, "days")
    lost = next((told for told in _failed(documents) if told.restore.day == newest.restore.day), None)
    if lost is not None:
        yield unsure(f"A restore of {lost.restore.day} was not complete: {lost.restore.text[:120]}", lost.at)
    elif newest.restore.failed or not newest.restore.equal:
        yield unsure(f"The restore of {newest.restore.day} was not complete: {newest.restore.text[:120]}", newest.at)
    elif newest.restore.staging or newest.restore.rows < _LEAST_ROWS:
        text = f"What was compared on {newest.restore.day} says little of production: {newest.restore.text[:120]}"
        yield unsure(text, newest.at)
    elif age <= within:
        rows = f"{newest.restore.rows:,} rows"
        text = f"What was restored on {newest.restore.day} is complete: {rows}, as many as there were"
        yield passed(text, newest.at, examined(len(every), "restores that were compared"), confidence="medium")
    elif checked and age <= apart:
        text = f"Each backup is checked, and what was restored on {newest.restore.day} had as many rows as its source"
        yield passed(text, *checked[:1], newest.at, examined(len(every), "restores"), confidence="medium")
    else:
        yield unsure(f"Rows were last compared on {newest.restore.day}, {age} days ago", newest.at, measure=measure)


def _failed(documents: Documents) -> Iterator[Told]:
    """Every restore that brought back not all, whether it has figures or not."""
    for document in documents.every():
        for restore in document.restores:
            if restore.about and restore.failed:
                yield Told(document, restore)


def seldom(documents: Documents, history: History) -> Iterator[Draft]:
    """
    Fail where documents tell of at least two restores of the last year, and none follows within two weeks.

    What people did once a quarter, below a heading of its own, says nothing of what is made each week beside it.
    """
    every = [told for told in restores(documents, history.latest) if not told.is_drill]
    old = _today(history, every) - timedelta(days=_OLD)
    days = {told.day: told for told in every if told.day >= old}
    listed = sorted(days)
    gaps = [(later - earlier).days for earlier, later in pairwise(listed)]
    if gaps and min(gaps) > _WEEKLY and (place := _routine(documents)) is not None:
        yield unsure("Restores are spoken of as a routine, and how often they are made cannot be told", place)
    elif gaps and min(gaps) > _WEEKLY:
        last, before = days[listed[-1]], days[listed[-2]]
        text = (
            f"Restores were made on {before.restore.day} and {last.restore.day}, {gaps[-1]} days apart, and nothing in "
            "the tree makes one each week"
        )
        yield failed(
            text,
            last.at,
            before.at,
            examined(len(listed), "restores that are told of"),
            confidence="medium",
            measure=measured("days between two restores", gaps[-1], "days", at_most=_WEEKLY),
        )


def _routine(documents: Documents) -> Source | None:
    """Where a document speaks of restores that come round by themselves, beside the drills that are told of."""
    for document in documents.every():
        about = any(restore.about for restore in document.restores)
        for heading in document.headings:
            if _ROUND.search(heading.text) and (about or "restor" in heading.text.lower()):
                return document.at(heading)
        told = [(one.line, one.text) for one in document.passages]
        told += [(one.line, one.text) for one in document.paragraphs]
        told += [(one.line, one.text) for one in document.measured]
        for line, text in sorted(told):
            if _ROUND.search(text) and "restor" in text.lower():
                return Source(path=document.path, line=line)
    return None


_ROUND = re.compile(
    r"\b(?:(?:sun|mon|tues|wednes|thurs|fri|satur)days|(?:every|each|on) (?:sun|mon|tues|wednes|thurs|fri|satur)day|"
    r"weekly|(?:every|each|once a|a) week)\b",
    re.IGNORECASE,
)


def walked(documents: Documents, history: History, within: int) -> Iterator[Draft]:
    """Pass where a document about recovery tells of a restore by all of its steps in the last *within* days."""
    every = restores(documents, history.latest)
    late = _today(history, every) - timedelta(days=within)
    own = [told for told in every if told.restore.whole and not told.restore.failed]
    for told in reversed(own):
        name = f"{told.document.path.rpartition('/')[2]} {told.document.title}".lower()
        if told.day >= late and any(word in name for word in _ABOUT) and told.document.words >= _LEAST_WORDS:
            text = f"{told.document.path} tells how to recover, and was followed as a whole on {told.restore.day}"
            yield passed(text, told.at, confidence="medium")
            return


_ABOUT = ("restor", "recover", "disaster", "dr.", "backup")
_LEAST_WORDS = 30


def aims_of(document: Document, restore: Restore) -> Aims | None:
    """What *document* aims at for restores: what stands nearest above *restore*, of its own section before others."""
    told = [aims for aims in document.aims if aims.about and aims.back is not None]
    own = [aims for aims in told if aims.section == restore.section]
    found = (own or told)[:1]
    if not found:
        return None
    lost = (
        found[0].lost
        if found[0].lost is not None
        else next((a.lost for a in document.aims if a.lost is not None), None)
    )
    return found[0].model_copy(update={"lost": lost}) if lost is not None else None


def _keeps(restore: Restore, aims: Aims) -> bool:
    """Whether nothing that is told of *restore* is worse than *aims*."""
    return not (
        (restore.took is not None and aims.back is not None and restore.took > aims.back)
        or (restore.lost is not None and aims.lost is not None and restore.lost > aims.lost)
    )


def _shows(restore: Restore, aims: Aims) -> bool:
    return restore.took is not None and restore.equal and not restore.staging and _keeps(restore, aims)
