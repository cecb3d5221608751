"""Keeps, beside what a test asserts, all that was made of the trees that it had read."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

FOLDER = Path(__file__).parent / "made"
NAMES = ("read_tree", "facts_of", "extract", "profile")
LONGEST = 8_000
"""Characters of a fact that is kept: what is longer comes from a tree that was made to be large."""


@pytest.fixture(autouse=True)
def made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """
    Whatever a test has read comes out as when somebody last looked at it, not only where the test looks.

    ``UPDATE_SNAPSHOTS=1`` with ``-n0`` keeps what comes out now: read what changed before it is committed.
    """
    results: list[str] = []
    for name in NAMES:
        if callable(reading := getattr(request.module, name, None)):
            monkeypatch.setattr(request.module, name, _listening(reading, results))
    yield
    file = FOLDER / f"{request.path.stem}.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    key, now = request.node.nodeid.partition("::")[2], [result for result in results if len(result) <= LONGEST]
    if os.environ.get("UPDATE_SNAPSHOTS"):
        known = {name: kept for name, kept in known.items() if name != key} | ({key: now} if now else {})
        FOLDER.mkdir(exist_ok=True)
        file.write_text(json.dumps(dict(sorted(known.items())), indent=0, ensure_ascii=False) + "\n")

    assert known.get(key, []) == now


def _listening(reading: Callable[..., Any], results: list[str]) -> Callable[..., Any]:
    @functools.wraps(reading)
    def listening(*arguments: Any, **named: Any) -> Any:
        result = reading(*arguments, **named)
        results.extend(_lines(result))
        return result

    return listening


def _lines(result: object) -> Iterator[str]:
    if isinstance(result, BaseModel):
        yield f"{type(result).__name__} {result.model_dump_json(exclude_defaults=True)}"
    elif isinstance(result, Mapping):
        for fact in result.values():
            if isinstance(fact, BaseModel) and (said := fact.model_dump_json(exclude_defaults=True)) != "{}":
                yield f"{type(fact).__name__} {said}"
