"""Says whether a finding came with this release, by nothing but what changed since its base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..domain.age import Age
from ..domain.finding import Finding, Status
from ..domain.ground import Absence, Count, File, Location, Withheld
from ..evidence.facts.changes import Changed, Changes, Lines

_OF_THE_TREE = (File, Count, Absence, Withheld)
"""Grounds that rest on the reviewed tree alone."""
_SETTINGS = (".tf", ".tfvars", ".hcl", ".yaml", ".yml", ".json", ".bicep")
"""Files that say something together with others of their folder."""


def aged(findings: Iterable[Finding], changes: Changes | None) -> Iterator[Finding]:
    """*findings*, each that does not pass with its age; as they are where nothing is known of *changes*."""
    for finding in findings:
        if changes is None or finding.status is Status.PASS:
            yield finding
        else:
            yield finding.model_copy(update={"age": age(finding, changes)})


def age(finding: Finding, changes: Changes) -> Age:
    """
    New, old, or of unknown age.

    *New* is what stands in a line that was added or changed since. *Old* needs more than that its line stood there:
    nothing in the same piece of the file may have changed, and no such file beside it lost a line, since what is gone
    may be what kept it from being a fault. What rests on an absence or a count is old only where nothing changed at
    all, and what was seen outside the tree never.
    """
    if not changes.told:
        return Age(word="unknown", because=changes.reason or "nothing was compared")
    places = list(dict.fromkeys(_places(finding)))
    known = [(place, *_state(place, changes)) for place in places]
    for place, word, why in known:
        if word == "new":
            return Age(word="new", because=f"{place} {why}")
    if any(not isinstance(ground, _OF_THE_TREE) for ground in finding.evidence):
        return Age(word="unknown", because="it rests on what was seen outside the tree")
    if changes.nothing:
        return Age(word="old", because="nothing changed since")
    for place, word, why in known:
        if word == "unknown":
            return Age(word="unknown", because=f"{place} {why}")
    if not places:
        return Age(word="unknown", because="it stands at no line, and something changed since")
    if any(isinstance(ground, Absence) for ground in finding.evidence):
        return Age(word="unknown", because="it rests on an absence, and something changed since")
    if finding.extent is not None:
        return Age(word="unknown", because="not all of its places are kept")
    return Age(word="old", because=f"{places[0]} stood there, and nothing near it changed")


def _places(finding: Finding) -> Iterator[Location]:
    if finding.location is not None:
        yield Location(path=finding.location.path, line=finding.location.line)
    for ground in finding.evidence:
        if ground.location is not None:
            yield Location(path=ground.location.path, line=ground.location.line)


def _state(place: Location, changes: Changes) -> tuple[str, str]:
    """Whether what stands at *place* is new, old, or cannot be told, and why."""
    file = changes.by_path.get(place.path)
    if file is None:
        if changes.beyond:
            return "unknown", "is in none of the files that were compared"
        lost = _lost_beside(place.path, changes)
        return ("unknown", f"stood there, and {lost} lost lines") if lost else ("old", "stood there")
    if file.whole:
        return "new", "is in a file that was not there"
    if file.untold:
        return "unknown", f"is in a file that changed, and {file.untold}"
    return _in_changed(place, file, changes)


def _in_changed(place: Location, file: Changed, changes: Changes) -> tuple[str, str]:
    if not place.line:
        changed = file.added or file.lost
        return ("unknown", "is a file that changed") if changed else ("old", "stood there under another name")
    if _within(place.line, file.added):
        return "new", "was added or changed"
    if _within(place.line, file.near):
        return "unknown", "stood there, and something near it changed"
    lost = _lost_beside(place.path, changes)
    return ("unknown", f"stood there, and {lost} lost lines") if lost else ("old", "stood there")


def _within(line: int, stretches: Lines) -> bool:
    return any(first <= line <= last for first, last in stretches)


def _lost_beside(path: str, changes: Changes) -> str:
    """A file of settings in the same folder as *path* that lost lines since, or is gone."""
    if not path.endswith(_SETTINGS):
        return ""
    folder = path.rpartition("/")[0]
    lost = [file.path for file in changes.files if file.lost or file.untold]
    return next(
        (
            other
            for other in sorted((*lost, *changes.gone))
            if other != path and other.rpartition("/")[0] == folder and other.endswith(_SETTINGS)
        ),
        "",
    )
