"""The ``gonogo config`` commands."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("config")
def command() -> None:
    """Keep readiness.yaml in the form of today."""


@command.command("migrate")
@click.argument("file", default="readiness.yaml", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--write", is_flag=True, help="Write the file instead of printing it.")
def migrate(file: Path, write: bool) -> None:
    """
    Rewrite the waivers and attestations of FILE that have an owner: who speaks, what was seen, and on which day.

    The day is the one of the commit that the entry comes from. What a word must cost beside that, a link or a file
    and a signature, only its author can add.
    """
    from datetime import UTC, datetime

    from ..commands.migrate import migrate as migrated
    from ..journal.writer import write_atomically

    done = migrated(file, datetime.now(UTC).date())
    if not write:
        click.echo(done.text, nl=False)
    elif done.words:
        write_atomically(file, done.text.encode(), mode=0o644)
    click.echo(f"{done.words} rewritten{'' if write or not done.words else ', not written: --write does'}", err=True)
    if done.undated:
        click.echo(f"{done.undated} bear the day of today: no commit tells when they were written", err=True)
