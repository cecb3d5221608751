"""A record says the same elsewhere: in another place, year, zone and language, with no repository and no network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.command import ROOT, environment, gonogo
from tests.repositories import SHOP, git, repository, write

SURROUNDINGS = '''
"""Tells a process that ten years have passed, and keeps it from the network."""

import datetime
import sys
import time

TEN_YEARS = 3653 * 86400
DAY = datetime.timedelta(days=1)


def later(clock, unit):
    return lambda: clock() + TEN_YEARS * unit


for name in ("time", "monotonic", "perf_counter"):
    setattr(time, name, later(getattr(time, name), 1))
    setattr(time, f"{name}_ns", later(getattr(time, f"{name}_ns"), 10**9))


class Same(type):
    def __instancecheck__(cls, value):
        return isinstance(value, cls.__mro__[1])


class Date(datetime.date, metaclass=Same):
    @classmethod
    def today(cls):
        return cls.__mro__[1].today() + 3653 * DAY


class Datetime(datetime.datetime, metaclass=Same):
    @classmethod
    def now(cls, tz=None):
        return cls.__mro__[1].now(tz) + 3653 * DAY

    today = now

    @classmethod
    def utcnow(cls):
        return cls.__mro__[1].utcnow() + 3653 * DAY


datetime.date, datetime.datetime = Date, Datetime


def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        raise OSError("no network here")


sys.addaudithook(refuse)
'''
"""What Python imports before anything else; sockets are made by event loops for themselves, and go nowhere."""

PROBE = """
import datetime, json, os, socket, time
def refused(what):
    try:
        what()
    except OSError as error:
        return str(error)
    return ""
print(json.dumps({
    "user": os.geteuid(),
    "year": datetime.datetime.now().year,
    "time": time.gmtime(time.time()).tm_year,
    "zone": time.timezone,
    "home": os.environ.get("HOME"),
    "network": refused(lambda: socket.create_connection(("127.0.0.1", 9), timeout=1)),
    "writing": [refused(lambda: open(f"{folder}/x", "w").close()) for folder in (".", "runs")],
}))
"""

ASK = """
import contextlib, io, json, sys
from orchestrator.cli import app
def stream():
    return io.TextIOWrapper(io.BytesIO(), sys.stdout.encoding, sys.stdout.errors, write_through=True)
answers, questions = {}, json.loads(sys.argv[1])
for name, words in questions.items():
    sys.argv, out, err = ["gonogo", *words], stream(), stream()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            app.run()
        except SystemExit as end:
            code = end.code
    answers[name] = code, *(text.buffer.getvalue().decode() for text in (out, err))
print(json.dumps(answers))
"""
"""The command, as often as there are questions."""

NOBODY = 65534


class Place(NamedTuple):
    """A folder, and what it is like there."""

    folder: Path
    before: tuple[str, ...]
    env: dict[str, str]

    def python(self, code: str, *words: str) -> Any:
        """What *code* prints as JSON when it runs there."""
        done = subprocess.run(
            [*self.before, sys.executable, "-c", code, *words],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert 0 == done.returncode, done.stderr.decode()
        return json.loads(done.stdout)

    def answers(self, asked: Mapping[str, tuple[str, ...]]) -> dict[str, list[Any]]:
        """Exit code, output and errors of each question."""
        found: dict[str, list[Any]] = self.python(ASK, json.dumps(asked))
        return found


def questions(first: str, second: str) -> dict[str, tuple[str, ...]]:
    """What is asked at home and elsewhere, of two runs or archives."""
    return {
        "verify": ("verify", first),
        "replay": ("replay", first, second),
        "rejudge": ("replay", first, "--rejudge"),
        "rejudge-json": ("replay", second, "--rejudge", "--format", "json"),
        "policy": ("replay", first, "--policy", "next.yaml"),
        "json": ("export", first, "--format", "json"),
        "markdown": ("export", first, "--format", "markdown"),
        "html": ("export", first, "--format", "html"),
        "show": ("show", first),
        "show-all": ("show", first, "--verbose"),
        "show-criterion": ("show", first, "SEC-2.2.1"),
        "diff": ("diff", first, second),
        "watch": ("replay", first, "--speed", "max"),
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home with two recorded runs of a repository that is gone, and with their archives beside them."""
    folder = tmp_path_factory.mktemp("home")
    shop = repository(folder / "shop", SHOP)
    assert 1 == gonogo(folder, "review", str(shop), "-q").code
    write(shop, {"config.py": "DEBUG = True\n"})
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "-m", "worse")
    assert 1 == gonogo(folder, "review", str(shop), "-q").code
    shutil.rmtree(shop)
    for number, run in enumerate(sorted(p.name for p in (folder / "runs").iterdir() if p.is_dir())):
        assert 0 == gonogo(folder, "export", run, "-o", f"{number}.run.zip").code
    (folder / "next.yaml").write_text("thresholds: {score: 5}\npolicy: {name: next, max_failed: {critical: -1}}\n")
    return Place(folder, (), environment())


