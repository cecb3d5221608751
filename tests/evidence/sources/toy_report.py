"""A toy source: a small JSON report that somebody hands in."""

from __future__ import annotations

from typing import ClassVar

from orchestrator.domain.fact import Fact
from orchestrator.domain.produced import Producer
from orchestrator.errors import FormatError
from orchestrator.evidence.sources import Question, Seen, outside
from orchestrator.formats.json import json_value

MOST = 20


class ToyWarnings(Fact):
    """What a toy linter warns of."""

    name: ClassVar[str] = "toy-warnings"
    said: tuple[str, ...] = ()
    more: int = 0


def read(question: Question) -> Seen:
    """The warnings of the first report."""
    body = json_value(question.report(question.targets[0]))
    if not isinstance(body, dict) or not isinstance(rows := body.get("warnings"), list):
        raise FormatError("no list of warnings")
    said = tuple(str(row) for row in rows)
    return Seen(
        ToyWarnings(said=said[:MOST], more=len(said[MOST:])),
        examined=int(body.get("files", 0)),
        what="files",
        lacking=(f"{len(said[MOST:])} warnings",) if said[MOST:] else (),
        by=Producer(name="toylint", version=str(body.get("version", ""))),
        commit=str(body.get("commit", "")),
        made=str(body.get("at", "")),
    )


SOURCE = outside(ToyWarnings, read, kind="report", seconds=20, most=50_000)
