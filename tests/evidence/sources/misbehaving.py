"""Looks at nothing, in every way in which a source can fail whoever asks it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from orchestrator.evidence.sources import Question, Seen
from tests.evidence.sources.toy_health import ToyHealth
from tests.evidence.sources.toy_report import ToyWarnings


def hangs(question: Question) -> Seen:
    """Hears no signal, and has started something that does not either."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    path = Path(question.targets[0].url)  # type: ignore[arg-type]  # the toys' address is a file
    Path(f"{path}.new").write_text(f"{os.getpid()} {below.pid}")
    Path(f"{path}.new").replace(path)
    time.sleep(600)
    raise AssertionError


def floods(question: Question) -> Seen:
    """Says more than anybody reads."""
    while True:
        os.write(1, b"x" * 65_536)


def swells(question: Question) -> Seen:
    """Has an answer that is too large."""
    return Seen(ToyWarnings(said=("x" * 200_000,)), 1)


def dies(question: Question) -> Seen:
    """Is gone in the middle."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def prints(question: Question) -> Seen:
    """Says something else before its answer."""
    os.write(1, b"hello\n")
    return Seen(ToyHealth(status=200), 1)


def mistakes(question: Question) -> Seen:
    """Answers what it was not asked."""
    return Seen(ToyWarnings(said=("x",)), 1)


def looks_around(question: Question) -> Seen:
    """Says what it has of the run's environment."""
    return Seen(ToyHealth(status=200, body=sorted(os.environ)), 1)
