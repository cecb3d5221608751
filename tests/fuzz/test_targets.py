"""Whatever a foreign record says, its readers answer or say what is wrong: coverage-guided fuzzing looks for others."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import environment
from tests.sampling import WHOLE

RUNS = {"journal": 600, "pinned": 350, "archives": 600, "statements": 600}
"""How many inputs each target is given in `make soak`; `make fuzz` gives it minutes."""
SOME = 4
"""One in how many of them are given every time."""
HANGS = 300
"""Seconds after which a target is taken for hanging."""


@WHOLE
@pytest.mark.parametrize("target", RUNS)
def test_nothing_is_found(target: str, whole: bool, tmp_path: Path) -> None:
    """
    Every input ends in an answer or in a mistake of the user's; the fuzzer really ran, and went beyond its seeds.
    """
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is for CPython before 3.14 on Linux")
    runs = RUNS[target] if whole else RUNS[target] // SOME
    words = (f"-runs={runs}", "-seed=7")
    done = subprocess.run(
        [sys.executable, "-m", f"tests.fuzz.{target}", *words],
        cwd=tmp_path,
        env=environment(TMPDIR=str(tmp_path)),
        capture_output=True,
        check=False,
        timeout=HANGS,
        text=True,
        errors="replace",
    )
    said = done.stderr

    assert 0 == done.returncode, "\n".join(line[:400] for line in said.splitlines()[-200:])
    assert runs <= int(re.findall(r"^stat::number_of_executed_units: +(\d+)$", said, re.MULTILINE)[0])
    assert 0 < int(re.findall(r"^stat::new_units_added: +(\d+)$", said, re.MULTILINE)[0])
    assert _features("INITED", said) < _features("DONE", said)
    assert not list(tmp_path.iterdir())


def _features(when: str, said: str) -> int:
    """How much of the code had been seen at that moment, as libFuzzer counts it."""
    return int(re.findall(rf"\b{when} +cov: \d+ ft: (\d+)", said)[0])
