"""Turns the text of a script into a syntax tree, with what a CI system fills in first kept out of its way."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ...parsing import loaded

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_BYTES = 20_000
MAX_OPENED = 500
"""Parentheses that are opened: behind a mistake, the parser's time grows with the square of their number."""
MARKS = frozenset(
    {
        "\n",
        *[
            ";",
            ";;",
            "&",
            "{",
            "}",
            "(",
            ")",
            "do",
            "done",
            "then",
            "else",
            "fi",
            "in",
            "esac",
            "comment",
            "if",
            "elif",
        ],
    }
)
"""Nodes that are no statements: what stands between them, and around."""
MAX_NODES = 60_000
MAX_DEPTH = 60

TEMPLATES = re.compile(
    r"\$\{\{.{0,400}?\}\}|\$\[\[.{0,200}?\]\]|<<\s{0,3}[\w.-]{1,100}\s{0,3}>>|(?<!\$)\{\{.{0,200}?\}\}", re.DOTALL
)
"""What GitHub, Azure, GitLab, CircleCI and task runners put a value in the place of, before a shell sees it."""
MACROS = re.compile(r"\$\([A-Za-z][\w.-]{0,100}\)")
"""Azure's way of naming a variable, which a shell would take for a command."""


_ASSIGNED = re.compile(r"^[ \t]*\w+=[^\s;&|()\"'`\\]*(?:[ \t]+\w+=[^\s;&|()\"'`\\]*)+$", re.MULTILINE)
_BETWEEN = re.compile(r"[ \t](?=\w+=)(?<=\S[ \t])")
"""Several assignments on a line, which the parser takes for the beginning of the command on the next."""
_NEGATED = re.compile(r"(?:^|[\s;&|])! \{(?=\s)")
_MAX_GROUP = 4_000


class Text:
    """A script as it was written, and its tree, in which each template is a variable of the same length."""

    def __init__(self, script: str, macros: bool = False) -> None:
        filled = _grouped(TEMPLATES.sub(_variable, script))
        if macros:
            filled = MACROS.sub(_variable, filled)
        self._written = script.encode("utf-8", "replace")
        self._filled = filled.encode("utf-8", "replace")
        self.fits = len(self._filled) <= MAX_BYTES and self._filled.count(b"(") <= MAX_OPENED

    def parse(self) -> Node:
        """The tree of the whole script; only where it :attr:`fits`."""
        return _parser().parse(self._filled).root_node

    def of(self, node: Node) -> str:
        """What was written where *node* stands."""
        return self._written[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def filled(self, node: Node) -> str:
        """What stands there for the shell, with templates as variables."""
        return self._filled[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _grouped(script: str) -> str:
    """*script* with what the parser cannot read in words that it can: groups that are negated, several assignments."""
    script = _ASSIGNED.sub(lambda line: _BETWEEN.sub(";", line[0]), script)
    if "! {" not in script:
        return script
    signs = list(script)
    for found in _NEGATED.finditer(script):
        depth, at = 0, found.end() - 1
        while at < min(len(script), found.end() + _MAX_GROUP):
            if script.startswith("${", at):
                at = max(script.find("}", at), at)
            elif script[at] == "{":
                depth += 1
            elif script[at] == "}":
                depth -= 1
                if not depth:
                    signs[found.end() - 1], signs[at] = "(", ")"
                    break
            at += 1
    return "".join(signs)


def is_template(name: str) -> bool:
    """Whether a variable of this *name* stands for a template."""
    return set(name) == {"_"}


def _variable(found: re.Match[str]) -> str:
    """As many bytes as the template has, so that places stay what they are."""
    size = len(found[0].encode("utf-8", "replace"))
    breaks = found[0].count("\n")
    return "${" + "_" * (size - 3 - breaks) + "}" + "\n" * breaks


@cache
def _parser() -> Parser:
    from tree_sitter import Parser

    return Parser(loaded("tree_sitter_bash", "language"))
