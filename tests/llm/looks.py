"""Passes, a criterion and a prompt for tests of the second look."""

from __future__ import annotations

from orchestrator.contract import grounds
from orchestrator.contract.checks import examined
from orchestrator.contract.grounds import placed
from orchestrator.domain.criterion import Criterion, Severity
from orchestrator.domain.fact import Source
from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.ground import Count, File, Grounded
from orchestrator.llm.prompts import Prompt

PROMPT = Prompt("tester", "Tests.", "You test.", "# Rules\nObject, or say nothing.")


def criterion(id_: str) -> Criterion:
    return Criterion(
        id=id_,
        area=id_.partition("-")[0],
        section="x",
        severity=Severity.CRITICAL,
        statement="Each commit is tested.",
        why="…",
        remedy="…",
        effort=1,
    )


def excerpt(path: str, line: int, text: str) -> File:
    return placed(Source(path=path, line=line), text)


def counted(number: int, what: str) -> Count:
    return grounds.counted(examined(number, what))


def found(id_: str, status: Status, *evidence: Grounded, agent: str = "tester") -> Finding:
    return Finding.model_validate(
        {
            "criterion": id_,
            "status": status,
            "message": "It is.",
            "agent": agent,
            "check": "c",
            "evidence": [e.model_dump() for e in evidence],
        }
    )


def objection(id_: str = "X-1", claim: str = "fail", **said: object) -> dict[str, object]:
    base = {"criterion": id_, "claim": claim, "path": "ci.yaml", "line": 8, "quote": "run: pytest || true", "why": "!"}
    return base | said
