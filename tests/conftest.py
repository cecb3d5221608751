"""Skips tests whose commands are not installed and counts them; tells CI that a skipped test has not passed."""

from __future__ import annotations

import os
import shutil
from collections import Counter

import pytest

BROWSER = "chromium"


def pytest_runtest_setup(item):
    """Skip a test that is marked with commands of which one is not on PATH."""
    wanted = [command for marker in item.iter_markers("needs") for command in marker.args]
    if item.get_closest_marker("browser"):
        wanted.append(BROWSER)
    lacking = sorted({command for command in wanted if shutil.which(command) is None})
    if lacking:
        pytest.skip(f"needs {', '.join(lacking)}: `make system` as root installs it")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """On CI a skipped test is a failure: whatever it needs is installed by the project's own files."""
    report = (yield).get_result()
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped on CI: {call.excinfo.value}"


def pytest_terminal_summary(terminalreporter):
    """Say how many tests were skipped, and why, whatever the verbosity."""
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped"))
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"skipped {count}: {reason}", yellow=True)
