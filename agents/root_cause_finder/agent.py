"""The root-cause-finder agent, put together from the causes that it groups by."""

from __future__ import annotations

from orchestrator import Agent, Brief, Exhibit, Finding, each

from .causes import Cause, causes

_SHOWN = 40


class RootCauseFinder(Agent):
    """Failures are grouped by their likely cause."""

    id = "root-cause-finder"
    criteria = ()

    async def review(self, brief: Brief) -> list[Finding]:
        """Show the groups; it finds nothing itself."""
        found = causes(brief.findings, brief.facts)
        brief.show(
            Exhibit(
                title="Likely causes",
                note=_note(found),
                columns=("cause", "findings", "criteria", "first place", "what to do first"),
                rows=tuple(_row(cause) for cause in found[:_SHOWN]),
            )
        )
        return []


def _note(found: tuple[Cause, ...]) -> str:
    if not found:
        return "Nothing failed before this."
    failures = sum(len(cause.findings) for cause in found)
    shared = sum(1 for cause in found if len(cause.findings) > 1)
    note = f"{failures:,} failures in {len(found):,} groups, {shared:,} of which hold more than one."
    return note + (f" The {_SHOWN} largest are shown." if len(found) > _SHOWN else "")


def _row(cause: Cause) -> tuple[str, ...]:
    places = sorted((f.location for f in cause.findings if f.location), key=lambda at: (at.path, at.line))
    outside = next((f.where for f in cause.findings if f.where), "the tree as a whole")
    first = str(places[0]) if places else outside
    return cause.title, f"{len(cause.findings):,}", str(each(cause.criteria)), first, cause.first_step
