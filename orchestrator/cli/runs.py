"""This is where ``gonogo runs`` stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ._shared import color_option, console, format_option, runs_option, write


@click.command("runs")
@format_option("text", "json")
@runs_option
@color_option
def command(format_: str, runs: Path, color: str) -> None:
    """List the recorded runs, newest last."""
    from ..journal.record import Record, all_runs

    rows = [_row(Record(folder)) for folder in all_runs(runs)]
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
        out.print(f"{row['run']:<{width}}  {row['verdict']:<17}{score}", markup=False, soft_wrap=True)


def _row(record: Any) -> dict[str, Any]:
    """What ``verdict.json`` says; the record itself is not read, since a list must be quick."""
    row: dict[str, Any] = {"run": record.name, "verdict": "unfinished", "percent": None, "exit_code": None}
    try:
        result = json.loads((record.folder / "verdict.json").read_bytes())
        row |= {"verdict": result["verdict"], "percent": result["score"]["percent"], "exit_code": result["exit_code"]}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return row
