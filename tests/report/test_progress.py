"""Following a run while it goes on."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from orchestrator.report import events
from orchestrator.report.progress import Progress

from .snapshots import check

STORY: list[events.Event] = [
    events.RunStarted(
        run="20261121T161230Z-payments-2.14.0-k3f9",
        release="payments 2.14.0",
        criteria=261,
        started="2026-11-21T16:12:30Z",
        phases=(("verification", "Verification"), ("production", "Production validation")),
        nodes=(
            ("verification/security-validator", "verification"),
            ("verification/gap-analyzer", "verification"),
            ("production/exactly-right", "production"),
        ),
    ),
    events.EvidenceRead(at=0.2, read=800, total=2481),
    events.EvidenceRead(at=0.9, read=2481, total=2481),
    events.PhaseStarted(at=1.0, phase="verification", title="Verification"),
    events.NodeStarted(at=1.0, node="verification/security-validator", phase="verification"),
    events.Found(2.0, "verification/security-validator", "SEC-2.1.5", "critical", "fail", "key in \x1b[31msettings.py"),
    events.Found(2.1, "verification/security-validator", "SEC-2.3.4", "medium", "fail", "no header"),
    events.Found(2.2, "verification/security-validator", "SEC-2.1.6", "high", "pass", "limiter on 3 routes"),
    events.Beat(at=20.0),
    events.Beat(at=33.0),
    events.NodeFinished(34.0, "verification/security-validator", "completed", 33.0, 3),
    events.NodeStarted(at=34.0, node="verification/gap-analyzer", phase="verification"),
    events.NodeFinished(36.0, "verification/gap-analyzer", "errored", 2.0, 0, "KeyError: 'x'"),
    events.PhaseGated(at=36.0, phase="production", open=False, reason="2 critical criteria fail"),
    events.NodeFinished(36.0, "production/exactly-right", "skipped", 0.0, 0, "2 critical criteria fail"),
    events.RunFinished(at=37.5, verdict="ROLLBACK", score=61.3),
]


def console(clock: list[float] | None = None, **options: object) -> Console:
    settings: dict[str, object] = {"file": io.StringIO(), "width": 100, "color_system": None, **options}
    return Console(get_time=lambda: clock[0] if clock else 0.0, **settings)  # type: ignore[arg-type]  # passed on


def told(target: Console) -> str:
    assert isinstance(target.file, io.StringIO)
    return target.file.getvalue()


def test_lines() -> None:
    """
    In a pipe there is one line per change, a sign of life after half a minute, and never a redraw.
    """
    target = console()
    with Progress(target) as progress:
        for event in STORY:
            progress.feed(event)

    check("progress.txt", told(target))


def test_forced_colour_never_redraws() -> None:
    """
    Colour and liveliness are two things: only the caller switches the tree on.
    """
    target = console(force_terminal=True, color_system="standard")
    with Progress(target) as progress:
        for event in STORY:
            progress.feed(event)

    assert not [code for code in ("\x1b[2K", "\x1b[1A", "\x1b[?25l", "\r") if code in told(target)]


def test_tree() -> None:
    """
    On a terminal a tree shows phases and agents; between events time goes on by the console's clock.
    """
    clock = [0.0]
    target = console(clock)
    progress = Progress(target, live=True)
    for event in STORY[:8]:
        progress.feed(event)
    clock[0] = 4.0
    target.print(progress.tree)
    for event in STORY[8:]:
        progress.feed(event)
    target.print(progress.tree)

    check("tree.txt", told(target))


@pytest.mark.parametrize("stays", [False, True])
def test_tree_makes_room(stays: bool) -> None:
    """
    When a run is over its tree is gone from the terminal, unless it is what was asked for.
    """
    target = console(force_terminal=True)
    with Progress(target, live=True, stays=stays) as progress:
        for event in STORY:
            progress.feed(event)
    erased = told(target).rpartition("security-validator")[2].count("\x1b[2K")

    assert bool(erased) != stays


def test_tree_in_ascii() -> None:
    """
    A terminal that shows only ASCII gets only ASCII.
    """
    buffer = io.BytesIO()
    raw = io.TextIOWrapper(buffer, encoding="ascii")
    target = console(file=raw)
    progress = Progress(target, live=True)
    for event in STORY:
        progress.feed(event)
    target.print(progress.tree)
    raw.flush()

    assert b"security-validator" in buffer.getvalue()
