"""This is where ``gonogo export`` stands."""

from __future__ import annotations

from pathlib import Path

import click

from ._shared import format_option, runs_option, write


@click.command("export")
@click.argument("run", default="", required=False)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write.  [default: stdout]"
)
@format_option("json", "markdown", "html")
@runs_option
def command(run: str, output: Path | None, format_: str, runs: Path) -> None:
    """Write the result of RUN (the latest by default), re-derived from its record."""
    from .. import result as results
    from ..journal.record import find
    from ..journal.writer import write_atomically

    text = results.rendered(results.document(find(runs, run)), format_)
    if output is None:
        write(text)
    else:
        write_atomically(output, text.encode())
        click.echo(f"wrote {output}", err=True)
