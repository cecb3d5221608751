"""Compares what agents say today with what they said then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import Field

from ...conclusion.judgement import Judgement
from ...contract.agent import Agent
from ...domain.assessment import Assessment
from ...domain.finding import Finding, Status
from ...domain.model import Model


class Said(Model):
    """A finding, as far as a comparison shows it."""

    status: Status
    message: str
    where: str
    version: str
    """Of the check that said it; empty where an agent said it without one, or where the record does not tell."""
    measure: str = ""


class FindingChange(Model):
    """A finding that came, went or reads otherwise."""

    change: Literal["appears", "vanishes", "changes"]
    criterion: str
    agent: str
    check: str
    before: Said | None = None
    after: Said | None = None


class AssessmentChange(Model):
    """A criterion whose status is another one today."""

    criterion: str
    severity: str
    before: Status
    after: Status
    reason: str


class RuleChange(Model):
    """Something that a run was judged by or rests on, which is not what code and digests of the record give."""

    what: Literal["catalogue", "workflow", "policy", "statements", "profile", "facts", "day"]
    said: str
    """What differs, in one line."""


class NotComparable(Model):
    """A recorded fact that today's agents cannot judge by."""

    fact: str
    """Its name."""
    reason: str


class Rejudged(Model):
    """What a record comes to under today's agents."""

    schema_: Literal["gonogo/rejudged/1"] = Field(default="gonogo/rejudged/1", alias="schema")
    run: str
    tool: str
    """That made the record."""
    today: str
    """That judged it again."""
    same_code: bool
    """Whether agents and gonogo are what they were; then whatever differs does not follow from the record."""
    before: str
    after: str
    percent_before: float
    percent_after: float
    findings: tuple[FindingChange, ...] = ()
    assessments: tuple[AssessmentChange, ...] = ()
    notes: tuple[str, ...] = ()
    rules: tuple[RuleChange, ...] = ()
    """What it was judged by that this code would not have taken."""
    facts: tuple[str, ...] = ()
    """Names of the recorded facts that today's agents judged by."""
    not_comparable: tuple[NotComparable, ...] = ()
    """The recorded facts that they could not judge by, so that nothing follows from them."""
    trusted: tuple[str, ...] = ()
    """What nothing in the record can be compared with."""

    @property
    def changes(self) -> bool:
        return bool(self.findings or self.assessments or self.before != self.after)

    @property
    def diverges(self) -> bool:
        """The same code says something else of the same facts, or judges by other rules: no review made this record."""
        return self.same_code and (self.changes or bool(self.rules))


def finding_changes(
    then: Iterable[Finding],
    today: Iterable[Finding],
    versions: Mapping[str, str],
    agents: Mapping[str, type[Agent]],
) -> tuple[FindingChange, ...]:
    """
    Every finding that is not said in the same words on the same evidence, by criterion.

    Args:
        then: What was found then.
        today: What is found today.
        versions: Check to its version then, as the record pinned it.
        agents: Today's, by id.
    """
    current = {check.id: check.version for agent in agents.values() for check in agent.checks}
    old, new = (set(findings) for findings in (then, today))
    keys = {_key(f) for f in old ^ new}
    rows: list[FindingChange] = []
    for key in sorted(keys):
        gone = sorted((f for f in old - new if _key(f) == key), key=_order)
        come = sorted((f for f in new - old if _key(f) == key), key=_order)
        pairs = _pairs(gone, come)
        criterion, agent, check = key
        for before, after in pairs:
            change: Literal["appears", "vanishes", "changes"] = (
                "appears" if before is None else "vanishes" if after is None else "changes"
            )
            rows.append(
                FindingChange(
                    change=change,
                    criterion=criterion,
                    agent=agent,
                    check=check,
                    before=_said(before, versions),
                    after=_said(after, current),
                )
            )
    return tuple(rows)


def assessment_changes(then: Judgement, today: Judgement) -> tuple[AssessmentChange, ...]:
    """Every criterion whose status differs, in the order of the catalogue's ids."""
    pairs: Iterable[tuple[Assessment, Assessment]] = zip(then.assessments, today.assessments, strict=True)
    return tuple(
        AssessmentChange(
            criterion=new.criterion, severity=new.severity, before=old.status, after=new.status, reason=new.reason
        )
        for old, new in pairs
        if old.status is not new.status
    )


def _pairs(gone: Sequence[Finding], come: Sequence[Finding]) -> list[tuple[Finding | None, Finding | None]]:
    """What belongs together: at the same place, else in the same order."""
    left, right = list(gone), list(come)
    pairs: list[tuple[Finding | None, Finding | None]] = []
    for one in gone:
        same = next((f for f in right if f.location == one.location), None)
        if same is not None:
            pairs.append((one, same))
            left.remove(one)
            right.remove(same)
    both = min(len(left), len(right))
    pairs += zip(left[:both], right[:both], strict=True)
    pairs += [(f, None) for f in left[both:]]
    pairs += [(None, f) for f in right[both:]]
    return pairs


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.criterion, finding.agent, finding.check


def _order(finding: Finding) -> tuple[object, str]:
    return finding.sort_key, finding.model_dump_json()


def _said(finding: Finding | None, versions: Mapping[str, str]) -> Said | None:
    if finding is None:
        return None
    return Said(
        status=finding.status,
        message=finding.message,
        where=finding.where,
        version=versions.get(finding.check, ""),
        measure=str(finding.measure or ""),
    )
