"""Follows commands that call a script, a target or a task of the tree to the commands that these run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import islice

from ...domain.fact import Aside
from ..asides import Asides
from ..facts.files import Files
from ..facts.pipelines import CiCommand
from ..inforce import rehearsals
from ..inforce.shell import plain, read
from ..tree import FileEntry, SourceFile
from ..works.kinds import kinds_named
from ._called import Called, Texts
from ._called_composer import of_composer
from ._called_makes import Makes
from ._called_packages import MANAGERS, Packages
from ._called_scripts import of_script
from ._called_tasks import TASKFILE, of_task
from .ci._running import fallen, matters

MAX_BYTES = 200_000
"""Of one script; a longer one is not followed."""
MAX_IN_ALL = 8_000_000
MAX_DEPTH = 6
MAX_COMMANDS = 150
"""Of one step, in scripts."""
MAX_FOLLOWED = 4_000
_MAKEFILE = re.compile(r"(?:GNU)?[Mm]akefile(?:\.[\w-]+)*|.*\.mk|make\.inc")
_SHELL_SUFFIXES = (".sh", ".bash", ".bats", ".ksh", ".zsh")
_JUSTFILE = re.compile(r"\.?[Jj]ustfile|.*\.just")
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
"""What programs of the tree are called that have no suffix; its first line tells whether one is a script."""
_KAMAL = re.compile(r"\bkamal (?:-\S+ )*(?:deploy|redeploy|setup)\b")
_HOOKS = (".kamal/hooks/pre-deploy", ".kamal/hooks/post-deploy")
"""What Kamal runs before and after each deployment."""
_PREFIXES = frozenset(
    {"sudo", "env", "time", "nice", "nohup", "exec", "command", "xvfb-run", "retry", "dotenv", "stdbuf"}
)


class Scripts:
    """The texts of what commands can call, kept within bounds until the pipelines are known."""

    def __init__(self) -> None:
        self._texts = Texts()
        self._makes = Makes(self._texts)
        self._packages = Packages(self._texts)
        self._size = 0
        self._followed = 0
        self._noted: set[Aside] = set()

    @staticmethod
    def wants(file: FileEntry) -> bool:
        """Whether *file* can hold commands that are called."""
        name = file.name
        if file.role == "vendored" or file.size > MAX_BYTES:
            return False
        if name in ("package.json", "composer.json") and (file.role == "example" or file.is_set_aside):
            return False  # its scripts are called without a path, and may be another's of the same name
        return (
            name.endswith(_SHELL_SUFFIXES)
            or name in ("package.json", "composer.json")
            or (("akefile" in name or name.endswith((".mk", ".inc"))) and _MAKEFILE.fullmatch(name) is not None)
            or TASKFILE.fullmatch(name) is not None
            or _JUSTFILE.fullmatch(name) is not None
            or (not file.suffix and file.language in ("shell", "") and _PLAIN.fullmatch(name) is not None)
        )

    def take(self, source: SourceFile) -> None:
        """Keep *source*, while there is room."""
        if self._size + len(source.data) > MAX_IN_ALL:
            return
        plain_name = not source.file.suffix and not re.search(
            r"[MJT](?:ake|ust|ask)file", source.file.name, re.IGNORECASE
        )
        if plain_name and not re.match(rb"#!.*\b(?:ba|da|z|k|a)?sh\b", source.data[:200]):
            return
        self._size += len(source.data)
        self._texts.of[source.path] = source.text

    def follow(self, commands: Sequence[CiCommand], files: Files, where: str, idle: Asides) -> tuple[CiCommand, ...]:
        """*commands*, each that calls something of the tree with what that runs behind it."""
        if not self._texts.paths:
            self._texts.paths = frozenset(entry.path for entry in files.entries)
        told: list[CiCommand] = []
        waiting = [(command, 0, frozenset[str]()) for command in reversed(commands)]
        room = len(commands) + MAX_COMMANDS
        while waiting and len(told) < room:
            command, depth, above = waiting.pop()
            found = self._called(command) if depth < MAX_DEPTH else None
            if found is None:
                told.append(command)
                if depth < MAX_DEPTH and _KAMAL.search(plain(command.text)):
                    hooks = [one for hook in _HOOKS for one in self._hooked(command, hook, idle)]
                    waiting.extend((one, depth + 1, above) for one in reversed(hooks))
                continue
            told.append(command.model_copy(update={"calls": found.state}))
            if found.state != "followed" or found.key in above or self._followed > MAX_FOLLOWED:
                continue
            inner = list(islice(self._within(command, found, idle), MAX_COMMANDS))
            self._followed += len(inner)
            waiting.extend((one, depth + 1, above | {found.key}) for one in reversed(inner))
        return tuple(told)

    def _hooked(self, command: CiCommand, hook: str, idle: Asides) -> list[CiCommand]:
        """What a tool runs of the tree beside its own work, whoever asks it to deploy."""
        found = of_script(self._texts, [hook], "") if hook in self._texts.of else None
        return list(islice(self._within(command, found, idle), MAX_COMMANDS)) if found else []

    def _within(self, outer: CiCommand, called: Called, idle: Asides) -> Iterator[CiCommand]:
        for part in called.parts:
            script = read(part.text, part.manner, part.variables, part.folder or "")
            for command in script.commands:
                does = rehearsals.of_command(plain(command.text), command.words) if command.force else command.force
                line = part.line + command.line
                if does:
                    yield CiCommand(
                        text=command.text,
                        line=line,
                        path=part.path,
                        heeded=outer.heeded and command.heeded,
                        looked_at=command.looked_at,
                        instead=fallen(command, part.line, part.path) or outer.instead,
                        folder="?"
                        if command.folder is None or (outer.folder == "?" and not part.folder)
                        else command.folder,
                    )
                elif matters(command.text):
                    what = f"`{command.text[:120]}`"
                    about = kinds_named(command.text)
                    aside = Aside(
                        path=part.path, line=line, what=what, reason=does.reason, about=about, void=does.is_void
                    )
                    if aside not in self._noted:
                        self._noted.add(aside)
                        idle.add(aside)

    def _called(self, command: CiCommand) -> Called | None:
        """What of the tree *command* calls; None where it calls nothing of it."""
        words = _words(command.text)
        while words and (words[0] in _PREFIXES or re.fullmatch(r"\w+=.*", words[0], re.DOTALL)):
            words = words[1:]
            while words and words[0].startswith("-"):
                words = words[1:]
        if not words:
            return None
        program = words[0].rpartition("/")[2]
        if program in ("make", "gmake"):
            return self._makes.of_make(words[1:], command.folder)
        if program in MANAGERS:
            return self._packages.of_manager(program, words[1:], command.folder)
        if program in ("run-s", "run-p", "npm-run-all"):
            return self._packages.named([w for w in words[1:] if not w.startswith("-")], command.folder, (), False)
        if program in ("turbo", "lerna", "nx"):
            return self._packages.of_monorepo(program, words[1:])
        if program == "composer":
            return of_composer(self._texts, words[1:], command.folder)
        if program == "just":
            return self._makes.of_just(words[1:], command.folder)
        if program == "task":
            return of_task(self._texts, words[1:], command.folder)
        return of_script(self._texts, words, command.folder)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)[:60]
    except ValueError:
        return text.split()[:60]
