"""Follows a run in plain lines: one per change, each with its time, nothing ever redrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from rich.console import Console

from ._paper import Paper
from .events import (
    Beat,
    Event,
    EvidenceRead,
    Found,
    NodeFinished,
    NodeStarted,
    PhaseGated,
    PhaseStarted,
    RunFinished,
    RunResumed,
    RunStarted,
)
from .select import counted, spoken

SILENCE = 30.0
"""Seconds after which a line says that the run is still alive."""


class Lines:
    """Writes one line per change; findings only where a critical or high criterion fails."""

    def __init__(self, console: Console) -> None:
        self._paper = Paper(console)
        self._started: datetime | None = None
        self._running: dict[str, float] = {}
        self._failing: dict[str, int] = {}
        self._reading = ""
        self._last = 0.0

    def feed(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._started = datetime.fromisoformat(event.started)
                self._say(
                    event.at,
                    "start",
                    f"{event.release}, {counted(event.criteria, 'criterion', 'criteria')}, run {event.run}",
                )
            case EvidenceRead():
                self._read(event)
            case PhaseStarted():
                self._say(event.at, "phase", event.title or event.phase)
            case PhaseGated():
                reason = f": {event.reason}" if event.reason else ""
                self._say(event.at, "gate", f"{event.phase} {'open' if event.open else 'closed'}{reason}")
            case NodeStarted():
                self._running[event.node] = event.at
                self._say(event.at, "begin", event.node)
            case Found():
                self._found(event)
            case NodeFinished():
                self._finished(event)
            case RunResumed():
                self._running.clear()
                self._say(event.at, "resumed", f"interrupted, and nobody drove it for {spoken(event.idle)}")
            case Beat():
                self._beat(event.at)
            case RunFinished():
                self._say(event.at, "verdict", f"{event.verdict}, score {event.score:.1f} %, after {spoken(event.at)}")

    def _read(self, event: EvidenceRead) -> None:
        text = f"{event.read:,} of {counted(event.total, 'file')}"
        self._reading = f"reading {text}" if event.read < event.total else ""
        if not self._reading:
            self._say(event.at, "read", text)

    def _found(self, event: Found) -> None:
        if event.status != "fail":
            return
        self._failing[event.node] = self._failing.get(event.node, 0) + 1
        if event.severity in ("critical", "high"):
            self._say(event.at, "fail", f"{event.criterion} {event.severity} {event.message}")

    def _finished(self, event: NodeFinished) -> None:
        self._running.pop(event.node, None)
        word = "done" if event.outcome == "completed" else event.outcome.replace("_", " ")
        found = f", {counted(event.findings, 'finding')}, {self._failing.get(event.node, 0)} failing"
        reason = f": {event.reason}" if event.reason else ""
        self._say(
            event.at, word, f"{event.node} after {spoken(event.seconds)}{found if word == 'done' else ''}{reason}"
        )

    def _beat(self, at: float) -> None:
        if at - self._last < SILENCE:
            return
        nodes = [f"{node} for {spoken(at - began)}" for node, began in self._running.items()]
        self._say(at, "running", ", ".join([*filter(None, [self._reading]), *nodes]) or "nothing to report")

    def _say(self, at: float, word: str, text: str) -> None:
        self._last = at
        when = f"{self._started + timedelta(seconds=at):%H:%M:%S}" if self._started else f"{at:8.1f}"
        self._paper.say(f"{when} {word:<8} {self._paper.clean(text, 400)}")
