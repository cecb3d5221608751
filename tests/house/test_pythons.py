"""Holds `make pythons` to naming what is not here and to failing where a version fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import pythons

VERSION = "9.9"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH beside those of the system; pyenv has nothing."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def stands_in(path: Path, script: str) -> Path:
    """A program at *path* in the place of an interpreter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


class TestInterpreter:
    def test_absent(self, folder, capsys):
        """
        A version that is not on this machine is named and is not a failure.
        """
        assert 0 == pythons.main((VERSION,))
        assert f"Python {VERSION}: not on this machine, not tried\n" == capsys.readouterr().out

    @pytest.mark.parametrize("script", ["exit 127", "echo 9.8"])
    def test_a_shim(self, folder, script):
        """
        What does not start, or is of another version, is passed over for the next one.
        """
        stands_in(folder / f"python{VERSION}", script)
        own = stands_in(folder / "pyenv" / "versions" / f"{VERSION}.1" / "bin" / f"python{VERSION}", "echo 9.9")

        assert own == pythons.interpreter(VERSION)


class TestTried:
    def test_a_failure_is_one(self, folder, capsys):
        """
        The first step that fails ends the trial of its version, is shown, and fails the whole.
        """
        stands_in(folder / f"python{VERSION}", 'test "$1" = -c && echo 9.9 && exit; echo no venv here; exit 1')

        assert 1 == pythons.main((VERSION,))

        said = capsys.readouterr()
        assert said.out.startswith(f"Python {VERSION}: environment: failed, ")
        assert 1 == said.out.count("\n")
        assert "no venv here" in said.err
        assert f"failed on Python {VERSION}\n" in said.err
