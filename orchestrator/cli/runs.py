"""The ``gonogo runs`` command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel

from ._shared import color_option, console, format_option, runs_option, write

if TYPE_CHECKING:
    from ..journal.record import Record

_MEANWHILE = "somebody has started to drive, sign, anchor or hold it"
_own_runs = click.option(
    "--runs", "own", type=click.Path(path_type=Path, file_okay=False), help="Folder of recorded runs, as for `runs`."
)


@click.group("runs", invoke_without_command=True)
@format_option("text", "json")
@runs_option
@color_option
@click.pass_context
def command(ctx: click.Context, format_: str, runs: Path, color: str) -> None:
    """
    List the recorded runs, newest last, each with its trend against the previous run of the same release name.

    What is signed, timestamped, anchored or held is marked, and never pruned.
    """
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
        kept = f"  {one_line(row['kept'], 200)}" if row["kept"] else ""
        out.print(f"{visible(row['run']):<{width}}  {verdict:<17}{score}{trend}{kept}", markup=False, soft_wrap=True)


@command.command("prune")
@click.option(
    "--keep", type=click.IntRange(min=1), required=True, help="How many finished runs to keep for each release name."
)
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@click.option("--unfinished", is_flag=True, help="Also delete unfinished runs if the release has a newer finished one.")
@_own_runs
@color_option
@click.pass_context
def prune(ctx: click.Context, keep: int, dry_run: bool, unfinished: bool, own: Path | None, color: str) -> None:
    """
    Delete the oldest finished runs of each release name beyond --keep.

    A run that is being driven is never deleted, and neither is one that is signed, timestamped, anchored or held.
    """
    from ..audit.prune import choose, delete
    from ..report.visible import one_line, visible

    runs = _runs(ctx, own)
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
        why = _MEANWHILE if choice.delete and word == "keep" else one_line(choice.because, 200)
        out.print(f"{word:<13} {visible(choice.folder.name)}  {why}", markup=False, soft_wrap=True)
    out.print(f"{gone} {'run' if gone == 1 else 'runs'} {'to delete' if dry_run else 'deleted'}", markup=False)


@command.command("hold")
@click.argument("run", default="", required=False)
@click.option("--reason", default="", help="Why, for those who read the list.")
@_own_runs
@click.pass_context
def hold(ctx: click.Context, run: str, reason: str, own: Path | None) -> None:
    """Keep RUN (the latest by default) from being pruned, until `gonogo runs unhold`."""
    from ..journal import holds
    from ..journal.clock import Clock
    from ..journal.exclusive import alone
    from ..journal.record import find

    folder = find(_runs(ctx, own), run).folder
    with alone(folder):
        before = holds.hold(folder, reason, Clock()())
    said = "held" if before is None else f"held already{f': {before.reason}' if before.reason else ''}"
    _tell(f"{folder.name} is {said}; `gonogo runs unhold {folder.name}` ends that")


@command.command("unhold")
@click.argument("run", default="", required=False)
@_own_runs
@click.pass_context
def unhold(ctx: click.Context, run: str, own: Path | None) -> None:
    """Stop holding RUN (the latest by default); one that is signed or anchored is still kept."""
    from ..journal import holds
    from ..journal.record import find

    folder = find(_runs(ctx, own), run).folder
    _tell(f"{folder.name} {'is no longer held' if holds.unhold(folder) else 'was not held'}")


def _runs(ctx: click.Context, own: Path | None) -> Path:
    """The folder of runs, named after the subcommand or before it."""
    assert ctx.parent is not None  # it is a command of `runs`
    named: Path = own or ctx.parent.params["runs"]
    return named


def _tell(said: str) -> None:
    from ..report.visible import one_line

    click.echo(one_line(said, 1000), err=True)


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
    from ..audit.prune import kept
    from ..host import files
    from ..journal import foreign
    from ..journal.claim import MAX_DERIVED, VERDICT, rendered
    from ..journal.manifest import RENDERED

    row: dict[str, Any] = {"run": record.name, "kept": kept(record.folder)}
    try:
        data = files.read(record.folder / VERDICT, MAX_DERIVED, inside=record.folder)
        said: _Result | None = _Result.model_validate(foreign.parsed(data))
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
