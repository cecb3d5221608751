"""Holds the process that forks for a call to what a process does that is begun for it."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.command import alone, confined, environment, gonogo
from tests.cli.warm import Warm
from tests.repositories import SHOP, write


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("--help",),
        ("runs",),
        ("runs", "--format", "json"),
        ("nonsense",),
        ("show",),
        ("verify", "x.zip"),
    ],
    ids=" ".join,
)
def test_says_the_same(tmp_path: Path, words: tuple[str, ...]) -> None:
    """
    Code, output and errors are those of a process that was begun for it.
    """
    assert alone(tmp_path, *words) == gonogo(tmp_path, *words)


def test_is_what_was_asked_for(tmp_path: Path) -> None:
    """
    Each call has the folder, the words and the environment that it was given, and nothing of the call before it.
    """
    for name in ("one", "two"):
        write(tmp_path / name / "shop", SHOP | {"readiness.yaml": f"release: {{name: {name}}}\n"})
        done = gonogo(tmp_path / name, "review", "shop", "--format", "json", COLUMNS="40")

        assert name == done.json["release"]["name"]
        assert 1 == len(list((tmp_path / name / "runs").glob("2*")))


@pytest.mark.parametrize("name", ["PYTHONHASHSEED", "LC_ALL", "PYTHONPATH"])
def test_what_python_itself_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """
    Where the environment says something to Python itself, a process is begun for the call.
    """
    monkeypatch.setattr("tests.cli.command.WARM", None)
    said = f"{environment().get(name, '')}:/nowhere" if name == "PYTHONPATH" else {"LC_ALL": "C"}.get(name, "1")

    assert 0 == gonogo(tmp_path, "runs", **{name: said}).code
    with pytest.raises(AttributeError):
        gonogo(tmp_path, "runs", COLUMNS="40")


def test_is_bounded(tmp_path: Path) -> None:
    """
    A confined call has its bound on the length of a file, and not for the next call.
    """
    write(tmp_path / "shop", SHOP)
    small = confined(tmp_path, "review", "shop", "--runs", "small", files=1_000)
    whole = confined(tmp_path, "review", "shop", "--runs", "whole")

    assert (2 if small.code == 2 else -signal.SIGXFSZ, 1) == (small.code, whole.code)


def test_takes_turns(tmp_path: Path) -> None:
    """
    Calls go by turns to processes of different hash seeds, so that an order that depends on one comes to light.
    """
    warm = Warm()
    try:
        for _ in range(3):
            assert 0 == warm.call(tmp_path, ["--version"], environment(), seconds=60).code
        servers = [server for server in warm._servers if server is not None]
    finally:
        warm.end()

    assert 2 == len({server.process.pid for server in servers})
    assert all(server.process.returncode == 0 for server in servers)


def test_is_killed_when_its_time_is_over(tmp_path: Path) -> None:
    """
    A call that does not end is killed, and told of as one of a process that was begun for it.
    """
    write(tmp_path / "shop", SHOP)
    warm = Warm(1)
    try:
        assert 0 == warm.call(tmp_path, ["--version"], environment(), seconds=60).code
        began = time.monotonic()
        with pytest.raises(subprocess.TimeoutExpired):
            warm.call(tmp_path, ["review", "shop"], environment(), seconds=0.2)
        assert 30 > time.monotonic() - began
        assert 0 == warm.call(tmp_path, ["--version"], environment(), seconds=60).code
    finally:
        warm.end()
