"""Prints what stands before all else: what was reviewed, and what a reader must know of the rules and the run."""

from __future__ import annotations

from itertools import zip_longest

from rich.text import Text

from ..domain.result import Result
from ._paper import Draft, Paper
from .select import lapses, loosened, sourced

CONFIGURATION = "readiness.yaml"

Said = tuple[Text, str]


def print_head(paper: Paper, document: Result, most: int) -> None:
    """What was reviewed as what, by which rules, against what; each on *most* lines."""
    release, profile = document.release, document.profile
    at = f"{release.source} {release.commit[:10]}".rstrip() + (f" ({release.ref})" if release.ref else "")
    kind = f"{profile.kind}, {profile.scale}" if profile.scale else profile.kind
    name = paper.clean(f"{release.name} {release.version}", paper.width // 2)
    said = " · ".join([at, kind, f"workflow {document.run.workflow}", f"policy {document.policy.name}"])
    paper.hang(Text(f"{name}  ", style="bold"), said, "dim", most)
    if release.base is not None:
        paper.hang(Text("base  ", style="dim"), release.base.said, "", most)


def print_rules(paper: Draft, document: Result, most: int) -> None:
    """Loosened rules, words of no effect, notes, words that run out and sources, on at most *most* lines in all."""
    rows = _said(document)
    for lines in (2, 1):
        trial = Draft(paper.console)
        for lead, text in rows:
            trial.hang(lead, text, "", lines)
        if trial.rows <= most:
            break
    shown = rows if trial.rows <= most else rows[: most - 1]
    for lead, text in shown:
        paper.hang(lead, text, "", lines)
    if len(rows) > len(shown):
        paper.say(f"and {len(rows) - len(shown)} more: gonogo show -v", "bold yellow")


def _said(document: Result) -> list[Said]:
    """All there is to say, one of each kind by turns, so that many of one kind hide none of another."""
    basis = document.basis
    alarm, plain, dim = "bold yellow", "yellow", "dim"
    kinds: tuple[list[Said], ...] = (
        [(Text("loosened  ", style=alarm), loosened(row)) for row in (basis.loosened if basis else ())],
        [(Text("of no effect  ", style=plain), f"{said.what}: {said.why}") for said in (basis.idle if basis else ())],
        [
            (Text("note  ", style=plain), text)
            for text in sorted(document.notes, key=lambda text: CONFIGURATION not in text)
        ],
        [
            (
                Text("ran out  " if lapse.expired else "runs out  ", style="bold red" if lapse.expired else plain),
                f"{lapse.criterion}, {lapse.expires}: the {lapse.kind} of {lapse.owner}",
            )
            for lapse in lapses(document)
        ],
        [(Text("source  ", style=dim), sourced(source)) for source in document.sources],
    )
    return [row for turn in zip_longest(*kinds) for row in turn if row is not None]
