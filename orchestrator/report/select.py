"""Puts a document in the order in which people read it: what blocks, what is accepted, what lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ..domain.assessment import Assessment, Reason
from ..domain.basis import Basis
from ..domain.criterion import criterion_order
from ..domain.dismissal import Dismissal
from ..domain.finding import Finding, Status
from ..domain.outcome import WORTH_A_LOOK, Exhibit
from ..domain.person import Statement
from ..domain.policy import Loosened
from ..domain.result import AgentSummary, Result, SourceSummary
from . import ages
from .visible import one_line

SEVERITIES = ("critical", "high", "medium", "low")
STATES = ("fail", "unknown", "pass", "waived", "attested", "not_applicable")
"""What a criterion is shown as, in the order of filters and legends."""

WORDS = {
    "fail": "FAIL",
    "unknown": "UNKNOWN",
    "pass": "PASS",
    "waived": "WAIVED",
    "attested": "ATTESTED",
    "not_applicable": "N/A",
}
SOON = timedelta(days=14)
WHERE = 200
"""Characters of a place outside the tree, which is a request, a query, an entry of a report."""
_EXPIRED = re.compile(r"; the (waiver|attestation) of (.{1,200}?) expired on (\d{4}-\d\d-\d\d)(?=;|$)", re.DOTALL)

NEEDS = {
    "doubt": "an agent looked and could not tell",
    "repository": "something in the repository that shows it",
    "scanner": "a scanner's result",
    "history": "an answer from git's history",
    "rehearsal": "a rehearsal: build, tests, migrations, requests",
    "live": "a look at the running system",
    "imported-report": "a report to import",
    "attestation": "a person's word (attestation)",
    "": "evidence of another kind",
}


KNOWN_BY = {
    "key": "known by his key",
    "oidc": "known by his provider",
    "commit": "known by a signed commit",
    "listed": "a listed name",
}
"""What shows that it is a person of the policy who speaks, in words."""
BY = {
    "doubt": "in doubt",
    "repository": "by the repository",
    "scanner": "by a scanner",
    "history": "by git's history",
    "rehearsal": "by a rehearsal",
    "live": "by the running system",
    "imported-report": "by a report",
    "attestation": "by a person's word",
    "": "in another way",
}
"""How each kind of need would be shown, in a few words."""


@dataclass(frozen=True)
class Lapse:
    """A waiver or attestation that has run out or soon will."""

    kind: str
    criterion: str
    owner: str
    expires: str
    expired: bool


@dataclass(frozen=True)
class Need:
    """Criteria without evidence that one kind of evidence would decide, worst first."""

    kind: str
    title: str
    criteria: tuple[Assessment, ...]

    @property
    def critical(self) -> int:
        return sum(a.severity == "critical" for a in self.criteria)


def state(assessment: Assessment) -> str:
    """How a criterion is shown: its status, unless a person's word stands before it."""
    if assessment.status is Status.NOT_APPLICABLE:
        return "not_applicable"
    if assessment.waiver is not None:
        return "waived"
    if assessment.status is Status.UNKNOWN and assessment.attestation is not None:
        return "attested"
    return assessment.status.value


def worst_first(assessments: Iterable[Assessment]) -> list[Assessment]:
    return sorted(assessments, key=lambda a: (a.severity.rank, ages.rank(a), criterion_order(a.criterion)))


def in_order(document: Result) -> list[Assessment]:
    """Every assessment in the order of the catalogue."""
    return sorted(document.assessments, key=lambda a: criterion_order(a.criterion))


def blocking(document: Result) -> list[Assessment]:
    """Failures that nobody has accepted, worst first, of one severity the new ones first."""
    return worst_first(a for a in document.assessments if a.blocks)


def of_state(document: Result, wanted: str) -> list[Assessment]:
    return worst_first(a for a in document.assessments if state(a) == wanted)


def counts(assessments: Iterable[Assessment], severities: bool = False) -> dict[str, int]:
    """How many are shown as what, or weigh what; every key is there."""
    totals = dict.fromkeys(SEVERITIES if severities else STATES, 0)
    for assessment in assessments:
        totals[assessment.severity.value if severities else state(assessment)] += 1
    return totals


def needs(document: Result) -> list[Need]:
    """What is unknown, by what would decide it; groups with the most critical criteria first."""
    groups: dict[str, list[Assessment]] = {}
    for assessment in of_state(document, "unknown"):
        groups.setdefault(_kind_of_need(document, assessment), []).append(assessment)
    found = [Need(kind, NEEDS.get(kind, kind), tuple(criteria)) for kind, criteria in groups.items()]
    return sorted(found, key=lambda need: (-need.critical, -len(need.criteria), need.kind))


