"""This is where ``gonogo explain`` stands."""

from __future__ import annotations

import click

from ._shared import color_option, console


@click.command("explain")
@click.argument("criterion")
@color_option
def command(criterion: str, color: str) -> None:
    """Explain CRITERION: what it says, why it matters, when it applies, which checks decide it, and their examples."""
    from ..catalogue.loader import catalogue
    from ..engine.roster import load
    from ..errors import UnknownCriterion
    from ..formats.model import nearest
    from ..reference import explanation

    known = catalogue()
    wanted = criterion.upper()
    if wanted not in known:
        close = nearest(wanted, list(known.criteria))
        raise UnknownCriterion(
            f"no criterion '{criterion}'", remedy=f"did you mean '{close}'?" if close else "`gonogo criteria` lists all"
        )
    out = console(color)
    for line in explanation(known, load(), wanted):
        style = "bold" if line and not line.startswith(" ") else ""
        out.print(line, style=style, markup=False, soft_wrap=False)
