"""Takes up an interrupted run again: a record goes in, the same run with a verdict comes out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from .. import __version__
from ..conclusion import state as reading
from ..conclusion.earlier import earlier_run
from ..conclusion.rendering import REPORT, VERDICT, Finished, another_renderer, complete, lay_down, renders
from ..conclusion.standing import standing
from ..engine import lodging
from ..engine.children import ChildExecutor
from ..errors import RecordBroken, RunLocked, UsageError
from ..journal import acts
from ..journal.clock import Clock
from ..journal.event import digest
from ..journal.lock import Lock
from ..journal.manifest import RunManifest
from ..journal.record import Record
from ..journal.step import Door
from ..journal.writer import Journal, Watcher, guarded
from ..planning.pinning import digests, pinned_blobs
from ..planning.plan import Plan, Request, plan
from ..redaction import withholding
from .drive import Progress, Staffing, drive, model_of


async def resume(
    record: Record,
    *,
    steps: Sequence[str] = (),
    watchers: Sequence[Watcher] = (),
    progress: Progress | None = None,
    sync: bool = True,
    staffing: Staffing = ChildExecutor,
) -> Finished:
    """
    Continue an interrupted run; finished nodes and finished steps are not redone.

    Args:
        record: The run.
        steps: What became of acting steps that were begun, where only a person knows: ``KEY=done``, ``KEY=undone``.
        watchers: As for :func:`review`; the events of earlier lives come first.
        progress: As for :func:`review`.
        sync: Likewise.
        staffing: Likewise.

    Raises:
        UsageError: The run is over, or the tree or the agents are no longer what the run began with.
        RunLocked: Another process drives the run, or has done so in the meantime.
        StepUndecided: An acting step was begun, and nobody says what became of it.
    """
    state = reading.read(record)
    if state.verdict is not None and not state.finished:
        return await _completed(record, state, sync=sync)
    if state.finished:
        if not (record.folder / VERDICT).exists() or not (record.folder / REPORT).exists():
            lodging.hold(record.folder, Path(state.manifest.request.path))
            return _laid_down_alone(record.folder, sync=sync)
        raise UsageError(f"run '{record.name}' is over", remedy=f"`gonogo show {record.folder}` shows its verdict")
    manifest, torn = state.manifest, record.torn
    request = Request(**manifest.request.model_dump())
    settled = plan(request, _begun(manifest))
    path, runs = Path(request.path), record.folder.absolute().parent
    key = lodging.key(settled.snapshot, path, runs)
    lodging.hold(record.folder, path)
    with withholding(key, os.environ) as kept:
        kept.name_contacts(settled.config_data + settled.policy_data + settled.words_data)
        kept.send(settled.contacts.variables, os.environ)
        pinned = pinned_blobs(settled)
        _hold(manifest, settled, pinned)
        begun = acts.begun(record.events())
        said = acts.answers(steps, begun)
        model = model_of(request)
        journal = _continued(record, state, sync=sync)
        stands = standing(state, settled.workflow)
        recorded = state.steps.answers()
        try:
            for event in record.events() if watchers else ():
                for watch in watchers:
                    watch(event.seq, event.at, event.kind, event.node, event.data)
            journal.watchers.extend(watchers)
            for data in pinned.values():
                journal.blob(data)
            started = state.started or journal.append(
                "RunStarted", "", {"run": record.name, "manifest": digest(record.manifest_bytes())}
            )
            journal.append(
                "RunResumed", "", {"finished": len(stands.finished), "torn": torn, **_driver(journal, state)}
            )
            await journal.durable()
            door = Door(journal, recorded, begun, said)
            earlier = earlier_run(record.folder.parent, manifest.run, manifest.release.name)
            began = date.fromisoformat(started.at[:10])
            reached = await drive(settled, journal, door, stands, began, earlier, progress, model, staffing)
            return await complete(journal, reached, sync=sync)
        finally:
            journal.close()


def _begun(manifest: RunManifest) -> date:
    """The day that the run began, as its id has it; people's words last from there."""
    try:
        return datetime.strptime(manifest.run[:8], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise RecordBroken(
            f"the run's id '{manifest.run[:40]}' does not begin with a date", where=manifest.run[:40]
        ) from None


def _hold(manifest: RunManifest, settled: Plan, pinned: Mapping[str, bytes]) -> None:
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


def _continued(record: Record, state: reading.RunState, *, sync: bool) -> Journal:
    """The journal of *record*, held, if it still is where *state* was read."""
    journal = Journal.continued(record, Clock(), sync=sync)
    if journal.head != state.head:
        journal.close()
        raise RunLocked(
            f"run '{record.name}' was driven by another process in the meantime",
            where=str(record.folder),
            remedy="`gonogo runs` shows what became of it; resume again if it is not over",
        )
    return journal


def _driver(journal: Journal, state: reading.RunState) -> dict[str, Any]:
    """Who drives the run from here on, how many drove it so far, and from whom it was taken over."""
    said: dict[str, Any] = {"driver": state.resumed + 2, "owner": journal.lock.owner.model_dump()}
    if journal.lock.left_by is not None:
        said["took_over"] = journal.lock.left_by.model_dump()
    return said


async def _completed(record: Record, state: reading.RunState, *, sync: bool) -> Finished:
    """The folder of a run that was stopped between its verdict and its last event, with both."""
    if not renders(state.manifest):
        raise another_renderer(state.manifest, record)
    journal = _continued(record, state, sync=sync)
    try:
        said = {"finished": len(state.ended), "torn": record.torn, **_driver(journal, state)}
        journal.append("RunResumed", "", said)
        await journal.durable()
        return await complete(journal, state, sync=sync)
    finally:
        journal.close()


def _laid_down_alone(folder: Path, *, sync: bool) -> Finished:
    lock = guarded(lambda: Lock(folder, Clock()()), folder)
    try:
        return lay_down(folder, sync=sync)
    finally:
        lock.release()
