"""Draws a run while it goes on: phases, a row per agent, and what was found last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from ._paper import STYLES, Paper
from .events import (
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
from .select import counted, duration, spoken

SPIN = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
SPIN_ASCII = "|/-\\"


@dataclass
class Node:
    """One row of the tree."""

    name: str
    state: str = "waiting"
    began: float = 0.0
    seconds: float = 0.0
    findings: int = 0
    failing: int = 0
    last: str = ""


@dataclass
class Phase:
    """One phase of the tree."""

    title: str
    began: float | None = None
    ended: float = 0.0
    gate: str = ""
    nodes: dict[str, Node] = field(default_factory=dict)

    @property
    def finished(self) -> int:
        return sum(node.state not in ("waiting", "running") for node in self.nodes.values())


class Tree:
    """
    What is drawn.

    Times come with the events. Between two of them the console's own clock, which also drives the redrawing, is added.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._paper = Paper(console)
        self._head = ""
        self._phases: dict[str, Phase] = {}
        self._nodes: dict[str, tuple[str, Node]] = {}
        self._read = self._total = 0
        self._at = 0.0
        self._heard = console.get_time()
        self._idle: list[float] = []
        self._over = ""

    def feed(self, event: Event) -> None:
        self._at, self._heard = event.at, self._console.get_time()
        match event:
            case RunStarted():
                self._plan(event)
            case EvidenceRead():
                self._read, self._total = event.read, event.total
            case PhaseStarted():
                begun = self._phase(event.phase)
                begun.title, begun.began = event.title or begun.title, event.at
            case PhaseGated():
                self._phase(event.phase).gate = "" if event.open else f"gate closed: {event.reason}"
            case NodeStarted():
                node = self._node(event.node, event.phase)
                node.state, node.began = "running", event.at
            case Found():
                self._found(event)
            case NodeFinished():
                self._finished(event)
            case RunResumed():
                self._resumed(event)
            case RunFinished():
                self._over = f"{event.verdict}, score {event.score:.1f} %"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        now = self._at if self._over else self._at + max(console.get_time() - self._heard, 0.0)
        for line in self._draw(now):
            line.truncate(options.max_width, overflow="ellipsis" if not self._paper.ascii else "crop")
            line.no_wrap = True
            yield line

    def _draw(self, now: float) -> Iterator[Text]:
        paper = self._paper
        yield Text.assemble((f"{duration(now):>6}  ", "bold"), paper.clean(self._head))
        if self._total:
            yield self._meter()
        if self._idle:
            times = "interrupted" if len(self._idle) == 1 else f"interrupted {len(self._idle)} times"
            yield Text(f"        {times}, nobody drove it for {spoken(sum(self._idle))}", style="yellow")
        for phase in self._phases.values():
            yield self._phase_line(phase, now)
            for node in phase.nodes.values():
                yield self._node_line(node, now)
        if self._over:
            yield Text(f"        {paper.clean(self._over)}", style="bold")

    def _meter(self) -> Text:
        share = min(self._read / self._total, 1.0)
        filled = int(share * 16)
        done = (
            f"read {counted(self._total, 'file')}"
            if share == 1.0
            else f"reading {self._read:,} of {counted(self._total, 'file')}"
        )
        glyphs = self._paper.glyphs
        return Text.assemble(
            "        ", (glyphs.full * filled, "blue"), (glyphs.rest * (16 - filled), "dim"), f"  {done}"
        )

    def _phase_line(self, phase: Phase, now: float) -> Text:
        if phase.gate:
            return Text.assemble(
                (f" {self._paper.glyphs.closed} ", "red"),
                (self._paper.clean(phase.title), "bold"),
                f"  {self._paper.clean(phase.gate)}",
            )
        if phase.began is None:
            return Text.assemble("   ", (self._paper.clean(phase.title), "dim"))
        over = phase.finished == len(phase.nodes)
        took = (phase.ended if over else now) - phase.began
        return Text.assemble(
            "   ", (self._paper.clean(phase.title), "bold"), f"  {phase.finished}/{len(phase.nodes)}  {duration(took)}"
        )

    def _node_line(self, node: Node, now: float) -> Text:
        paper = self._paper
        lead = f"{paper.clean(node.name, 26):<26}"
        if node.state == "waiting":
            return Text(f"     {paper.glyphs.waiting} {lead}", style="dim")
        if node.state == "running":
            frames = SPIN_ASCII if paper.ascii else SPIN
            glyph, style, took = frames[int(now * 8) % len(frames)], "blue", now - node.began
        elif node.state in ("skipped", "cancelled"):
            return Text(f"     {paper.glyphs.not_applicable} {lead} {paper.clean(node.state)}", style="dim")
        elif node.state in ("completed", "not applicable"):
            glyph, style, took = paper.glyphs.passed, "green", node.seconds
        else:
            glyph, style, took = paper.glyphs.fail, "red", node.seconds
        line = Text.assemble(
            "     ", (f"{glyph} ", style), lead, f" {duration(took):>6}  {counted(node.findings, 'finding')}"
        )
        if node.failing:
            line.append(f", {node.failing} failing", STYLES["fail"])
        if node.state not in ("running", "completed"):
            line.append(f"  {node.state}", style)
        if node.last:
            line.append(f"  {paper.clean(node.last, 200)}", "dim")
        return line

    def _plan(self, event: RunStarted) -> None:
        self._head = f"{event.release}, {counted(event.criteria, 'criterion', 'criteria')}, run {event.run}"
        for phase, title in event.phases:
            self._phase(phase).title = title or phase
        for node, phase in event.nodes:
            self._node(node, phase)

    def _found(self, event: Found) -> None:
        if event.node not in self._nodes:
            return
        node = self._nodes[event.node][1]
        node.findings += 1
        if event.status == "fail":
            node.failing += 1
            node.last = f"{event.criterion} {event.message}"

    def _finished(self, event: NodeFinished) -> None:
        if event.node not in self._nodes:
            return
        name, node = self._nodes[event.node]
        node.state, node.seconds, node.findings = event.outcome.replace("_", " "), event.seconds, event.findings
        node.last = event.reason or ""
        self._phase(name).ended = event.at

    def _resumed(self, event: RunResumed) -> None:
        """A turn that was interrupted waits to be had again."""
        self._idle.append(event.idle)
        for _, node in self._nodes.values():
            if node.state == "running":
                node.state = "waiting"

    def _phase(self, name: str) -> Phase:
        return self._phases.setdefault(name, Phase(name))

    def _node(self, name: str, phase: str) -> Node:
        if name not in self._nodes:
            node = Node(name.removeprefix(f"{phase}/"))
            self._nodes[name] = (phase, node)
            self._phase(phase).nodes[name] = node
        return self._nodes[name][1]
