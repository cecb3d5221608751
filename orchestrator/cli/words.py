"""The ``gonogo words`` commands."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("words")
def command() -> None:
    """Sign people's words: what they have seen, and the risks that they take."""


@command.command("sign")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key", required=True, type=click.Path(path_type=Path), help="Your SSH key; an agent may hold it.")
@click.option("--who", required=True, help="Who you are, as the entries call you.")
@click.option("--release", required=True, metavar="NAME", help="The release's name, as `gonogo review` shows it.")
def sign(file: Path, key: Path, who: str, release: str) -> None:
    """
    Sign every word of FILE that is yours and has no signature yet.

    A signature is over all that the word says and over the release's name. It counts where the policy lists your key.
    """
    from ..commands.vouch import sign as signed
    from ..errors import UsageError
    from ..journal.writer import write_atomically

    done = signed(file, who, release, key)
    if not done.words:
        raise UsageError(f"no word of {who} without a signature", where=str(file), remedy="--who names the person")
    write_atomically(file, done.text.encode(), mode=0o644)
    click.echo(f"signed {done.words} of {file}\n")
    click.echo(f"next   gonogo review --policy FILE --words {file}    FILE lists whose keys count")
