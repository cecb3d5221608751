"""This is where ``gonogo verify`` stands."""

from __future__ import annotations

import re
from pathlib import Path

import click

from ._shared import color_option, console, runs_option

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@click.command("verify")
@click.argument("run", default="", required=False)
@click.option("--head", default="", metavar="sha256:…", help="The digest that the record's last line must have.")
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PUBLIC",
    help="The public key that must have signed the run.",
)
@click.option(
    "--anchor", "anchors", multiple=True, metavar="TO", help="An anchor to compare with: file:PATH or note:REPO."
)
@runs_option
@color_option
def command(run: str, head: str, key: Path | None, anchors: tuple[str, ...], runs: Path, color: str) -> None:
    """
    Check the record of RUN (the latest by default, or an archive): chain, blobs, manifest, verdict and report.

    Whoever can write the folder can write another record that holds together. What they cannot do is sign it (--key)
    or change what was written down elsewhere (--anchor, --head).
    """
    from .. import anchoring, signing
    from ..archive import opened
    from ..errors import UsageError
    from ..journal.in_clear import in_clear
    from ..replaying import unknown, verify
    from ..report.visible import one_line

    if head and not _DIGEST.fullmatch(head):
        raise UsageError(
            f"'{head}' is no whole digest: sha256: and 64 hexadecimal digits",
            remedy="the last panel of `gonogo review`, report.html and verdict.json have the head in full",
        )
    with opened(runs, run) as record:
        found = verify(record, head)
        if key is not None:
            found.append(signing.check(record, key))
        found.extend(anchoring.check(record, anchor) for anchor in anchors)
        unchecked = key is None and signing.is_signed(record)
        left_out = one_line(unknown(record), 400)
        clear = in_clear(record)
    out = console(color)
    for name, said in found:
        out.print(f"✔ {name:<9} {said}", markup=False, soft_wrap=True)
    if "derived" not in dict(found):
        out.print(
            "- derived   the run has come to no verdict; --head, --key or --anchor tell an end that was cut off",
            soft_wrap=True,
        )
    if unchecked:
        out.print("- signed    a statement is there and was not checked; --key PUBLIC checks it", soft_wrap=True)
    if left_out:
        out.print(f"- unknown   {left_out}", markup=False, soft_wrap=True)
    if clear.events or clear.blobs:
        out.print(
            f"- in clear  {clear}: would be withheld today; a record is never rewritten: change the secret",
            markup=False,
            soft_wrap=True,
        )
    out.print("genuine", markup=False)
