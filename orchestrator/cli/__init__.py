"""The cli room: words typed at a prompt."""

from __future__ import annotations

import sys


def main() -> None:
    """The ``gonogo`` command."""
    if sys.argv[1:] == ["--version"]:
        from orchestrator import __version__

        print(f"gonogo {__version__}")  # noqa: T201  # answered before anything is imported
        return
    from . import _stopping

    _stopping.at_once()
    from .app import run

    run()
