"""What a check says, as the engine takes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from orchestrator.contract.checks import FAIL, PASS, Check, Draft, Example, check, examined, failed, passed
from orchestrator.domain.fact import Fact, Problem
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
