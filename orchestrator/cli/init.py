"""The ``gonogo init`` command."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init")
@click.argument("path", default=".", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--force", is_flag=True, help="Overwrite an existing readiness.yaml.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of readiness.yaml instead.")
def command(path: Path, force: bool, schema: bool) -> None:
    """Write a commented readiness.yaml into PATH, with what was detected of it."""
    from ..commands.init import config_schema, starter
    from ..errors import UsageError
    from ..journal.writer import write_atomically

    if schema:
        click.echo(config_schema(), nl=False)
        return
    target = path / "readiness.yaml"
    if target.exists() and not force:
        raise UsageError(f"'{target}' already exists", remedy="--force overwrites it")
    text = starter(path)
    write_atomically(target, text.encode(), mode=0o644)
    click.echo(f"wrote {target}\n")
    click.echo("next   gonogo review --worktree    judge the files as they are")
    click.echo("       gonogo show --failed        read what fails")
    click.echo("       gonogo explain ID           why it matters and how to fix it")
