"""This is where ``gonogo runs`` stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel

from ._shared import color_option, console, format_option, runs_option, write

if TYPE_CHECKING:
    from ..journal.record import Record


@click.group("runs", invoke_without_command=True)
@format_option("text", "json")
@runs_option
@color_option
@click.pass_context
def command(ctx: click.Context, format_: str, runs: Path, color: str) -> None:
    """List the recorded runs, newest last, each with its trend against the run before of the same release name."""
    if ctx.invoked_subcommand is not None:
        return
    from ..journal.record import Record, all_runs
    from ..report.visible import one_line, visible

    rows = _trends([_row(Record(folder)) for folder in all_runs(runs)])
    if format_ == "json":
        write(json.dumps(rows, indent=2) + "\n")
        return
    out = console(color)
    if not rows:
        out.print(f"no runs in {runs}; `gonogo review` records one", markup=False)
        return
    width = max(len(row["run"]) for row in rows)
    for row in rows:
        score = f"{row['percent']:5.1f} %" if row["percent"] is not None else "      –"
        verdict = one_line(row["verdict"], 17)
        trend = f"  {row['trend']}" if row["trend"] else ""
        out.print(f"{visible(row['run']):<{width}}  {verdict:<17}{score}{trend}", markup=False, soft_wrap=True)


@command.command("prune")
@click.option("--keep", type=click.IntRange(min=1), required=True, help="Finished runs to keep of each release name.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@click.option("--unfinished", is_flag=True, help="Unfinished runs too, where a newer finished one of the release is.")
@click.option(
    "--runs", "own", type=click.Path(path_type=Path, file_okay=False), help="Folder of recorded runs, as for `runs`."
)
@color_option
@click.pass_context
def prune(ctx: click.Context, keep: int, dry_run: bool, unfinished: bool, own: Path | None, color: str) -> None:
    """Delete the oldest finished runs of each release name beyond --keep; one that is being driven never goes."""
    from ..pruning import choose, delete

    assert ctx.parent is not None  # it is a command of `runs`
    runs = own or ctx.parent.params["runs"]
    out = console(color)
    gone = 0
    for choice in choose(runs, keep, unfinished=unfinished):
        if not choice.delete:
            word = "keep"
        elif dry_run:
            word = "would delete"
        else:
            word = "deleted" if delete(choice.folder) else "keep"
        gone += word != "keep"
        out.print(f"{word:<13} {choice.folder.name}  {choice.because}", markup=False, soft_wrap=True)
    out.print(f"{gone} {'run' if gone == 1 else 'runs'} {'to delete' if dry_run else 'deleted'}", markup=False)


class _Score(BaseModel):
    percent: float


class _Release(BaseModel):
    name: str


class _Run(BaseModel):
    derivation: int = 1


class _Result(BaseModel):
    """What a list shows of ``verdict.json``, which anybody can have written."""

    verdict: str
    exit_code: int
    score: _Score
    release: _Release
    run: _Run = _Run()


def _row(record: Record) -> dict[str, Any]:
    """What ``verdict.json`` says; the record itself is not read, since a list must be quick."""
    from ..journal import foreign
    from ..journal.claim import VERDICT, rendered
    from ..journal.manifest import RENDERED

    row: dict[str, Any] = {"run": record.name}
    try:
        said: _Result | None = _Result.model_validate(foreign.parsed((record.folder / VERDICT).read_bytes()))
    except (OSError, ValueError):
        said = None
    if said is None or (said.run.derivation >= RENDERED and not rendered(record.folder)):
        return row | {"verdict": "unfinished", "percent": None, "exit_code": None, "release": ""}
    return row | {
        "verdict": said.verdict,
        "percent": said.score.percent,
        "exit_code": said.exit_code,
        "release": said.release.name,
    }


def _trends(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """*rows* with ↑, ↓ or = against the score of the run before of the same release name; empty where there is none."""
    before: dict[str, float] = {}
    found = []
    for row in rows:
        percent, release, trend = row["percent"], row["release"], ""
        if percent is not None and release:
            if release in before:
                trend = "=" if percent == before[release] else "↑" if percent > before[release] else "↓"
            before[release] = percent
        found.append(row | {"trend": trend})
    return found
