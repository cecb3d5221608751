"""Options that several commands have in common."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click
from rich.console import Console

if TYPE_CHECKING:
    from ..journal.record import Record

F = TypeVar("F", bound=Callable[..., Any])

runs_option = click.option(
    "--runs",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs"),
    show_default=True,
    envvar="GONOGO_RUNS",
    help="Folder of recorded runs.",
)
log_option = click.option(
    "--log",
    type=click.Choice(["debug", "info", "warning"]),
    default=None,
    envvar="GONOGO_LOG",
    help="Diagnostics on standard error, for those who debug gonogo.",
)
color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="When to use colour; NO_COLOR and FORCE_COLOR are respected.",
)


def format_option(*formats: str) -> Callable[[F], F]:
    """``--format`` with *formats*, the first being the default."""
    return click.option(
        "--format", "format_", type=click.Choice(formats), default=formats[0], show_default=True, help="What to print."
    )


def console(color: str = "auto", *, stderr: bool = False) -> Console:
    """A console that decides colour by *color*, then NO_COLOR, FORCE_COLOR and whether it is a terminal."""
    stream = sys.stderr if stderr else sys.stdout
    terminal = on_terminal(stream)
    colour = terminal or bool(os.environ.get("FORCE_COLOR"))
    if os.environ.get("NO_COLOR") or color == "never":
        colour = False
    elif color == "always":
        colour = True
    columns = os.environ.get("COLUMNS", "")
    width = None if terminal else max(int(columns), 20) if columns.isdecimal() and len(columns) < 5 else 100
    return Console(
        file=stream,
        force_terminal=colour or None,
        no_color=not colour,
        highlight=False,
        width=width,
        color_system="auto" if colour else None,
    )


def note_unknown(record: Record, color: str) -> None:
    """Say on standard error what of *record*, as far as it was read, this version does not know."""
    from ..audit.replay import unknown
    from ..report.visible import one_line

    if said := one_line(unknown(record), 400):
        console(color, stderr=True).print(f"note: {record.name}: {said}", markup=False, soft_wrap=True)


def on_terminal(stream: TextIO) -> bool:
    """Whether what is written to *stream* can be drawn over."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write(text: str) -> None:
    """*text* to standard output as UTF-8, whatever the locale says."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
