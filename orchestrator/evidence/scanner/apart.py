"""Asks the rules of others in a process of its own, which may fail or hang without costing more than one file."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import subprocess
import threading
from collections.abc import Sequence

from ..apart import begun, end
from ..facts.secrets import RuleSet
from .hit import Hit
from .ruleset import PACKAGE

SECONDS = 120
"""Seconds that one answer may take, the last resort: the rules take one for eighty million bytes."""
MOST_ENDS = 5
"""How often it is begun anew after it has ended before its answer."""
_MAX_ANSWER = 4_000_000


class Scanning:
    """
    A process that reads one content after the other with the rules of a package.

    It is begun when it is first needed, and again after its end. It ends with this process, whatever becomes of it,
    since the pipe closes that it listens to.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._of = self._ends = 0
        self._about = RuleSet(name=PACKAGE, lacking="was not asked")

    def about(self) -> RuleSet:
        """Which rules there are; where they cannot be asked, why."""
        with self._lock:
            with contextlib.suppress(OSError, ValueError):
                self._begun()
            return self._about

    def hits(self, data: bytes) -> Sequence[Hit] | None:
        """What the rules find in *data*; None where they could not read it."""
        with self._lock:
            if self._ends >= MOST_ENDS:
                return None
            try:
                said = json.loads(self._asked(data))
                return [Hit(str(rule), int(start), int(end), bool(sure)) for rule, start, end, sure in said]
            except (OSError, ValueError):
                self._ends += 1
                self._end()
                return None

    def end(self) -> None:
        """End the process if there is one; may be called from any thread, and again."""
        with self._lock:
            self._end()
            self._ends = 0

    @property
    def pid(self) -> int | None:
        """The process, where this one has begun it."""
        return self._process.pid if self._process is not None and self._of == os.getpid() else None

    def _begun(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._of != os.getpid():  # what a fork has inherited is not its own
            self._about = RuleSet(name=PACKAGE, lacking="cannot be started")
            self._process, self._of = begun("evidence.scanner.child"), os.getpid()
            self._about = RuleSet.model_validate_json(self._answer(self._process))
        return self._process

    def _asked(self, data: bytes) -> bytes:
        process = self._begun()
        assert process.stdin is not None  # PIPE was asked for
        process.stdin.write(b"%d\n" % len(data) + data)
        process.stdin.flush()
        return self._answer(process)

    def _answer(self, process: subprocess.Popen[bytes]) -> bytes:
        assert process.stdout is not None  # PIPE was asked for
        ready, _, _ = select.select([process.stdout], [], [], SECONDS)
        return process.stdout.readline(_MAX_ANSWER) if ready else b""

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and self._of == os.getpid():
            end(process)


SCANNING = Scanning()
"""The one of this process."""
atexit.register(SCANNING.end)
