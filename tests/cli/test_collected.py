"""A command looks for garbage less often than Python would; whoever only imports the house is left alone."""

from __future__ import annotations

import subprocess
import sys

from orchestrator.cli.app import _COLLECTED

SAY = "import gc\nfrom orchestrator.cli import app\n{}\nprint(gc.get_threshold(), gc.isenabled())"


def said(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def test_a_command_collects_seldom():
    run = "app._run = lambda: print(gc.get_threshold(), gc.isenabled(), flush=True) or 0\napp.run()"
    assert f"{_COLLECTED} True" == said(SAY.format(run))


def test_an_import_changes_nothing():
    assert said("import gc\nprint(gc.get_threshold(), gc.isenabled())") == said(SAY.format(""))


def test_it_is_seldom_and_not_never():
    assert all(least <= held for held, least in zip(_COLLECTED, (10_000, 10, 10), strict=True))
    assert all(0 < held <= 1_000_000 for held in _COLLECTED)
