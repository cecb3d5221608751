"""This is where ``gonogo replay`` stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click
from pydantic import BaseModel

from ._shared import color_option, console, format_option, runs_option, write

A = TypeVar("A", bound=BaseModel)


@click.command("replay")
@click.argument("run", nargs=-1)
@click.option(
    "--policy",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What if: judge by the policy, thresholds, waivers and attestations of this readiness.yaml instead.",
)
@click.option("--rejudge", "again", is_flag=True, help="Judge the recorded facts and quotes by today's agents.")
@format_option("text", "json")
@runs_option
@color_option
def command(run: tuple[str, ...], policy: Path | None, again: bool, format_: str, runs: Path, color: str) -> None:
    """
    Re-derive verdict and report of each RUN (the latest by default) from its record alone, and compare bytes.

    --policy and --rejudge are questions instead: they write nothing, and exit with 0 whatever the answer. A RUN may be
    an archive that `gonogo export` wrote.
    """
    from ..archive import opened
    from ..errors import UsageError
    from ..replaying import replay

    if policy is not None and again:
        raise UsageError("--policy and --rejudge are two questions", remedy="ask one after the other")
    if format_ == "json" and policy is None and not again:
        raise UsageError("--format json goes with --policy or --rejudge", remedy="`gonogo export` prints a result")
    out = console(color)
    for name in run or ("",):
        with opened(runs, name) as record:
            if policy is not None:
                from ..supposing import suppose
                from ._audit import what_if

                _tell(suppose(record, policy), what_if, format_, color)
            elif again:
                from ..rejudging import rejudge
                from ._audit import rejudged

                _tell(rejudge(record), rejudged, format_, color)
            else:
                result = replay(record)
                out.print(
                    f"REPRODUCED  {record.name}: {result.verdict}, score {result.score.percent:.1f} %, "
                    f"{len(result.assessments)}/{len(result.assessments)} assessments and every report identical",
                    markup=False,
                    soft_wrap=True,
                )


def _tell(answer: A, lines: Callable[[A], Iterable[str]], format_: str, color: str) -> None:
    if format_ == "json":
        write(answer.model_dump_json(indent=2, by_alias=True) + "\n")
        return
    out = console(color)
    for line in lines(answer):
        out.print(line, markup=False, soft_wrap=True)
