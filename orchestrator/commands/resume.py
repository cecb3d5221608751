"""This is where an interrupted run is taken up again: a record goes in, the same run with a verdict comes out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from .. import __version__
from ..conclusion import history as reading
from ..conclusion.earlier import earlier_run
from ..conclusion.result import REPORT, VERDICT, another_renderer, complete, lay_down, renders
from ..engine import lodging
from ..errors import RecordBroken, RunLocked, UsageError
from ..journal import acts
from ..journal.clock import Clock
from ..journal.event import digest
from ..journal.lock import Lock
from ..journal.manifest import Manifest
from ..journal.record import Record
from ..journal.step import Door
from ..journal.writer import Journal, Watcher, guarded
from ..planning.manifest import digests, pinned_blobs
from ..planning.plan import Plan, Request, plan
from ..redaction import withholding
from .drive import Progress, drive, model_of


async def resume(
    record: Record,
    *,
    steps: Sequence[str] = (),
    watchers: Sequence[Watcher] = (),
    progress: Progress | None = None,
    sync: bool = True,
) -> Path:
    """
    Continue an interrupted run; finished nodes and finished steps are not redone.

    Args:
        record: The run.
        steps: What became of acting steps that were begun, where only a person knows: ``KEY=done``, ``KEY=undone``.
        watchers: As for :func:`review`; the events of earlier lives come first.
        progress: As for :func:`review`.
        sync: Likewise.

    Raises:
        UsageError: The run is over, or the tree or the agents are no longer what the run began with.
        RunLocked: Another process drives the run, or has done so in the meantime.
        StepUndecided: An acting step was begun, and nobody says what became of it.
    """
    history = reading.read(record)
    if history.verdict is not None and not history.finished:
        return await _completed(record, history, sync=sync)
    if history.finished:
        if not (record.folder / VERDICT).exists() or not (record.folder / REPORT).exists():
            lodging.hold(record.folder, Path(history.manifest.request.path))
            return _laid_down_alone(record.folder, sync=sync)
        raise UsageError(f"run '{record.name}' is over", remedy=f"`gonogo show {record.folder}` shows its verdict")
    manifest, torn = history.manifest, record.torn
    request = Request(**manifest.request.model_dump())
    settled = plan(request, _begun(manifest))
    path, runs = Path(request.path), record.folder.absolute().parent
    key = lodging.key(settled.snapshot, path, runs)
    lodging.hold(record.folder, path)
    with withholding(key, os.environ) as kept:
        kept.name_contacts(settled.config_data)
        pinned = pinned_blobs(settled)
        _hold(manifest, settled, pinned)
        begun = acts.begun(record.events())
        said = acts.answers(steps, begun)
        model = model_of(request)
        journal = _continued(record, history, sync=sync)
        finished = {node: result for node, (_, result) in history.ended.items()}
        recorded = history.steps.answers()
        try:
            for event in record.events() if watchers else ():
                for watch in watchers:
                    watch(event.seq, event.at, event.kind, event.node, event.data)
            journal.watchers.extend(watchers)
            for data in pinned.values():
                journal.blob(data)
            if history.started is None:
                journal.append("RunStarted", "", {"run": record.name, "manifest": digest(record.manifest_bytes())})
            journal.append("RunResumed", "", {"finished": len(finished), "torn": torn, **_driver(journal, history)})
            await journal.durable()
            door = Door(journal, recorded, begun, said)
            earlier = earlier_run(record.folder.parent, manifest.run, manifest.release.name)
            await drive(settled, journal, door, finished, earlier, progress, model)
            return await complete(journal, sync=sync)
        finally:
            journal.close()


def _begun(manifest: Manifest) -> date:
    """The day that the run began, as its id has it; people's words last from there."""
    try:
        return datetime.strptime(manifest.run[:8], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise RecordBroken(f"the run's id '{manifest.run[:40]}' begins with no day", where=manifest.run[:40]) from None


def _hold(manifest: Manifest, settled: Plan, pinned: Mapping[str, bytes]) -> None:
    """Refuse to go on where what is reviewed, or what it is reviewed with, is no longer what the run began with."""
    was = manifest.pinned.named() | manifest.digests
    changed = sorted(n for n in pinned if digest(pinned[n]) != was.get(n))
    changed += sorted(n for n, d in digests(settled).items() if d != was.get(n))
    if settled.snapshot.release.tree != manifest.release.tree:
        changed.insert(0, "reviewed tree")
    if changed:
        raise UsageError(
            f"run '{manifest.run}' cannot be resumed: changed since it began: {', '.join(changed)}",
            where=f"recorded by {manifest.tool}, this is gonogo {__version__}",
            remedy="review again: `gonogo review`",
        )


def _continued(record: Record, history: reading.History, *, sync: bool) -> Journal:
    """The journal of *record*, held, if it still is where *history* was read."""
    journal = Journal.continued(record, Clock(), sync=sync)
    if journal.head != history.head:
        journal.close()
        raise RunLocked(
            f"run '{record.name}' was driven by another process in the meantime",
            where=str(record.folder),
            remedy="`gonogo runs` shows what became of it; resume again if it is not over",
        )
    return journal


def _driver(journal: Journal, history: reading.History) -> dict[str, Any]:
    """Who drives the run from here on, the how manyth that is, and from whom it was taken over."""
    said: dict[str, Any] = {"driver": history.resumed + 2, "owner": journal.lock.owner.model_dump()}
    if journal.lock.left_by is not None:
        said["took_over"] = journal.lock.left_by.model_dump()
    return said


async def _completed(record: Record, history: reading.History, *, sync: bool) -> Path:
    """The folder of a run that was stopped between its verdict and its last event, with both."""
    if not renders(history.manifest):
        raise another_renderer(history.manifest, record)
    journal = _continued(record, history, sync=sync)
    try:
        said = {"finished": len(history.ended), "torn": record.torn, **_driver(journal, history)}
        journal.append("RunResumed", "", said)
        await journal.durable()
        return await complete(journal, sync=sync)
    finally:
        journal.close()


def _laid_down_alone(folder: Path, *, sync: bool) -> Path:
    lock = guarded(lambda: Lock(folder, Clock()()), folder)
    try:
        return lay_down(folder, sync=sync)
    finally:
        lock.release()
