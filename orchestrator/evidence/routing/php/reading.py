"""Reads what one file of PHP says of routes, classes and what stands before them."""

from __future__ import annotations

from typing import NamedTuple

from ...inforce.code.syntax import Syntax
from ..program import Program, Runs
from ..summary import Summary
from ..untold import Untold
from .chains import Chains, chains
from .classes import Classes, classes
from .declared import Attributed, attributed
from .names import Names


class PhpFile(NamedTuple):
    """All of it for one file."""

    path: str
    classes: Classes
    chains: Chains
    attributed: list[Attributed]

    @property
    def untold(self) -> list[Untold]:
        """Forms that may declare routes, and are not understood."""
        return self.chains.untold


def read_php(path: str, syntax: Syntax, runs: Runs) -> PhpFile:
    """
    What the file at *path* says.

    Args:
        path: Where it stands.
        syntax: Its syntax.
        runs: What is in force of it; what is not declares nothing.
    """
    names = Names(Program(syntax, Summary(path), runs))
    return PhpFile(path, classes(names), chains(names), attributed(names))
