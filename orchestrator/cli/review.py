"""The ``gonogo review`` command, the one that does the main job."""

from __future__ import annotations

import os
from pathlib import Path

import click

from . import _stopping
from ._shared import color_option, format_option, log_option, runs_option


@click.command("review")
@click.argument("path", default=".", required=False)
@click.option("--rev", "revision", default="", metavar="REV", help="Commit, tag or branch to review.  [default: HEAD]")
@click.option("--worktree", is_flag=True, help="Review the files as they are, uncommitted changes included.")
@click.option("--config", default="", metavar="FILE", help="Configuration instead of the tree's readiness.yaml.")
@click.option("--workflow", default="", metavar="NAME", help="Workflow that ships, or a .yaml file.")
@click.option(
    "--policy",
    default="",
    metavar="FILE",
    help="Rules from outside the repository, which alone may loosen what ships: a file, FILE@sha256:DIGEST, or "
    "small-team. They are laid over those of GONOGO_POLICY.",
)
@click.option(
    "--words",
    multiple=True,
    metavar="FILE",
    help="People's words from outside the repository: attestations and waivers.  [default: those of GONOGO_WORDS]",
)
@click.option("--name", default="", help="Name of the release.")
@click.option("--release-version", "version", default="", metavar="VERSION", help="Version of the release.")
@click.option("--trust", is_flag=True, help="Import the agents that the reviewed tree's readiness.yaml names.")
@click.option("--fail-fast", is_flag=True, help="Skip phases behind a closed gate instead of judging them anyway.")
@click.option(
    "--model",
    default="",
    metavar="NAME",
    help="Let a model look at what passes; it can only lower a result. Off by default.",
)
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="[KIND=]WHERE",
    help="Look for evidence there too: a URL, `metrics=URL`, `logs=URL`, `database=env:NAME`, `report=FILE` …",
)
@click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="HOST[:PORT][=NETWORK]",
    help="Let targets that the tree proposes be contacted there; private addresses only in the NETWORK.",
)
@click.option(
    "--base",
    default="",
    metavar="REV",
    help="Commit, tag or branch before this release; findings are new or old against it.  [default: the newest release "
    "tag before it]",
)
@click.option("--new-only", is_flag=True, help="List new findings alone; needs --base, and changes no verdict.")
@click.option("--plan", is_flag=True, help="Print what would run, and stop.")
@click.option("-q", "--quiet", is_flag=True, help="Only the verdict and what blocks it.")
@click.option("-v", "--verbose", is_flag=True, help="Everything: failures in full, what is unknown, passes.")
@click.option(
    "--progress",
    type=click.Choice(["auto", "live", "plain", "none"]),
    default="auto",
    show_default=True,
    help="How to show what is going on.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever the verdict; mistakes still exit 2.")
@log_option
@format_option("text", "json")
@runs_option
@color_option
def command(
    path: str,
    revision: str,
    worktree: bool,
    config: str,
    workflow: str,
    policy: str,
    words: tuple[str, ...],
    name: str,
    version: str,
    trust: bool,
    fail_fast: bool,
    model: str,
    targets: tuple[str, ...],
    allow_hosts: tuple[str, ...],
    base: str,
    new_only: bool,
    plan: bool,
    quiet: bool,
    verbose: bool,
    progress: str,
    exit_zero: bool,
    log: str,
    format_: str,
    runs: Path,
    color: str,
) -> int:
    """
    Review the release in PATH (a git repository or a folder; the current folder by default).

    Reads the tree at a commit straight from git, judges it over the catalogue, records every step under the runs
    folder and ends in PRODUCTION READY or ROLLBACK. Needs no key, no configuration and no network, and runs nothing
    that it reads. What lies outside is contacted only if --target, --allow-host, or a file from outside the
    repository says so. With --model the lines behind what passes are shown to a model (key in ANTHROPIC_API_KEY).
    """
    from datetime import UTC, datetime

    from ..commands import review as reviewing
    from ..logs import configure
    from ..planning import organisation
    from ..planning import plan as planning
    from ._run import PLANNED, conduct, print_plan

    _stopping.say(PLANNED)
    if log:
        configure(log)
    standing = organisation.organisation(os.environ)
    request = planning.Request(
        path=path,
        revision=revision,
        worktree=worktree,
        config=config,
        workflow=workflow,
        policy=policy,
        organisation=standing.policy,
        words=words or standing.words,
        name=name,
        version=version,
        trust=trust,
        fail_fast=fail_fast,
        model=model,
        targets=targets,
        allow_hosts=allow_hosts,
        base=base,
        new_only=new_only,
    )
    if plan:
        print_plan(planning.plan(request, datetime.now(UTC).date(), runs), color, model)
        return 0
    code = conduct(
        lambda watchers, files: reviewing.review(request, runs, watchers=watchers, progress=files),
        runs=runs,
        quiet=quiet,
        verbose=verbose,
        progress=progress,
        json=format_ == "json",
        color=color,
    )
    return 0 if exit_zero and code in (1, 3) else code