def lapses(document: Result) -> list[Lapse]:
    """Waivers and attestations that have expired or will within two weeks of the run."""
    today = date.fromisoformat(document.run.finished[:10])
    found = []
    for assessment in in_order(document):
        for kind, owner, expires in _EXPIRED.findall(assessment.reason):
            found.append(Lapse(kind, assessment.criterion, owner, expires, True))
        for kind, said in (("waiver", assessment.waiver), ("attestation", assessment.attestation)):
            if said is not None and said.expires <= today + SOON:
                when = said.expires.isoformat()
                found.append(Lapse(kind, assessment.criterion, said.owner, when, said.expired_on(today)))
    return sorted(found, key=lambda lapse: (lapse.expires, criterion_order(lapse.criterion)))


def expires_in(said: Statement, document: Result) -> str:
    """``until 2026-12-05 (14 days)``."""
    days = (said.expires - date.fromisoformat(document.run.finished[:10])).days
    if days < 0:
        return f"expired {said.expires.isoformat()}"
    return f"until {said.expires.isoformat()} ({counted(days, 'day')})"


def headline(assessment: Assessment) -> str:
    """One sentence: what the first failing (else first) finding says, else the reason."""
    for finding in (*(f for f in assessment.findings if f.status == assessment.status), *assessment.findings):
        return finding.message
    return assessment.reason


def place(finding: Finding) -> str:
    """The place that a finding points to, in the tree or outside it; empty when it points nowhere."""
    return one_line(finding.where, WHERE)


def words_of(finding: Finding) -> list[str]:
    """What a finding without a place in the tree rests on, but for what :func:`place` says of it already."""
    if finding.location is not None:
        return []
    return [one_line(g.statement, WHERE) for g in finding.evidence if g.statement not in ("", finding.where)]


def extent(finding: Finding) -> str:
    """``2,400 places, 6 of them kept``; empty where all are in its evidence."""
    kept = len({str(e.location) for e in finding.evidence if e.location})
    return f"{finding.extent}, {kept} of them kept" if finding.extent else ""


def first_place(assessment: Assessment) -> str:
    """The first place that a finding of this status points at."""
    return next((place(f) for f in assessment.findings if f.status == assessment.status and f.where), "")


def statement(document: Result, criterion: str) -> str:
    """What the criterion demands, empty for one that the document does not describe."""
    known = document.criteria.get(criterion)
    return known.statement if known else ""


def verdict_clause(document: Result) -> str:
    """Why the exit code is what it is, in one clause: the first rule that does not hold, and how many more."""
    lead = meaning(document).rstrip(".").split(":")[0].removeprefix("The ").replace("is not met", "not met")
    lead = lead[0].lower() + lead[1:]
    reasons = gate(document)
    if document.exit_code == 0 and document.basis is not None:
        return f"{lead}; it rests on {rests_on(document.basis)}"
    if document.exit_code == 0 or not reasons:
        return lead
    first = reasons[0]
    said = f"{first.found} {first.rule}" if first.found.isdecimal() else f"{first.rule}: {first.found}"
    names = f" ({listed(first.criteria, 2)})" if first.criteria else ""
    more = f"; {counted(len(reasons) - 1, 'more reason')}" if len(reasons) > 1 else ""
    return f"{lead}: {said}{names}{more}"


def spoken_by(said: Statement) -> list[str]:
    """``dana (known by a key) on 2026-11-20: what was seen · proof``, one row for each person behind *said*."""
    rows = []
    for witness in said.witnesses:
        handed = f"{witness.file} sha256:{witness.sha256[:12]}…" if witness.file else witness.link
        rows.append(
            f"{witness.person} ({KNOWN_BY[witness.proof]}) on {witness.on.isoformat()}: {witness.said} · {handed}"
        )
    if not rows:
        rows.append(f"{said.owner}: {said.reason}{f' · {said.link}' if said.link else ''}")
    return rows


def set_aside(dismissal: Dismissal) -> list[str]:
    """What was found and set aside, and a row for each person who says so."""
    found = dismissal.finding
    where = f" ({found.at[0]})" if found.at and found.at[0] not in found.message else ""
    said = [f"{w.person} ({KNOWN_BY[w.proof]}) on {w.on.isoformat()}: {w.said}" for w in dismissal.witnesses]
    return [f"{found.message}{where}, until {dismissal.until.isoformat()}", *said]


def dismissed(document: Result) -> list[tuple[Assessment, Dismissal]]:
    """Everything that people have set aside, the gravest first."""
    return [(a, dismissal) for a in worst_first(document.assessments) for dismissal in a.dismissed]


def words_on(person: str, valid: int | str | None) -> str:
    """Whether a person's word decides a criterion, and how long evidence of it holds; empty where it is not said."""
    if valid is None:
        return ""
    word = {"alone": "counts by itself", "beside": "counts beside a report"}.get(person, "never counts")
    holds = "of this very release" if valid == "release" else f"for {valid} days"
    return f"a person's word {word}; evidence from outside the tree counts {holds}"


