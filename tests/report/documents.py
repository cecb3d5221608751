"""Builds documents for the report tests: small ones for snapshots, a whole catalogue for size."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Literal

from orchestrator.conclusion.derivations import DERIVATION
from orchestrator.domain.assessment import Assessment
from orchestrator.domain.basis import Basis, Idle
from orchestrator.domain.criterion import Criterion, Severity
from orchestrator.domain.fact import Source
from orchestrator.domain.finding import Finding, Location, Status
from orchestrator.domain.ground import Count, File
from orchestrator.domain.measure import Measure
from orchestrator.domain.outcome import Ending, Exhibit, Outcome
from orchestrator.domain.person import Attestation, Waiver
from orchestrator.domain.policy import Loosened, Policy
from orchestrator.domain.profile import Profile, ProfileFact
from orchestrator.domain.release import Release
from orchestrator.domain.result import (
    AgentSummary,
    AreaSummary,
    Coverage,
    CriterionText,
    JournalHead,
    PhaseSummary,
    RemediationItem,
    Result,
    RunHead,
)
from orchestrator.judging.deciding import decide
from orchestrator.judging.merging import merge
from tests.every_ground import every_ground

TODAY = date(2026, 11, 21)
AREAS = {
    "INF": "Infrastructure Resilience",
    "SEC": "Security Posture",
    "PRF": "Performance and Scalability",
    "OBS": "Monitoring and Observability",
    "DEP": "Deployment & Release",
    "DAT": "Data Integrity",
    "CST": "Cost Optimisation",
    "CMP": "Compliance Readiness",
}
HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"'><b> {{7*7}} [bold red]x[/] "
    "\x1b[31mred\x1b[0m \x9b2J \u202egnp.exe\u202c \u200bzero | `tick` @octocat #1 <!-- -->"
)

RELEASE = Release(name="payments", version="2.14.0", commit="9f31c2e4b1d0" + "0" * 28, tree="77aa" * 10, ref="v2.14.0")

Row = tuple[str, Severity, str]
ROWS: tuple[Row, ...] = (
    ("INF-1.1.1", Severity.CRITICAL, "Every production workload scales with load between stated limits."),
    ("INF-1.3.2", Severity.HIGH, "A restore from backup has been rehearsed within the last 90 days."),
    ("SEC-2.1.5", Severity.CRITICAL, "Code and configuration contain no credential written in place."),
    ("SEC-2.1.6", Severity.HIGH, "Login, sign-up and reset endpoints are rate limited against brute force."),
    ("SEC-2.3.4", Severity.MEDIUM, "Responses carry the usual security headers."),
    ("PRF-3.1.1", Severity.HIGH, "Columns that queries filter by are indexed."),
    ("PRF-3.4.2", Severity.LOW, "Static assets are compressed."),
    ("OBS-4.1.1", Severity.HIGH, "Logs are structured and carry a request id."),
    ("OBS-4.3.3", Severity.CRITICAL, "An alert reaches a person around the clock."),
    ("DEP-5.1.2", Severity.CRITICAL, "A pipeline runs the tests before anything is deployed."),
    ("DEP-5.2.1", Severity.HIGH, "The way back to the previous version is written down and automated."),
    ("DAT-6.2.1", Severity.CRITICAL, "Every schema migration can be undone."),
    ("CST-7.1.3", Severity.LOW, "Requests and limits follow measured use."),
    ("CMP-8.1.1", Severity.HIGH, "Personal data can be exported and erased on request."),
)


def criterion(row: Row) -> Criterion:
    name, severity, statement = row
    return Criterion(
        id=name,
        area=name[:3],
        section=name[4:7],
        severity=severity,
        statement=statement,
        why="Without it a bad day becomes a bad week.",
        evidence=("repository", "live") if severity is Severity.CRITICAL else ("attestation",),
        needs="The setting in the manifests, or a look at the running system.",
        remedy="Set it in the manifests and prove it with a test.",
        effort=float(severity.points) / 2,
    )


def finding(
    name: str,
    status: Literal[Status.PASS, Status.FAIL, Status.UNKNOWN] = Status.FAIL,
    message: str = "",
    path: str = "",
    line: int = 0,
    excerpt: str = "",
    remedy: str = "",
    measure: Measure | None = None,
) -> Finding:
    at = Location(path=path, line=line) if path else None
    digest = hashlib.sha256(f"{name}{path}{line}{excerpt}".encode("utf-8", "surrogatepass")).hexdigest()
    evidence = (
        File(kind="file", digest=digest, location=at, excerpt=excerpt)
        if at
        else Count(kind="count", digest=digest, statement="9 workloads examined")
    )
    return Finding(
        criterion=name,
        status=status,
        message=message or f"{name} was looked at",
        agent="security-validator",
        check=f"{name[:3].lower()}.rule",
        location=at,
        evidence=(evidence,),
        remedy=remedy,
        measure=measure,
    )


def passes(names: Sequence[str]) -> list[Finding]:
    return [finding(name, Status.PASS, "9 of 9 workloads comply") for name in names]


def document(
    findings: Sequence[Finding],
    *,
    rows: Sequence[Criterion] = (),
    waivers: Sequence[Waiver] = (),
    attestations: Sequence[Attestation] = (),
    not_applicable: dict[str, str] | None = None,
    exhibits: tuple[Exhibit, ...] = (),
    notes: tuple[str, ...] = (),
    areas: dict[str, str] = AREAS,
    sections: dict[str, str] | None = None,
    release: Release = RELEASE,
    agents: tuple[AgentSummary, ...] | None = None,
    phases: tuple[PhaseSummary, ...] | None = None,
    because: str = "manage.py and 12 Django apps",
) -> Result:
    """A whole document around *findings*, its sums and verdict computed as a run would."""
    rows = rows or [criterion(row) for row in ROWS]
    away = not_applicable or {}
    assessments = tuple(
        merge(
            c,
            [f for f in findings if f.criterion == c.id],
            not_applicable=away.get(c.id, ""),
            waivers=waivers,
            attestations=attestations,
            today=TODAY,
        )
        for c in rows
    )
    nodes = agents if agents is not None else timeline(exhibits)
    outcomes = [Outcome(node=a.node, agent=a.agent, phase=a.phase, ending=Ending(a.outcome)) for a in nodes]
    policy = Policy()
    verdict = decide(assessments, outcomes, policy)
    decided = sum(a.applicable and not a.open for a in assessments)
    applicable = sum(a.applicable for a in assessments)
    return Result(
        run=RunHead(
            id="20261121T161230Z-payments-2.14.0-k3f9",
            started="2026-11-21T16:12:30Z",
            finished="2026-11-21T16:12:49Z",
            seconds=19.25,
            tool="gonogo 0.1.0",
            workflow="release-review",
            config="readiness.yaml" if waivers or attestations else "",
            derivation=DERIVATION,
            digests={"workflow": "ab" * 32, "catalogue": "cd" * 32, "agents": "ef" * 32, "policy": "12" * 32},
        ),
        release=release,
        verdict="PRODUCTION READY" if verdict.gate.holds else "ROLLBACK",
        deployed=False,
        exit_code=verdict.exit_code,
        score=verdict.score,
        gate=verdict.gate,
        coverage=Coverage(
            applicable=applicable, decided=decided, percent=decided * 1000 // applicable / 10 if applicable else 0.0
        ),
        policy=policy,
        profile=profile(because),
        areas=tuple(area(name, title, assessments) for name, title in areas.items()),
        assessments=assessments,
        criteria={
            c.id: CriterionText(
                statement=c.statement,
                why=c.why,
                needs=c.needs,
                remedy=c.remedy,
                effort=c.effort,
                section_title=(sections or {}).get(c.section, f"Section {c.section}"),
                evidence=c.evidence,
            )
            for c in rows
        },
        agents=nodes,
        phases=phases if phases is not None else PHASES,
        remediation=remediation(rows, assessments),
        notes=notes,
        journal=JournalHead(head="5f02" * 16, events=1882),
    )


def area(name: str, title: str, assessments: Sequence[Assessment]) -> AreaSummary:
    ours = [a for a in assessments if a.area == name]
    bare = [a for a in ours if a.waiver is None and a.attestation is None]
    fields = dict(
        id=name,
        title=title,
        earned=sum(a.earned for a in ours),
        possible=sum(a.possible for a in ours),
        **{"pass": sum(a.status is Status.PASS for a in bare)},
        fail=sum(a.status is Status.FAIL for a in bare),
        unknown=sum(a.status is Status.UNKNOWN for a in bare),
        not_applicable=sum(a.status is Status.NOT_APPLICABLE for a in ours),
        waived=sum(a.waiver is not None for a in ours),
        attested=sum(a.attestation is not None for a in ours),
    )
    return AreaSummary.model_validate(fields)


def remediation(rows: Sequence[Criterion], assessments: Sequence[Assessment]) -> tuple[RemediationItem, ...]:
    texts = {c.id: c for c in rows}
    todo = [a for a in assessments if a.blocks or a.open]
    todo.sort(key=lambda a: (a.severity.rank, texts[a.criterion].effort))
    return tuple(
        RemediationItem(
            criterion=a.criterion,
            severity=a.severity,
            statement=texts[a.criterion].statement,
            status=a.status,
            what=next((f.remedy for f in a.findings if f.remedy), texts[a.criterion].remedy),
            where=next((str(f.location) for f in a.findings if f.location), ""),
            effort=texts[a.criterion].effort,
        )
        for a in todo
    )


def profile(because: str = "manage.py and 12 Django apps") -> Profile:
    return Profile(
        kind="service",
        languages={"python": 214, "javascript": 31},
        scale="medium",
        facts={
            "service": ProfileFact(answer="yes", because=because, sources=(Source(path="manage.py"),)),
            "kubernetes": ProfileFact(answer="yes", because="12 manifests under k8s/"),
            "webhooks": ProfileFact(answer="no", because="no route whose name says so among 48", declared=True),
            "oauth": ProfileFact(answer="unknown", because="nothing seen in 245 source files"),
        },
    )


PHASES = (
    PhaseSummary(id="verification", title="Verification"),
    PhaseSummary(id="release", title="Release rehearsal", gate="open"),
    PhaseSummary(id="production", title="Production validation", gate="open"),
)


def timeline(exhibits: tuple[Exhibit, ...] = (), closed: bool = False) -> tuple[AgentSummary, ...]:
    """Ten nodes in three phases; with *closed* the last phase was skipped."""
    plan = (
        ("verification", "security-validator", 0.4, 6.1, 14, ()),
        ("verification", "performance-validator", 0.4, 3.2, 4, ()),
        ("verification", "integration-tester", 0.5, 8.9, 7, ()),
        ("verification", "gap-analyzer", 9.5, 1.1, 31, ("security-validator", "integration-tester")),
        ("release", "database-migrator", 10.7, 2.4, 3, ()),
        ("release", "deployment-orchestrator", 13.2, 1.3, 5, ("database-migrator",)),
        ("release", "monitoring-validator", 14.6, 1.9, 6, ("deployment-orchestrator",)),
        ("production", "exactly-right", 16.6, 2.1, 2, ()),
        ("production", "ui-bar-raiser", 16.6, 0.02, 0, ()),
        ("production", "performance-validator", 16.7, 1.2, 1, ()),
    )
    return tuple(
        AgentSummary(
            node=f"{phase}/{agent}",
            agent=agent,
            phase=phase,
            outcome="skipped" if closed and phase == "production" else "completed",
            reason="2 critical criteria fail" if closed and phase == "production" else "",
            findings=found,
            started=start,
            seconds=0.0 if closed and phase == "production" else seconds,
            needs=tuple(f"{phase}/{need}" for need in waits),
            exhibits=exhibits if agent == "gap-analyzer" else (),
        )
        for phase, agent, start, seconds, found, waits in plan
    )


def ready() -> Result:
    """Everything passes but one criterion that does not apply and one that a person states."""
    rest = [row[0] for row in ROWS if row[0] not in ("CMP-8.1.1", "INF-1.3.2")]
    said = Attestation(
        criterion="INF-1.3.2",
        owner="lee@example.com",
        reason="Restored rp-1118 to scratch in 14 min",
        link="https://wiki.example.com/drills/2026-11-18",
        expires=date(2027, 2, 18),
    )
    away = {"CMP-8.1.1": "not applicable: holds no data about people (no such column in 14 tables)"}
    return document(passes(rest), attestations=[said], not_applicable=away)


def rollback() -> Result:
    """Two critical failures, some lesser ones, a waiver about to expire and one expired, a closed gate, exhibits."""
    good = ["INF-1.1.1", "OBS-4.1.1", "DEP-5.2.1", "CST-7.1.3", "PRF-3.4.2"]
    quick = finding(
        "PRF-3.1.1",
        Status.PASS,
        "9 of 9 workloads comply",
        measure=Measure(name="p95 under load", value=1310.5, unit="ms", at_most=1500),
    )
    bad = [
        finding(
            "SEC-2.1.5",
            message="AWS access key written in place in config/settings.py (3 places in 2 files)",
            path="config/settings.py",
            line=14,
            excerpt='AWS_SECRET_ACCESS_KEY = "[withheld]"',
            remedy="Replace the literal with os.environ, revoke the key and rewrite the history that holds it.",
        ),
        finding(
            "SEC-2.1.5", message="password in deploy/.env", path="deploy/.env", line=3, excerpt="DB_PASSWORD=[withheld]"
        ),
        finding(
            "DAT-6.2.1",
            message="migration 0042_drop_legacy has no way down",
            path="migrations/0042_drop_legacy.py",
            line=11,
            excerpt='    op.drop_column("orders", "legacy_ref")',
            remedy="Add downgrade(), or split it into an expand and a contract release.",
            measure=Measure(name="newest migrations without a way back", value=3, at_most=0),
        ),
        finding(
            "SEC-2.1.6",
            message="POST /login has no limiter",
            path="app/routes/login.py",
            line=22,
            excerpt="@app.post('/login')",
        ),
        finding("SEC-2.3.4", message="no Content-Security-Policy is set anywhere in 48 routes"),
        finding("CMP-8.1.1", message="no erase route for table users", path="app/models/user.py", line=8),
    ]
    doubt = finding("DEP-5.1.2", Status.UNKNOWN, ".github/workflows/ci.yml could not be parsed: tab at line 4")
    waivers = [
        Waiver(
            criterion="SEC-2.3.4",
            owner="dana@example.com",
            reason="Set by the CDN from 1 December",
            link="https://tickets.example.com/PAY-4411",
            expires=date(2026, 12, 1),
        ),
        Waiver(
            criterion="CMP-8.1.1", owner="kim@example.com", reason="Done by hand for now", expires=date(2026, 11, 1)
        ),
    ]
    exhibit = Exhibit(
        title="Likely causes",
        note="Grouped by the file that most of them share.",
        columns=("cause", "criteria", "files"),
        rows=(
            ("settings are code", "SEC-2.1.5", "config/settings.py"),
            ("migrations by hand", "DAT-6.2.1", "migrations/"),
        ),
    )
    return document(
        [*passes(good), quick, *bad, doubt],
        waivers=waivers,
        agents=timeline((exhibit,), closed=True),
        phases=(
            *PHASES[:2],
            PHASES[2].model_copy(update={"gate": "closed", "reason": "2 critical criteria fail: SEC-2.1.5, DAT-6.2.1"}),
        ),
        notes=("The clone is shallow: history was not searched for credentials.",),
    )


def unjudged() -> Result:
    """Nothing fails, and critical criteria have no evidence."""
    return document(passes(["SEC-2.1.5", "DEP-5.1.2", "SEC-2.1.6"]))


def grounds() -> Result:
    """Each kind of ground decides a criterion; two do not apply: one keeps what was answered, one lacks something."""
    kinds = every_ground()
    names = [row[0] for row in ROWS]
    found = [
        Finding(
            criterion=name,
            status=Status.FAIL,
            message=f"It fails on a ground of kind {kind}",
            agent="security-validator",
            check="own.rule",
            location=ground.location if kind == "file" else None,
            evidence=(ground,),
        )
        for name, (kind, ground) in zip(names, kinds.items(), strict=False)
    ]
    other = [f.model_copy(update={"evidence": tuple(every_ground(HOSTILE).values())}) for f in found[5:6]]
    away = {names[list(kinds).index(kind)]: "not applicable: no such thing" for kind in ("absence", "http")}
    return document([*found, *other], not_applicable=away)


def hostile() -> Result:
    """Every string that the reviewed tree or its config can choose is an attack."""
    rows = [row[0] for row in ROWS]
    bad = [
        finding(
            name,
            message=HOSTILE,
            path=f"src/{HOSTILE}",
            line=1,
            excerpt=HOSTILE,
            remedy=HOSTILE,
            measure=Measure(name=HOSTILE, value=1e300, unit=HOSTILE, at_least=-1e300),
        )
        for name in rows[:3]
    ]
    good = [
        finding(name, Status.PASS, HOSTILE, path=f"a\nb\t{HOSTILE}", line=2, excerpt=HOSTILE * 30) for name in rows[4:8]
    ]
    exhibit = Exhibit(title=HOSTILE, note=HOSTILE, columns=(HOSTILE, "b"), rows=((HOSTILE, HOSTILE),))
    return document(
        [*bad, *good],
        waivers=[
            Waiver(
                criterion=rows[0], owner=HOSTILE, reason=HOSTILE, link="javascript:alert(3)", expires=date(2027, 1, 1)
            ),
            Waiver(
                criterion=rows[1], owner="x", reason="y", link='https://e.example/"onclick="alert(4)', expires=TODAY
            ),
        ],
        release=Release(name=HOSTILE, version=HOSTILE, commit="0" * 40, ref=HOSTILE),
        exhibits=(exhibit,),
        notes=(HOSTILE,),
        because=HOSTILE,
    )


def waived() -> Result:
    """All that fails has been accepted by a person."""
    bad = [finding(row[0], message="not done yet", path="README.md", line=1) for row in ROWS]
    until = date(2027, 1, 31)
    words = [Waiver(criterion=row[0], owner="dana@example.com", reason="Known", expires=until) for row in ROWS]
    return document(bad, waivers=words)


def loosened() -> Result:
    """Ready, by rules that somebody has loosened from outside and a fact that the tree denies."""
    rows = (
        Loosened(rule="policy.max_failed.high", shipped="0", here="3", by="../beta.yaml"),
        Loosened(rule="profile.cloud", shipped="detected: unknown", here="no", by=f"readiness.yaml {HOSTILE}"),
    )
    idle = (Idle(what="the waiver of SEC-2.3.3 by dana", why="policy 'beta' lets nobody waive a critical criterion"),)
    basis = Basis(evidence=6, attested=1, people=1, waived=0, loosened=rows, idle=idle)
    return ready().model_copy(update={"basis": basis})


def whole() -> Result:
    """All criteria of the catalogue, in the mixture that a middling repository gives."""
    from pathlib import Path

    from orchestrator.formats.yaml import load

    folder = Path(__file__).parents[2] / "orchestrator" / "catalogue"
    rows: list[Criterion] = []
    areas, sections = {}, {}
    for file in sorted(folder.glob("*.yaml")):
        body = load(file.read_bytes()).body
        areas[body["area"]] = body["title"]
        for section in body["sections"]:
            sections[section["id"]] = section["title"]
            rows += [Criterion(area=body["area"], section=section["id"], **entry) for entry in section["criteria"]]
    findings: list[Finding] = []
    away: dict[str, str] = {}
    words: list[Attestation] = []
    for number, c in enumerate(rows):
        turn = (number * 7919) % 23
        if turn < 9:
            findings.append(
                finding(
                    c.id,
                    Status.PASS,
                    f"{turn + 2} of {turn + 2} workloads comply",
                    "k8s/web.yaml",
                    number + 3,
                    "  replicas: 3",
                )
            )
        elif turn < 12:
            findings += [
                finding(
                    c.id,
                    message=f"Deployment web ({turn} containers) does not hold: {c.statement[:60].rstrip()} …",
                    path=f"deploy/k8s/base/web-deployment-{n}.yaml",
                    line=number + n,
                    excerpt="        image: registry.example.com/payments/web:latest",
                    remedy=c.remedy,
                )
                for n in range(turn - 8)
            ]
        elif turn < 15:
            away[c.id] = "no Kubernetes manifests among 214 files"
        elif turn == 15:
            findings.append(finding(c.id, Status.UNKNOWN, "values.yaml could not be parsed at line 12"))
        elif turn == 16:
            words.append(
                Attestation(
                    criterion=c.id,
                    owner="lee@example.com",
                    reason="Drilled on 18 November",
                    expires=date(2026, 12, 1 + number % 20),
                )
            )
    base = rollback()
    return document(
        findings,
        rows=rows,
        attestations=words,
        not_applicable=away,
        areas=areas,
        sections=sections,
        agents=base.agents,
        phases=base.phases,
        notes=base.notes,
    )


ALL = {
    "ready": ready,
    "rollback": rollback,
    "unjudged": unjudged,
    "hostile": hostile,
    "waived": waived,
    "loosened": loosened,
    "grounds": grounds,
}
