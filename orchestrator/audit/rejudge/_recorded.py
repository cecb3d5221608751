"""Answers from a record what agents ask of the world; what it does not hold is noted, never made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...conclusion import earlier
from ...conclusion.state import RunState
from ...domain.assessment import Assessment
from ...domain.effect import Do
from ...domain.fact import Fact
from ...domain.finding import Finding
from ...errors import EvidenceUnavailable, RecordBroken, ReplayDivergence
from ...evidence.facts.files import Files
from ...evidence.facts.wanted import Wanted
from ...evidence.shapes import read_back
from ...evidence.sources import listed, unmade
from ...journal.record import Record
from ...journal.step import Door
from ...llm.model import Answer, ModelUnavailable
from ._changes import NotComparable

Place = tuple[str, int]


class RecordedDoor(Door):
    """
    Answers steps from a record.

    A quote that the record does not hold as it is asked for is put together from lines that findings of the run
    quoted; a line that none of them did is missing. A question that no model was asked has no answer.
    """

    def __init__(self, record: Record, state: RunState) -> None:
        super().__init__(None, state.steps.answers())
        self._lines: dict[Place, str] = {}
        self.missing: set[Place] = set()
        """Places whose lines were asked for and are not in the record."""
        self.unasked: set[str] = set()
        """Nodes whose question to a model has no answer in the record."""
        for _, result in state.ended.values():
            self.learn(result.findings)

    def learn(self, findings: tuple[Finding, ...]) -> None:
        """Take in the lines that *findings* quote."""
        for place, excerpt in (quoted for finding in findings for quoted in quotes(finding)):
            if excerpt or place not in self.missing:
                self._lines.setdefault(place, excerpt)

    async def step(self, node: str, attempt: int, purpose: str, input_: object, do: Do) -> Any:
        try:
            return await super().step(node, attempt, purpose, input_, do)
        except ReplayDivergence:
            if purpose == "quote" and isinstance(input_, list):
                self.missing |= {place for place in input_ if place not in self._lines}
                return [self._lines.get(place) for place in input_]
            if purpose == "model":
                self.unasked.add(node)
                return {"unavailable": "the record has no answer to this question", "usage": [0, 0, 0]}
            raise


class RecordedTexts(dict[str, str]):
    """The files that were asked for then; one that is asked for today alone could not be looked at."""

    def __init__(self, wanted: Fact | None, files: Fact | None) -> None:
        super().__init__(wanted.texts if isinstance(wanted, Wanted) else {})
        self._asked = set(wanted.asked) if isinstance(wanted, Wanted) else set()
        self._there = {f.path for f in files.entries} if isinstance(files, Files) else None

    def get(self, path: str, default: Any = None) -> Any:
        if path in self or path in self._asked or (self._there is not None and path not in self._there):
            return super().get(path, default)
        raise EvidenceUnavailable(f"the text of '{path}' is not in the record")


class NobodyAsked:
    """A model that the record speaks for."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def ask(self, system: str, question: str, schema: Any) -> Answer:
        raise ModelUnavailable("nobody is asked while a record is judged again")

    async def close(self) -> None:
        return None


@dataclass(frozen=True)
class RecordedFacts:
    """What a record holds of facts, whatever was searched for then, and what today's agents can make of it."""

    by_type: dict[type[Fact], Fact]
    missing: tuple[str, ...]
    """Names of those that are read today and not in the record."""
    not_comparable: tuple[NotComparable, ...]
    """Those that are in the record and cannot be judged by."""
    silent: frozenset[type[Fact]] = frozenset()
    """Those that it is from before, and whose silence means something."""


def facts_of(record: Record, state: RunState) -> RecordedFacts:
    """The facts that *record* holds, in today's shapes."""
    steps = dict(_named(state))
    found: dict[type[Fact], Fact] = {}
    missing, left = [], []
    silent: set[type[Fact]] = set()
    for source in listed():
        kind, key = source.fact, steps.pop(source.purpose, None)
        if key is None and source.of == "outside":
            found[kind] = unmade(kind, f"fact '{kind.name}' is not in the record")
            continue
        if key is None and source.unrecorded is not None:
            found[kind] = source.unrecorded
            silent.add(kind)
            continue
        if key is None:
            missing.append(kind.name)
            continue
        try:
            found[kind] = read_back(kind, record.value(state.steps[key]))
        except RecordBroken as error:
            left.append(NotComparable(fact=kind.name, reason=error.what))
    others = sorted(purpose.partition(":")[2] for purpose in steps)
    left += [NotComparable(fact=name, reason=f"nothing reads the fact '{name}' today") for name in others]
    return RecordedFacts(found, tuple(missing), tuple(left), frozenset(silent))


def earlier_of(record: Record, state: RunState) -> tuple[Assessment, ...]:
    """The assessments of the run before, as the record has them."""
    found = [key for key in state.steps if key.startswith("run#1:earlier:")]
    return earlier.parsed(record.value(state.steps[found[0]])) if found else ()


def quotes(finding: Finding) -> list[tuple[Place, str]]:
    """Place and excerpt of each quotation."""
    return [
        ((e.location.path, e.location.line), e.excerpt)
        for e in finding.evidence
        if e.kind == "file" and e.location is not None and e.location.line > 0
    ]


def _named(state: RunState) -> Mapping[str, str]:
    """Purpose of a fact's step to its key."""
    keys = (key for key in state.steps if key.startswith(("run#1:fact:", "run#1:source:")))
    return {key.removeprefix("run#1:").rpartition(":")[0]: key for key in keys}
