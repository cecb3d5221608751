"""Walks through the commands of a script: its functions, what the shell does itself, and programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..chance import Chance
from ..force import void
from . import conditions
from .folders import joined
from .heeding import WORDS_ONLY, Heeding
from .nested import Nested
from .ways import Found, Place, Way
from .words import RUN, Value, resolve

if TYPE_CHECKING:
    from tree_sitter import Node

_SUCCEED = frozenset(
    {"true", ":", "echo", "printf", "export", "set", "shift", "local", "declare", "readonly", "trap", "wait"}
)
_MAX_CALLS = 8


class Programs(Heeding, Nested):
    """What is run, and what that changes for what follows."""

    def _command(self, node: Node, way: Way, place: Place) -> Chance:
        for child in node.children:
            if child.type == "variable_assignment" or child.named_child_count:
                self._inner(child, way)
        parts = [
            c for c in node.children if c.type not in ("variable_assignment", "file_redirect", "herestring_redirect")
        ]
        if any(c.type == "ERROR" or c.is_missing for c in node.children):
            self._mistake(node)
        values = [resolve(c, self.text, self.variables) for c in parts if c.type not in ("<<<", ">")]
        if not values:
            return Chance.RUNTIME
        program = (values[0].text or "").rpartition("/")[2]
        if values[0].text is None and self.text.filled(parts[0]).strip("\"'") in ("$@", "$1", "${1}", "$*"):
            self._dispatches = True
        if program in self._functions:
            return self._call(program, values, way, place)
        end = self._builtin(program, values, node, way, place)
        if end is not None:
            return end
        self._told(program, parts, values, way, place)
        self._note(node, parts, values, way, place)
        return Chance.RUNTIME

    def _builtin(self, program: str, values: list[Value], node: Node, way: Way, place: Place) -> Chance | None:
        """The end of what the shell does itself; None for any other program."""
        rest = [v.text or "" for v in values[1:]]
        if program in ("exit", "exec", "return"):
            if program == "exec" and (not rest or rest[0].startswith("-")):
                return Chance.ALWAYS
            if program == "exec":
                self._note(node, list(node.children)[1:], values[1:], way, place)
            fails = bool(rest) and rest[0].isdigit() and int(rest[0][:5]) % 256 != 0
            if not fails or way.chance is Chance.ALWAYS:  # one that fails is seen: it keeps nobody in the dark
                self._end(" ".join([program, *rest])[:40], way)
            return (
                Chance.NEVER if fails else Chance.ALWAYS if program != "exec" and rest[:1] == ["0"] else Chance.RUNTIME
            )
        if program in ("test", "["):
            words = values[1:-1] if program == "[" else values[1:]
            return conditions.of_words(words)
        if program == "set":
            self._set(rest, way)
        elif program == "cd" or program == "pushd":
            self._enter(values[1] if len(values) > 1 else RUN, way)
            return Chance.RUNTIME
        elif program in ("read", "mapfile", "readarray", "getopts", "local", "declare", "typeset"):
            self.variables.update({word: RUN for word in rest if re.fullmatch(r"[A-Za-z_]\w*", word)})
        elif program == "trap" and rest and way.chance is not Chance.NEVER:
            self._trapped.append(rest[0])
        if program in WORDS_ONLY:
            if program != "true" and program != "false":
                what = "only prints its words" if program in ("echo", "printf") else "is passed over: `:` does nothing"
                self.found.append(Found(self._written(node), self._line(node), void(what), False, (), self.folder))
            return Chance.NEVER if program == "false" else Chance.ALWAYS
        return Chance.ALWAYS if program in _SUCCEED else None

    def _end(self, said: str, way: Way) -> None:
        """From here on, what follows is reached only if *way* did not lead here."""
        if way.chance > Chance.NEVER:
            self._after = self._after.through(way.chance.opposite, f"comes after `{said}`")

    def _set(self, words: list[str], way: Way) -> None:
        if way.chance is Chance.NEVER:
            return
        previous = ""
        for word in words:
            if re.fullmatch(r"[-+][a-zA-Z]+", word):
                on = word[0] == "-"
                if "e" in word[1:]:
                    self.errexit = on
            if word in ("pipefail", "errexit") and previous[-1:] == "o":
                if word == "pipefail":
                    self.pipefail = previous[0] == "-"
                else:
                    self.errexit = previous[0] == "-"
            previous = word

    def _enter(self, folder: Value, way: Way) -> None:
        if way.chance is Chance.NEVER:
            return
        if self.folder is None or folder.text is None or folder.text == "-":
            self.folder = None
        else:
            self.folder = joined(self.folder, folder.text)

    def _call(self, name: str, values: list[Value], way: Way, place: Place) -> Chance:
        self._called.add(name)
        if name in self._calls or len(self._calls) >= _MAX_CALLS:
            return Chance.RUNTIME
        before, arguments = self._after, {k: v for k, v in self.variables.items() if k.isdigit()}
        for key in arguments:
            del self.variables[key]
        self.variables.update({str(n): value for n, value in enumerate(values[1:10], 1)})
        self._calls.append(name)
        chance = self._sequence(self._functions[name].children[-1:], way, place)
        self._calls.pop()
        for key in [k for k in self.variables if k.isdigit()]:
            del self.variables[key]
        self.variables.update(arguments)
        if self._after.reason.startswith("comes after `return"):
            self._after = before
        return chance

    def _assignment(self, node: Node, way: Way, place: Place) -> Chance:
        for assigned in [node, *node.children]:
            if assigned.type != "variable_assignment" or way.chance is Chance.NEVER:
                continue
            name = self.text.of(assigned.children[0])
            value = assigned.children[-1] if len(assigned.children) > 2 else None
            inside = way.chance < Chance.ALWAYS or bool(self._calls)
            known = RUN if value is None else resolve(value, self.text, self.variables)
            if value is not None and value.type in ("command_substitution", "arithmetic_expansion", "array"):
                known = RUN
            self.variables[name] = RUN if inside and known.text is not None else known
        names = [self.text.of(c.children[0]) for c in (node, *node.children) if c.type == "variable_assignment"]
        self._inner(node, way, place.heeded, any(self._is_tested(node, name) for name in names))
        found = any(c.type == "command_substitution" for a in [node, *node.children] for c in a.children)
        return Chance.RUNTIME if found else Chance.ALWAYS
