"""The ``gonogo show`` command."""

from __future__ import annotations

from pathlib import Path

import click

from ._shared import color_option, console, format_option, note_unknown, runs_option, write


@click.command("show")
@click.argument("words", nargs=-1, metavar="[RUN] [CRITERION]")
@click.option("--failed", is_flag=True, help="Every failing criterion, a line or two each.")
@click.option("--unknown", is_flag=True, help="Every criterion that is not yet shown, by what would show it.")
@click.option("--area", default="", help="Only this area (with --failed or --unknown), by id or name.")
@click.option("-v", "--verbose", is_flag=True, help="Everything: failures in full, what is unknown, passes.")
@format_option("text", "json")
@runs_option
@color_option
def command(
    words: tuple[str, ...],
    failed: bool,
    unknown: bool,
    area: str,
    verbose: bool,
    format_: str,
    runs: Path,
    color: str,
) -> None:
    """
    Show RUN (the latest by default, or an archive), or one CRITERION of it with all its evidence.

    \b
    gonogo show                     the latest run
    gonogo show SEC-2.2.1           one criterion of it
    gonogo show 20261121 SEC-2.2.1  of another run
    """
    from ..audit.archive import is_archive, opened
    from ..catalogue.loader import catalogue
    from ..conclusion import rendering as results
    from ..errors import UnknownCriterion, UsageError
    from ..formats.model import nearest
    from ..report import json as json_report
    from ..report import terminal

    if len(words) > 2:
        raise UsageError(f"'{words[2]}' is one argument too many", remedy="gonogo show [RUN] [CRITERION]")
    run, criterion = _sorted(words, set(catalogue().criteria))
    with opened(runs, run) as record:
        _, document, end = results.finished(record)
        note_unknown(record, color)
        report = "" if is_archive(run) else str(record.folder / "report.html")
    if criterion and criterion not in document.criteria:
        close = nearest(criterion, list(document.criteria))
        raise UnknownCriterion(
            f"no criterion '{criterion}' in this run", remedy=f"did you mean '{close}'?" if close else ""
        )
    if format_ == "json":
        write(json_report.render(document))
    elif criterion:
        terminal.print_criterion(document, criterion, console(color))
    elif failed or unknown or area:
        if failed or not unknown:
            terminal.print_failed(document, console(color), area)
        if unknown:
            terminal.print_unknown(document, console(color), area)
    else:
        terminal.print_report(document, console(color), end, verbose=verbose, report=report)


def _sorted(words: tuple[str, ...], known: set[str]) -> tuple[str, str]:
    """(run, criterion) of what was typed: a criterion has an upper-case prefix, a hyphen and a dotted number."""
    run = criterion = ""
    for word in words:
        looks = word.upper() in known or (word[:3].isalpha() and word[3:4] == "-" and word[4:5].isdigit())
        if looks and not criterion:
            criterion = word.upper()
        else:
            run = word
    return run, criterion
