"""The verdict is a pure function: no order matters, no failure helps, nothing unknown becomes a pass."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.assessment import Assessment
from orchestrator.domain.criterion import Criterion, Severity
from orchestrator.domain.finding import Finding, Location, Status
from orchestrator.domain.ground import File, Ground
from orchestrator.domain.outcome import Ending, Outcome
from orchestrator.domain.person import Attestation, Waiver
from orchestrator.domain.policy import Policy
from orchestrator.judging.absence import by_grounds, by_place
from orchestrator.judging.deciding import READY, ROLLBACK, decide
from orchestrator.judging.merging import merge
from orchestrator.judging.scoring import band, score
from tests.every_ground import every_ground

TODAY = date(2026, 11, 21)
IDS = ("SEC-2.1.1", "SEC-2.1.2", "OBS-4.1.1", "DEP-5.1.1")
SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.CRITICAL)
DONE = (Outcome(node="verification/a", agent="a", phase="verification", ending=Ending.COMPLETED),)


def criterion(number: int) -> Criterion:
    return Criterion(
        id=IDS[number],
        area=IDS[number][:3],
        section=IDS[number][4:7],
        severity=SEVERITIES[number],
        statement="It holds.",
        why="Because.",
        needs="a place",
        remedy="Mend it.",
        effort=1,
    )


def finding(number: int, status: Status, agent: str = "a", message: str = "seen", line: int = 1) -> Finding:
    return Finding(
        criterion=IDS[number],
        status=status,  # type: ignore[arg-type]  # never not-applicable
        message=message,
        agent=agent,
        check=f"{agent}.check",
        location=Location(path="app.py", line=line),
        evidence=(File(kind="file", digest="sha256:0", location=Location(path="app.py", line=line)),),
    )


STATUSES = st.sampled_from([Status.PASS, Status.FAIL, Status.UNKNOWN])
FINDINGS = st.lists(
    st.builds(
        finding,
        number=st.integers(0, 3),
        status=STATUSES,
        agent=st.sampled_from(["a", "b", "c"]),
        message=st.sampled_from(["seen", "not seen", "odd"]),
        line=st.integers(1, 3),
    ),
    max_size=12,
)


def resting(grounds: tuple[Ground, ...], status: Status = Status.FAIL, path: str = "") -> Finding:
    """A finding on *grounds*, at a place or at none."""
    return finding(0, status).model_copy(
        update={"evidence": grounds, "location": Location(path=path, line=1) if path else None}
    )


RESTING = st.lists(
    st.builds(
        resting,
        grounds=st.lists(st.sampled_from([*every_ground().values()]), max_size=3).map(tuple),
        status=STATUSES,
        path=st.sampled_from(["", "", "app.py"]),
    ),
    max_size=5,
)
"""Findings on every kind of ground, on several and on none."""
NOT_APPLICABLE = st.lists(st.sampled_from(["", "", "does not apply: not service"]), min_size=4, max_size=4)


def assess(findings: list[Finding], not_applicable: list[str] | None = None) -> tuple[Assessment, ...]:
    reasons = not_applicable or [""] * 4
    return tuple(
        merge(
            criterion(n),
            [f for f in findings if f.criterion == IDS[n]],
            not_applicable=reasons[n],
            today=TODAY,
        )
        for n in range(4)
    )


class TestMerge:
    @given(FINDINGS, NOT_APPLICABLE, st.randoms())
    def test_order_never_matters(self, findings, reasons, random):
        """
        Findings in any order, and said any number of times, merge to the same bytes.
        """
        shuffled = findings * 2
        random.shuffle(shuffled)

        assert [a.model_dump_json() for a in assess(findings, reasons)] == [
            a.model_dump_json() for a in assess(shuffled, reasons)
        ]

    @given(FINDINGS, NOT_APPLICABLE)
    def test_unknown_never_becomes_pass(self, findings, reasons):
        """
        A pass stands on a passing finding that nobody doubts and nobody contradicts.
        """
        for assessment in assess(findings, reasons):
            if assessment.status is Status.PASS:
                assert {Status.PASS} == {f.status for f in assessment.findings}

    def test_nothing_found_is_unknown(self):
        """
        Silence is unknown, and says what would decide it.
        """
        assessment = merge(criterion(0), [], today=TODAY)

        assert Status.UNKNOWN is assessment.status
        assert assessment.reason == "no evidence; needs: a place"

    def test_not_applicable_never_hides_a_failure(self):
        """
        What somebody saw fail is a failure, whatever the profile says.
        """
        assessment = merge(criterion(0), [finding(0, Status.FAIL)], not_applicable="does not apply", today=TODAY)

        assert Status.FAIL is assessment.status

    @given(RESTING, st.booleans())
    def test_only_absence_is_none_where_nothing_applies(self, findings, applies):
        """
        A criterion that does not apply keeps every failure but those that rest on absences alone.
        """
        reason = "" if applies else "does not apply"
        status = merge(criterion(0), findings, not_applicable=reason, today=TODAY).status
        failures = [f for f in findings if f.status is Status.FAIL]
        seen = [f for f in failures if {g.kind for g in f.evidence} != {"absence"} or f.location is not None]

        assert (status is Status.FAIL) == bool(failures if applies else seen)
        assert applies or (status is Status.NOT_APPLICABLE) == (not seen)

    @given(RESTING)
    def test_no_failure_is_lost_to_the_rule_before(self, findings):
        """
        Whatever the rule of derivation 3 kept is kept; what it lost besides absences is what was wrong with it.
        """
        then, today = (
            merge(criterion(0), findings, not_applicable="does not apply", only_absent=rule, today=TODAY).status
            for rule in (by_place, by_grounds)
        )

        assert then is not Status.FAIL or today is Status.FAIL

    @pytest.mark.parametrize("kind", every_ground())
    def test_each_ground_alone(self, kind):
        """
        A scanner's critical finding on a criterion that does not apply stays visible, and blocks.
        """
        found = resting((every_ground()[kind],))
        assessment = merge(criterion(0), [found], not_applicable="does not apply", today=TODAY)
        passing = [finding(n, Status.PASS) for n in (1, 2, 3)]
        verdict = decide((assessment, *assess(passing)[1:]), DONE, Policy())

        assert (kind == "absence") == (assessment.status is Status.NOT_APPLICABLE)
        assert (kind == "absence") == (verdict.decision == READY)
        assert (kind == "absence") == (not assessment.blocks)

    def test_doubt_takes_a_pass_back(self):
        """
        One agent that could not tell outweighs another's pass.
        """
        found = [finding(0, Status.PASS, "a"), finding(0, Status.UNKNOWN, "b")]

        assert Status.UNKNOWN is merge(criterion(0), found, today=TODAY).status

    def test_expired_waiver_counts_for_nothing(self):
        """
        A waiver that has expired accepts nothing, and the reason says so.
        """
        waiver = Waiver(criterion=IDS[0], owner="dana", reason="later", expires=date(2026, 11, 20))
        assessment = merge(criterion(0), [finding(0, Status.FAIL)], waivers=[waiver], today=TODAY)

        assert assessment.waiver is None
        assert assessment.reason == "seen; the waiver of dana expired on 2026-11-20"


class TestDecide:
    @given(FINDINGS, st.integers(0, 3), NOT_APPLICABLE)
    def test_a_failure_never_helps(self, findings, number, reasons):
        """
        One more failure never lifts a score, never opens a gate, never lowers the exit code's gravity.
        """
        gravity = {0: 0, 3: 1, 1: 2}
        policy = Policy(min_score=50)
        before = decide(assess(findings, reasons), DONE, policy)
        after = decide(assess([*findings, finding(number, Status.FAIL, "z")], reasons), DONE, policy)

        assert after.score.percent <= before.score.percent or reasons[number]
        assert after.score.earned <= before.score.earned
        assert not after.gate.holds or before.gate.holds
        assert gravity[after.exit_code] >= gravity[before.exit_code]

    @given(FINDINGS)
    def test_ready_exactly_when_the_gate_holds(self, findings):
        """
        The verdict is the gate's word and nothing else's.
        """
        verdict = decide(assess(findings), DONE, Policy())

        assert (verdict.decision == READY) == verdict.gate.holds == (verdict.exit_code == 0)
        assert (verdict.decision == ROLLBACK) == bool(verdict.gate.reasons)

    def test_one_blocker_is_enough(self):
        """
        A single unwaived critical failure rolls the release back, whatever else passed.
        """
        findings = [finding(0, Status.FAIL), *(finding(n, Status.PASS) for n in (1, 2, 3))]
        verdict = decide(assess(findings), DONE, Policy(min_score=0))

        assert verdict.decision == ROLLBACK
        assert verdict.exit_code == 1
        assert [r.criteria for r in verdict.gate.reasons] == [(IDS[0],)]

    def test_only_missing_evidence_could_not_judge(self):
        """
        When nothing failed and only evidence is missing, the exit code says that it could not be judged.
        """
        verdict = decide(assess([finding(1, Status.PASS)]), DONE, Policy())

        assert verdict.exit_code == 3
        assert all(reason.evidence_only for reason in verdict.gate.reasons)

    def test_unfinished_agent_blocks(self):
        """
        An agent that did not complete counts against the release.
        """
        findings = [finding(n, Status.PASS) for n in range(4)]
        crashed = Outcome(node="verification/a", agent="a", phase="verification", ending=Ending.ERRORED, reason="boom")

        assert decide(assess(findings), DONE, Policy()).decision == READY
        assert decide(assess(findings), (crashed,), Policy()).decision == ROLLBACK
        assert decide(assess(findings), (), Policy()).decision == ROLLBACK

    def test_waived_passes_the_gate_and_earns_nothing(self):
        """
        An accepted risk opens the gate and lowers the score.
        """
        waiver = Waiver(criterion=IDS[0], owner="dana", reason="later", expires=date(2026, 12, 1))
        waived = merge(criterion(0), [finding(0, Status.FAIL)], waivers=[waiver], today=TODAY)
        rest = assess([finding(n, Status.PASS) for n in range(4)])[1:]
        verdict = decide((waived, *rest), DONE, Policy(min_score=0))

        assert verdict.decision == READY
        assert (17, 27) == (verdict.score.earned, verdict.score.possible)

    def test_attested_earns_and_is_no_pass(self):
        """
        A person's word earns the points and stays visible as a person's word.
        """
        said = Attestation(criterion=IDS[0], owner="lee", reason="drilled", expires=date(2026, 12, 1))
        attested = merge(criterion(0), [], attestations=[said], today=TODAY)

        assert Status.UNKNOWN is attested.status
        assert attested.earned == 10
        assert not attested.open

    def test_attestation_never_outvotes_a_failure(self):
        """
        What failed failed, whatever a person states.
        """
        said = Attestation(criterion=IDS[0], owner="lee", reason="fine", expires=date(2026, 12, 1))
        assessment = merge(criterion(0), [finding(0, Status.FAIL)], attestations=[said], today=TODAY)

        assert assessment.attestation is None
        assert assessment.blocks


class TestScore:
    @pytest.mark.parametrize(
        ("percent", "name"),
        [
            (100, "Production Ready"),
            (90, "Production Ready"),
            (89.9, "Mostly Ready"),
            (75, "Mostly Ready"),
            (74.9, "Needs Work"),
            (60, "Needs Work"),
            (59.9, "Not Ready"),
            (0, "Not Ready"),
        ],
    )
    def test_bands(self, percent, name):
        """
        The bands begin at 90, 75 and 60 percent.
        """
        assert name == band(percent)

    def test_rounding_never_lifts(self):
        """
        89.96 percent is 89.9, not 90.0.
        """
        passing = [a.model_copy(update={"severity": Severity.LOW}) for a in assess([finding(0, Status.PASS)])[:1]]
        open_ = [a.model_copy(update={"severity": Severity.LOW}) for a in assess([])[:1]]

        assert score(passing * 8996 + open_ * 1004).percent == 89.9

    def test_nothing_applicable_scores_zero(self):
        """
        A release to which nothing applies is not a perfect one.
        """
        assert score(assess([], ["n/a"] * 4)).percent == 0
        assert decide(assess([], ["n/a"] * 4), DONE, Policy()).decision == ROLLBACK


def test_text_that_no_encoding_has() -> None:
    """
    What a record says can be half a character; findings that differ in it alone are put in order all the same.
    """
    both = [finding(0, Status.FAIL, message="half \ud800"), finding(0, Status.FAIL, message="half \udc00")]

    assert merge(criterion(0), both, today=TODAY) == merge(criterion(0), both[::-1], today=TODAY)
