"""This is where ``gonogo resume`` stands."""

from __future__ import annotations

from pathlib import Path

import click

from ._shared import color_option, format_option, runs_option


@click.command("resume")
@click.argument("run", default="", required=False)
@click.option("-q", "--quiet", is_flag=True, help="Only the verdict and what blocks.")
@click.option("--progress", type=click.Choice(["auto", "live", "plain", "none"]), default="auto", show_default=True)
@format_option("text", "json")
@runs_option
@color_option
def command(run: str, quiet: bool, progress: str, format_: str, runs: Path, color: str) -> int:
    """
    Continue the interrupted RUN (the latest by default).

    Finished nodes and finished steps are not done again; a run whose tree, agents or rules have changed is refused.
    """
    from .. import review as reviewing
    from ..journal.record import find
    from ._run import conduct

    record = find(runs, run)
    return conduct(
        lambda watchers, files: reviewing.resume(record, watchers=watchers, progress=files),
        runs=runs,
        quiet=quiet,
        verbose=False,
        progress=progress,
        json=format_ == "json",
        color=color,
    )
