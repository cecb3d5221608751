"""What a check says, as the engine takes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest

from orchestrator.contract.checks import FAIL, PASS, Check, Draft, Example, check, examined, failed, passed
from orchestrator.contract.looking import WHY_WORDED, Look, worded
from orchestrator.domain.fact import Fact, Problem, Source
from orchestrator.domain.finding import Status
from orchestrator.domain.measure import measured

TREE = Example("any", {"a.py": "pass\n"})


class Counting(Fact):
    """A fact of nothing but problems."""

    name: ClassVar[str] = "counting"


@check("A-1", shows=PASS, clean=[TREE], flagged=[TREE])
def nothing_is_open(counting: Counting) -> Iterator[Draft]:
    """Nothing is open."""
    yield passed("nothing is open", examined(3, "files"), measure=measured("open", 0, at_most=0))


@check("A-2", shows=FAIL, clean=[TREE], flagged=[TREE])
def everything_is_open(counting: Counting) -> Iterator[Draft]:
    """Nothing is open."""
    yield failed("1,500 of 1,500 are open", None, examined(1_500, "files"))


def said(what: Check, counting: Counting) -> Draft:
    (draft,) = what.run({Counting: counting})
    return draft


class TestMeasure:
    def test_goes_with_the_draft(self):
        """
        Its criterion is filled in, and its number stays.
        """
        draft = said(nothing_is_open, Counting())

        assert (Status.PASS, "A-1", 0) == (draft.status, draft.criterion, draft.measure and draft.measure.value)

    def test_of_what_could_be_read_is_none(self):
        """
        A file that could not be read withdraws the pass, and its number with it.
        """
        draft = said(nothing_is_open, Counting(problems=(Problem(path="b.py", reason="cannot be read"),)))

        assert (Status.UNKNOWN, None) == (draft.status, draft.measure)


class TestLeftOut:
    def test_what_is_counted_in_a_part_is_no_total(self):
        """
        A failure that counts what is kept of a fact says that there was more; an unreadable file says no such thing.
        """
        cut = Problem(path="b.py", line=7, reason="more than 1,500 tables; the rest are not kept")
        odd = Problem(path="b.py", reason="cannot be read")

        assert (
            "1,500 of 1,500 are open; not all was looked at: b.py:7: more than 1,500 tables; the rest are not kept"
            == said(everything_is_open, Counting(problems=(odd, cut))).message
        )
        assert "1,500 of 1,500 are open" == said(everything_is_open, Counting(problems=(odd,))).message


WORD, PARSED = Source(path="a.py", line=1, worded=True), Source(path="a.py", line=2)


def grave(criterion: str, *places: Source) -> Draft:
    """What a check says of *criterion* that fails it for *places*."""

    @check(criterion, shows=FAIL, clean=[TREE], flagged=[TREE])
    def something_is_open(counting: Counting) -> Iterator[Draft]:
        """Nothing is open."""
        yield failed("it is open", *places, remedy="Close it.", measure=measured("open", 1, at_most=0))

    return said(something_is_open, Counting())


class TestWords:
    @pytest.mark.parametrize(
        ("criterion", "places", "status"),
        [
            ("SEC-2.3.3", (WORD,), Status.UNKNOWN),
            ("SEC-2.3.7", (WORD,), Status.UNKNOWN),
            ("SEC-2.3.3", (WORD, PARSED), Status.UNKNOWN),
            ("SEC-2.3.3", (PARSED, WORD), Status.FAIL),
            ("SEC-2.3.3", (PARSED,), Status.FAIL),
            ("DEP-5.1.9", (WORD,), Status.FAIL),
            ("A-1", (WORD,), Status.FAIL),
        ],
    )
    def test_fail_nothing_grave(self, criterion: str, places: tuple[Source, ...], status: Status):
        """
        A critical or high criterion of the catalogue is open where its failure leads to a word on a line.
        """
        assert status == grave(criterion, *places).status

    def test_are_worth_a_look(self):
        """
        It says what it would be and where, and has neither a remedy nor a number.
        """
        draft = grave("SEC-2.3.3", WORD)

        assert (True, "", None) == (draft.look, draft.remedy, draft.measure)
        assert "Worth a look, since it is a word on a line that no syntax bears out: it is open" == draft.message
        assert [Look("SEC-2.3.3", "it is open", "a.py:1", WHY_WORDED)] == list(worded([draft], ["SEC-2.3.3"]))
        assert [] == list(worded([draft], ["SEC-2.3.4"]))
        assert [] == list(worded([grave("SEC-2.3.3", PARSED)], ["SEC-2.3.3"]))
