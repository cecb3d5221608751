"""Tries edits: each in a copy of the tree, in a fork that has everything of others loaded and nothing of ours."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from ._copies import surroundings
from ._edits import Edit
from ._knowing import Teller

Ending = Literal["killed", "hung", "survived", "untested"]
LOADED = """
    anthropic ahocorasick_rs click hypothesis jinja2 networkx pathspec promql_parser psutil pydantic pytest_asyncio
    rich.console
    structlog tenacity tree_sitter tree_sitter_bash tree_sitter_hcl yaml
    jsonschema _pytest.assertion.rewrite xdist.plugin
"""
"""What is not ours and is loaded before the forks."""
ROOT = Path(__file__).parents[2]
NEAREST = 2
"""So many files of tests are read and asked first: most edits end there, and reading tests takes its time."""
QUICK = 0.5
"""
A test that takes longer may have failed for want of time: it is asked again without the edit each time that it kills.
Any other is asked again once, and tests that could not even be read always.
"""


@dataclass(frozen=True)
class Trial:
    """What came of one edit."""

    edit: Edit
    ending: Ending
    tests: tuple[Teller, ...]
    by: str = ""


@dataclass
class _Running:
    copy: Path
    edit: Edit
    tests: tuple[Teller, ...]
    pid: int
    until: float
    again: tuple[str, ...] = ()
    """What failed with the edit, while it is asked without."""


class Bench:
    """Tries edits side by side, one in each of *copies*."""

    def __init__(self, base: Path, copies: Sequence[Path]) -> None:
        self._base = base
        self._free = list(copies)
        self._running: list[_Running] = []
        self._sure: set[str] = set()
        for name in LOADED.split():
            with contextlib.suppress(ImportError):
                importlib.import_module(name)

    def tried(self, edits: Iterable[tuple[Edit, list[Teller]]]) -> Iterator[Trial]:
        """Try each edit with its tests; trials come as they end."""
        todo = iter(edits)
        more = True
        while more or self._running:
            while more and self._free:
                following = next(todo, None)
                if following is None:
                    more = False
                elif not following[1]:
                    yield Trial(following[0], "untested", ())
                else:
                    self._start(self._free.pop(), following[0], tuple(following[1]))
            time.sleep(0.02)
            for running in list(self._running):
                if (trial := self._ended(running)) is not None:
                    yield trial

    def _start(self, copy: Path, edit: Edit, tests: tuple[Teller, ...], again: tuple[str, ...] = ()) -> None:
        if not again:
            _put(copy / edit.path, edit.made_in((copy / edit.path).read_text()))
        asked = again or [test.id for test in tests]
        pid = os.fork()
        if pid == 0:
            _child(copy, asked)
        limit = 120 + 10 * sum(test.seconds for test in tests)
        self._running.append(_Running(copy, edit, tests, pid, time.monotonic() + limit, again))

    def _ended(self, running: _Running) -> Trial | None:
        pid, status = os.waitpid(running.pid, os.WNOHANG)
        late = not pid and time.monotonic() > running.until
        if not pid and not late:
            return None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(running.pid, signal.SIGKILL)
        if late:
            os.waitpid(running.pid, 0)
        self._running.remove(running)
        failed = _failed(running.copy)
        if running.again:
            self._free.append(running.copy)
            fair = os.waitstatus_to_exitcode(status) == 0 and not late
            self._sure |= set(running.again) if fair else set()
            return Trial(running.edit, "killed" if fair else "survived", running.tests, running.again[0])
        _put(running.copy / running.edit.path, (self._base / running.edit.path).read_text())
        if late:
            self._free.append(running.copy)
            return Trial(running.edit, "hung", running.tests)
        code = os.waitstatus_to_exitcode(status)
        if code == pytest.ExitCode.OK:
            self._free.append(running.copy)
            return Trial(running.edit, "survived", running.tests)
        if not failed and code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
            raise RuntimeError((running.copy.parent / f"{running.copy.name}.log").read_text()[-4000:])
        test = next((test for test in running.tests if test.id == failed), None)
        if test is None or test.seconds > QUICK or failed not in self._sure:
            again = (failed,) if failed else tuple(test.id for test in running.tests[:20])
            self._start(running.copy, running.edit, running.tests, again)
            return None
        self._free.append(running.copy)
        return Trial(running.edit, "killed", running.tests, failed)


def _put(file: Path, text: str) -> None:
    """Write *text*, under a time of its own so that no compiled file can be taken for it."""
    before = file.stat()
    file.write_text(text)
    os.utime(file, ns=(before.st_atime_ns, time.time_ns()))


def _failed(copy: Path) -> str:
    try:
        return str(json.loads((copy.parent / f"{copy.name}.failed").read_text()))
    except (OSError, ValueError):
        return ""


def _child(copy: Path, asked: Sequence[str]) -> None:
    """Ask the tests in a process and a group of its own, and end."""
    code = 70
    try:
        os.setsid()
        log = os.open(copy.parent / f"{copy.name}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(copy)
        environment = surroundings(copy) | {"PYTHONDONTWRITEBYTECODE": "1"}
        os.environ.clear()
        os.environ.update(environment)
        sys.dont_write_bytecode = True
        sys.path[:] = [str(copy), *(path for path in sys.path if Path(path or ".").absolute() != ROOT)]
        for name in [
            name for name in sys.modules if name.partition(".")[0] in ("orchestrator", "agents", "tools", "tests")
        ]:
            del sys.modules[name]
        importlib.invalidate_caches()
        (copy.parent / f"{copy.name}.failed").unlink(missing_ok=True)
        asking = _Asking(asked, copy.parent / f"{copy.name}.failed")
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=line"]
        files = list(dict.fromkeys(test.partition("::")[0] for test in asked))
        for batch in (files[:NEAREST], files[NEAREST:]):
            code = int(pytest.main([*options, f"--basetemp={copy}.tmp", *batch], plugins=[asking])) if batch else code
            if code:
                break
    finally:
        os._exit(code)


class _Asking:
    """The pytest plugin that keeps the tests which are asked, in the order in which they are asked."""

    def __init__(self, asked: Sequence[str], into: Path) -> None:
        self._order = {test: number for number, test in enumerate(asked)}
        self._into = into

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self._order), key=lambda item: self._order[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self._into.exists():
            self._into.write_text(json.dumps(report.nodeid))
