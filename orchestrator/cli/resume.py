"""The ``gonogo resume`` command."""

from __future__ import annotations

from pathlib import Path

import click

from . import _stopping
from ._shared import color_option, format_option, runs_option


@click.command("resume")
@click.argument("run", default="", required=False)
@click.option(
    "--step",
    "steps",
    multiple=True,
    metavar="KEY=done|undone",
    help="What became of a step that acts on the world and was started but never finished; `undone` does it again.",
)
@click.option(
    "--trust",
    is_flag=True,
    help="Import the agents that the run was told to import, and contact its targets: its record names them.",
)
@click.option("-q", "--quiet", is_flag=True, help="Only the verdict and what blocks it.")
@click.option(
    "--progress",
    type=click.Choice(["auto", "live", "plain", "none"]),
    default="auto",
    show_default=True,
    help="How to show what is going on.",
)
@format_option("text", "json")
@runs_option
@color_option
def command(
    run: str, steps: tuple[str, ...], trust: bool, quiet: bool, progress: str, format_: str, runs: Path, color: str
) -> int:
    """
    Continue the interrupted RUN (the latest by default).

    Finished nodes and finished steps are not done again; a run whose tree, agents or rules have changed is refused. A
    step that acts on the world and was started but never finished is looked up in the world; if that cannot tell,
    --step says what became of it. A run that was begun with --trust or --config, or that has targets, needs --trust
    again.
    """
    from ..commands import resume as resuming
    from ..errors import UsageError
    from ..journal.record import find
    from ._run import RECORDED, conduct

    _stopping.say(RECORDED)
    record = find(runs, run)
    asked = record.manifest().request
    if (asked.trust or asked.config) and not trust:
        raise UsageError(
            f"run '{record.name}' may import agents from '{asked.config or asked.path}'",
            where=str(record.folder),
            remedy=f"a record can come from anyone: if it is yours, `gonogo resume {record.folder} --trust`",
        )
    contacts = record.manifest().contacts
    if contacts.targets and not trust:
        names = ", ".join(target.name for target in contacts.targets[:5])
        raise UsageError(
            f"run '{record.name}' contacts targets outside the repository: {names}",
            where=str(record.folder),
            remedy=f"a record can come from anybody: if it is yours, `gonogo resume {record.folder} --trust`",
        )
    return conduct(
        lambda watchers, files: resuming.resume(record, steps=steps, watchers=watchers, progress=files),
        runs=record.folder.parent,
        quiet=quiet,
        verbose=False,
        progress=progress,
        json=format_ == "json",
        color=color,
    )
