"""Walks through a script as a shell does, and says of each command whether it runs and what its failure stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..force import IN_FORCE, Force
from .syntax import MAX_BYTES, Text
from .walk import Found, Walk
from .words import given

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
    """

    text: str
    line: int = 0
    force: Force = IN_FORCE
    heeded: bool = True
    words: tuple[str | None, ...] = ()
    folder: str | None = ""

    def at(self, line: int) -> Command:
        return replace(self, line=line)


@dataclass(frozen=True, slots=True)
class Script:
    """The commands of a script in the order in which they stand, and what of it nobody could read."""

    commands: tuple[Command, ...] = ()
    unread: tuple[tuple[int, str], ...] = ()
    """Line and reason."""


def read(script: str, manner: Manner = Manner(), variables: Mapping[str, str] = {}, folder: str = "") -> Script:
    """
    The commands of *script*.

    Args:
        script: Its text.
        manner: How it is run.
        variables: Those that are set when it begins; ``"1"`` and so on are its arguments.
        folder: Where it is started.
    """
    if manner.powershell:
        from . import powershell

        return powershell.read(script)
    text = Text(script, manner.macros)
    if not text.fits:
        return Script(unread=((0, f"is longer than the {MAX_BYTES:,} bytes that are read, or too involved"),))
    walk = Walk(text, manner.errexit, manner.pipefail, {name: given(said) for name, said in variables.items()}, folder)
    try:
        walk.through(text.parse(), manner.heeded)
    except RecursionError:
        return Script(unread=((0, "is nested too deeply"),))
    return Script(tuple(_command(found) for found in walk.found[:MAX_COMMANDS]), tuple(walk.unread))


def _command(found: Found) -> Command:
    return Command(found.text, found.line, found.force, found.heeded, found.words, found.folder)


def read_together(
    scripts: Sequence[str], manner: Manner = Manner(), variables: Mapping[str, str] = {}, folder: str = ""
) -> list[Script]:
    """
    The commands of *scripts* that one shell runs one after the other: ``exit`` in one keeps the next from running.

    Where they are too long to be read together, each is read by itself.
    """
    whole = read("\n".join(scripts), manner, variables, folder)
    if len(scripts) == 1:
        return [whole]
    if whole.unread and not whole.commands:
        return [read(script, manner, variables, folder) for script in scripts]
    ends: list[int] = []
    for script in scripts:
        ends.append((ends[-1] if ends else 0) + script.count("\n") + 1)
    found = []
    begin = 0
    for end in ends:
        found.append(
            Script(
                tuple(c.at(c.line - begin) for c in whole.commands if begin <= c.line < end),
                tuple((line - begin, why) for line, why in whole.unread if begin <= line < end),
            )
        )
        begin = end
    return found
