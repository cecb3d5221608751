"""The catalogue is complete, and its conditions have three values."""

from __future__ import annotations

from collections import Counter

import pytest

from orchestrator.catalogue import condition
from orchestrator.catalogue.loader import catalogue
from orchestrator.commands.reference import owners
from orchestrator.domain.profile import PROFILE_FACTS, Answer, Profile, ProfileFact
from orchestrator.errors import CatalogueError
from orchestrator.planning.roster import built_in


def profile(**answers: Answer) -> Profile:
    facts = {name: ProfileFact(answer=answer, because=f"{name} seen") for name, answer in answers.items()}
    return Profile(facts=facts)


class TestCatalogue:
    def test_counts(self):
        """
        8 areas, 30 sections, 261 criteria: 119 critical, 86 high, 56 medium, 1,732 points.
        """
        known = catalogue()

        assert 8 == len(known.areas)
        assert 30 == sum(len(area.sections) for area in known.areas)
        assert {"critical": 119, "high": 86, "medium": 56} == Counter(str(c.severity) for c in known)
        assert 1732 == sum(c.severity.points for c in known)

    def test_ids_count_on(self):
        """
        Each id is area, section and position, without gaps.
        """
        for number, area in enumerate(catalogue().areas, 1):
            for section in area.sections:
                expected = [f"{area.id}-{section.id}.{n + 1}" for n in range(len(section.criteria))]

                assert section.id.startswith(f"{number}.")
                assert expected == [c.id for c in section.criteria]

    def test_every_criterion_says_what_it_needs(self):
        """
        Statement, why, what decides it and how to fix it are all there.
        """
        for criterion in catalogue():
            assert criterion.statement, criterion.id
            assert criterion.why, criterion.id
            assert criterion.needs, criterion.id
            assert criterion.remedy, criterion.id
            assert criterion.evidence, criterion.id
            assert criterion.effort > 0, criterion.id

    def test_each_has_exactly_one_owner(self):
        """
        The built-in agents share the catalogue out without gap or overlap.
        """
        claims = Counter(c.id for agent in built_in() for c in catalogue().matching(agent.criteria))

        assert set(catalogue().criteria) == set(claims)
        assert {1} == set(claims.values())
        assert set(catalogue().criteria) == set(owners(catalogue(), {a.id: a for a in built_in()}))

    def test_checks_stay_within_the_catalogue(self):
        """
        No check speaks of a criterion that does not exist, and at least 90 can be decided, in all eight areas.
        """
        decided = {criterion for agent in built_in() for check in agent.checks for criterion in check.criteria}

        assert not decided - set(catalogue().criteria)
        assert len(decided) >= 90
        assert 8 == len({criterion[:3] for criterion in decided})


class TestCondition:
    @pytest.mark.parametrize(
        ("text", "answers", "expected"),
        [
            ("", {}, "yes"),
            ("service", {"service": "yes"}, "yes"),
            ("service", {"service": "no"}, "no"),
            ("service", {}, "unknown"),
            ("service and database", {"service": "no"}, "no"),
            ("service and database", {"service": "yes"}, "unknown"),
            ("service or database", {"service": "yes"}, "yes"),
            ("service or database", {"service": "no"}, "unknown"),
            ("service or database", {"service": "no", "database": "no"}, "no"),
            ("not library", {"library": "yes"}, "no"),
            ("(service or cli) and not library", {"cli": "yes", "library": "no"}, "yes"),
        ],
    )
    def test_three_values(self, text, answers, expected):
        """
        What is not known makes nothing not applicable.
        """
        assert expected == condition.holds(text, profile(**answers))[0]

    @pytest.mark.parametrize("text", ["servise", "service()", "service ==", "1", "service if cli else library", "a.b"])
    def test_refuses_anything_else(self, text):
        """
        A condition holds names, and, or, not and parentheses.
        """
        with pytest.raises(CatalogueError):
            condition.holds(text, profile())

    def test_says_the_fact(self):
        """
        Whatever does not apply shows the fact that made it so.
        """
        said = condition.not_applicable("service and database", profile(service="yes", database="no"))

        assert said == "does not apply: not database (database seen)"

    def test_known_facts_only(self):
        """
        Every condition of the catalogue can be evaluated.
        """
        answers: dict[str, Answer] = dict.fromkeys(PROFILE_FACTS, "yes")
        everything = profile(**answers)

        for criterion in catalogue():
            condition.holds(criterion.applies, everything)
