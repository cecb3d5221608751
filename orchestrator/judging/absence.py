"""Whether a failure says no more than that something is absent, by the rules of a derivation."""

from __future__ import annotations

from collections.abc import Callable

from ..domain.finding import Finding

OnlyAbsent = Callable[[Finding], bool]


def by_grounds(finding: Finding) -> bool:
    """From derivation 4 on its grounds say so: a tool, a metric or a count is none, wherever it points."""
    return finding.of_absence


def by_place(finding: Finding) -> bool:
    """Up to derivation 3 whatever has no place in the tree is taken for an absence."""
    return finding.location is None
