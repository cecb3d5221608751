"""Reads what one file of C# says of routes and guards."""

from __future__ import annotations

from ...inforce.code.syntax import Syntax
from ..program import Runs
from ..summary import Summary
from .controllers import mapped
from .csharp import CSharp
from .endpoints import declare
from .unit import Unit


def read_csharp(path: str, syntax: Syntax, runs: Runs) -> Summary:
    """
    What the file at *path* says.

    Args:
        path: Where it stands.
        syntax: Its syntax.
        runs: What is in force of it; what is not declares nothing.
    """
    unit = Unit(path)
    file = CSharp(syntax, unit, runs)
    unit.types = file.types
    unit.constants.update(file.constants())
    unit.refusing = file.refusing
    for type_ in unit.types:
        for method in type_.methods:
            unit.mapped += [one for one in mapped(type_, method) if runs(one.start, one.line, True)]
    declare(file, unit)
    return unit
