"""The ``gonogo criteria`` command."""

from __future__ import annotations

import json

import click

from ._shared import color_option, console, format_option, write


@click.command("criteria")
@click.argument("prefix", default="", required=False)
@format_option("text", "json", "markdown")
@color_option
def command(prefix: str, format_: str, color: str) -> None:
    """List the criteria whose id begins with PREFIX (all 261 by default), with owner and checks."""
    from ..catalogue.loader import catalogue
    from ..commands.reference import criteria_markdown, criteria_rows
    from ..planning.roster import load

    known, agents = catalogue(), load()
    rows = [row for row in criteria_rows(known, agents) if row["id"].startswith(prefix.upper())]
    if format_ == "json":
        write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        return
    if format_ == "markdown":
        write(criteria_markdown(known, agents, prefix.upper()))
        return
    out = console(color)
    for row in rows:
        decides = {"": "·", "fail": "✖", "pass": "✔", "both": "◆"}[row["shows"]]
        out.print(f"{row['id']:<11}{row['severity']:<9}{decides} {row['statement']}", markup=False)
    decided = sum(1 for row in rows if row["shows"])
    out.print(
        f"\n{len(rows)} criteria; checks can decide {decided} of them from a repository alone "
        "(◆ pass and fail, ✔ pass, ✖ fail, · needs other evidence)",
        markup=False,
    )
