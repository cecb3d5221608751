"""Turns journal events into what somebody watching wants to know."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from ..conclusion.terms import pinned
from ..domain.criterion import Catalogue
from ..domain.finding import Status
from ..evidence.facts.files import Files
from ..journal import kinds
from ..journal.known import known
from ..journal.manifest import Planned
from ..journal.record import Record
from ..report import events
from ..report.progress import Progress

FILES_READ = f"run#1:fact:{Files.name}:"
"""How the key of the step begins whose answer is the list of all files."""


class Follower:
    """
    Feeds *progress* from a journal's events; everything shown comes from the record.

    Args:
        progress: Shows it.
        runs: The folder of the run that is going to be.
        record: The run, if it is over already; then only its record tells how many files were read.
    """

    def __init__(self, progress: Progress, runs: Path, record: Record | None = None) -> None:
        self._progress = progress
        self._runs = runs
        self._record = record
        self._over = record is not None
        self._zero: datetime | None = None
        self._last = 0.0
        self._severities: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._gated: set[str] = set()
        self._begun: dict[str, float] = {}
        self._waiting: tuple[int, int] | None = None

    def __call__(self, _seq: int, at: str, kind: str, node: str, data: dict[str, Any]) -> None:
        now = datetime.fromisoformat(at)
        self._zero = self._zero or now
        seconds = (now - self._zero).total_seconds()
        idle, self._last = seconds - self._last, seconds
        model = kinds.KINDS.get(kind)
        match known(model, data).value if model is not None else None:
            case kinds.RunStarted(run=run):
                self._start(run, at)
            case kinds.PhaseStarted() as phase:
                self._progress.feed(events.PhaseStarted(seconds, node, self._titles.get(node, "")))
                if node in self._gated:
                    self._progress.feed(events.PhaseGated(seconds, node, phase.open, phase.reason))
            case kinds.NodeStarted():
                self._begun[node] = seconds
                self._progress.feed(events.NodeStarted(seconds, node, node.partition("/")[0]))
            case kinds.NodeFinished() as ended:
                self._finish(seconds, node, ended)
            case kinds.StepDone() as step if self._over:
                self._read(seconds, step)
            case kinds.RunResumed():
                self._progress.feed(events.RunResumed(seconds, idle))
            case kinds.VerdictReached(verdict=verdict, score=score):
                self._progress.feed(events.RunFinished(seconds, verdict, score))

    def files(self, read: int, total: int) -> None:
        """Called from the reading thread; shown with the next beat."""
        self._waiting = (read, total)

    def beat(self) -> None:
        """Time has passed."""
        if self._zero is None:
            return
        seconds = (datetime.now(self._zero.tzinfo) - self._zero).total_seconds()
        if self._waiting:
            (read, total), self._waiting = self._waiting, None
            self._progress.feed(events.EvidenceRead(seconds, read, total))
        else:
            self._progress.feed(events.Beat(seconds))

    def _start(self, run: str, at: str) -> None:
        self._record = record = self._record or Record(self._runs / run)
        manifest = record.manifest()
        plan = pinned(record, manifest, Planned)
        self._severities = {c.id: c.severity for c in pinned(record, manifest, Catalogue)}
        self._titles = {phase.id: phase.title for phase in plan.phases}
        self._gated = {phase.id for phase in plan.phases if phase.gate}
        release = manifest.release
        self._progress.feed(
            events.RunStarted(
                run=run,
                release=f"{release.name} {release.version}",
                criteria=len(self._severities),
                started=at,
                phases=tuple(self._titles.items()),
                nodes=tuple((n.node, n.phase) for n in plan.nodes),
            )
        )

    def _read(self, seconds: float, step: kinds.StepDone) -> None:
        """All files at once: the record says when they had been read, not how that went on."""
        if self._record is not None and step.key.startswith(FILES_READ):
            count = len(Files.model_validate(self._record.value(step)).entries)
            self._progress.feed(events.EvidenceRead(seconds, count, count))

    def _finish(self, seconds: float, node: str, ended: kinds.NodeFinished) -> None:
        said = self._record.value(ended.said) if self._record and ended.said else {}
        for finding in known(kinds.Said, said).value.findings:
            if finding.status is Status.FAIL:
                severity = self._severities.get(finding.criterion, "")
                self._progress.feed(
                    events.Found(seconds, node, finding.criterion, severity, finding.status, finding.message)
                )
        took = seconds - self._begun.get(node, seconds)
        self._progress.feed(events.NodeFinished(seconds, node, ended.outcome, took, ended.findings, ended.reason))
