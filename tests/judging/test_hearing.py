"""What people say adds to what was found and never outvotes it; how many it takes, and who, the policy says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from orchestrator.domain.assessment import Assessment
from orchestrator.domain.criterion import Severity
from orchestrator.domain.finding import Finding, Location, Status
from orchestrator.domain.ground import File
from orchestrator.domain.person import Proof, Word, WordKind
from orchestrator.domain.policy import STRICT, Policy
from orchestrator.judging.deciding import attested_critical, decide
from orchestrator.judging.hearing import Heard, hear

TODAY = date(2026, 11, 30)
SMALL = STRICT.model_copy(update={"people_for_critical": 1, "verified_words": False})
LENIENT = STRICT.model_copy(update={"critical_waivers": True})


def finding(status: Status, path: str = "ops/rota.md") -> Finding:
    at = Location(path=path, line=3)
    return Finding(
        criterion="OBS-4.3.4",
        status=status,  # type: ignore[arg-type]  # never not-applicable
        message="Said.",
        agent="a",
        check="a.check",
        location=at,
        evidence=(File(kind="file", digest="sha256:0", location=at),),
    )


def assessment(
    status: Status = Status.UNKNOWN, severity: Severity = Severity.CRITICAL, *findings: Finding
) -> Assessment:
    return Assessment(
        criterion="OBS-4.3.4",
        area="OBS",
        section="4.3",
        severity=severity,
        status=status,
        reason="no evidence",
        findings=findings,
    )


def word(
    person: str = "dana", kind: WordKind = "attestation", proof: Proof = "key", days: int = 20, said: str = "Seen."
) -> Word:
    return Word(
        kind=kind,
        criterion="OBS-4.3.4",
        person=person,
        proof=proof,
        said=said,
        on=TODAY,
        until=TODAY + timedelta(days=days),
        where=f"words.yaml:{person}",
    )


def heard(found: Assessment, *words: Word, policy: Policy = STRICT, **changed: tuple[str, ...]) -> Heard:
    return hear(found, words, policy, changed, TODAY)


BOTH = (word("dana"), word("rui", days=10))


class TestPeople:
    def test_two_for_what_is_critical(self):
        """
        Two people's words attest a critical criterion, as long as both stand; one's does not.
        """
        found = heard(assessment(), *BOTH).assessment
        alone = heard(assessment(), word())

        assert found.attestation is not None
        assert ("dana, rui", TODAY + timedelta(days=10)) == (found.attestation.owner, found.attestation.expires)
        assert ["dana", "rui"] == [witness.person for witness in found.attestation.witnesses]
        assert 10 == found.earned
        assert alone.assessment.attestation is None
        assert "no more than 1 of the 2 people" in alone.idle[0].why

    def test_one_person_twice_is_one(self):
        """
        Nobody is two of the people.
        """
        assert heard(assessment(), word(said="Seen."), word(said="Seen again.")).assessment.attestation is None

    def test_one_for_the_rest(self):
        """
        One person is enough for what is not critical, and for everything in a small team.
        """
        assert heard(assessment(severity=Severity.HIGH), word()).assessment.attestation is not None
        assert heard(assessment(), word(), policy=SMALL).assessment.attestation is not None

    @pytest.mark.parametrize(
        ("severity", "counts"), [(Severity.CRITICAL, False), (Severity.HIGH, False), (Severity.MEDIUM, True)]
    )
    def test_a_name_on_a_list(self, severity, counts):
        """
        Under strict a name that nothing but a list shows counts for what is medium; in a small team for all.
        """
        words = (word(proof="listed"), word("rui", proof="listed"))
        strict = heard(assessment(severity=severity), *words)

        assert counts == (strict.assessment.attestation is not None)
        assert counts == (strict.idle == ())
        assert heard(assessment(severity=severity), *words, policy=SMALL).assessment.attestation is not None

    @pytest.mark.parametrize("proof", ["key", "oidc", "commit"])
    def test_how_one_is_known(self, proof):
        """
        A key, a token and a signed commit show who speaks.
        """
        assert heard(assessment(severity=Severity.HIGH), word(proof=proof)).assessment.attestation is not None


class TestOwnChange:
    def test_nobody_vouches_for_it(self):
        """
        Who changed what the criterion was judged by is not one of the two; for what is not critical he may be.
        """
        found = assessment(Status.UNKNOWN, Severity.CRITICAL, finding(Status.UNKNOWN))
        barred = heard(found, *BOTH, rui=("ops/rota.md",))
        high = found.model_copy(update={"severity": Severity.HIGH})

        assert barred.assessment.attestation is None
        assert any("rui changed ops/rota.md" in said.why for said in barred.idle)
        assert heard(found, *BOTH, rui=("ops/other.md",)).assessment.attestation is not None
        assert heard(high, word("rui"), rui=("ops/rota.md",)).assessment.attestation is not None


class TestAgainst:
    def test_no_word_outvotes_a_failure(self):
        """
        What fails by what was found fails, whoever says that it does not.
        """
        found = heard(assessment(Status.FAIL, Severity.HIGH, finding(Status.FAIL)), word())

        assert Status.FAIL is found.assessment.status
        assert found.assessment.attestation is None
        assert "no word outvotes that" in found.idle[0].why

    @pytest.mark.parametrize("status", [Status.PASS, Status.NOT_APPLICABLE])
    def test_nothing_to_add(self, status):
        """
        What passes or does not apply needs no word, and is not called attested.
        """
        found = heard(assessment(status), *BOTH)

        assert (None, None, ()) == (found.assessment.attestation, found.assessment.waiver, found.idle)

    def test_over(self):
        """
        A word that has run out counts for nothing, and says since when; its last day still counts.
        """
        late = heard(assessment(severity=Severity.HIGH), word(days=-1))

        assert late.assessment.attestation is None
        assert "the attestation of dana expired on 2026-11-29" in late.assessment.reason
        assert heard(assessment(severity=Severity.HIGH), word(days=0)).assessment.attestation is not None


class TestWaivers:
    def test_of_what_is_critical(self):
        """
        Nobody waives it under strict; where a policy lets it, it takes two people as well, and earns nothing.
        """
        failed = assessment(Status.FAIL, Severity.CRITICAL, finding(Status.FAIL))
        words = (word(kind="waiver"), word("rui", kind="waiver"))
        let = heard(failed, *words, policy=LENIENT).assessment

        assert heard(failed, *words).assessment.waiver is None
        assert "lets nobody waive" in heard(failed, *words).idle[0].why
        assert heard(failed, words[0], policy=LENIENT).assessment.waiver is None
        assert let.waiver is not None
        assert (0, False) == (let.earned, let.blocks)

    def test_an_attestation_goes_before(self):
        """
        What is both attested and waived is attested: somebody has seen it.
        """
        found = heard(assessment(severity=Severity.HIGH), word(), word("rui", kind="waiver")).assessment

        assert found.attestation is not None
        assert found.waiver is None
        assert 5 == found.earned


class TestShare:
    """How much of what is critical may rest on people's words."""

    @staticmethod
    def assessments(attested: int, of: int) -> list[Assessment]:
        said = heard(assessment(), *BOTH).assessment
        return [said] * attested + [assessment(Status.PASS)] * (of - attested)

    @pytest.mark.parametrize(
        ("attested", "of", "holds"), [(1, 4, True), (25, 100, True), (26, 100, False), (1, 3, False)]
    )
    def test_ceiling(self, attested, of, holds):
        """
        A quarter of the points holds, and anything more does not.
        """
        reasons = decide(self.assessments(attested, of), (), STRICT).gate.reasons

        assert holds == all("rest on people's words" not in reason.rule for reason in reasons)

    def test_rounded_up(self):
        """
        No rounding brings a share under its ceiling, and without critical criteria there is none.
        """
        assert 33.4 == attested_critical(self.assessments(1, 3))
        assert 0.0 == attested_critical([assessment(severity=Severity.HIGH)])
        assert 0.0 == attested_critical([])


class TestFloor:
    def test_every_area(self):
        """
        Each area must reach its share; the ones that do not are named together, worst last in no order but their own.
        """
        good = assessment(Status.PASS, Severity.HIGH)
        weak = assessment(Status.FAIL, Severity.HIGH).model_copy(update={"area": "INF"})
        (reason,) = (r for r in decide([good, weak], (), STRICT).gate.reasons if r.rule == "areas below the floor")
        off = STRICT.model_copy(update={"min_each_area": -1.0})

        assert ("INF 0.0 %", "at least 75 % each", False) == (reason.found, reason.allowed, reason.evidence_only)
        assert all(r.rule != reason.rule for r in decide([good, weak], (), off).gate.reasons)

    def test_what_lacks_evidence_alone(self):
        """
        An area that could still reach its share is not a failure: nobody has looked.
        """
        (reason,) = (r for r in decide([assessment()], (), STRICT).gate.reasons if r.rule == "areas below the floor")

        assert reason.evidence_only
