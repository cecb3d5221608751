"""Facts that are told from others: once for the same facts, with all that those lack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest

from orchestrator.contract.checks import FAIL, PASS, Draft, Example, check, examined, failed, passed
from orchestrator.domain.derived import Derived, asked, recorded
from orchestrator.domain.fact import Aside, Fact, Problem
from orchestrator.domain.finding import Status

TREE = Example("any", {"a.py": "pass\n"})
times: list[str] = []


class Herd(Fact):
    """How many sheep each pen has."""

    name: ClassVar[str] = "herd"

    pens: tuple[int, ...] = ()


class Weather(Fact):
    """Whether it rains."""

    name: ClassVar[str] = "weather"

    rain: bool = False


class Wet(Derived):
    """How many sheep stand in the rain."""

    name: ClassVar[str] = "wet"
    of = (Herd, Weather)

    sheep: int = 0

    @classmethod
    def derive(cls, herd: Herd, weather: Weather) -> Wet:
        times.append("wet")
        return cls(sheep=sum(herd.pens) if weather.rain else 0, problems=(Problem(path="pen", reason="was dark"),))

    def concerns(self, about: tuple[str, ...]) -> bool:
        return "sheep" in about


class Grumbling(Derived):
    """Told from what is told itself."""

    name: ClassVar[str] = "grumbling"
    of = (Wet,)

    loud: bool = False

    @classmethod
    def derive(cls, wet: Wet) -> Grumbling:
        return cls(loud=wet.sheep > 10)


HERD, RAIN = Herd(pens=(4, 8)), Weather(rain=True)


class TestAsked:
    def test_is_told_once_for_the_same_facts(self):
        """
        Whoever asks again hears the same; other facts are told anew.
        """
        facts: dict[type[Fact], Fact] = {Herd: HERD, Weather: RAIN}
        before = len(times)

        first = asked(Wet, facts)

        assert (12, first) == (first.sheep, asked(Wet, dict(facts)))
        assert before + 1 == len(times)
        assert 0 == asked(Wet, {**facts, Weather: Weather()}).sheep

    def test_through_another(self):
        """
        What is told from a derived fact rests on the recorded ones.
        """
        told = asked(Grumbling, {Herd: HERD, Weather: RAIN})

        assert told.loud
        assert [HERD, RAIN] == list(recorded(told))

    def test_is_never_recorded(self):
        """
        Its name is none that a record could bring along, and what is missing is said to be.
        """
        assert "herd" in Fact.known
        assert "wet" not in Fact.known
        with pytest.raises(KeyError) as raised:
            asked(Wet, {Herd: HERD})
        assert (Weather,) == raised.value.args


class TestLacking:
    def test_what_its_origins_lack_and_what_it_lacks_itself(self):
        """
        Problems and doubts of the facts below count as far as they concern it.
        """
        sheep, goats = (Problem(path=what, reason="was locked", about=(what,)) for what in ("sheep", "goats"))
        unsure, void = (Aside(path="pen", reason="may be", about=("sheep",), void=void) for void in (False, True))
        told = asked(Wet, {Herd: Herd(problems=(sheep, goats), aside=(unsure, void)), Weather: RAIN})

        assert [("sheep", "was locked"), ("pen", "was dark")] == [(p.path, p.reason) for p in told.lacking(())]
        assert (unsure,) == told.doubted(())


@check("A-1", shows=PASS, clean=[TREE], flagged=[TREE])
def all_is_dry(wet: Wet) -> Iterator[Draft]:
    """Passes over whatever it is given."""
    yield passed("All is dry", examined(3, "pens"))


@check("A-2", shows=FAIL, clean=[TREE], flagged=[TREE])
def too_wet(grumbling: Grumbling) -> Iterator[Draft]:
    """Fails over whatever it is given."""
    yield failed("It is too wet", None, examined(3, "pens"))


class TestCheck:
    def test_a_pass_over_what_is_not_understood_is_none(self):
        """
        A check that asks for a derived fact cannot pass over what that did not understand.
        """
        (draft,) = all_is_dry.run({Herd: HERD, Weather: RAIN})

        assert (Status.UNKNOWN, "Could not tell: pen: was dark (what could be read: All is dry)") == (
            draft.status,
            draft.message,
        )

    def test_of_a_fact_that_could_not_be_made(self):
        """
        Where a recorded fact below could not be made at all, nothing else is said.
        """
        (draft,) = too_wet.run({Herd: Herd(problems=(Problem(path="", reason="nobody went"),)), Weather: RAIN})

        assert (Status.UNKNOWN, "Could not tell: nobody went") == (draft.status, draft.message)

    def test_its_version_follows_what_tells_it(self):
        """
        A derived fact counts as what makes it, with all that its module leads to.
        """
        assert all_is_dry.version != too_wet.version
