"""Tells of a step which of its commands run, and notes the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from ....domain.fact import Aside
from ....redaction import cut
from ...facts.pipelines import KINDS_OF_WORK, CiCommand, CiStep, Fallen
from ...inforce import rehearsals
from ...inforce.force import Force
from ...inforce.shell import Command, Manner, Script, plain, read_together
from ...works.kinds import kinds_below, kinds_named

ELSEWHERE = "which is not in the tree"
"""Why it cannot be told what a part of a pipeline does that others keep."""
MAX_COMMANDS = 300
MAX_LINES = 30_000
"""Of scripts in one file, each as often as a job takes it over from another one."""
_PLUMBING = re.compile(
    r"(?:\w+=\S*\s+)*(?:sudo\s+)?(?:echo|printf|:|true|false|cat|cp|mv|rm|mkdir|ls|tar|zip|unzip|sed|awk|grep|egrep|head|tail|cut|tr|"
    r"sort|uniq|wc|find|xargs|tee|date|sleep|basename|dirname|realpath|readlink|pwd|touch|chmod|chown|ln|which|command|type|"
    r"env|id|whoami|hostname|uname|git(?!\s+(?:-\S+\s+)*push)|jq|yq|read|eval|kill|pkill|df|du|free|ps|apt-get|apt|apk|brew|dnf|yum|"
    r"pip3?|gpg|openssl|ssh-agent|ssh-add|ssh-keyscan|diff|cmp|md5sum|sha256sum|base64|seq|expr|let|test|source|\.)(?![\w.-])"
)
"""Programs that every script is full of: nobody misses one that does not run."""


def matters(command: str) -> bool:
    """Whether it is worth a note that *command* is not in force."""
    return _PLUMBING.match(command) is None or re.match(r":\s+[\w.]", command) is not None


class Notes:
    """What of one file is set aside, and why."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Aside] = []
        self.room = MAX_LINES
        """Lines of scripts that are still read; nothing below it when there are none."""

    def takes(self, steps: Sequence[CiStep]) -> bool:
        """Whether there is room for the scripts of *steps*; the first for which there is none are said."""
        if self.room <= 0:
            return False
        self.room -= sum(step.run.count("\n") + 1 for step in steps)
        if self.room <= 0:
            why = f"is beyond the {MAX_LINES:,} lines of scripts that are read of one file"
            self.found.append(
                Aside(path=self.path, line=steps[0].line, what="a script", reason=why, about=KINDS_OF_WORK, void=False)
            )
        return self.room > 0

    def add(self, what: str, force: Force, line: int, body: Any = None) -> None:
        """Set aside *what*, which is not in force; *body* is what would have been run."""
        about = kinds_named(what.strip("`")) if what.startswith("`") else kinds_below(body)
        self.found.append(
            Aside(path=self.path, line=line, what=what, reason=force.reason, about=about, void=force.is_void)
        )


def addresses(env: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the variables that tell tests which address to ask, but those that name the machine at hand."""
    return tuple(
        name
        for name, value in env.items()
        if _ADDRESS.fullmatch(name) and _SOMEWHERE.match(value) and not _HERE.search(value)
    )[:_MOST_ADDRESSES]


_ADDRESS = re.compile(
    r"(?:\w{1,30}_)?(?:BASE|BASE_?URL|BASE_?URI|TARGET|TARGET_?URL|SITE|SITE_?URL|APP_?URL|SERVICE_?URL|PUBLIC_?URL|API_?URL|API_?BASE|"
    r"ROOT_?URL|HOST_?URL|E2E_?URL|SMOKE_?URL|TEST_?URL|DEPLOY(?:ED|MENT)?_?URL|ENDPOINT)|(?:BASE|E2E|SMOKE|TEST)_?HOST|URL|HOST|ORIGIN",
    re.IGNORECASE,
)
_SOMEWHERE = re.compile(r"\s*(?:https?://|\$|<<|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[:/]|\s*$))", re.IGNORECASE)
_HERE = re.compile(r"localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0")
_MOST_ADDRESSES = 5


def fallen(command: Command, begins: int, path: str = "") -> Fallen | None:
    """What of a script whose first line is *begins* has to fail before *command* runs."""
    if command.instead is None:
        return None
    return Fallen(path=path, first=begins + command.instead[0], last=begins + command.instead[1])


def shell(step: CiStep, manner: Manner, notes: Notes, env: Mapping[str, str] = {}, folder: str = "") -> CiStep:
    """*step* with its commands, which a shell runs in this *manner*."""
    return together([step], manner, notes, env, folder)[0]


def together(
    steps: Sequence[CiStep], manner: Manner, notes: Notes, env: Mapping[str, str] = {}, folder: str = ""
) -> list[CiStep]:
    """*steps* with their commands, which one shell runs in this *manner*, one after the other."""
    if not steps:
        return []
    if not notes.takes(steps):
        return [step.model_copy(update={"commands_told": ()}) for step in steps]
    scripts = read_together([step.run for step in steps], manner, env, folder)
    asked = addresses(env)
    told = [_with(step, script, notes) for step, script in zip(steps, scripts, strict=True)]
    return [step.model_copy(update={"addresses": asked}) for step in told] if asked else told


def one_command(step: CiStep, text: str) -> CiStep:
    """*step*, which runs the one command *text*."""
    words = tuple(text.split())
    told = (CiCommand(text=text, line=step.line),) if text and rehearsals.of_command(plain(text), words) else ()
    return step.model_copy(update={"commands_told": told})


def unread(step: CiStep, notes: Notes, why: str) -> CiStep:
    """*step*, whose commands cannot be told."""
    notes.found.append(
        Aside(path=notes.path, line=step.line, what="a step", reason=why, about=KINDS_OF_WORK, void=False)
    )
    return step.model_copy(update={"commands_told": ()})


def _with(step: CiStep, script: Script, notes: Notes) -> CiStep:
    told: list[CiCommand] = []
    for command in islice(script.commands, MAX_COMMANDS):
        force = rehearsals.of_command(plain(command.text), command.words) if command.force else command.force
        line = step.line + command.line
        if force:
            folder = "?" if command.folder is None else command.folder
            told.append(
                CiCommand(
                    text=command.text,
                    line=line,
                    heeded=command.heeded and step.heeded,
                    folder=folder,
                    instead=fallen(command, step.line),
                    looked_at=command.looked_at,
                )
            )
        elif matters(command.text) and not force.reason.startswith("only says what it is"):
            notes.add(f"`{cut(command.text, 120)}`", force, line)
    for line, why in script.unread[:1]:
        aside = Aside(
            path=notes.path, line=step.line + line, what="a script", reason=why, about=KINDS_OF_WORK, void=False
        )
        notes.found.append(aside)
    return step.model_copy(update={"commands_told": tuple(told)})
