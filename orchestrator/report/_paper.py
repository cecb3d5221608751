"""Lays lines out for the terminal: width, glyphs and indents, and nothing that it would interpret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from .visible import one_line, visible

WIDEST = 120
"""Columns; longer lines are hard to read, and a severity at the far edge is overlooked."""


@dataclass(frozen=True)
class Glyphs:
    """The shapes that stand beside words; meaning never hangs on them alone."""

    fail: str = "✖"
    passed: str = "✔"
    unknown: str = "?"
    waived: str = "◐"
    attested: str = "◆"
    not_applicable: str = "–"
    dot: str = "·"
    arrow: str = "→"
    full: str = "█"
    rest: str = "░"
    waiting: str = "·"
    running: str = "●"
    closed: str = "■"
    alarm: str = "!"

    def of(self, state: str) -> str:
        return str(getattr(self, "passed" if state == "pass" else state))


ASCII = Glyphs("x", "+", "?", "w", "a", "-", "-", "->", "#", ".", ".", "*", "#")

STYLES = {
    "fail": "red",
    "pass": "green",
    "unknown": "yellow",
    "waived": "magenta",
    "attested": "cyan",
    "not_applicable": "dim",
    "critical": "bold red",
    "high": "red",
    "medium": "yellow",
    "low": "blue",
}


class Paper:
    """A console to write a report on."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.ascii = console.options.ascii_only
        self.glyphs = ASCII if self.ascii else Glyphs()
        self.width = min(max(console.width, 40), WIDEST)

    def clean(self, text: str, limit: int = 0) -> str:
        """*text* on one line, harmless."""
        return one_line(text, limit, ascii_only=self.ascii)

    def lines_of(self, text: str) -> list[str]:
        """*text* line by line, harmless."""
        return visible(text.expandtabs(4), ascii_only=self.ascii).splitlines()

    def say(self, text: Text | str = "", style: str = "") -> None:
        """One line as it is; a line too long is the terminal's to break, so that paths can be copied."""
        line = Text(text, style=style) if isinstance(text, str) else text
        self.console.print(line, soft_wrap=True, highlight=False)

    def fit(self, line: Text) -> None:
        """One line, cut at the edge."""
        self.say(self.cut(line, self.width))

    def cut(self, line: Text, cells: int) -> Text:
        """*line* on at most *cells* cells, with a mark where something was left out."""
        if line.cell_len > cells:
            mark = "..." if self.ascii else "…"
            line.truncate(cells - len(mark))
            line.rstrip()
            line.append(mark, "dim")
        return line

    def hang(self, lead: Text, text: Text | str, style: str = "", most: int = 0) -> None:
        """*text* after *lead*, its further lines indented as far; cut after *most* lines where a number is given."""
        body = Text(self.clean(text), style=style) if isinstance(text, str) else text
        room = max(self.width - lead.cell_len, 20)
        rows = list(body.wrap(self.console, room)) or [Text("")]
        if 0 < most < len(rows):
            rows[most - 1].rstrip()
            rows = [*rows[: most - 1], self.cut(Text.assemble(rows[most - 1], " ", rows[most]), room)]
        for number, row in enumerate(rows):
            row.rstrip()
            start = lead if number == 0 else Text(" " * lead.cell_len)
            self.say(Text.assemble(start, row))

    def heading(self, text: str) -> None:
        self.say()
        self.say(text, "bold")

    def frame(self, rows: list[Text], style: str) -> None:
        """*rows* in a frame of the whole width."""
        shape = box.ASCII if self.ascii else box.ROUNDED
        panel = Panel(Text("\n").join(rows), box=shape, border_style=style, width=self.width)
        self.console.print(panel, highlight=False)


class Draft(Paper):
    """Paper whose lines are counted as a terminal shows them, before any of them is printed."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self.rows = 0
        self._laid: list[Callable[[], None]] = []

    def say(self, text: Text | str = "", style: str = "") -> None:
        line = Text(text, style=style) if isinstance(text, str) else text
        self.rows += max(-(-line.cell_len // max(self.console.width, 1)), 1)
        self._laid.append(lambda: super(Draft, self).say(line))

    def frame(self, rows: list[Text], style: str) -> None:
        self.rows += len(rows) + 2
        self._laid.append(lambda: super(Draft, self).frame(rows, style))

    def print(self) -> None:
        """All that was laid down, in order."""
        for lay in self._laid:
            lay()
