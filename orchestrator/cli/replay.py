"""This is where ``gonogo replay`` stands."""

from __future__ import annotations

from pathlib import Path

import click

from ._shared import color_option, console, runs_option


@click.command("replay")
@click.argument("run", nargs=-1)
@runs_option
@color_option
def command(run: tuple[str, ...], runs: Path, color: str) -> None:
    """Re-derive verdict and report of each RUN (the latest by default) from its record alone, and compare bytes."""
    from ..journal.record import find
    from ..replaying import replay

    out = console(color)
    for name in run or ("",):
        record = find(runs, name)
        result = replay(record)
        out.print(
            f"REPRODUCED  {record.name}: {result.verdict}, score {result.score.percent:.1f} %, "
            f"{len(result.assessments)}/{len(result.assessments)} assessments and every report identical",
            markup=False,
            soft_wrap=True,
        )
