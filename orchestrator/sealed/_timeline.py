"""The timeline of derivations 1 and 2, laid out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..domain.result import AgentSummary, PhaseSummary, Result
from ._select import counted, spoken

WIDTH = 1000.0
LABELS = 236.0
RIGHT = 96.0
ROW = 24.0
HEAD = 30.0
AXIS = 26.0
MAX_ROWS = 150


@dataclass(frozen=True)
class Bar:
    """One node: where its bar stands and what is said beside and on hovering over it."""

    y: float
    x: float
    width: float
    label: str
    note: str
    note_left: bool
    title: str
    done: bool
    critical: bool


@dataclass(frozen=True)
class Band:
    """One phase: its rows and what its gate said."""

    y: float
    height: float
    title: str
    gate: str
    colour: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Tick:
    """One mark of the time axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """A drawing in user units."""

    height: float
    bands: tuple[Band, ...]
    ticks: tuple[Tick, ...]
    left: float
    right: float
    longest: tuple[str, ...]
    hidden: int = 0
    width: float = field(default=WIDTH)


def lay_out(document: Result) -> Timeline:
    """Place every node of the run, phase by phase, by start."""
    nodes = list(document.agents)
    total = max([document.run.seconds, *(_end(node) for node in nodes), 0.001])
    scale = (WIDTH - LABELS - RIGHT) / total
    path = longest_chain(nodes, [phase.id for phase in document.phases])
    bands: list[Band] = []
    y, hidden = AXIS, 0
    for number, phase in enumerate(_phases(document)):
        ours = sorted((n for n in nodes if n.phase == phase.id), key=lambda n: (n.started, n.node))
        room = MAX_ROWS - sum(len(band.bars) for band in bands)
        hidden += max(len(ours) - room, 0)
        ours = ours[: max(room, 0)]
        bars = tuple(_bar(node, y + HEAD + row * ROW, scale, node.node in path) for row, node in enumerate(ours))
        height = HEAD + len(bars) * ROW + 8
        bands.append(Band(_round(y), _round(height), phase.title or phase.id, _gate(phase), number % 3, bars))
        y += height + 6
    ticks = tuple(Tick(_round(LABELS + at * scale), _tick_label(at)) for at in _ticks(total))
    return Timeline(_round(y), tuple(bands), ticks, LABELS, WIDTH - RIGHT, tuple(path), hidden)


def longest_chain(nodes: Sequence[AgentSummary], phases: Sequence[str]) -> list[str]:
    """
    The chain of nodes that the end of the run waited for, first to last.

    A node waits for those it needs; one that needs none waits for the last of the phases before it.
    """
    ran = [node for node in nodes if node.outcome != "skipped"]
    if not ran:
        return []
    rank = {phase: number for number, phase in enumerate(phases)}
    known = {node.node: node for node in ran}
    chain: list[str] = []
    at: AgentSummary | None = max(ran, key=lambda n: (_end(n), n.node))
    while at is not None and at.node not in chain:
        chain.append(at.node)
        here = rank.get(at.phase, 0)
        before = [known[need] for need in at.needs if need in known]
        before = before or [n for n in ran if rank.get(n.phase, 0) < here and _end(n) <= at.started + 0.001]
        at = max(before, key=lambda n: (_end(n), n.node), default=None)
    return chain[::-1]


def _phases(document: Result) -> list[PhaseSummary]:
    """The phases of the workflow, then those that only nodes name."""
    known = {phase.id for phase in document.phases}
    rest = dict.fromkeys(node.phase for node in document.agents if node.phase not in known)
    return [*document.phases, *(PhaseSummary(id=name, title=name) for name in rest)]


def _bar(node: AgentSummary, y: float, scale: float, critical: bool) -> Bar:
    done = node.outcome in ("completed", "not_applicable")
    width = max(node.seconds * scale, 3.0)
    x = min(LABELS + node.started * scale, WIDTH - RIGHT - 3)
    word = node.outcome.replace("_", " ")
    found = counted(node.findings, "finding")
    note = f"{spoken(node.seconds)}" if node.outcome == "completed" else word
    title = f"{node.node}: {word}, {found}, from {spoken(node.started)}, took {spoken(node.seconds)}"
    title += f": {node.reason}" if node.reason else ""
    left = x + width > WIDTH - RIGHT - 4 - 7 * max(len(note) - 12, 0)
    return Bar(_round(y), _round(x), _round(width), node.agent, note, left and x > LABELS + 90, title, done, critical)


def _gate(phase: PhaseSummary) -> str:
    if not phase.gate:
        return phase.reason
    return f"gate {phase.gate}" + (f": {phase.reason}" if phase.reason else "")


def _ticks(total: float) -> list[float]:
    """At most eight round times from zero to the end."""
    raw = total / 7
    base = 10.0 ** math.floor(math.log10(raw))
    steps: list[float] = [base, 2 * base, 5 * base, 10 * base]
    if raw > 10:
        steps = [15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 604800]
    step = next((s for s in steps if s >= raw), steps[-1])
    return [number * step for number in range(min(int(total / step + 1e-9), 40) + 1)]


def _tick_label(seconds: float) -> str:
    if seconds >= 60:
        whole = round(seconds)
        return f"{whole // 60}:{whole % 60:02}"
    return f"{seconds:g} s" if seconds >= 1 or seconds == 0 else f"{seconds:.2g} s"


def _end(node: AgentSummary) -> float:
    return node.started + node.seconds


def _round(value: float) -> float:
    return round(value, 1)
