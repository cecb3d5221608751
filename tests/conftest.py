"""
Skips tests whose commands are not installed and counts them; tells CI that a skipped test has not passed.

Here is also the one run that tests of many rooms look at.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter

import pytest

BROWSER = "chromium"


@pytest.fixture(scope="session")
def reviewed_shop(tmp_path_factory):
    """The folder of a finished run of the small service that most tests know; who changes one changes a copy."""
    import asyncio  # here, as all of it: most choices of tests need none of it

    from orchestrator.commands.review import review
    from orchestrator.planning.plan import Request
    from tests.repositories import SHOP, repository

    shop = repository(tmp_path_factory.mktemp("repos") / "shop", SHOP)
    run = asyncio.run(review(Request(path=str(shop)), tmp_path_factory.mktemp("runs"), sync=False)).folder
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    yield run
    assert before == {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}, "a test has changed it"


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
