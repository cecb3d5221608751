"""Begins a review: a path goes in, a recorded run with a verdict comes out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from ..conclusion.earlier import earlier_run
from ..conclusion.rendering import Finished, complete
from ..conclusion.standing import NEW
from ..engine import lodging
from ..engine.children import ChildExecutor
from ..journal.clock import Clock
from ..journal.event import canonical, digest
from ..journal.step import Door
from ..journal.writer import Watcher, start
from ..planning.pinning import manifest as describe
from ..planning.pinning import pinned_blobs
from ..planning.plan import Request, plan
from ..redaction import withholding
from .drive import Progress, Staffing, drive, model_of


async def review(
    request: Request,
    runs: Path,
    *,
    watchers: Sequence[Watcher] = (),
    progress: Progress | None = None,
    sync: bool = True,
    staffing: Staffing = ChildExecutor,
) -> Finished:
    """
    Review a release and record it.

    Args:
        request: What to review.
        runs: The folder that takes the record.
        watchers: Called with every event as it is appended.
        progress: Called with (files read, files to read).
        sync: Whether decisions are fsynced.
        staffing: Who does the work; nothing of the result depends on it.

    Returns:
        The finished run; ``verdict.json`` and ``report.html`` lie in its folder.
    """
    now = datetime.now(UTC)
    settled = plan(request, now.date())
    model = model_of(request)
    with withholding(lodging.key(settled.snapshot, Path(request.path), runs), os.environ) as kept:
        kept.name_contacts(settled.config_data + settled.policy_data + settled.words_data)
        kept.send(settled.contacts.variables, os.environ)
        pinned = pinned_blobs(settled)
        manifest = describe(settled, request, pinned, now)
        journal = start(runs / manifest["run"], manifest, Clock(), sync=sync)
        journal.watchers.extend(watchers)
        try:
            for data in pinned.values():
                journal.blob(data)
            manifest_digest = digest(canonical(manifest) + b"\n")
            started = journal.append("RunStarted", "", {"run": manifest["run"], "manifest": manifest_digest})
            earlier = earlier_run(runs, manifest["run"], manifest["release"]["name"])
            began = date.fromisoformat(started.at[:10])
            reached = await drive(settled, journal, Door(journal), NEW, began, earlier, progress, model, staffing)
            return await complete(journal, reached, sync=sync)
        finally:
            journal.close()
