"""Tells which instructions of a Dockerfile have an effect on its image."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..facts.containers import Instruction
from ..stages import is_file_elsewhere
from .force import IN_FORCE, Force, void
from .outcomes import of_script, of_words
from .probes import patience

_LAST_COUNTS = frozenset({"CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "USER"})
_EMPTY = re.compile(r"(?:--\S{1,100}\s+)*scratch\b", re.IGNORECASE)
_OPTION = re.compile(r"--([a-z-]{1,30})=(\S{1,60})\s+")


@dataclass(frozen=True)
class Idle:
    """An instruction that has no effect, and why."""

    instruction: Instruction
    force: Force


def of_dockerfile(path: str) -> Force:
    """Whether the Dockerfile at *path* makes an image for production, by its name; one that says nothing may."""
    return void("is not for production, by its name") if is_file_elsewhere(path) else IN_FORCE


def of_instructions(instructions: Sequence[Instruction]) -> Force:
    """Whether the image that the last stage of *instructions* makes has anything in it but texts written beside it."""
    last = max((i.stage for i in instructions), default=0)
    kept = [i for i in instructions if i.stage == last]
    built = any(i.keyword == "FROM" and not _EMPTY.match(i.value) for i in kept)
    given = any(i.keyword in ("COPY", "ADD") and "<<" not in i.value for i in kept)
    return IN_FORCE if built or given or not kept else void("makes an image that no program is put into")


def idle_instructions(instructions: Sequence[Instruction]) -> Iterator[Idle]:
    """
    Those of *instructions* that have no effect, in their order.

    Of some keywords only the last in a stage counts: what stands before is overridden. Users who run something before
    they are replaced are left alone.
    """
    last = {(i.stage, i.keyword): i for i in instructions if i.keyword in _LAST_COUNTS}
    for number, instruction in enumerate(instructions):
        later = last.get((instruction.stage, instruction.keyword), instruction)
        if later is not instruction and not _used(instructions, number):
            yield Idle(instruction, void(f"is overridden at line {later.line}"))
        elif instruction.keyword == "HEALTHCHECK" and not (said := of_healthcheck(instruction.value)):
            yield Idle(instruction, said)


def _used(instructions: Sequence[Instruction], number: int) -> bool:
    """Whether something is run as the user that the instruction at *number* names."""
    if instructions[number].keyword != "USER":
        return False
    for instruction in instructions[number + 1 :]:
        if instruction.stage != instructions[number].stage or instruction.keyword == "USER":
            return False
        if instruction.keyword == "RUN":
            return True
    return False


def of_healthcheck(value: str) -> Force:
    """Whether what follows ``HEALTHCHECK`` finds anything out."""
    options: dict[str, str] = {}
    rest = value.strip()
    while (option := _OPTION.match(rest)) is not None:
        options[option.group(1)] = option.group(2)
        rest = rest[option.end() :]
    keyword, _, command = rest.partition(" ")
    if keyword.upper() == "NONE":
        return void("is switched off")
    if keyword.upper() != "CMD":
        return IN_FORCE
    said = _of_command(command.strip())
    return said and patience(options.get("interval"), options.get("retries"), options.get("start-period"))


def _of_command(command: str) -> Force:
    if command.startswith("["):
        try:
            words = json.loads(command)
        except ValueError:
            words = None
        if isinstance(words, list):
            return of_words(words)
    return of_script(command)
