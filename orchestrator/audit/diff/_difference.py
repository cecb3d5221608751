"""Compares two runs: what the release has gained and lost, apart from what the catalogue changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from ...domain.assessment import Assessment
from ...domain.criterion import Severity, criterion_order
from ...domain.finding import Status
from ...domain.model import Model
from ...domain.person import Statement
from ...domain.result import Result
from ._measures import MeasureChange, changed_measures

SERIOUS = (Severity.CRITICAL, Severity.HIGH)
_JUDGED_BY = ("agents", "catalogue", "gonogo", "policy", "prompts", "workflow")


class Side(Model):
    """One of the two runs."""

    run: str
    release: str
    version: str
    commit: str
    tree: str
    tool: str
    verdict: str
    percent: float
    head: str


class Change(Model):
    """One criterion whose status differs."""

    criterion: str
    severity: str
    before: Status
    after: Status
    reason: str
    where: str = ""
    accepted: bool = False
    """Whether a waiver or an attestation stands behind what it is now."""


class StatementChange(Model):
    """A waiver or an attestation that came, went or reads otherwise."""

    kind: Literal["waiver", "attestation"]
    criterion: str
    severity: str
    change: Literal["added", "removed", "changed"]
    before: str
    after: str


class CatalogueChange(Model):
    """A criterion that came or went, or that is worded or weighed otherwise."""

    criterion: str
    change: Literal["added", "removed", "severity", "statement"]
    before: str
    after: str


class Difference(Model):
    """Everything that differs between two runs."""

    schema_: Literal["gonogo/diff/1"] = Field(default="gonogo/diff/1", alias="schema")
    before: Side
    after: Side
    regression: bool
    because: tuple[str, ...] = ()
    """Why it is a regression."""
    newly_failing: tuple[Change, ...] = ()
    newly_passing: tuple[Change, ...] = ()
    now_unknown: tuple[Change, ...] = ()
    now_not_applicable: tuple[Change, ...] = ()
    measures: tuple[MeasureChange, ...] = ()
    statements: tuple[StatementChange, ...] = ()
    catalogue: tuple[CatalogueChange, ...] = ()
    notes: tuple[str, ...] = ()


def compare(before: Result, after: Result) -> Difference:
    """
    Say what differs from *before* to *after*.

    A regression is a critical or high criterion that fails, is accepted by nobody, and did not stand so before; or a
    verdict that was ready and is not. Criteria that only one catalogue has do not change the release. A number that
    got worse is shown and is not a regression by itself: where it passes a limit, its criterion fails.
    """
    old, new = _by_id(before), _by_id(after)
    common = sorted(old.keys() & new.keys(), key=criterion_order)
    changed = {
        s: tuple(_change(old[c], new[c]) for c in common if old[c].status is not s is new[c].status) for s in Status
    }
    because = [*_worse(old, new, common)]
    if before.gate.holds and not after.gate.holds:
        because.insert(0, f"the verdict was {before.verdict} and is {after.verdict}")
    return Difference(
        before=_side(before),
        after=_side(after),
        regression=bool(because),
        because=tuple(because),
        newly_failing=changed[Status.FAIL],
        newly_passing=changed[Status.PASS],
        now_unknown=changed[Status.UNKNOWN],
        now_not_applicable=changed[Status.NOT_APPLICABLE],
        measures=tuple(m for c in common for m in changed_measures(old[c], new[c])),
        statements=tuple(_statements(old, new, common)),
        catalogue=tuple(_catalogue(before, after, old, new)),
        notes=tuple(_notes(before, after)),
    )


def _by_id(document: Result) -> dict[str, Assessment]:
    return {a.criterion: a for a in document.assessments}


def _side(document: Result) -> Side:
    return Side(
        run=document.run.id,
        release=document.release.name,
        version=document.release.version,
        commit=document.release.commit,
        tree=document.release.tree,
        tool=document.run.tool,
        verdict=document.verdict,
        percent=document.score.percent,
        head=document.journal.head,
    )


def _change(old: Assessment, new: Assessment) -> Change:
    return Change(
        criterion=new.criterion,
        severity=new.severity,
        before=old.status,
        after=new.status,
        reason=new.reason,
        where=new.findings[0].where if new.findings else "",
        accepted=new.waiver is not None or new.attestation is not None,
    )


def _worse(old: Mapping[str, Assessment], new: Mapping[str, Assessment], common: Iterable[str]) -> Iterable[str]:
    for id_ in common:
        was, now = old[id_], new[id_]
        if now.severity in SERIOUS and now.blocks and not was.blocks:
            how = "is no longer waived and fails" if was.status is Status.FAIL else "newly fails"
            yield f"{id_} ({now.severity}) {how}"


def _statements(
    old: Mapping[str, Assessment], new: Mapping[str, Assessment], common: Iterable[str]
) -> Iterable[StatementChange]:
    for id_ in common:
        pairs: tuple[tuple[Literal["waiver", "attestation"], Statement | None, Statement | None], ...] = (
            ("waiver", old[id_].waiver, new[id_].waiver),
            ("attestation", old[id_].attestation, new[id_].attestation),
        )
        for kind, was, now in pairs:
            if was != now:
                change: Literal["added", "removed", "changed"] = (
                    "added" if was is None else "removed" if now is None else "changed"
                )
                yield StatementChange(
                    kind=kind,
                    criterion=id_,
                    severity=new[id_].severity,
                    change=change,
                    before=_said(was),
                    after=_said(now),
                )


def _said(statement: Statement | None) -> str:
    if statement is None:
        return ""
    return f"{statement.owner}, until {statement.expires.isoformat()}: {statement.reason}"


def _catalogue(
    before: Result, after: Result, old: Mapping[str, Assessment], new: Mapping[str, Assessment]
) -> Iterable[CatalogueChange]:
    for id_ in sorted(old.keys() | new.keys(), key=criterion_order):
        if id_ not in old:
            yield CatalogueChange(criterion=id_, change="added", before="", after=after.criteria[id_].statement)
        elif id_ not in new:
            yield CatalogueChange(criterion=id_, change="removed", before=before.criteria[id_].statement, after="")
        else:
            if old[id_].severity != new[id_].severity:
                yield CatalogueChange(
                    criterion=id_, change="severity", before=old[id_].severity, after=new[id_].severity
                )
            was, now = before.criteria[id_].statement, after.criteria[id_].statement
            if was != now:
                yield CatalogueChange(criterion=id_, change="statement", before=was, after=now)


def _notes(before: Result, after: Result) -> Iterable[str]:
    """What a reader must know before taking a difference for one of the release."""
    if before.run.id == after.run.id:
        yield "both are the same run"
    elif before.release.tree == after.release.tree:
        yield "both runs read the same tree: no difference comes from the release"
    if before.release.name != after.release.name:
        yield f"the runs are of two releases: {before.release.name} and {after.release.name}"
    if before.run.started > after.run.started:
        yield "the first run is the later one"
    differ = [n for n in _JUDGED_BY if before.run.digests.get(n) != after.run.digests.get(n)]
    if differ:
        yield f"judged by other {', '.join(differ)}: some differences may come from there"
    if before.run.tool != after.run.tool:
        yield f"judged with {before.run.tool}, then {after.run.tool}"
