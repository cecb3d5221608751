"""Reads what one file of Java or Kotlin says of routes and guards."""

from __future__ import annotations

from ...inforce.code.syntax import Syntax
from ..program import Runs
from ..summary import Summary
from .chains import chains
from .declaring import Unit, declare
from .languages import Java, Jvm, Kotlin


def read_java(path: str, syntax: Syntax, runs: Runs) -> Summary:
    """
    What the file of Java at *path* says.

    Args:
        path: Where it stands.
        syntax: Its syntax.
        runs: What is in force of it; what is not declares nothing.
    """
    return _read(Java, path, syntax, runs)


def read_kotlin(path: str, syntax: Syntax, runs: Runs) -> Summary:
    """The same of a file of Kotlin."""
    return _read(Kotlin, path, syntax, runs)


def _read(kind: type[Jvm], path: str, syntax: Syntax, runs: Runs) -> Summary:
    unit = Unit(path)
    file = kind(syntax, unit, runs)
    declare(file, unit)
    unit.chains += chains(file)
    return unit
