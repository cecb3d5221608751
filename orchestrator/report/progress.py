"""Follows a run while it goes on: events in, either a live tree or one plain line per change out."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.live import Live

from ._lines import Lines
from ._tree import Tree
from .events import Event


class Progress:
    """
    Follows a run on the standard error stream.

    Args:
        console: Where to; made by the caller for stderr.
        live: Redraw a tree in place. Colour and a terminal do not switch this on: only the caller does.
        stays: Leave the last tree standing; else it is gone when the run is over, and makes room for the result.
    """

    def __init__(self, console: Console, *, live: bool = False, stays: bool = False) -> None:
        self.tree = Tree(console) if live else None
        self._lines = None if live else Lines(console)
        self._live: Live | None = None
        if self.tree is not None:
            self._live = Live(
                self.tree,
                console=console,
                refresh_per_second=8,
                redirect_stdout=False,
                redirect_stderr=False,
                transient=not stays,
            )

    def __enter__(self) -> Progress:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def feed(self, event: Event) -> None:
        """Take one event, in the order in which things happened."""
        for renderer in (self.tree, self._lines):
            if renderer is not None:
                renderer.feed(event)
