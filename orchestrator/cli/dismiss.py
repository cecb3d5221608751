"""The ``gonogo dismiss`` command."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from ._shared import color_option, note_unknown, runs_option


@click.command("dismiss")
@click.argument("finding", default="", required=False, metavar="[FINDING]")
@click.option("--ignored", is_flag=True, help="A draft for each finding that the tree's own inline ignores name.")
@click.option("--reason", default="", help="Why it is none, in a sentence of your own.")
@click.option("--who", required=True, help="Who you are, as the policy calls you.")
@click.option(
    "--words",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to add it to, outside the repository; made where there is none.",
)
@click.option("--link", default="", metavar="URL", help="Where to read on.")
@click.option(
    "--file",
    "handed_in",
    default="",
    metavar="FILE",
    help="What shows it, such as the record of a revocation: a file beside that of --words.",
)
@click.option("--run", default="", help="The run that found it.  [default: the latest]")
@runs_option
@color_option
def command(
    finding: str,
    ignored: bool,
    reason: str,
    who: str,
    words: Path,
    link: str,
    handed_in: str,
    run: str,
    runs: Path,
    color: str,
) -> None:
    """
    Say that a FINDING of a run is none: it counts for nothing any more, and passes nothing.

    A disposition is bound to the bytes of the file that the finding lies in, and ends with the first that changes. It
    counts when it is handed in from outside the repository by somebody whom the policy knows; a critical criterion
    takes two people.

    \b
    gonogo dismiss SEC-2.2.1@docs/setup.md:14 --reason "…" --who ana --words words.yaml
    gonogo dismiss --ignored --who ana --words words.yaml      drafts, their reasons left to you
    """
    from ..audit.archive import opened
    from ..commands import dismiss
    from ..conclusion import rendering as results
    from ..errors import UsageError
    from ..evidence.belonging import belongs
    from ..evidence.git import Git
    from ..journal.writer import write_atomically

    if bool(finding) == ignored:
        raise UsageError("it takes one FINDING, or --ignored", remedy="`gonogo show --failed` lists what was found")
    if finding and not reason:
        raise UsageError("a disposition without a reason sets nothing aside", remedy='--reason "why it is none"')
    with opened(runs, run) as record:
        document = results.finished(record).result
        reviewed = Path(record.manifest().request.path)
        note_unknown(record, color)
    git = Git(reviewed) if document.release.commit else None
    if belongs(words.absolute(), reviewed, git):
        raise UsageError(
            f"'{words}' lies in the reviewed repository, which cannot clear itself",
            remedy="name a file outside it: --words ../words.yaml",
        )
    digest = dismiss.digest_beside(words, handed_in) if handed_in else ""
    saying = dismiss.Saying(who, reason, datetime.now(UTC).date(), link, handed_in, digest)
    done = (
        dismiss.ignored(document, saying, reviewed, words)
        if ignored
        else dismiss.dismiss(document, finding, saying, reviewed, words)
    )
    write_atomically(words, done.text.encode(), mode=0o644)
    click.echo(f"wrote {words}: " + ", ".join(done.places) + "\n")
    if ignored:
        click.echo(f"next   say the reason of each in {words}; without one it counts for nothing")
    click.echo(f"next   gonogo words sign {words} --key KEY --who {who} --release {document.release.name}")
    click.echo(f"then   gonogo review {reviewed} --policy FILE --words {words}")
