"""This is where a review begins: a path goes in, a recorded run with a verdict comes out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..conclusion.earlier import earlier_run
from ..conclusion.result import complete
from ..engine import lodging
from ..journal.clock import Clock
from ..journal.event import canonical, digest
from ..journal.step import Door
from ..journal.writer import Watcher, start
from ..planning.manifest import manifest as describe
from ..planning.manifest import pinned_blobs
from ..planning.plan import Request, plan
from ..redaction import withholding
from .drive import Progress, drive, model_of


async def review(
    request: Request,
    runs: Path,
    *,
    watchers: Sequence[Watcher] = (),
    progress: Progress | None = None,
    sync: bool = True,
) -> Path:
    """
    Review a release and record it.

    Args:
        request: What to review.
        runs: The folder that takes the record.
        watchers: Called with every event as it is appended.
        progress: Called with (files read, files to read).
        sync: Whether decisions are fsynced.

    Returns:
        The run's folder, with ``verdict.json`` and ``report.html`` in it.
    """
    now = datetime.now(UTC)
    settled = plan(request, now.date())
    model = model_of(request)
    with withholding(lodging.key(settled.snapshot, Path(request.path), runs), os.environ) as kept:
        kept.name_contacts(settled.config_data)
        pinned = pinned_blobs(settled)
        manifest = describe(settled, request, pinned, now)
        journal = start(runs / manifest["run"], manifest, Clock(), sync=sync)
        journal.watchers.extend(watchers)
        try:
            for data in pinned.values():
                journal.blob(data)
            manifest_digest = digest(canonical(manifest) + b"\n")
            journal.append("RunStarted", "", {"run": manifest["run"], "manifest": manifest_digest})
            earlier = earlier_run(runs, manifest["run"], manifest["release"]["name"])
            await drive(settled, journal, Door(journal), {}, earlier, progress, model)
            return await complete(journal, sync=sync)
        finally:
            journal.close()
