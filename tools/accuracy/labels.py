"""The shapes of what a reader has labelled: cases, complete releases, and single faults put into them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from orchestrator.domain.finding import Status
from orchestrator.domain.model import Model

Expected = Literal["pass", "fail", "unknown", "na", "not pass", "not fail"]
Files = Mapping[str, str | bytes]

RIGHT: Mapping[Expected, frozenset[Status]] = {
    "pass": frozenset({Status.PASS}),
    "fail": frozenset({Status.FAIL}),
    "unknown": frozenset({Status.UNKNOWN}),
    "na": frozenset({Status.NOT_APPLICABLE}),
    "not pass": frozenset(Status) - {Status.PASS},
    "not fail": frozenset(Status) - {Status.FAIL},
}
"""What may be said where a reader expects a word."""


class Labelled(Model):
    """Who has said what is right, and when; it is not who wrote the check."""

    by: str
    on: str


class Case(Model):
    """A small tree, one criterion, and the right answer."""

    case: str
    kind: str = ""
    """What it is about, as its author groups them; what stands before the ``/`` of its name where nobody says."""
    criterion: str
    expected: Expected
    why: str = ""
    files: Mapping[str, str] = {}
    path: str = ""
    """A folder or a file to read beside these, seen from the list."""
    twin: str = ""
    """The name of the case that it differs from in what it breaks."""
    source: str = ""
    labelled: Labelled | None = None

    @model_validator(mode="after")
    def _has_files(self) -> Self:
        if not self.files and not self.path:
            raise ValueError(f"case '{self.case}' has no files")
        return self

    @property
    def group(self) -> str:
        return self.kind or self.case.partition("/")[0]


class ReleaseLabel(Model):
    """What a demanding reader says of one criterion of a release, and where he saw it."""

    label: Literal["shown", "broken", "partial", "na"]
    why: str = ""


EXPECTED: Mapping[str, Expected] = {"shown": "pass", "broken": "fail", "partial": "unknown", "na": "na"}
"""What a reader's word of a release asks for; of what is partly there a pass is wrong, and so is a failure."""


class ReleaseLabels(Model):
    """All that a reader says of a complete release."""

    name: str
    stack: str = ""
    seeded: tuple[str, ...] = ()
    labelled: Labelled | None = None
    labels: Mapping[str, ReleaseLabel]


class Fault(Model):
    """One change that breaks one criterion of a release that had it."""

    criterion: str
    what: str
    files: Mapping[str, str | None] = Field(min_length=1)
    """Path to its new text, or to nothing where it goes."""

    def applied(self, tree: Files) -> dict[str, str | bytes]:
        """
        *tree* with the fault.

        Raises:
            ValueError: It takes away what is not there, or changes nothing.
        """
        changed = dict(tree)
        for path, text in self.files.items():
            if text is None and path not in changed:
                raise ValueError(f"there is no {path} to take away")
            if text is None:
                del changed[path]
            else:
                changed[path] = text
        if changed == dict(tree):
            raise ValueError(f"nothing is changed by '{self.what}'")
        return changed
