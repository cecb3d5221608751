"""The ``gonogo agents`` command."""

from __future__ import annotations

import json

import click

from ._shared import color_option, console, format_option, write


@click.command("agents")
@format_option("text", "json")
@color_option
def command(format_: str, color: str) -> None:
    """List the agents, what they own and their checks."""
    from ..catalogue.loader import catalogue
    from ..commands.reference import agent_rows
    from ..planning.roster import load

    rows = agent_rows(catalogue(), load())
    if format_ == "json":
        write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        return
    out = console(color)
    out.print(f"{'agent':<26}{'criteria':>9}{'checks':>8}  what must be true", markup=False)
    for row in rows:
        owned, checks = len(row["criteria"]), len(row["checks"])
        out.print(f"{row['id']:<26}{owned:>9}{checks:>8}  {row['about']}", markup=False)
