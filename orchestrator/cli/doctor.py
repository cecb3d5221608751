"""The ``gonogo doctor`` command."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ._shared import color_option, console, format_option, runs_option, write


@click.command("doctor")
@format_option("text", "json")
@runs_option
@color_option
def command(format_: str, runs: Path, color: str) -> int:
    """Check that everything a review needs is there; one line each, with how to fix it."""
    from ..commands.doctor import examine
    from ..redaction import redact

    rows = [row._replace(found=redact(row.found), fix=redact(row.fix)) for row in examine(runs)]
    if format_ == "json":
        write(json.dumps([row._asdict() for row in rows], indent=2) + "\n")
    else:
        out = console(color)
        for row in rows:
            mark = {"ok": "✔", "optional": "–", "missing": "✖"}[row.status]
            out.print(f"{mark} {row.what:<18}{row.found}", markup=False, soft_wrap=True)
            if row.fix:
                out.print(f"  {'':<18}fix: {row.fix}", markup=False, soft_wrap=True)
    return 2 if any(row.status == "missing" for row in rows) else 0
