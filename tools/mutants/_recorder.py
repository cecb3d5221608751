"""The pytest plugin that writes down which functions of the house each test calls, in forks of it as well."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

INTO = "MUTANTS_INTO"
"""Environment variable: the folder that gets a file of JSON lines from each process of the run."""
ROOMS = ("orchestrator", "agents")


class Recorder:
    """What the running test has called; a fork adds what it calls itself, since it never comes back to tell."""

    def __init__(self, root: Path, into: Path) -> None:
        self.into = into
        self.test = ""
        self._fork_of = ""
        self._roots = tuple(f"{root}{os.sep}{room}{os.sep}" for room in ROOMS)
        self._cut = len(str(root)) + 1
        self._called: dict[int, CodeType] = {}
        self._outcomes: dict[str, tuple[bool, float]] = {}

    def trace(self, frame: FrameType, event: str, argument: object) -> Any:
        code = frame.f_code
        if id(code) not in self._called:
            self._called[id(code)] = code
            if self._fork_of and (key := self._key(code)):
                self._write({"test": self._fork_of, "called": [key]})

    def forked(self) -> None:
        self._fork_of, self._called = self.test, {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.test, self._called = item.nodeid, {}
        threading.settrace(self.trace)
        sys.settrace(self.trace)
        yield
        sys.settrace(None)
        keys = sorted({key for code in list(self._called.values()) if (key := self._key(code))})
        good, seconds = self._outcomes.pop(item.nodeid, (False, 0.0))
        self._write({"test": item.nodeid, "good": good, "seconds": round(seconds, 3), "called": keys})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        good, seconds = self._outcomes.get(report.nodeid, (True, 0.0))
        self._outcomes[report.nodeid] = (good and report.passed, seconds + report.duration)

    def _key(self, code: CodeType) -> str:
        """``path:function`` of *code*; what is defined inside a function is part of it."""
        if not code.co_filename.startswith(self._roots) or code.co_name == "<module>":
            return ""
        return f"{code.co_filename[self._cut :]}:{code.co_qualname.partition('.<locals>')[0]}"

    def _write(self, what: dict[str, object]) -> None:
        """One line, opened anew: a child of the engine has closed all that it was not given."""
        with (self.into / f"{os.getpid()}.jsonl").open("a") as file:
            file.write(json.dumps(what) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    into = os.environ.get(INTO)
    if into and (not config.getoption("numprocesses", None) or hasattr(config, "workerinput")):
        recorder = Recorder(Path(str(config.rootpath)), Path(into))
        os.register_at_fork(after_in_child=recorder.forked)
        config.pluginmanager.register(recorder, "mutants-recorder")
