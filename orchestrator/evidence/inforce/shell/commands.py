"""Walks through a script as a shell does, and says of each command whether it runs and what its failure stops."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from . import powershell
from .script import AS_USUAL, MAX_COMMANDS, Command, Manner, Script
from .syntax import MAX_BYTES, Text
from .walk import Walk
from .ways import Found
from .words import given


def read(script: str, manner: Manner = AS_USUAL, variables: Mapping[str, str] = {}, folder: str = "") -> Script:
    """
    The commands of *script*.

    Args:
        script: Its text.
        manner: How it is run.
        variables: Those that are set when it begins; ``"1"`` and so on are its arguments.
        folder: Where it is started.
    """
    if manner.powershell:
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
    return Command(
        found.text,
        found.line,
        found.force,
        found.heeded,
        found.words,
        found.folder,
        found.instead,
        found.looked_at,
    )


def read_together(
    scripts: Sequence[str], manner: Manner = AS_USUAL, variables: Mapping[str, str] = {}, folder: str = ""
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
    ends = list(accumulate(script.count("\n") + 1 for script in scripts))
    begins = [0, *ends]
    parts: list[tuple[list[Command], list[tuple[int, str]]]] = [([], []) for _ in scripts]
    for command in whole.commands:
        number = min(bisect_right(ends, command.line), len(parts) - 1)
        parts[number][0].append(command.at(command.line - begins[number]))
    for line, why in whole.unread:
        number = min(bisect_right(ends, line), len(parts) - 1)
        parts[number][1].append((line - begins[number], why))
    return [Script(tuple(commands), tuple(unread)) for commands, unread in parts]
