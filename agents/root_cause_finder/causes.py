"""Groups failing findings by what they share: a missing piece, a file, a check, a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from orchestrator import (
    Documents,
    Fact,
    Finding,
    Infrastructure,
    Kubernetes,
    Pipelines,
    Status,
    TestSuites,
)

Facts = Mapping[type[Fact], Fact]


class Cause(NamedTuple):
    """Findings that one change may mend, and what that change begins with."""

    title: str
    first_step: str
    findings: tuple[Finding, ...]

    @property
    def criteria(self) -> tuple[str, ...]:
        return tuple(sorted({f.criterion for f in self.findings}))


class _Piece(NamedTuple):
    """Something whose absence from the whole tree explains failures of these criteria."""

    title: str
    first_step: str
    criteria: tuple[str, ...]
    missing: Callable[[Facts], bool]


def _none(facts: Facts, kind: type[Fact], field: str) -> bool:
    """Whether a fact was extracted without a problem and holds nothing."""
    fact = facts.get(kind)
    return fact is not None and not fact.problems and not getattr(fact, field)


_PIECES = (
    _Piece(
        "There is no CI pipeline",
        "Add a pipeline that builds and tests every commit.",
        ("DEP-5.1", "DEP-5.4", "SEC-2.4", "PRF-3.3.9"),
        lambda facts: _none(facts, Pipelines, "files"),
    ),
    _Piece(
        "There are no tests",
        "Add a test of the most important path, and run it on each commit.",
        ("DEP-5.1", "DEP-5.4"),
        lambda facts: _none(facts, TestSuites, "suites"),
    ),
    _Piece(
        "There is no infrastructure code",
        "Describe what runs, in Terraform, Kubernetes manifests or the like, and keep it in this tree.",
        ("INF", "CST", "DEP-5.2", "DEP-5.3"),
        lambda facts: _none(facts, Infrastructure, "blocks") and _none(facts, Kubernetes, "resources"),
    ),
    _Piece(
        "There is no written operating knowledge",
        "Start docs/ with the runbook for the most likely incident.",
        ("OBS", "CMP", "INF-1.3", "DAT-6.4"),
        lambda facts: _none(facts, Documents, "files"),
    ),
)


def causes(findings: Iterable[Finding], facts: Facts) -> tuple[Cause, ...]:
    """
    Group the failures among *findings*; each stands in one group, the largest group first.

    A rule takes what the rules before it have left: a piece that the whole tree lacks (for failures of absence),
    a file that fails several criteria, a check that fails several times, a folder that fails three criteria or more.
    What is left stands alone.
    """
    left = _distinct(f for f in findings if f.status is Status.FAIL)
    found: list[Cause] = []
    for piece in _PIECES:
        if piece.missing(facts):
            ours = [f for f in left if f.of_absence and f.criterion.startswith(piece.criteria)]
            left = _without(left, ours)
            found += [Cause(piece.title, piece.first_step, tuple(ours))] if ours else []
    for rule in _RULES:
        groups: dict[str, list[Finding]] = {}
        for finding in left:
            groups.setdefault(rule.key(finding), []).append(finding)
        for name, ours in sorted(groups.items()):
            if name and rule.enough(ours):
                found.append(Cause(rule.title.format(name), _first_step(ours), tuple(ours)))
                left = _without(left, ours)
    return tuple(sorted(found, key=lambda cause: (-len(cause.findings), cause.title)))


def _without(findings: Sequence[Finding], taken: Sequence[Finding]) -> list[Finding]:
    identities = {id(f) for f in taken}
    return [f for f in findings if id(f) not in identities]


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Each failure once: one agent may have spoken in two phases."""
    seen: dict[tuple[str, str, str, str], Finding] = {}
    for finding in sorted(findings, key=lambda f: (f.criterion, f.sort_key)):
        seen.setdefault((finding.criterion, finding.check, finding.message, str(finding.location)), finding)
    return list(seen.values())


def _file(finding: Finding) -> str:
    return finding.location.path if finding.location else ""


def _folder(finding: Finding) -> str:
    return _file(finding).rpartition("/")[0]


def _criteria(ours: Sequence[Finding]) -> int:
    return len({f.criterion for f in ours})


class _Rule(NamedTuple):
    """What findings may share, and from when on that says something."""

    title: str
    key: Callable[[Finding], str]
    enough: Callable[[Sequence[Finding]], bool]


_RULES = (
    _Rule("One file, {}", _file, lambda ours: _criteria(ours) > 1),
    _Rule("The same weakness in several places ({})", lambda f: f.check, lambda ours: len(ours) > 1),
    _Rule("One folder, {}/", _folder, lambda ours: _criteria(ours) > 2),
    _Rule("Alone: {}", lambda f: f.criterion, bool),
)


def _first_step(ours: Sequence[Finding]) -> str:
    """The remedy of most of them; without any, the first message."""
    remedies = [f.remedy for f in ours if f.remedy]
    if remedies:
        return max(sorted(set(remedies)), key=remedies.count)
    return f"Mend {ours[0].criterion}: {ours[0].message}"
