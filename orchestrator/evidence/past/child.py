"""Searches a history in a process of its own, beside the pass over the tree."""

from __future__ import annotations

import json
import subprocess
import threading
from contextlib import suppress
from typing import IO

from pydantic import ValidationError

from ...errors import OrchestratorError
from ...redaction import current, withholding
from ..apart import answered, asked, begun, end
from ..facts.secrets import SecretHistory
from ..reader import made
from .patience import MAX_SECONDS
from .request import Request
from .search import search

GRACE = 30.0
"""Seconds after its own patience at which the process is ended."""
MAX_ANSWER = 16_000_000


class Search:
    """
    A search that goes on by itself until its result is asked for.

    The process is told what to search, and the key of the run, through a pipe that stays open. When that closes, as it
    does with this process whatever becomes of it, the search ends. Folders of this place are not a source of its code.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None
        self._ended = False
        self._why = "the search of the history was ended"

    def begin(self, request: Request | None) -> None:
        """Start searching; nothing is searched where there is no history, or after :meth:`end`."""
        if request is None:
            self._why = "a plain directory has no history"
            return
        question = {"key": current().key.hex(), "request": request.model_dump(mode="json")}
        with self._lock:
            if self._ended:
                return
            try:
                self._process = begun("evidence.past.child")
            except OSError as error:
                self._why = f"the search of the history cannot be started: {error.strerror}"
                return
            self._timer = threading.Timer(MAX_SECONDS + GRACE, self.end)
            self._timer.daemon = True
            self._timer.start()
            assert self._process.stdin is not None  # PIPE was asked for
            said = json.dumps(question).encode() + b"\n"
            threading.Thread(target=_say, args=(self._process.stdin, said), daemon=True).start()

    def result(self) -> SecretHistory:
        """What was found, once all is searched; where the process ends otherwise, that and no more."""
        if self._process is None:
            return SecretHistory(reason=self._why)
        assert self._process.stdout is not None  # PIPE was asked for
        try:
            return SecretHistory.model_validate_json(self._process.stdout.read(MAX_ANSWER))
        except (ValidationError, ValueError):
            return SecretHistory(reason="the process that searches the history has ended without an answer")

    def end(self) -> None:
        """End the process and what it has started; may be called at any time, from any thread, and again."""
        with self._lock:
            self._ended = True
            process = self._process
            if process is None or process.returncode is not None:
                return
            if self._timer is not None:
                self._timer.cancel()
            end(process)


def _say(pipe: IO[bytes], said: bytes) -> None:
    """Write what may be more than a pipe holds, to a process that may have ended."""
    with suppress(OSError, ValueError):
        pipe.write(said)
        pipe.flush()


def main() -> None:
    """What the process does."""
    answered(answer(asked()))


def answer(line: bytes) -> bytes:
    """What the search that *line* asks for comes to, as canonical JSON."""
    question = json.loads(line)
    with withholding(bytes.fromhex(question["key"])):
        request = Request.model_validate_json(json.dumps(question["request"]))
        try:
            fact = made(SecretHistory, lambda: search(request))
        except OrchestratorError as error:
            fact = SecretHistory(reason=error.what)
    value = fact.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
