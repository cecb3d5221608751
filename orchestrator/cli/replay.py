"""The ``gonogo replay`` command."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click
from pydantic import BaseModel

from ._shared import color_option, console, format_option, note_unknown, on_terminal, runs_option, write

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
@click.option(
    "--speed",
    callback=lambda _context, _option, word: _speed(word),
    metavar="N",
    help="Watch it run again, N times as fast: 1 in real time, 10 ten times as fast, max without waiting.",
)
@format_option("text", "json")
@runs_option
@color_option
def command(
    run: tuple[str, ...],
    policy: Path | None,
    again: bool,
    speed: float | None,
    format_: str,
    runs: Path,
    color: str,
) -> int:
    """
    Re-derive verdict and report of each RUN (the latest by default) from its record alone, and compare bytes.

    --policy and --rejudge ask what if: they write nothing, and exit with 0 whatever the answer. Only if the very code
    that made the record finds something else does --rejudge exit with 8: those findings are not its own. A RUN may be
    an archive that `gonogo export` wrote.
    """
    from ..audit.archive import opened
    from ..audit.replay import replay
    from ..errors import ReplayDivergence, UsageError

    if policy is not None and again:
        raise UsageError("--policy and --rejudge are separate questions", remedy="ask one at a time")
    if format_ == "json" and policy is None and not again:
        raise UsageError("--format json goes with --policy or --rejudge", remedy="`gonogo export` prints a result")
    if speed is not None and (policy is not None or again):
        raise UsageError(
            "--speed shows the run as it was; --policy and --rejudge ask another question", remedy="take one"
        )
    if speed is not None and len(run) > 1:
        raise UsageError(f"--speed shows one run, not {len(run)}", remedy=f"gonogo replay {run[0]} --speed …")
    out = console(color)
    diverged = False
    for name in run or ("",):
        with opened(runs, name) as record:
            if policy is not None:
                from ..audit.what_if import suppose
                from ._audit import what_if

                _tell(suppose(record, policy), what_if, format_, color)
            elif again:
                from ..audit.rejudge import rejudge
                from ._audit import rejudged

                answer = rejudge(record)
                _tell(answer, rejudged, format_, color)
                diverged |= answer.diverges
            else:
                result = replay(record)
                if speed is not None:
                    from ._again import watch_again

                    watch_again(record, speed, console(color, stderr=True), live=on_terminal(sys.stderr))
                out.print(
                    f"REPRODUCED  {record.name}: {result.verdict}, score {result.score.percent:.1f} %, "
                    f"{len(result.assessments)}/{len(result.assessments)} assessments and every report identical",
                    markup=False,
                    soft_wrap=True,
                )
            note_unknown(record, color)
    return ReplayDivergence.exit_code if diverged else 0


def _speed(word: str | None) -> float | None:
    """How many times as fast; infinity waits for nothing."""
    if word is None or word == "max":
        return None if word is None else math.inf
    try:
        speed = float(word)
    except ValueError:
        speed = math.nan
    if not 0 < speed < math.inf:
        raise click.BadParameter(f"'{word}' is not a speed; 1 is real time, 10 is ten times as fast, max does not wait")
    return speed


def _tell(answer: A, lines: Callable[[A], Iterable[str]], format_: str, color: str) -> None:
    if format_ == "json":
        from ..report.json import written

        write(written(answer.model_dump(mode="json", by_alias=True)))
        return
    out = console(color)
    for line in lines(answer):
        out.print(line, markup=False, soft_wrap=True)
