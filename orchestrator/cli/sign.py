"""The ``gonogo sign`` command, with ``gonogo sign keygen``."""

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


@click.group("sign", cls=_RunOrKeygen, subcommand_metavar="[RUN] --key FILE [--timestamp URL] | keygen --out FILE")
def command() -> None:
    """
    Sign a finished run, so that nobody without the key can write another one that passes for it.

    Several people can sign: each adds a signature, and nobody removes another's. `gonogo sign run --help` lists the
    options.
    """


@command.command("run", short_help="Sign RUN; the word `run` can be left out.")
@click.argument("run", default="", required=False)
@click.option("--key", type=_FILE, required=True, help="The private key: Ed25519, PEM, readable by you alone.")
@click.option("--timestamp", "url", metavar="URL", help="A timestamp authority (RFC 3161) that says when, over HTTP.")
@click.option(
    "--timestamp-root",
    "roots",
    type=_FILE,
    multiple=True,
    metavar="CERT",
    help="The authority's root certificate (PEM), which its answer must lead back to.",
)
@runs_option
def sign(run: str, key: Path, url: str | None, roots: tuple[Path, ...], runs: Path) -> None:
    """
    Add a signature to statement.dsse.json in the folder of RUN (the latest by default): in-toto in a DSSE envelope.

    With --timestamp the authority's answer is laid beside it, as statement.tsr; if it gives no valid one, nothing
    is written. A statement of another record is never overwritten.
    """
    from ..audit import signing
    from ..errors import UsageError
    from ..journal.record import find

    if roots and url is None:
        raise UsageError(
            "--timestamp-root says whose timestamp counts, but no timestamp is asked for", remedy="add --timestamp URL"
        )
    record = find(runs, run)
    if url is None:
        click.echo(f"wrote {signing.sign(record, key)}", err=True)
        return
    done = signing.stamp(record, key, signing.Authority(url, roots))
    click.echo(f"wrote {done.statement} and {done.timestamp}: {done.said}", err=True)
    if not roots:
        click.echo(
            "note: checked against no root certificate; `gonogo verify --key PUBLIC --timestamp-root CERT` checks it",
            err=True,
        )


@command.command("keygen", short_help="Make a key pair.")
@click.option("--out", type=_FILE, required=True, help="File for the private key; the public one goes into FILE.pub.")
def keygen(out: Path) -> None:
    """Make an Ed25519 key pair; an existing file is never overwritten."""
    from ..audit import signing

    pair = signing.generate(out)
    click.echo(f"wrote {pair.private} (private: keep it away from whoever writes records) and {pair.public}", err=True)
