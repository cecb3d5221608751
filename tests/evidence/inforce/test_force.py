"""What counts, what does not, and which of several reasons is told."""

from __future__ import annotations

from orchestrator.evidence.inforce.chance import Chance
from orchestrator.evidence.inforce.force import IN_FORCE, all_of, any_of, unknown, void


class TestForce:
    def test_only_what_is_in_force_counts(self):
        """
        What is void and what cannot be told are both nothing to rely on; only the first is surely nothing.
        """
        assert IN_FORCE
        assert not void("x")
        assert not unknown("x")
        assert [False, True, False] == [f.is_void for f in (IN_FORCE, void("x"), unknown("x"))]

    def test_the_least_of_what_is_needed_together(self):
        """
        One void part makes all void, and the first reason is told.
        """
        assert void("a") == all_of([IN_FORCE, unknown("c"), void("a"), void("b")])
        assert IN_FORCE == all_of([])

    def test_the_greatest_of_what_is_enough_alone(self):
        """
        One part in force is enough, and what hangs on a name may still be that.
        """
        assert IN_FORCE == any_of([void("a"), IN_FORCE])
        assert unknown("b") == any_of([void("a"), unknown("b")])
        assert void("a", unless="f") == any_of([unknown("b"), void("a", unless="f")])


class TestChance:
    def test_the_opposite(self):
        """
        What is never so is always not so, and what a setting decides it decides either way.
        """
        pairs = [(Chance.NEVER, Chance.ALWAYS), (Chance.DEVELOPMENT, Chance.PRODUCTION)]

        for one, other in pairs:
            assert (other, one) == (one.opposite, other.opposite)
        assert [Chance.SETTING, Chance.RUNTIME] == [Chance.SETTING.opposite, Chance.RUNTIME.opposite]

    def test_what_it_says_of_what_it_guards(self):
        """
        Never and in development is void, a setting is open, and all else runs.
        """
        assert [0, 0, 1, 2, 2, 2] == [int(chance.force.state) for chance in Chance]
