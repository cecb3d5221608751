"""Walks through scripts within a script: what a shell is told behind ``-c`` or in a heredoc."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .standing import Standing
from .syntax import MAX_DEPTH, Text
from .ways import Found, Place, Way
from .words import Value

if TYPE_CHECKING:
    from tree_sitter import Node

_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ash", "ksh"})
_TOLD_WHAT_TO_RUN = frozenset({"eval", "ssh", "concurrently", "start-server-and-test"})
_RUNS_NEXT = re.compile(r"-[a-z]*c|--(?:run|command|cmd|shell-command)")


class Nested(Standing):
    """What a program is told to run."""

    def _told(self, program: str, parts: list[Node], values: list[Value], way: Way, place: Place) -> None:
        """What a program is told to run: the script behind ``-c``, the commands of ``concurrently``."""
        for before, part, value in zip([None, *values], parts, values, strict=False):
            if value.text is None and part.type != "string":
                continue
            script = value.text if value.text is not None else self.text.of(part)[1:-1]
            flag = before is not None and before.text is not None and _RUNS_NEXT.fullmatch(before.text)
            several = re.search(r"\s", script) is not None
            if part is not parts[0] and (
                (flag and (several or program in _SHELLS)) or (several and program in _TOLD_WHAT_TO_RUN)
            ):
                self._script(script, self._line(part), way, place)

    def _heredoc(self, command: Node, node: Node, way: Way, place: Place) -> None:
        """What a shell is told in a heredoc is a script; to any other program it is text."""
        for child in node.children:
            if child.type in ("pipeline", "list", "command", "redirected_statement"):
                self._visit(child, way, place)
            elif child.type == "heredoc_body":
                self._inner(child, way)
        words = self.text.of(command).split()
        program = words[0].rpartition("/")[2] if words else ""
        if (program in _SHELLS and all(w.startswith("-") for w in words[1:])) or program == "ssh":
            body = next((c for c in node.children if c.type == "heredoc_body"), None)
            if body is not None:
                self._script(self.text.of(body), self._line(body), way, place)

    def _script(self, script: str, line: int, way: Way, place: Place) -> None:
        """Walk through a script within the script."""
        text = Text(script)
        if not text.fits or self._depth > MAX_DEPTH // 2:
            self.unread.append((line, "is a script in a script that is too long"))
            return
        inner = type(self)(text, False, False, dict(self.variables), self.folder)
        inner._depth = self._depth + 5
        inner.through(text.parse(), place.heeded)
        outer = self._instead[-1] if self._instead else None
        for found in inner.found:
            force = found.force if found.force.state <= way.force.state else way.force
            self.found.append(
                Found(
                    found.text,
                    line + found.line,
                    force,
                    found.heeded and place.heeded,
                    found.words,
                    found.folder,
                    (line + found.instead[0], line + found.instead[1]) if found.instead else outer,
                    found.looked_at,
                )
            )
        self.unread.extend((line + at, why) for at, why in inner.unread)
