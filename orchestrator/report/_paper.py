"""Lays lines out for the terminal: width, glyphs and indents, and nothing that it would interpret."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
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
        if line.cell_len > self.width:
            mark = "..." if self.ascii else "…"
            line.truncate(self.width - len(mark))
            line.append(mark, "dim")
        self.say(line)

    def hang(self, lead: Text, text: Text | str, style: str = "") -> None:
        """*text* after *lead*, its further lines indented as far."""
        body = Text(self.clean(text), style=style) if isinstance(text, str) else text
        room = max(self.width - lead.cell_len, 20)
        rows = body.wrap(self.console, room) or [Text("")]
        for number, row in enumerate(rows):
            row.rstrip()
            start = lead if number == 0 else Text(" " * lead.cell_len)
            self.say(Text.assemble(start, row))

    def heading(self, text: str) -> None:
        self.say()
        self.say(text, "bold")