@pytest.fixture(scope="module")
def runs(home: Place) -> list[str]:
    return sorted(p.name for p in (home.folder / "runs").iterdir() if p.is_dir())


@pytest.fixture(scope="module")
def at_home(home: Place, runs: list[str]) -> dict[str, list[Any]]:
    """What the runs' folders answer where they were recorded."""
    answers = home.answers(questions(*runs))
    assert {"diff": 1} == {name: code for name, (code, _, _) in answers.items() if code}, answers
    return answers


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Place]:
    """An empty folder far away, which the test fills and :func:`sealed` closes."""
    with tempfile.TemporaryDirectory(prefix="elsewhere-") as name:
        base = Path(name)
        base.chmod(0o755)
        (base / "here").mkdir()
        (base / "python").mkdir()
        (base / "python/sitecustomize.py").write_text(SURROUNDINGS)
        known = [shutil.which("locale") or "true", "-a"]
        languages = subprocess.run(known, capture_output=True, check=False).stdout.decode().split()
        env = environment(
            PYTHONPATH=f"{base / 'python'}:{ROOT}",
            PYTHONDONTWRITEBYTECODE="1",
            PYTHONHASHSEED="4711",
            TZ="Pacific/Kiritimati" if Path("/usr/share/zoneinfo/Pacific/Kiritimati").exists() else "<+14>-14",
            LC_ALL=next((word for word in languages if word.startswith("tr_TR")), "C"),
        )
        del env["HOME"]
        try:
            yield Place(base / "here", (*_unplugged(), *_somebody_else()), env)
        finally:
            for path in [base / "here", *(base / "here").rglob("*")]:
                path.chmod(0o755)


def _unplugged() -> tuple[str, ...]:
    """What takes the network from a command where the system allows that; the audit hook does in any case."""
    for words in (("unshare", "--net"), ("unshare", "--map-current-user", "--net")):
        able = words[1] == "--net" or os.geteuid() != 0
        if able and shutil.which(words[0]) and not subprocess.run([*words, "true"], capture_output=True).returncode:
            return words
    return ()


def _somebody_else() -> tuple[str, ...]:
    """What makes root another user; who is not root cannot become one."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")


def sealed(place: Place, *names: str, home: Place) -> None:
    """Put *names* of *home* there instead of what is there, for nobody to write."""
    for path in [place.folder, *place.folder.rglob("*")]:
        path.chmod(0o755)
    for path in place.folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in names:
        if (home.folder / name).is_dir():
            shutil.copytree(home.folder / name, place.folder / name)
        else:
            shutil.copy(home.folder / name, place.folder / name)
    for path in sorted([place.folder, *place.folder.rglob("*")], reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)


class TestElsewhere:
    def test_is_elsewhere(self, home, elsewhere):
        """
        What surrounds the tests below is what they say: user, year, zone, no home, no network, no right to write.
        """
        sealed(elsewhere, "runs", home=home)
        there = elsewhere.python(PROBE)

        assert (NOBODY if os.geteuid() == 0 else os.geteuid()) == there["user"]
        assert there["year"] >= 2034
        assert there["time"] >= 2034
        assert -14 * 3600 == there["zone"]
        assert there["home"] is None
        assert "no network here" == there["network"]
        assert ["[Errno 13] Permission denied: './x'", "[Errno 13] Permission denied: 'runs/x'"] == there["writing"]

    def test_the_folder_alone(self, home, elsewhere, runs, at_home):
        """
        Every question that a run's folder answers is answered in the same bytes.
        """
        sealed(elsewhere, "runs", "next.yaml", home=home)
        there = elsewhere.answers(questions(*runs))

        for name, answer in at_home.items():
            assert answer == there[name], name

    def test_the_archive_alone(self, home, elsewhere, at_home):
        """
        So it is for the archive; only what names the report that lies in the folder does not.
        """
        sealed(elsewhere, "0.run.zip", "1.run.zip", "next.yaml", home=home)
        there = elsewhere.answers(questions("0.run.zip", "1.run.zip"))

        for name, (code, out, err) in at_home.items():
            without = "".join(line for line in out.splitlines(keepends=True) if not line.startswith("report    "))
            assert [code, without, err] == there[name], name
