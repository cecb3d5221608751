"""This is where tests of the second look get passes, a criterion and a prompt from."""

from __future__ import annotations

from orchestrator.contract.agent import digest_of
from orchestrator.domain.criterion import Criterion, Severity
from orchestrator.domain.finding import Evidence, Finding, Location, Status
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


def excerpt(path: str, line: int, text: str) -> Evidence:
    content = {"path": path, "line": line, "excerpt": text}
    return Evidence(kind="file", digest=digest_of(content), location=Location(path=path, line=line), excerpt=text)


def counted(number: int, what: str) -> Evidence:
    statement = f"{number} {what}"
    return Evidence(kind="count", digest=digest_of({"count": statement}), statement=statement)


def found(id_: str, status: Status, *evidence: Evidence, agent: str = "tester") -> Finding:
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
