"""The trees that reviews are compared on are the same everywhere, and more than twice the CPU is too much."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.benchmarks.comparing import MOST, Compared, lines, too_slow
from tools.benchmarks.growing import grow


def grown(folder: Path, seed: int) -> dict[str, str]:
    folder.mkdir()
    grow(folder, 120, seed)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_seed_grows_one_tree(tmp_path):
    first, again, other = (grown(tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert first == again != other
    assert 120 == len(first)
    assert {"py", "ts", "go", "java", "yaml", "md"} <= {path.rpartition(".")[2] for path in first}
    assert not [path for path, text in first.items() if len(text) < 20 or "{thing}" in text]


@pytest.mark.parametrize(("today", "slow"), [(MOST - 0.01, 0), (MOST, 0), (MOST + 0.01, 1)])
def test_more_than_so_much_is_too_slow(today, slow):
    found = [Compared(300, 1.0, today), Compared(20_000, 10.0, 10.0)]
    assert slow == len(too_slow(found))
    assert f"| 300 | 1.00 | {today:.2f} | ×{today:.1f} |" in lines(found)
