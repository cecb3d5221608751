"""This is where ``gonogo verify`` stands."""

from __future__ import annotations

from pathlib import Path

import click

from ._shared import color_option, console, runs_option


@click.command("verify")
@click.argument("run", default="", required=False)
@click.option("--head", default="", metavar="sha256:…", help="The digest that the record's last line must have.")
@runs_option
@color_option
def command(run: str, head: str, runs: Path, color: str) -> None:
    """Check the record of RUN (the latest by default): chain, blobs, manifest, verdict and report."""
    from ..journal.record import find
    from ..replaying import verify

    record = find(runs, run)
    found = verify(record, head)
    out = console(color)
    for name, said in found:
        out.print(f"✔ {name:<9} {said}", markup=False, soft_wrap=True)
    out.print("genuine", markup=False)
