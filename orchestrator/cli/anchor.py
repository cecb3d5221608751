"""The ``gonogo anchor`` command."""

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
    help="file:PATH appends a line, note:REPO notes it on the reviewed commit (refs/notes/gonogo), tag:REPO tags that "
    "commit with it (gonogo/RUN), stdout prints it.",
)
@runs_option
def command(run: str, target: str, runs: Path) -> None:
    """
    Write one line about RUN (the latest by default), its head above all, where those who write its folder cannot.

    The run's folder then notes that it is anchored, so that `gonogo runs prune` keeps it. It knows nothing of a line
    that was only printed: keep such a run with `gonogo runs hold`.
    """
    from ..audit import anchoring
    from ..journal.record import find

    done = anchoring.anchor(find(runs, run), target)
    if target == anchoring.STDOUT:
        click.echo(done.line)
    else:
        click.echo(f"anchored in {target}", err=True)
    if done.push:
        click.echo(f"others see it once it is pushed: `{done.push}`", err=True)
    if not done.noted:
        click.echo(
            "note: the run's folder cannot be written, so `gonogo runs prune` will not know of this anchor", err=True
        )
