"""This is where a record answers what agents ask of the world; what it does not hold is noted, never made up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ...conclusion import earlier
from ...conclusion.history import History
from ...domain.assessment import Assessment
from ...domain.effect import Do
from ...domain.fact import Fact
from ...domain.finding import Finding
from ...errors import EvidenceUnavailable, ReplayDivergence
from ...evidence import extract
from ...evidence.facts.files import Files
from ...evidence.facts.history import History as Commits
from ...evidence.facts.secrets import SecretHistory
from ...evidence.facts.wanted import Wanted
from ...journal.record import Record
from ...journal.step import Door
from ...llm.model import Answer, ModelUnavailable

Place = tuple[str, int]


class RecordedDoor(Door):
    """
    Answers steps from a record.

    A quote that the record does not hold as it is asked for is put together from lines that findings of the run
    quoted; a line that none of them did is missing. A question that no model was asked has no answer.
    """

    def __init__(self, record: Record, history: History) -> None:
        super().__init__(None, history.steps.answers())
        self._lines: dict[Place, str] = {}
        self.missing: set[Place] = set()
        """Places whose lines were asked for and are not in the record."""
        self.unasked: set[str] = set()
        """Nodes whose question to a model has no answer in the record."""
        for _, result in history.ended.values():
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


def facts_of(record: Record, history: History) -> tuple[dict[type[Fact], Fact], list[str]]:
    """The recorded facts by type, whatever was searched for then; and what of today's is missing."""
    steps = _named(history)
    found: dict[type[Fact], Fact] = {}
    missing = []
    kinds: tuple[type[Fact], ...] = (*extract.kinds(), Commits, SecretHistory)
    for kind in kinds:
        if kind.name not in steps:
            missing.append(f"fact '{kind.name}' is not in the record")
            continue
        try:
            found[kind] = kind.model_validate(record.value(history.steps[steps[kind.name]]))
        except ValidationError:
            missing.append(f"fact '{kind.name}' has another shape in the record than today's agents read")
    return found, missing


def earlier_of(record: Record, history: History) -> tuple[Assessment, ...]:
    """The assessments of the run before, as the record has them."""
    found = [key for key in history.steps if key.startswith("run#1:earlier:")]
    return earlier.parsed(record.value(history.steps[found[0]])) if found else ()


def quotes(finding: Finding) -> list[tuple[Place, str]]:
    """Place and excerpt of each quotation."""
    return [
        ((e.location.path, e.location.line), e.excerpt)
        for e in finding.evidence
        if e.kind == "file" and e.location is not None and e.location.line > 0
    ]


def _named(history: History) -> Mapping[str, str]:
    """Name of a fact to the key of its step."""
    start = "run#1:fact:"
    return {key[len(start) :].partition(":")[0]: key for key in history.steps if key.startswith(start)}
