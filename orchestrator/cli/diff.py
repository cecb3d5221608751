"""The ``gonogo diff`` command."""

from __future__ import annotations

from pathlib import Path

import click

from ._shared import color_option, console, format_option, runs_option, write


@click.command("diff")
@click.argument("before")
@click.argument("after")
@format_option("text", "json")
@runs_option
@color_option
def command(before: str, after: str, format_: str, runs: Path, color: str) -> int:
    """
    Say what differs from run BEFORE to run AFTER (names, folders, archives, or `latest`).

    What the release has gained and lost is kept apart from what the catalogue changed. Numbers that findings rest on
    are shown where they changed, even if the status of the criterion did not. Exits with 1 on a regression: a critical
    or high criterion that newly fails and that nobody has waived, or a verdict that was ready and is not. A number
    that got worse is not a regression by itself.
    """
    from ..audit.archive import opened
    from ..audit.diff import compare
    from ..conclusion import rendering as results
    from ..report.json import written
    from ._audit import difference

    with opened(runs, before) as record:
        old = results.finished(record).result
    with opened(runs, after) as record:
        new = results.finished(record).result
    answer = compare(old, new)
    if format_ == "json":
        write(written(answer.model_dump(mode="json", by_alias=True)))
    else:
        out = console(color)
        for line in difference(answer):
            out.print(line, markup=False, soft_wrap=True)
    return 1 if answer.regression else 0
