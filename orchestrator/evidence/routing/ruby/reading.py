"""Reads what one file of Ruby says of routes, classes and filters."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...inforce.code.syntax import Syntax
from ..program import Program, Runs
from ..summary import Summary
from ..untold import Untold
from . import drawing, sinatra
from .classes import Classes, classes


@dataclass(slots=True)
class RubyFile:
    """All of it for one file."""

    path: str
    classes: Classes
    drawn: drawing.Drawing
    apps: list[sinatra.App] = field(default_factory=list)

    @property
    def untold(self) -> list[Untold]:
        """Forms that may declare routes, and are not understood."""
        return self.drawn.untold


def read_ruby(path: str, syntax: Syntax, runs: Runs) -> RubyFile:
    """
    What the file at *path* says.

    Args:
        path: Where it stands.
        syntax: Its syntax.
        runs: What is in force of it; what is not declares nothing.
    """
    program = Program(syntax, Summary(path), runs)
    return RubyFile(path, classes(program, path), drawing.draw(program, path), sinatra.apps(program))
