"""Reads what one module of JavaScript or TypeScript says of routes and guards."""

from __future__ import annotations

from ...inforce.code.syntax import Syntax
from ..summary import Summary
from . import controllers, folders
from .declaring import declare
from .learning import framework, learn
from .module import Runs, Script


def read_script(path: str, syntax: Syntax, runs: Runs) -> Summary:
    """
    What the module at *path* says.

    Args:
        path: Where it stands.
        syntax: Its syntax.
        runs: What is in force of it; what is not declares nothing.
    """
    summary = Summary(path)
    script = Script(syntax, summary, runs)
    learn(script)
    declare(script, framework(script))
    controllers.declare(script)
    folders.declare(script)
    return summary
