"""Fills in the deployment checklist: what a release passes on its way, and where that stands."""

from __future__ import annotations

from collections.abc import Iterable

from orchestrator import Exhibit, Finding, Pipelines, Source, Status, TestSuites, many

from ._deploys import deployed_by, smoke_after
from ._flow import flow_of

COVERAGE = 85
_MISSING = "not found"
_KINDS = (("unit", "Unit tests"), ("integration", "Integration tests"), ("e2e", "End-to-end tests"))


def checklist(pipelines: Pipelines, suites: TestSuites, findings: Iterable[Finding]) -> Exhibit:
    """One row for each thing that stands between a commit and production; it decides nothing by itself."""
    flow = flow_of(pipelines)
    jobs = [job for job in flow.jobs if job.on_commit]
    built = [s.at for job in jobs for s in job.steps if s.work.builds]
    rows = [_row("Build on each commit", many(len(set(built)), "step"), built)]
    for kind, title in _KINDS:
        there = suites.of(kind)
        cases = sum(s.cases for s in there)
        rows.append(_row(title, many(cases, "case"), [p for s in there for p in s.first]))
        spoken = {s.language for s in there}
        tested = [
            s.at
            for job in jobs
            for s in job.steps
            if kind in s.work.tests and (not s.work.languages or s.work.languages & spoken)
        ]
        rows.append(_row(f"{title} run by CI", "yes", tested if there else []))
    rows.append(_coverage(suites))
    released = deployed_by(flow)
    rows.append(
        _row("Automated deployment", f"job {released[0].job.job.id}" if released else "", [d.at for d in released])
    )
    rows.append(_of("Deployment waits for the tests", "DEP-5.1.7", findings))
    smoked = [step.at for d in released if (step := smoke_after(flow, d))]
    rows.append(_row("Smoke tests after deployment", "yes", smoked))
    rows.append(_of("Versioned artefacts kept", "DEP-5.1.3", findings))
    missing = sum(1 for row in rows if row[1] == _MISSING)
    note = f"{len(rows) - missing} of {len(rows)} found" + (f", {missing} not" if missing else "")
    return Exhibit(title="Deployment checklist", note=note, columns=("step", "found", "where"), rows=tuple(rows))


def _row(title: str, found: str, places: list[Source]) -> tuple[str, str, str]:
    return (title, found, str(places[0])) if places else (title, _MISSING, "")


def _coverage(suites: TestSuites) -> tuple[str, str, str]:
    """
    The lowest threshold that a build fails by for chosen paths, beside what is asked for.

    One for the whole project says nothing of its critical paths: they can be the part that no test comes to.
    """
    title = f"Coverage threshold ({COVERAGE} % on critical paths)"
    demanded = [r for r in suites.coverage if r.kind == "threshold" and r.percent is not None]
    if of_paths := [r for r in demanded if r.about]:
        lowest = min(of_paths, key=lambda r: r.percent or 0)
        verdict = (
            "enough if that is all that is critical" if (lowest.percent or 0) >= COVERAGE else f"below {COVERAGE} %"
        )
        return title, f"{lowest.percent:g} % demanded of {lowest.about}, {verdict}", str(lowest.source)
    if demanded:
        lowest = min(demanded, key=lambda r: r.percent or 0)
        found = f"{lowest.percent:g} % demanded of the whole, nothing of the critical paths"
        return title, found, str(lowest.source)
    if suites.coverage:
        return title, "measured, with no threshold of its own", str(suites.coverage[0].source)
    return title, _MISSING, ""


def _of(title: str, criterion: str, findings: Iterable[Finding]) -> tuple[str, str, str]:
    """What the agent itself has found of *criterion*."""
    words = {Status.PASS: "yes", Status.FAIL: "no", Status.UNKNOWN: "could not tell"}
    order = (Status.FAIL, Status.UNKNOWN, Status.PASS)
    spoken = sorted((f for f in findings if f.criterion == criterion), key=lambda f: order.index(f.status))
    if not spoken:
        return title, _MISSING, ""
    return title, words[spoken[0].status], spoken[0].where
