"""Reads what one file of Go says of routes and guards."""

from __future__ import annotations

from ...inforce.code.syntax import Syntax
from ..program import Runs
from ..summary import Summary
from .declaring import declare
from .learning import Package, learn
from .module import File


def read_go(path: str, syntax: Syntax, runs: Runs) -> Summary:
    """
    What the file at *path* says.

    Args:
        path: Where it stands.
        syntax: Its syntax.
        runs: What is in force of it; what is not declares nothing.
    """
    package = Package(path)
    file = File(syntax, package, runs)
    package.imported.update({name: (said, "") for name, said in file.imports.items()})
    learn(file, package)
    declare(file, package)
    return package
