"""Withdraws a pass that rests on what the reviewed tree itself leaves out of the release."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ..domain.finding import Finding, Status
from ..errors import RecordBroken
from ..evidence.keeping import Keep


def narrowed(findings: Iterable[Finding], excluded: Sequence[str]) -> Iterator[Finding]:
    """
    *findings*, those that pass on nothing but excluded files turned into *could not tell*; failures stay.

    Raises:
        RecordBroken: *excluded* holds something that is not a wildcard.
    """
    if not excluded:
        yield from findings
        return
    try:
        keep = Keep(excluded)
    except ValueError:
        raise RecordBroken("what the run leaves out is not a list of wildcards") from None
    for finding in findings:
        yield _taken_back(finding, keep) if finding.status is Status.PASS else finding


def _taken_back(finding: Finding, keep: Callable[[str], bool]) -> Finding:
    places = [e.location.path for e in finding.evidence if e.location is not None]
    places += [finding.location.path] if finding.location is not None else []
    if not places or any(map(keep, places)):
        return finding
    said = f"rests on {places[0]}, which the tree leaves out of the release: {finding.message}"
    return finding.model_copy(update={"status": Status.UNKNOWN, "message": said})
