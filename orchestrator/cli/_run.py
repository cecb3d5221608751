"""Conducts a run from the command line: follows it while it goes on, shows it when it is over."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from ..conclusion.rendering import Finished, rendered
from ..journal.writer import Watcher
from ..planning.plan import Plan
from ..redaction import redact
from ..report import terminal
from ..report.progress import Progress
from ..report.visible import visible
from . import _stopping
from ._shared import console, on_terminal, write
from ._watch import Follower

PLANNED = "interrupted before anything was recorded: run the command again"
RECORDED = "interrupted; what is finished is recorded: `gonogo resume` goes on from there"
OVER = "interrupted; the run is over and recorded: `gonogo show` prints its result"

Start = Callable[[Sequence[Watcher], Callable[[int, int], None]], Awaitable[Finished]]


def conduct(start: Start, *, runs: Path, quiet: bool, verbose: bool, progress: str, json: bool, color: str) -> int:
    """
    Run *start* to its end and print the result.

    Returns:
        The exit code of the verdict; an interruption ends the process with 130.
    """
    errors = console(color, stderr=True)
    mode = _mode(progress, quiet, on_terminal(sys.stderr))
    if mode == "none":
        run = asyncio.run(_interruptible(start([_begins], _ignore), None))
    else:
        with Progress(errors, live=mode == "live") as shown:
            follower = Follower(shown, runs)
            work = _beating(start([_begins, follower], follower.files), follower)
            run = asyncio.run(_interruptible(work, shown))
    _stopping.say(OVER)
    if json:
        write(rendered(run.result, "json"))
    elif quiet:
        terminal.print_summary(run.result, console(color))
    else:
        report = str(run.folder / "report.html")
        terminal.print_report(run.result, console(color), run.end, verbose=verbose, report=report)
    return run.result.exit_code


def print_plan(settled: Plan, color: str, model: str) -> None:
    """What would run, in the order of the graph."""
    out = console(color)
    release = settled.snapshot.release

    def say(line: str) -> None:
        out.print("\n".join(visible(part) for part in redact(line).split("\n")), markup=False)

    say(f"{release.name} {release.version}  {release.commit[:12]}  {len(settled.snapshot.tree.entries):,} files")
    say(f"workflow {settled.workflow.spec.name}, policy {settled.policy.name}, {len(settled.catalogue)} criteria")
    if release.base is not None:
        say(f"base  {release.base.said}")
    for row in settled.policy.loosened:
        say(f"loosened  {row.rule}: {row.here} (ships: {row.shipped}), by {row.by}")
    for note in settled.notes:
        say(f"note  {note}")
    for target in settled.contacts.targets:
        sent = f", with {', '.join(target.sent)} sent along" if target.sent else ""
        say(f"asks  {target.name} ({target.kind} {target.where}){sent}")
    out.print()
    for phase in settled.workflow.spec.phases:
        gate = f"  gate: at most {phase.gate.max_failed.critical} failed critical" if phase.gate else ""
        say(f"{phase.id}: {phase.title}{gate}")
        for node in (n for n in settled.workflow.nodes.values() if n.phase == phase.id):
            agent = settled.agents[node.agent]
            owned = len(settled.catalogue.matching(agent.criteria))
            after = [n.partition("/")[2] for n in node.needs if n.startswith(f"{phase.id}/")]
            waits = f"  after {', '.join(after)}" if after else ""
            say(f"  {node.agent:<24}{owned:>4} criteria {len(agent.checks):>4} checks{waits}")
    asked = (
        f"the lines behind passing criteria are sent to the model {model}"
        if model
        else "no model is asked, nothing is sent anywhere" + (" else" if settled.contacts.targets else "")
    )
    out.print(f"\n{asked}, nothing in the tree is run", markup=False)


def _mode(asked: str, quiet: bool, terminal_: bool) -> str:
    if asked != "auto":
        return asked
    if quiet:
        return "none"
    return "live" if terminal_ else "plain"


async def _interruptible(work: Awaitable[Finished], shown: Progress | None) -> Finished:
    """*work*; where it is stopped, the process is left as soon as its record is closed."""
    task = asyncio.current_task()
    assert task is not None  # asyncio.run made one
    run: Finished | None = None
    try:
        with _stopping.calling_off(task):
            run = await work
        if _stopping.asked():
            _stopping.say(OVER)
    except BaseException:
        if not _stopping.asked():
            raise  # else what it leans on has been stopped with it, and says nothing of it
    if _stopping.asked():
        if shown is not None:
            shown.__exit__(None, None, None)
        _stopping.leave()
    assert run is not None  # whatever kept it from being so has been raised
    return run


def _begins(_seq: int, _at: str, kind: str, _node: str, _data: dict[str, Any]) -> None:
    if kind == "RunStarted":
        _stopping.say(RECORDED)


async def _beating(work: Awaitable[Finished], follower: Follower) -> Finished:
    """*work*, with a heartbeat beside it so that elapsed times move."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(0.25)
            follower.beat()

    beats = asyncio.ensure_future(beat())
    try:
        return await work
    finally:
        beats.cancel()


def _ignore(_read: int, _total: int) -> None:
    return None
