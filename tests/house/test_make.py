"""Holds `make` to what the README says of it, and the system packages to what tests look for."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import BROWSER
from tools import system

ROOT = Path(__file__).parents[2]


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`make` in this repository, as typed by a person, with an environment in *folder* in the place of the true one."""
    # Under `make test` this make would be a make in a make, which says which folder it enters.
    typed = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    return subprocess.run(["make", f"VENV={folder}", *words], cwd=ROOT, env=typed, capture_output=True, text=True)


def standing_in(folder: Path, code: int) -> Path:
    """An environment that is set up, whose ``gonogo`` prints its words and ends with *code*."""
    command = folder / "bin" / "gonogo"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\necho "$@"\nexit {code}\n')
    command.chmod(0o755)
    (folder / ".run").touch()
    return folder


class TestReview:
    @pytest.mark.parametrize("code", [0, 1, 3])
    def test_a_verdict_is_no_error(self, tmp_path, code):
        """
        Whatever the verdict is, make ends well and adds no line of its own.
        """
        done = make(standing_in(tmp_path, code), "review", "REPO=../shop")

        assert (0, "review ../shop\n", "") == (done.returncode, done.stdout, done.stderr)

    @pytest.mark.parametrize("code", [2, 6, 7, 130])
    def test_a_mistake_is_one(self, tmp_path, code):
        """
        A review that came to no verdict fails in make, too.
        """
        done = make(standing_in(tmp_path, code), "review")

        assert 2 == done.returncode
        assert f"Error {code}" in done.stderr


class TestSystem:
    def test_has_what_tests_look_for(self):
        """
        Every command that a test is marked with, or looks for, is in the list.
        """
        source = "\n".join(p.read_text() for p in (ROOT / "tests").rglob("*.py"))
        marked = {w for words in re.findall(r"mark\.needs\((.*?)\)", source) for w in re.findall(r'"(.+?)"', words)}

        assert {BROWSER, "git", "setpriv", *marked} <= system.PACKAGES.keys()

    def test_all_is_there(self, monkeypatch, capsys):
        """
        With nothing missing nothing is run.
        """
        monkeypatch.setattr(system, "PACKAGES", {"sh": "dash"})

        assert 0 == system.main(("false",), root=True)
        assert "system packages: sh are installed\n" == capsys.readouterr().out

    def test_not_root(self, monkeypatch, capsys):
        """
        Who may not install is told what is missing and how root installs it, and nothing is run.
        """
        monkeypatch.setattr(system, "PACKAGES", {"no-such-command": "some-package"})

        assert 0 == system.main(("false",), root=False)
        assert (
            "system packages: no-such-command not found; tests that need them are skipped\n"
            "  root installs them: apt-get update && apt-get install --no-install-recommends some-package\n"
        ) == capsys.readouterr().out

    def test_root(self, monkeypatch, tmp_path):
        """
        Root updates once, installs what is missing in one go, and looks whether it is there.
        """
        said, installed = tmp_path / "said", tmp_path / "bin" / "new-command"
        installed.parent.mkdir()
        apt = tmp_path / "apt"
        apt.write_text(f'#!/bin/sh\necho "$@" >> {said}\n: > {installed}; chmod +x {installed}\n')
        apt.chmod(0o755)
        monkeypatch.setenv("PATH", f"{installed.parent}:/usr/bin:/bin")
        monkeypatch.setattr(system, "PACKAGES", {"sh": "dash", "new-command": "some-package"})

        assert 0 == system.main((str(apt),), root=True)
        assert ["update -qq", "install -qq -y --no-install-recommends some-package"] == said.read_text().splitlines()

    @pytest.mark.parametrize("apt", ["true", "false"])
    def test_in_vain(self, monkeypatch, capfd, apt):
        """
        An apt that fails, or installs something else, is an error.
        """
        monkeypatch.setattr(system, "PACKAGES", {"no-such-command": "some-package"})

        assert 1 == system.main((apt,), root=True)
        assert {"true": "not found although installed", "false": "`false update -qq` failed"}[
            apt
        ] in capfd.readouterr().err
