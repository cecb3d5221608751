"""Stops a command at a chosen place, asks it to stop there, and sees what is left of it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import psutil

from tests.cli.command import environment

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
LONG = 60.0
"""
Seconds within which what has to come comes, on the busiest of machines.

The promise is two seconds. It is not timed here: what is held is held for ever, so that a command which did not end by
itself would not have done so within any time.
"""
GIT = """#!/bin/sh
case " $* " in
  *" {word} "*) : > "{reached}"; {answer}; exit 1;;
esac
exec "{git}" "$@"
"""
HELD = """
import sys, time
from pathlib import Path

import {module}

def hold(*_words, **_more):
    Path({reached!r}).touch()
    while True:
        {how}

{module}.{name} = hold
sys.argv = ["gonogo", *{words!r}]
from orchestrator.cli import main
main()
"""


class Held:
    """
    A command that is going to be held.

    Args:
        folder: Where it runs; that it is held is told by a file in it.
        words: Its words.
        at: A function that is never to end: module, name, and what it does meanwhile.
        git: The word of git that is answered otherwise.
        answer: What git does there; without it, it never answers.
        ignoring: Signals that whoever begins it has it ignore.
        env: More of its environment.
    """

    def __init__(
        self,
        folder: Path,
        *words: str,
        at: tuple[str, str, str] | None = None,
        git: str = "",
        answer: str = "sleep 1000000",
        ignoring: Sequence[int] = (),
        **env: str,
    ) -> None:
        self.reached = folder / "reached"
        command = ["-m", "orchestrator", *words]
        if at is not None:
            module, name, how = at
            code = HELD.format(module=module, name=name, how=how, reached=str(self.reached), words=list(words))
            command = ["-c", code]
        surroundings = environment(PYTHONFAULTHANDLER="1", **env)
        if git:
            surroundings["PATH"] = f"{_fake(folder, git, answer, self.reached)}:{surroundings['PATH']}"
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=partial(_heedful, ignoring),
        )

    def wait(self) -> None:
        """Return when it is held."""
        ends = time.monotonic() + LONG
        while not self.reached.exists():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < ends, "it never came there"
            time.sleep(0.01)

    def stopped(self, *numbers: int) -> tuple[int, str]:
        """Send *numbers*; its exit code and what it said on standard error, nothing that it had begun being left."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        try:
            for number in numbers:
                self.process.send_signal(number)
                time.sleep(0.05)
            _, said = self.process.communicate(timeout=LONG)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end:\n{self._whereabouts()}\nleft of {below}") from None
        finally:
            self.process.kill()
        orphans = psutil.wait_procs(below, timeout=LONG)[1]
        assert [] == orphans
        return self.process.returncode, said.decode()

    def _whereabouts(self) -> str:
        """Where each of its threads is, as the interpreter tells when it is aborted."""
        self.process.send_signal(signal.SIGABRT)
        try:
            return self.process.communicate(timeout=LONG)[1].decode()
        except subprocess.TimeoutExpired as error:
            return f"and does not end when it is aborted, or something holds its output: {error.stderr!r}"


def _heedful(ignoring: Sequence[int]) -> None:
    """Whoever runs the tests may ignore signals."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN if number in ignoring else signal.SIG_DFL)


def _fake(folder: Path, word: str, answer: str, reached: Path) -> Path:
    """A folder with a git that does *answer* at *word*."""
    git = folder / "fake" / "git"
    git.parent.mkdir()
    git.write_text(GIT.format(word=word, answer=answer, reached=reached, git=shutil.which("git")))
    git.chmod(0o755)
    return git.parent


def cycled(names: Sequence[str]) -> list[tuple[str, signal.Signals]]:
    """Each of *names* with a signal, all signals in turn."""
    return [(name, SIGNALS[place % len(SIGNALS)]) for place, name in enumerate(names)]
