"""This is where ``gonogo sign`` stands, with ``gonogo sign keygen``."""

from __future__ import annotations

from pathlib import Path

import click

from ._shared import runs_option

_FILE = click.Path(path_type=Path, dir_okay=False)


class _RunOrKeygen(click.Group):
    """What follows ``sign`` is a run and its options, unless it is the one other thing that can be done."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group("sign", cls=_RunOrKeygen, subcommand_metavar="[RUN] --key FILE | keygen --out FILE")
def command() -> None:
    """Sign a finished run, so that nobody without the key can write another one that passes for it."""


@command.command("run", short_help="Sign RUN; the word `run` can be left out.")
@click.argument("run", default="", required=False)
@click.option("--key", type=_FILE, required=True, help="The private key: Ed25519, PEM.")
@runs_option
def sign(run: str, key: Path, runs: Path) -> None:
    """Lay statement.dsse.json into the folder of RUN (the latest by default): in-toto in a DSSE envelope."""
    from .. import signing
    from ..journal.record import find

    click.echo(f"wrote {signing.sign(find(runs, run), key)}", err=True)


@command.command("keygen", short_help="Make a key pair.")
@click.option("--out", type=_FILE, required=True, help="File for the private key; the public one goes into FILE.pub.")
def keygen(out: Path) -> None:
    """Make an Ed25519 key pair; a file that is there is never overwritten."""
    from .. import signing

    pair = signing.generate(out)
    click.echo(f"wrote {pair.private} (private: keep it away from who writes records) and {pair.public}", err=True)
