"""This is where ``gonogo anchor`` stands."""

from __future__ import annotations

from pathlib import Path

import click

from ._shared import runs_option


@click.command("anchor")
@click.argument("run", default="", required=False)
@click.option(
    "--to",
    "target",
    required=True,
    metavar="TO",
    help="file:PATH appends a line, note:REPO notes it on the reviewed commit (refs/notes/gonogo), stdout prints it.",
)
@runs_option
def command(run: str, target: str, runs: Path) -> None:
    """Write one line about RUN (the latest by default) where whoever writes its folder cannot: its head above all."""
    from .. import anchoring
    from ..journal.record import find

    line = anchoring.anchor(find(runs, run), target)
    if target == anchoring.STDOUT:
        click.echo(line)
    else:
        click.echo(f"anchored in {target}", err=True)
