"""What a script comes to: its commands, each with whether it runs and what its failure stops."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..force import IN_FORCE, Force

MAX_COMMANDS = 2_000
"""Of one script, those of the functions that it calls among them."""


@dataclass(frozen=True, slots=True)
class Manner:
    """
    How a script is run.

    Args:
        errexit: A command that fails ends it (``-e``); else its last command alone says how it ended.
        pipefail: A pipe fails with any of its commands, and not with the last alone.
        macros: ``$(name)`` is a variable of the CI system.
        heeded: The failure of the script as a whole is heeded by whoever runs it.
        powershell: It is no shell of Unix.
    """

    errexit: bool = True
    pipefail: bool = False
    macros: bool = False
    heeded: bool = True
    powershell: bool = False


AS_USUAL = Manner()


@dataclass(frozen=True, slots=True)
class Command:
    """
    One simple command of a script.

    Args:
        text: As it is written, on one line, without what is redirected.
        line: How many lines of the script stand before it.
        force: Whether it runs.
        heeded: Whether its failure makes the script fail.
        words: Its words, None for what is not known before it runs.
        folder: Where it runs, from where the script was started; None where that cannot be told.
        looked_at: What it prints decides whether the script fails.
        instead: The first and the last line of what has to fail before it runs; None where it runs without that.
    """

    text: str
    line: int = 0
    force: Force = IN_FORCE
    heeded: bool = True
    words: tuple[str | None, ...] = ()
    folder: str | None = ""
    instead: tuple[int, int] | None = None
    looked_at: bool = False

    def at(self, line: int) -> Command:
        moved = line - self.line
        instead = (self.instead[0] + moved, self.instead[1] + moved) if self.instead else None
        return replace(self, line=line, instead=instead)


@dataclass(frozen=True, slots=True)
class Script:
    """The commands of a script in the order in which they stand, and what of it nobody could read."""

    commands: tuple[Command, ...] = ()
    unread: tuple[tuple[int, str], ...] = ()
    """Line and reason."""
