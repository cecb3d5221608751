"""A toy source: what a running service answers."""

from __future__ import annotations

from typing import Any, ClassVar

from orchestrator.domain.fact import Fact
from orchestrator.evidence.live import Bounds
from orchestrator.evidence.sources import Question, Seen, outside
from orchestrator.formats.json import json_value


class ToyHealth(Fact):
    """What a toy service says of itself."""

    name: ClassVar[str] = "toy-health"
    status: int = 0
    body: Any = None


def ask(question: Question) -> Seen:
    """The answer of the first target."""
    answer = question.outside.get(question.targets[0], bounds=Bounds(seconds=5, bytes=10_000))
    return Seen(ToyHealth(status=answer.status, body=json_value(answer.body)), examined=1, what="answers")


SOURCE = outside(ToyHealth, ask, kind="url", seconds=30)
