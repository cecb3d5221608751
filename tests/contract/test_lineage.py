"""A check's version changes with whatever it judges by, and with nothing else."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import pytest

from orchestrator.contract._lineage import lineage
from orchestrator.domain.signal import Signal
from orchestrator.estate.typed import Typed
from orchestrator.vocabulary import Row, Trial, Words, names, words

ROOT = Path(__file__).parents[2]
LIMIT = 5
NAMES = frozenset({"a", "b"})
PATTERN = re.compile("a|b")
UNUSED = 7


def row(word: str) -> Row:
    tried = (Trial(by="profile.cache", gives="yes"),)
    date = datetime.date(2026, 1, 1)
    return Row(word=word, meaning="m", line=word, file="f", source="https://example.com", date=date, tried=tried)


TYPES = Typed("resources/scaled")
KNOWN = Words("packages/any", (row("redis"),))


class Deep:
    @property
    def limit(self) -> int:
        return LIMIT


def helper() -> object:
    return Deep().limit, NAMES


def judge() -> object:
    return helper(), [name for name in ("redis",) if name in KNOWN], PATTERN, TYPES


def other() -> object:
    return UNUSED


def of(function: Any, *signals: Signal) -> str:
    return lineage(cast(FunctionType, function), signals)


@pytest.fixture
def changed(monkeypatch):
    """Gives a global of this module another value, as if its source said so."""
    from orchestrator.contract import _lineage

    def change(name: str, value: object) -> None:
        monkeypatch.setitem(judge.__globals__, name, value)
        _lineage._direct.cache_clear()

    yield change
    _lineage._direct.cache_clear()


class TestLineage:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("LIMIT", 6),
            ("NAMES", frozenset({"a", "c"})),
            ("PATTERN", re.compile("a|c")),
            ("PATTERN", re.compile("a|b", re.IGNORECASE)),
            ("KNOWN", Words("packages/any", (row("memcached"),))),
            ("TYPES", Typed("resources/zonal")),
            ("helper", other),
        ],
    )
    def test_follows_what_is_named(self, changed, name, value):
        """
        A constant, a pattern, a list of words and a function count, also where another function names them.
        """
        before, beside = of(judge), of(other)
        changed(name, value)

        assert before != of(judge)
        assert beside == of(other)

    def test_nothing_else_counts(self, changed):
        """
        What the function does not lead to can change.
        """
        before = of(judge)
        changed("UNUSED", 8)

        assert before == of(judge)

    def test_follows_its_signals(self):
        """
        What a check searches for is part of it.
        """
        first, second = (Signal(id="t.x", pattern=p) for p in ("abcd", "abce"))

        assert 3 == len({of(judge), of(judge, first), of(judge, second)})


SCRIPT = """
import json, sys
from pathlib import Path
from orchestrator.vocabulary import reading
reading.FOLDER = Path(sys.argv[1])
from orchestrator.planning.roster import built_in
print(json.dumps({check.id: check.version for agent in built_in() for check in agent.checks}))
"""


def versions(folder: Path) -> dict[str, str]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(folder)], capture_output=True, text=True, check=True)
    return cast(dict[str, str], json.loads(done.stdout))


USED = [n for n in names() if not any(t.by.startswith("profile.") for r in words(n).rows for t in r.tried)]


@pytest.mark.parametrize(
    "name", ["resources/shields", *(pytest.param(n, marks=pytest.mark.soak) for n in USED if n != "resources/shields")]
)
def test_a_row_changes_the_checks_that_use_it(tmp_path, name):
    """
    Another word in a vocabulary gives the checks that use it another version, and no check of an agent that does not.
    """
    shutil.copytree(ROOT / "orchestrator" / "vocabulary", folder := tmp_path / "vocabulary")
    row = words(name).rows[0]
    path = folder / f"{name}.yaml"
    path.write_text(path.read_text().replace(row.word, row.word + "x"))
    now, then = versions(folder), versions(ROOT / "orchestrator" / "vocabulary")
    changed = {check for check in then if then[check] != now[check]}
    tried = {trial.by for row in words(name).rows for trial in row.tried}
    using = {p.parts[-2].replace("_", "-") for p in ROOT.glob("agents/*/*.py") if f'"{name}"' in p.read_text()}

    assert tried <= changed
    assert using == {check.partition(".")[0] for check in changed}
    assert name != "resources/shields" or tried == changed
