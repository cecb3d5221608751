"""Generates the reference from the code: criteria with their owners and checks, and explanations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..contract.agent import Agent
from ..contract.checks import Check, Shows
from ..domain.criterion import Catalogue
from ..domain.sentence import many
from ..evidence.sources import FactSource

Agents = Mapping[str, type[Agent]]


def owners(catalogue: Catalogue, agents: Agents) -> dict[str, str]:
    """Criterion id to the agent that owns it; built-in agents come first where several claim one."""
    found: dict[str, str] = {}
    for agent in sorted(agents.values(), key=lambda a: (".agents." not in a.__module__, a.id)):
        for criterion in catalogue.matching(agent.criteria):
            found.setdefault(criterion.id, agent.id)
    return found


def checks_by_criterion(agents: Agents) -> dict[str, list[Check]]:
    """Criterion id to the checks that judge it, in the order of agents."""
    found: dict[str, list[Check]] = {}
    for agent in agents.values():
        for check in agent.checks:
            for criterion in check.criteria:
                found.setdefault(criterion, []).append(check)
    return found


def criteria_rows(catalogue: Catalogue, agents: Agents) -> list[dict[str, Any]]:
    """One row per criterion: everything the catalogue says, its owner, its checks and what they can show."""
    owner, checks = owners(catalogue, agents), checks_by_criterion(agents)
    return [
        {
            **criterion.model_dump(mode="json"),
            "owner": owner.get(criterion.id, ""),
            "checks": [check.id for check in checks.get(criterion.id, ())],
            "shows": _shows(checks.get(criterion.id, [])),
        }
        for criterion in sorted(catalogue, key=lambda c: c.sort_key)
    ]


def agent_rows(catalogue: Catalogue, agents: Agents) -> list[dict[str, Any]]:
    """One row per agent: what it is about, the criteria it owns, and its checks."""
    owner = owners(catalogue, agents)
    return [
        {
            "id": agent.id,
            "about": (agent.__doc__ or "").strip().splitlines()[0],
            "criteria": [c.id for c in sorted(catalogue, key=lambda c: c.sort_key) if owner.get(c.id) == agent.id],
            "checks": [
                {"id": c.id, "criteria": list(c.criteria), "shows": _shows([c]), "about": c.doc.splitlines()[0]}
                for c in agent.checks
            ],
        }
        for agent in agents.values()
    ]


def explanation(catalogue: Catalogue, agents: Agents, criterion: str) -> Iterator[str]:
    """The lines of ``gonogo explain``."""
    item = catalogue[criterion]
    section = next(s for area in catalogue.areas for s in area.sections if s.id == item.section and item in s.criteria)
    checks = checks_by_criterion(agents).get(criterion, [])
    yield f"{item.id}  {item.statement}"
    yield f"  {item.severity} · {item.severity.points} points · section {item.section} {section.title}"
    yield f"  owned by {owners(catalogue, agents).get(criterion, 'nobody')} · about {item.effort:g} hours to fix"
    yield ""
    yield "Why it matters"
    yield f"  {item.why}"
    yield "When it applies"
    yield f"  {item.applies.replace('_', ' ') if item.applies else 'always'}"
    yield "What decides it"
    yield f"  {item.needs}"
    yield f"  kinds of evidence: {', '.join(item.evidence)}"
    yield "How to fix it"
    yield f"  {item.remedy}"
    if not checks:
        yield "Checks"
        yield "  none: a repository alone cannot decide it; until other evidence is given it stays unknown"
    for check in checks:
        yield ""
        yield f"Check {check.id} (can show {_shows([check])}, {check.version})"
        for line in check.doc.splitlines():
            yield f"  {line.strip()}"
        for word, examples in (("clean", check.clean), ("flagged", check.flagged), ("says nothing", check.silent)):
            for example in examples:
                yield f"  {word}: {example.title}"
                for path, text in example.files.items():
                    yield f"    {path}"
                    yield from _excerpt(text)


def _excerpt(text: str) -> Iterator[str]:
    """An example's file, cut where it is long for length's sake."""
    lines = text.strip("\n").split("\n")
    for line in lines[:20]:
        yield f"      | {line}" if len(line) <= 110 else f"      | {line[:60]}… ({len(line):,} characters)"
    if len(lines) > 20:
        yield f"      | … {len(lines) - 20} lines more"


def criteria_markdown(catalogue: Catalogue, agents: Agents, prefix: str = "") -> str:
    """``docs/criteria.md``: every criterion whose id begins with *prefix* on one page."""
    rows = {row["id"]: row for row in criteria_rows(catalogue, agents) if row["id"].startswith(prefix)}
    decided = sum(1 for row in rows.values() if row["shows"])
    areas = [area for area in catalogue.areas if any(area.id == id_[: len(area.id)] for id_ in rows)]
    lines = [
        "# The criteria",
        "",
        f"Generated by `gonogo criteria {prefix} --format markdown`; do not edit.".replace("  ", " "),
        "",
        f"{many(len(rows), 'criterion|criteria')} in {many(len(areas), 'area')}; checks can decide {decided} of them "
        "from a repository alone. What no check can decide stays `unknown` and says what it needs.",
    ]
    for area in areas:
        lines += ["", f"## {area.id} {area.title}", "", area.goal]
        for section in area.sections:
            here = [criterion for criterion in section.criteria if criterion.id in rows]
            if not here:
                continue
            lines += ["", f"### {section.id} {section.title}", ""]
            lines += ["| id | severity | criterion | owner | shows |", "| --- | --- | --- | --- | --- |"]
            for criterion in here:
                row = rows[criterion.id]
                said = criterion.statement.replace("|", "\\|")
                lines.append(f"| {row['id']} | {row['severity']} | {said} | {row['owner']} | {row['shows'] or '–'} |")
    return "\n".join(lines) + "\n"


def agents_markdown(catalogue: Catalogue, agents: Agents) -> str:
    """``agents/README.md``: every agent with its checks."""
    rows = agent_rows(catalogue, agents)
    checks = sum(len(row["checks"]) for row in rows)
    lines = [
        "# Agents",
        "",
        "Generated by `python -m tools.docs`; do not edit.",
        "",
        f"{len(rows)} agents with {checks} checks. Each agent has a folder: `agent.py` puts it together, and each "
        "file of checks covers one idea of a section. `gonogo explain` shows their examples.",
        "",
        "| agent | what must be true | criteria | checks |",
        "| --- | --- | ---: | ---: |",
    ]
    lines += [f"| {r['id']} | {r['about']} | {len(r['criteria'])} | {len(r['checks'])} |" for r in rows]
    for row in rows:
        if row["checks"]:
            lines += ["", f"## {row['id']}", "", "| check | criteria | shows | looks at |", "| --- | --- | --- | --- |"]
        for check in row["checks"]:
            about = check["about"].replace("|", "\\|")
            name = check["id"].partition(".")[2]
            lines.append(f"| {name} | {', '.join(check['criteria'])} | {check['shows']} | {about} |")
    return "\n".join(lines) + "\n"


def sources_markdown(sources: Iterable[FactSource]) -> str:
    """``docs/sources.md``: where facts come from."""
    lines = [
        "# Where facts come from",
        "",
        "Generated by `python -m tools.docs`; do not edit.",
        "",
        "Every fact that a check can ask for, with what it says and what it is read from. Sources of other packages "
        "stand behind these; [how to add one](how-to.md#add-a-fact-source).",
        "",
        "| fact | says | read from |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {s.fact.name} | {s.about} | {s.looks_at} |".replace("``", "`") for s in sources]
    return "\n".join(lines) + "\n"


def _shows(checks: list[Check]) -> str:
    shown = Shows(0)
    for check in checks:
        shown |= check.shows
    if shown == Shows.BOTH:
        return "both"
    return "pass" if shown & Shows.PASS else "fail" if shown & Shows.FAIL else ""