def rests_on(basis: Basis) -> str:
    """``evidence 94, attested 12 by 3 people, waived 2, loosened rules 0``: criteria of each kind, and rules."""
    people = f" by {counted(basis.people, 'person', 'people')}" if basis.attested else ""
    share = f" ({basis.attested_critical:.1f} % of critical points)" if basis.attested_critical else ""
    words = f"attested {basis.attested}{people}{share}, waived {basis.waived}"
    dismissed = f", dismissed {basis.dismissed}" if basis.dismissed else ""
    model = f", withdrawn by a model {basis.lowered}" if basis.lowered else ""
    return f"evidence {basis.evidence}, {words}{dismissed}{model}, loosened rules {len(basis.loosened)}"


def reserved(document: Result) -> Literal["", "words", "rules"]:
    """What else a ready release rests on than evidence: rules that ask less than what ships, or people's words."""
    basis = document.basis
    if document.exit_code != 0 or basis is None:
        return ""
    return "rules" if basis.loosened else "words" if basis.attested or basis.waived or basis.dismissed else ""


def loosened(row: Loosened) -> str:
    """``policy.max_failed.high: 5 instead of 0, by org.yaml``."""
    return f"{row.rule}: {row.here} instead of {row.shipped}, by {row.by}"


def sourced(row: SourceSummary) -> str:
    """``answers: 3 entries of shop, by prometheus 3.1 at 2026-11-21T10:00:00Z``, or why there is no evidence."""
    produced = row.produced
    said = []
    if produced is not None and produced.examined:
        of = f" of {listed(produced.targets, 3)}" if produced.targets else ""
        said.append(f"{produced.examined:,} {produced.what or 'entries'}{of}, by {produced.by} at {produced.at}")
        said += [f"not seen: {listed(produced.lacking, 3)}"] if produced.lacking else []
    said += [f"no evidence: {problem}" for problem in row.problems[:1]]
    return f"{row.fact}: {'; '.join(said) or 'nothing'}"


def duration(seconds: float) -> str:
    """``0:07``, ``2:05`` or ``1:02:05``."""
    whole = max(int(seconds), 0)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def spoken(seconds: float) -> str:
    """``0.4 s``, ``7 s``, ``2 min 5 s`` or ``1 h 2 min``."""
    if seconds < 9.95:
        return f"{max(seconds, 0.0):.1f} s"
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole // 60 % 60} min"


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 file``, ``2 files``, ``2,481 files``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(ids: Iterable[str], limit: int) -> str:
    """``SEC-2.2.1, DAT-6.2.1 and 3 more``."""
    names = list(ids)
    text = ", ".join(names[:limit])
    return f"{text} and {len(names) - limit} more" if len(names) > limit else text


def _kind_of_need(document: Result, assessment: Assessment) -> str:
    if any(f.status is Status.UNKNOWN for f in assessment.findings):
        return "doubt"
    known = document.criteria.get(assessment.criterion)
    return next(iter(known.evidence), "") if known else ""


def gate(document: Result) -> list[Reason]:
    """The rules that do not hold; several lines of one rule (one per agent) become one."""
    merged: dict[tuple[str, bool], list[Reason]] = {}
    for reason in document.gate.reasons:
        merged.setdefault((reason.rule, reason.evidence_only), []).append(reason)
    return [
        reasons[0].model_copy(
            update={
                "found": ", ".join(reason.found for reason in reasons),
                "criteria": tuple(dict.fromkeys(name for reason in reasons for name in reason.criteria)),
            }
        )
        for reasons in merged.values()
    ]


def allowed(reason: Reason) -> str:
    """``allowed 0`` or ``needed at least 90 %``."""
    return f"{'allowed' if reason.allowed[:1] in '0123456789' else 'needed'} {reason.allowed}"


def meaning(document: Result) -> str:
    """What the exit code says, in one sentence."""
    return {
        0: "The gate holds.",
        1: "The gate is not met.",
        3: "Could not judge: only missing evidence or unfinished agents stand in the way.",
        4: "Released, failed its checks and rolled back.",
        5: "The rollback itself failed: a person is needed now.",
        6: "Waiting for approval.",
    }.get(document.exit_code, "The gate is not met.")


def deployment(document: Result) -> str:
    """What happened outside: mostly nothing."""
    if not document.deployed:
        return "nothing was deployed"
    return "deployed" if document.exit_code == 0 else "was deployed; the record says how far and what was undone"


def percent(earned: int, possible: int) -> str:
    """``81.2 %``, rounded down as the score is; empty where nothing was possible."""
    return f"{earned * 1000 // possible / 10:.1f} %" if possible else ""


def looks(document: Result) -> list[tuple[AgentSummary, Exhibit]]:
    """The tables of what is worth a look, each once though an agent may have had several turns."""
    found = _tables(document, worth_a_look=True)
    return [item for number, item in enumerate(found) if item[1] not in [other for _, other in found[:number]]]


def exhibits(document: Result) -> list[tuple[AgentSummary, Exhibit]]:
    """All other tables that agents have added."""
    return _tables(document, worth_a_look=False)


def _tables(document: Result, *, worth_a_look: bool) -> list[tuple[AgentSummary, Exhibit]]:
    every = [(agent, exhibit) for agent in document.agents for exhibit in agent.exhibits]
    return [item for item in every if (item[1].title == WORTH_A_LOOK) == worth_a_look]
