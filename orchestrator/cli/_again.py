"""Plays a recorded run back: its events at their original intervals, divided by a speed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime

from pydantic import ValidationError
from rich.console import Console

from ..journal.kinds import nonsense
from ..journal.known import first
from ..journal.record import Record
from ..report.progress import Progress
from ._watch import Follower

IDLE = 1.0
"""The most seconds that are waited for a time in which nobody drove the run."""
LONGEST = 3600.0
"""The most seconds that the system is asked to wait in one go; a record may claim any distance."""


def watch_again(
    record: Record,
    speed: float,
    console: Console,
    *,
    live: bool,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """
    Show *record* as it went.

    Args:
        record: A run that has been found to be genuine.
        speed: How many times as fast; infinity waits for nothing.
        console: Where to.
        live: Draw it in place, as on a terminal; else print it line by line with the recorded times.
        clock: Says how long has been waited.
        sleep: Waits.
    """
    if speed != math.inf:
        console.get_time = lambda: clock() * speed  # what is drawn between two events goes on as fast as they do
    with Progress(console, live=live, stays=True) as shown:
        again = Record(record.folder)  # of its own: what is unknown of *record* has been counted
        follower = Follower(shown, record.folder.parent, again)
        due, last = clock(), None
        for event in record.events():
            now = datetime.fromisoformat(event.at)
            passed = max((now - last).total_seconds(), 0.0) / speed if last is not None else 0.0
            due += min(passed, IDLE) if event.kind == "RunResumed" else passed
            last = now
            while (left := due - clock()) > 0:
                sleep(min(left, LONGEST))
            try:
                follower(event.seq, event.at, event.kind, event.node, event.data)
            except ValidationError as error:  # answers of steps are read here for the first time
                raise nonsense(event, first(error)) from None
