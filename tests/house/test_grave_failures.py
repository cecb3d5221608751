"""Holds every check to it: no critical or high failure rests on a word on a line that no syntax bears out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from orchestrator.catalogue.loader import is_grave
from orchestrator.contract.checks import Check, Draft, Shows
from orchestrator.contract.testing import facts_for
from orchestrator.domain.finding import Status
from orchestrator.evidence.facts.code import Code
from orchestrator.evidence.readers import code
from orchestrator.planning.roster import built_in

AGENTS = Path(__file__).parents[2] / "agents"
GRAVE = {
    check.id: check
    for agent in built_in()
    for check in agent.checks
    if check.reads and Shows.FAIL in check.shows and any(map(is_grave, check.criteria))
}
PARSED = {
    "database-migrator.backups.encryption",
    "database-migrator.migration-runs.one-at-a-time",
    "database-migrator.zero-downtime.strategy",
    "gap-analyzer.disaster-recovery.encrypted-backups",
    "monitoring-validator.log-stores.loki-keeps-thirty-days",
    "monitoring-validator.machine-metrics.machine-metrics",
    "monitoring-validator.tracing.each-service-traced",
    "security-validator.injection.sql-takes-parameters",
    "security-validator.secrets.no-secret-in-version-control",
    "security-validator.transport.traffic-is-encrypted",
}
"""Whose other facts (statements, workloads, sinks, credentials, listeners, settings) stand in a line with a signal."""


def words_of(check: Check, files: dict[str, str]) -> list[Draft]:
    """The grave failures of *check* that lead to a line in which one of its signals stands."""
    facts = facts_for(check, files)
    found = facts[Code]
    assert isinstance(found, Code)
    lines = {(hit.path, hit.line) for signal in check.reads for hit in found.hits[signal.id].opened().first}
    return [
        draft
        for draft in check.run(facts)
        if draft.status is Status.FAIL and is_grave(draft.criterion) and draft.at is not None
        if (draft.at.path, draft.at.line) in lines
    ]


@pytest.mark.parametrize("name", sorted(GRAVE.keys() - PARSED))
def test_no_check_fails_for_a_word(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where no syntax bears out any line, no check that fails for lines fails a grave criterion, however it goes about it.
    """
    monkeypatch.setattr(code, "is_borne_out", lambda *_: False)

    assert [] == [draft for example in GRAVE[name].flagged for draft in words_of(GRAVE[name], dict(example.files))]


@pytest.mark.parametrize("name", sorted(PARSED))
def test_what_is_left_out_has_parsed_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A check that is left out above still fails for the line: no row is there for nothing.
    """
    monkeypatch.setattr(code, "is_borne_out", lambda *_: False)

    assert any(words_of(GRAVE[name], dict(example.files)) for example in GRAVE[name].flagged)


def test_some_fail_for_what_syntax_bears_out() -> None:
    """
    The lines of which the test above is about are there: with their syntax some of the same examples fail for them.
    """
    failing = [name for name, check in GRAVE.items() if any(words_of(check, dict(e.files)) for e in check.flagged[:1])]

    assert len(failing) > 20


def test_no_agent_makes_a_place_of_a_hit_anew() -> None:
    """
    A place that is made anew has forgotten that it is a word: agents take the place itself, or a copy of it.
    """
    made = [
        f"{file.relative_to(AGENTS)}:{node.lineno}"
        for file in sorted(AGENTS.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Source"
        for keyword in node.keywords
        if keyword.arg == "path" and ast.unparse(keyword.value).split(".")[0] in ("hit", "place", "s", "h")
    ]

    assert [] == made
