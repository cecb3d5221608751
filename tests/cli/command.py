"""Runs the command as a user does: in a process of its own, from another folder, with no more than it is given."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.cli.warm import WARM

ROOT = Path(__file__).parents[2]


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        **more,
    }


def gonogo(folder: Path, *words: str, **more: str) -> Done:
    """Run ``gonogo`` with *words* in *folder*; *more* goes into its environment."""
    surroundings = environment(**more)
    if not _is_plain(surroundings):
        return alone(folder, *words, **more)
    code, out, err = WARM.call(folder, words, surroundings, seconds=120)
    return Done(code, out.decode(), err.decode())


def alone(folder: Path, *words: str, **more: str) -> Done:
    """Run ``gonogo`` as :func:`gonogo` does, in a process that is begun for it: where it matters how one begins."""
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator", *words],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def _is_plain(surroundings: Mapping[str, str]) -> bool:
    """Whether *surroundings* say to Python itself what :func:`environment` says, so that a warm process will do."""

    def said(to: Mapping[str, str]) -> dict[str, str]:
        return {name: value for name, value in to.items() if name.startswith(("PYTHON", "LC_", "LANG", "LD_"))}

    return said(surroundings) == said(environment())


MEMORY = 2 << 30
"""Bytes of address space that a confined review may have; what it really uses is a fraction of that."""
SECONDS = 60


def confined(
    folder: Path,
    *words: str,
    env: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
    files: int = -1,
    prepare: Any = None,
) -> Done:
    """
    Run ``gonogo`` with bounds on its memory and time.

    Args:
        folder: Where to run it.
        words: Its words.
        env: Its whole environment, if not the usual one.
        before: A command that runs it, such as ``LESS_THAN_ROOT``.
        files: The most bytes that a file may have.
        prepare: Called in the process just before it becomes the command.
    """

    surroundings = environment() if env is None else dict(env)
    if _is_plain(surroundings) and not before and prepare is None:
        limits = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_FSIZE: files}
        code, out, err = WARM.call(folder, words, surroundings, seconds=SECONDS, limits=limits)
        return Done(code, out.decode("utf-8", "backslashreplace"), err.decode("utf-8", "replace"))

    def bounds() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (files, files))
        if prepare is not None:
            prepare()

    done = subprocess.run(
        [*before, sys.executable, "-m", "orchestrator", *words],
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        preexec_fn=bounds,  # this process has no threads that it could upset
    )
    return Done(
        done.returncode, done.stdout.decode("utf-8", "backslashreplace"), done.stderr.decode("utf-8", "replace")
    )


def less_than_root() -> tuple[str, ...] | None:
    """What takes root's right to read everything from a command; empty for another user, None where it cannot be."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    return (setpriv, "--bounding-set=-dac_override,-dac_read_search") if setpriv else None


def judged(done: Done) -> dict[str, dict[str, Any]]:
    """The assessments of a confined review by criterion, having held it to what every review owes."""
    assert done.code in (0, 1, 3), done.err[-2000:]
    assert "Traceback" not in done.err
    assert "stumbled" not in done.out + done.err
    result = done.json
    assert {"completed", "not_applicable"} >= {agent["outcome"] for agent in result["agents"]}, result["agents"]
    assert 261 == len(result["assessments"])
    return {assessment["criterion"]: assessment for assessment in result["assessments"]}
