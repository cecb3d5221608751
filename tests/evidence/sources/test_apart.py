"""A source has a process of its own, which is ended whatever it does, and whose answer is never simply believed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.domain.fact import Fact
from orchestrator.domain.release import Release
from orchestrator.domain.target import Contacts, Target
from orchestrator.evidence.sources import Question, Seen, Subject, outside
from tests.evidence.sources import misbehaving as bad
from tests.evidence.sources.toy_health import ToyHealth

ROOT = Path(__file__).parents[3]
PATIENCE = 30.0


def asked(fetch: Callable[[Question], Seen], seconds: float = 30.0, url: str = "http://a.example/") -> Fact:
    """The fact of a source that *fetch* answers for."""
    target = Target.model_construct(name="a", kind="url", url=url, headers={}, dsn=None, path="")
    source = outside(ToyHealth, fetch, kind="url", seconds=seconds, most=100_000)
    contacts = Contacts.model_construct(targets=(target,), allowed=(), withheld=())
    return asyncio.run(source.collect(Subject(Release(name="a", version="1"), contacts=contacts)))  # type: ignore[arg-type]  # no snapshot: it is not read


def reason(fact: Fact) -> str:
    (problem,) = fact.problems
    assert not problem.path
    return problem.reason


def gone(pid: int) -> bool:
    """Whether the process ends within a while; what nobody waits for any more counts as ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("fetch", "said"),
    [
        (bad.floods, "says more than 100,000 bytes"),
        (bad.swells, "says more than 100,000 bytes"),
        (bad.dies, "ended without an answer"),
        (bad.prints, "gave an answer that cannot be read"),
        (bad.mistakes, "gave an answer of another shape than its fact"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_no_answer(fetch, said):
    """
    The fact has no content, and says why.
    """
    fact = asked(fetch)

    assert f"the source 'toy-health' {said}" == reason(fact)
    assert ToyHealth(problems=fact.problems, produced=fact.produced) == fact


def test_is_killed_at_its_limit(tmp_path):
    """
    With all that it has started, and though it hears no signal.
    """
    told = tmp_path / "pids"
    begun = time.monotonic()
    fact = asked(bad.hangs, seconds=6.0, url=str(told))

    assert "the source 'toy-health' did not answer within 6 s and was ended" == reason(fact)
    assert time.monotonic() - begun < PATIENCE
    assert all(gone(int(pid)) for pid in told.read_text().split())


def test_ends_with_whoever_asked(tmp_path):
    """
    Where the run is killed, the source and what it has started end as well.
    """
    told = tmp_path / "pids"
    asking = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from tests.evidence.sources.test_apart import asked, bad\n"
            f"asked(bad.hangs, seconds=600.0, url={str(told)!r})\n",
        ],
        cwd=ROOT,
    )
    with asking:
        end = time.monotonic() + PATIENCE
        while not told.exists() and time.monotonic() < end:
            time.sleep(0.05)
        asking.kill()

    assert all(gone(int(pid)) for pid in told.read_text().split())


def test_has_no_environment(monkeypatch):
    """
    Nothing of the run's own environment is there to be sent anywhere.
    """
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x" * 40)
    fact = asked(bad.looks_around)

    assert isinstance(fact, ToyHealth)
    assert {"LANG", "LC_CTYPE", "PATH"} >= set(fact.body) >= {"PATH"}
    assert "AWS_SECRET_ACCESS_KEY" in os.environ
