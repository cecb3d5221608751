"""The ``gonogo export`` command."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from ._shared import format_option, runs_option, write


@click.command("export")
@click.argument("run", default="", required=False)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write.  [default: stdout]"
)
@format_option("json", "markdown", "html", "zip")
@runs_option
@click.pass_context
def command(ctx: click.Context, run: str, output: Path | None, format_: str, runs: Path) -> None:
    """
    Write the result of RUN (the latest by default, or an archive), re-derived from its record.

    With --format zip, or to a file that ends in .run.zip, the whole record becomes one file, which `gonogo verify`,
    `replay`, `show`, `export` and `diff` read as it is.
    """
    from ..audit.archive import ENDING, opened, pack
    from ..conclusion import rendering as results
    from ..errors import UsageError
    from ..journal.writer import write_atomically

    if output is not None and output.exists() and not output.is_file():
        raise UsageError(
            f"'{output}' is not a plain file, and would be replaced by one", remedy="name a file, or print it"
        )
    told = ctx.get_parameter_source("format_") is not ParameterSource.DEFAULT
    if format_ == "zip" or (not told and output is not None and output.name.endswith(ENDING)):
        if output is None:
            raise UsageError("an archive is not printed", remedy=f"name a file: -o x{ENDING}")
        with opened(runs, run) as record:
            count = pack(record, output)
        click.echo(f"wrote {output}, {count} files", err=True)
        return
    with opened(runs, run) as record:
        text = results.rendered(results.finished(record).result, format_)
    if output is None:
        write(text)
    else:
        try:
            write_atomically(output, text.encode(), mode=0o644)
        except OSError as error:
            raise UsageError(
                f"'{output}' cannot be written: {error.strerror}", remedy="name a file in a folder that you can write"
            ) from None
        click.echo(f"wrote {output}", err=True)
