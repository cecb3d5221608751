"""The ``gonogo explain`` command."""

from __future__ import annotations

import textwrap

import click

from ._shared import color_option, console


@click.command("explain")
@click.argument("criterion")
@color_option
def command(criterion: str, color: str) -> None:
    """Explain CRITERION: what it says, why it matters, when it applies, which checks decide it, and their examples."""
    from ..catalogue.loader import catalogue
    from ..commands.reference import explanation
    from ..errors import UnknownCriterion
    from ..formats.model import nearest
    from ..planning.roster import load

    known = catalogue()
    wanted = criterion.upper()
    if wanted not in known:
        close = nearest(wanted, list(known.criteria))
        raise UnknownCriterion(
            f"no criterion '{criterion}'", remedy=f"did you mean '{close}'?" if close else "`gonogo criteria` lists all"
        )
    out = console(color)
    width = min(out.width, 100)
    for line in explanation(known, load(), wanted):
        style = "bold" if line and not line.startswith(" ") else ""
        for part in _fitted(line, width):
            out.print(part, style=style, markup=False, soft_wrap=True)


def _fitted(line: str, width: int) -> list[str]:
    """*line* within *width*: prose is wrapped under its own indent, an example's line stays one line."""
    indent = " " * (len(line) - len(line.lstrip()))
    if line.startswith(f"{indent}|") or not line:
        return [line]
    return textwrap.wrap(line.strip(), width, initial_indent=indent, subsequent_indent=indent)
