"""A finding goes when enough people say of each of its places that it is none; nothing passes by that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from orchestrator.domain.criterion import Criterion, Severity
from orchestrator.domain.dismissal import Spot
from orchestrator.domain.finding import Extent, Finding, Location, Status
from orchestrator.domain.ground import Absence, Exchange, File, Ground, Searched
from orchestrator.domain.person import Proof, Word
from orchestrator.domain.policy import STRICT, Policy
from orchestrator.judging.dismissing import Sifted, sift, told
from orchestrator.judging.merging import merge

TODAY = date(2026, 11, 30)
CRITICAL = Criterion(
    id="SEC-2.3.3",
    area="SEC",
    section="2.3",
    severity=Severity.CRITICAL,
    statement="s",
    why="w",
    needs="a scan",
    remedy="r",
    effort=1,
)
MEDIUM = CRITICAL.model_copy(update={"severity": Severity.MEDIUM})
HISTORY = f"{'ab' * 20}:app.py:7"


def finding(*lines: int, status: Status = Status.FAIL, check: str = "a.check", extra: Ground | None = None) -> Finding:
    places = [Location(path="app.py", line=line) for line in lines]
    grounds = [File(kind="file", digest=f"sha256:{at.line}", location=at) for at in places]
    return Finding(
        criterion="SEC-2.3.3",
        status=status,  # type: ignore[arg-type]  # never not-applicable
        message="Evaluated.",
        agent="a",
        check=check,
        location=places[0] if places else None,
        evidence=(*grounds, *([extra] if extra else [])),
    )


def word(
    person: str = "dana", place: str = "app.py:3", check: str = "a.check", proof: Proof = "key", days: int = 20
) -> Word:
    return Word(
        kind="disposition",
        criterion="SEC-2.3.3",
        person=person,
        proof=proof,
        said="The page sends numbers.",
        on=TODAY,
        until=TODAY + timedelta(days=days),
        where="words.yaml",
        check=check,
        place=place,
    )


def sifted(
    *found: Finding, words: tuple[Word, ...] = (), criterion: Criterion = MEDIUM, policy: Policy = STRICT,
    changed: dict[str, tuple[str, ...]] | None = None,
) -> Sifted:  # fmt: skip
    return sift(criterion, found, words, policy, changed or {}, TODAY)


class TestGoes:
    def test_by_one_person(self):
        """
        What is not critical takes one person; what is left is judged as if that had not been found.
        """
        left = sifted(finding(3), finding(9), words=(word(),))

        assert (finding(9),) == left.findings
        assert [finding(3)] == [dismissal.finding for dismissal in left.dismissed]
        assert ["dana"] == [witness.person for witness in left.dismissed[0].witnesses]
        assert () == left.idle

    def test_by_two_people_where_it_is_critical(self):
        """
        One person's word on a critical criterion sets nothing aside, however often he says it, and that is told.
        """
        both = (word("dana"), word("rui", days=5))

        assert (finding(3),) == sifted(finding(3), words=(word(), word()), criterion=CRITICAL).findings
        assert "no more than 1 of the 2 people" in sifted(finding(3), words=(word(),), criterion=CRITICAL).idle[0].why
        (gone,) = sifted(finding(3), words=both, criterion=CRITICAL).dismissed
        assert TODAY + timedelta(days=5) == gone.until

    def test_every_place(self):
        """
        A finding at several places goes when all of them are spoken of, and stays whole before.
        """
        there = finding(3, 9)

        assert (there,) == sifted(there, words=(word(),)).findings
        assert () == sifted(there, words=(word(), word(place="app.py:9"))).findings

    def test_a_doubt(self):
        """
        A place that is only worth a look is set aside likewise.
        """
        assert () == sifted(finding(3, status=Status.UNKNOWN), words=(word(),)).findings

    def test_places_beyond_the_evidence(self):
        """
        Places that the evidence does not show are known by their list; without it nothing is set aside.
        """
        short = finding(3).model_copy(update={"extent": Extent(places=2)})
        whole = short.model_copy(update={"places": ("app.py:3", HISTORY)})

        assert (short,) == sifted(short, words=(word(),)).findings
        assert (whole,) == sifted(whole, words=(word(),)).findings
        assert () == sifted(whole, words=(word(), word(place=HISTORY))).findings


class TestStays:
    def test_a_pass(self):
        """
        Nobody sets a pass aside.
        """
        assert (finding(3, status=Status.PASS),) == sifted(finding(3, status=Status.PASS), words=(word(),)).findings

    @pytest.mark.parametrize("changes", [{"place": "app.py:4"}, {"check": "another.check"}, {"place": "lib/app.py:3"}])
    def test_another_finding(self, changes):
        """
        It is about one check and one place; a word about anything else is told to be idle.
        """
        left = sifted(finding(3), words=(word(**changes),))

        assert (finding(3),) == left.findings
        assert "finds nothing at" in left.idle[0].why

    @pytest.mark.parametrize(
        "more",
        [
            Exchange(kind="http", digest="sha256:1", method="GET", url="https://shop.example/"),
            None,
        ],
    )
    def test_what_rests_on_more_than_places(self, more):
        """
        What was seen outside the tree, and what is nowhere, has no bytes that a word could be bound to.
        """
        absent = Absence(
            kind="absence", digest="sha256:2", what="a limit", searched=(Searched(number=3, what="files"),)
        )
        found = finding(3, extra=more) if more else finding(extra=absent)

        assert (found,) == sifted(found, words=(word(),)).findings

    def test_over(self):
        """
        It counts to the end of its last day.
        """
        assert () == sifted(finding(3), words=(word(days=0),)).findings
        left = sifted(finding(3), words=(word(days=-1),))
        assert (finding(3),) == left.findings
        assert "expired on 2026-11-29" in left.idle[0].why

    def test_nobody_clears_his_own_change(self):
        """
        Who changed the file in this release is none of the two people.
        """
        both = (word("dana"), word("rui"))
        left = sifted(finding(3), words=both, criterion=CRITICAL, changed={"rui": ("app.py",), "dana": ("x.py",)})

        assert (finding(3),) == left.findings
        assert "rui changed app.py" in left.idle[0].why

    def test_a_name_on_a_list(self):
        """
        Where it matters a name on a list is nobody, unless the policy says otherwise.
        """
        listed = (word("dana", proof="listed"), word("rui", proof="listed"))
        small = STRICT.model_copy(update={"verified_words": False})

        assert (finding(3),) == sifted(finding(3), words=listed, criterion=CRITICAL).findings
        assert () == sifted(finding(3), words=listed, criterion=CRITICAL, policy=small).findings
        assert () == sifted(finding(3), words=listed).findings


class TestPassesNothing:
    def test_nothing_else(self):
        """
        Where nothing else is known the criterion is unknown, and its reason says who set aside what.
        """
        left = sifted(finding(3), words=(word(),))
        assessment = told(merge(MEDIUM, left.findings, today=TODAY), left.dismissed)

        assert Status.UNKNOWN == assessment.status
        assert "dana set aside: Evaluated.; no evidence; needs: a scan" == assessment.reason
        assert assessment.open

    def test_something_else(self):
        """
        What else was found decides: another failure fails it, and evidence for it passes it.
        """
        for other in (finding(9), finding(9, status=Status.PASS)):
            left = sifted(finding(3), other, words=(word(),))
            assessment = told(merge(MEDIUM, left.findings, today=TODAY), left.dismissed)

            assert (other.status, "Evaluated.") == (assessment.status, assessment.reason)
            assert 1 == len(assessment.dismissed)


class TestSpot:
    @pytest.mark.parametrize(
        ("text", "spot"),
        [
            ("app.py:3", Spot("app.py", 3)),
            ("a:b.py:0", Spot("a:b.py", 0)),
            (HISTORY, Spot("app.py", 7, "ab" * 20)),
            ("app.py", None),
            ("app.py:x", None),
            (":3", None),
        ],
    )
    def test_read(self, text, spot):
        """
        A place names a line of a file, and of history its commit; it reads as it is written.
        """
        assert spot == Spot.read(text)
        assert spot is None or text == str(spot)
