"""Measures start-up against the interpreter doing nothing, in turns."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

ROUNDS = 15


def measure() -> dict[str, float]:
    """Median milliseconds of ``python -c pass``, ``gonogo --version`` and ``gonogo --help``."""
    commands: dict[str, Sequence[str]] = {
        "python -c pass": (sys.executable, "-c", "pass"),
        "gonogo --version": (sys.executable, "-m", "orchestrator", "--version"),
        "gonogo --help": (sys.executable, "-m", "orchestrator", "--help"),
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            before = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            times[name].append(time.perf_counter() - before)
    return {name: statistics.median(values) * 1000 for name, values in times.items()}
