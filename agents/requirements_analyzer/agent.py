"""The requirements-analyzer agent, and the matrix of requirements that it shows."""

from __future__ import annotations

from orchestrator import Agent, Brief, Exhibit, Files, Finding, Requirement, Requirements, TestsByName, each

from ._sections import sections

_SHOWN = 120
_RANK = ("story", "scenario", "sentence", "item")


class RequirementsAnalyzer(Agent):
    """Each requirement leads to criteria and to tests."""

    id = "requirements-analyzer"
    criteria = ()

    async def review(self, brief: Brief) -> list[Finding]:
        """Show the matrix; it decides nothing, for a name that fits is a hint and no proof."""
        brief.show(matrix(brief[Requirements], TestsByName(brief[Files])))
        return []


def matrix(requirements: Requirements, tests: TestsByName) -> Exhibit:
    """Each requirement with the sections of the framework that it touches and the tests that are named after it."""
    found = sorted(requirements.found, key=lambda r: (_RANK.index(r.kind), r.source.path, r.source.line))
    rows, alone = [], 0
    for requirement in found:
        named = _tests(requirement, tests)
        alone += not named
        rows.append(
            (
                requirement.text,
                str(requirement.source),
                "\n".join(sections(f"{requirement.section} {requirement.text}")) or "none by its words",
                each(named).stacked() or "none by name",
            )
        )
    return Exhibit(
        title="Traceability of requirements",
        note=_note(requirements, tests, alone, len(rows)),
        columns=("requirement", "where", "criteria", "tests that are named after it"),
        rows=tuple(rows[:_SHOWN]),
    )


def _tests(requirement: Requirement, tests: TestsByName) -> list[str]:
    """A scenario is its own test; anything else is looked up by its words, then by those of its section."""
    if requirement.kind == "scenario":
        return [requirement.source.path]
    return tests.related(requirement.text) or tests.related(requirement.section)


def _note(requirements: Requirements, tests: TestsByName, alone: int, rows: int) -> str:
    if not rows:
        return (
            f"No requirement was recognised in {requirements.files:,} documents and feature files: no user story and "
            "no scenario, and no sentence with must or shall and no checklist in a document about requirements."
        )
    note = (
        f"{requirements.total:,} requirements in {requirements.files:,} documents and feature files; {alone:,} of "
        f"{rows:,} have no test that is named after them among {tests.count:,} test files. A name is a hint, no proof."
    )
    return note + (f" The first {_SHOWN} are shown." if rows > _SHOWN else "")
