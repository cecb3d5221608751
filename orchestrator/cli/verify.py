"""The ``gonogo verify`` command."""

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
    "keys",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="PUBLIC",
    help="A public key that must have signed the run; each of several must, unless --require says how many.",
)
@click.option(
    "--require",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many different keys of --key must have signed.  [default: all]",
)
@click.option(
    "--timestamp-root",
    "roots",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="CERT",
    help="Root certificate (PEM) of a timestamp authority that must vouch for when a key of --key signed.",
)
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="TO",
    help="An anchor to compare with: file:PATH, note:REPO or tag:REPO.",
)
@click.option(
    "--repo",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="PATH",
    help="A repository that has the reviewed commit: recorded facts and quotes are read from it again.",
)
@runs_option
@color_option
def command(
    run: str,
    head: str,
    keys: tuple[Path, ...],
    require: int | None,
    roots: tuple[Path, ...],
    anchors: tuple[str, ...],
    repo: Path | None,
    runs: Path,
    color: str,
) -> None:
    """
    Check the record of RUN (the latest by default, or an archive): chain, blobs, manifest, verdict and report.

    Whoever can write the folder can write another record that holds together: by itself a record is consistent at
    best. What they cannot do is sign it (--key) or change what was written down elsewhere (--anchor, --head): only
    when compared with one of these is it genuine.
    """
    from ..audit import anchoring, signing
    from ..audit.archive import opened
    from ..audit.replay import open_end, strange, unknown, verify
    from ..errors import UsageError
    from ..journal import beside
    from ..journal.in_clear import in_clear
    from ..report.visible import one_line

    if head and not _DIGEST.fullmatch(head):
        raise UsageError(
            f"'{head}' is not a whole digest: that is sha256: and 64 hexadecimal digits",
            remedy="the last panel of `gonogo review` and of `gonogo show` has the head in full",
        )
    if (require or roots) and not keys:
        raise UsageError(
            f"--{'require' if require else 'timestamp-root'} is about signatures, and checking them takes a key",
            remedy="name each signer's with --key PUBLIC",
        )
    with opened(runs, run) as record:
        found = verify(record, head)
        if keys:
            found.extend(signing.check(record, keys, require or 0, roots))
        found.extend(anchoring.check(record, anchor) for anchor in anchors)
        if repo is not None:
            from ..audit.rejudge import reread

            found.extend(reread(record, repo))
        signed, stamped = beside.is_signed(record.folder), bool(beside.timestamps(record.folder))
        left_out = one_line(unknown(record), 400)
        strays = one_line(strange(record), 400)
        unfinished = "" if "derived" in dict(found) else open_end(record)
        clear = in_clear(record)
    out = console(color)
    for name, said in found:
        out.print(f"✔ {name:<9} {said}", markup=False, soft_wrap=True)
    if unfinished:
        out.print(f"- derived   {unfinished}", markup=False, soft_wrap=True)
    if signed and not keys:
        out.print("- signed    a statement is there and was not checked; --key PUBLIC checks it", soft_wrap=True)
    if stamped and not roots:
        out.print("- timestamp one is there and was not checked; --timestamp-root CERT checks it", soft_wrap=True)
    if strays:
        out.print(f"- beside    {strays}", markup=False, soft_wrap=True)
    if left_out:
        out.print(f"- unknown   {left_out}", markup=False, soft_wrap=True)
    if clear.events or clear.blobs:
        out.print(
            f"- in clear  {clear}: would be withheld today; a record is never rewritten: change the secret",
            markup=False,
            soft_wrap=True,
        )
    word = "genuine" if head or keys or anchors else "consistent: no key, head or anchor was compared"
    out.print(f"unfinished, as far as it goes {word}" if unfinished else word, markup=False, soft_wrap=True)
