"""Words of the reviewed tree itself count where somebody from outside confirmed them; no tree confirms its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestrator.errors import ConfigError
from orchestrator.planning.plan import Plan, Request, plan
from tests.repositories import SHOP, git, repository
from tests.words import SMALL_TEAM, attested, words

OLD = words(attestations=[attested("CMP-8.1.8")])
BOTH = words(attestations=[attested("CMP-8.1.8"), attested("CMP-8.2.5", seen="An outsider has looked at all of it.")])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A release whose base has one word and which adds another."""
    return repository(tmp_path / "shop", SHOP, {"readiness.yaml": OLD}, {"readiness.yaml": BOTH, "a.py": "pass\n"})


def planned(shop: Path, **asked: str | tuple[str, ...]) -> Plan:
    team = shop.parent / "team.yaml"
    team.write_text(SMALL_TEAM)
    return plan(Request(path=str(shop), **{"policy": str(team), **asked}), datetime.now(UTC).date())  # type: ignore[arg-type]  # each is of its own kind


def counted(settled: Plan) -> list[str]:
    return [word.criterion for word in settled.weighed.words]


class TestBase:
    def test_named_from_outside(self, shop):
        """
        What stands in a base that was named from outside counts; what this release adds does not.
        """
        settled = planned(shop, base="HEAD~1")

        assert ["CMP-8.1.8"] == counted(settled)
        assert ["CMP-8.2.5"] == [word.criterion for word in settled.weighed.refused]
        assert "--base REV" in settled.weighed.refused[0].mend

    def test_a_tag_of_the_tree(self, shop):
        """
        A base that the repository chose itself is one for ages, and confirms no word.
        """
        git(shop, "tag", "v1.0.0", "HEAD~1")
        settled = planned(shop)

        assert "tag" == getattr(settled.snapshot.release.base, "chosen", "")
        assert [] == counted(settled)

    def test_a_base_without_words(self, shop):
        """
        A base that says nothing, or nothing that can be read, confirms nothing.
        """
        assert [] == counted(planned(shop, base="HEAD~2"))


class TestFiles:
    def test_a_file_of_the_tree_is_the_trees(self, shop):
        """
        Words in a file of the reviewed repository are the tree's, whichever option names it; from outside they count.
        """
        (shop / "words.yaml").write_text(BOTH)
        (shop.parent / "words.yaml").write_text(BOTH)

        assert [] == counted(planned(shop, words=(str(shop / "words.yaml"),)))
        assert ["CMP-8.1.8", "CMP-8.2.5"] == sorted(counted(planned(shop, words=(str(shop.parent / "words.yaml"),))))

    def test_nobody_is_known_without_a_policy(self, shop):
        """
        Where no policy says who is known, no word counts.
        """
        settled = planned(shop, policy="small-team", base="HEAD~1")

        assert [] == counted(settled)
        assert "the policy knows nobody called 'lee'" in settled.weighed.refused[0].why


class TestPolicies:
    def test_of_a_small_team(self, shop):
        """
        It is chosen by name, loosens what it says that it loosens, and bears its name.
        """
        policy = planned(shop, policy="small-team").policy

        assert "small-team" == policy.name
        assert ["policy.max_attested_critical", "policy.people_for_critical", "policy.verified_words"] == [
            row.rule for row in policy.loosened
        ]

    def test_over_an_organisations(self, shop):
        """
        The organisation's policy stands under the one that is asked for, which can loosen and tighten it.
        """
        (shop.parent / "org.yaml").write_text("thresholds: {score: 95}\npolicy: {name: org}\n")
        policy = planned(shop, organisation=str(shop.parent / "org.yaml"), policy="small-team").policy

        assert (95.0, 1) == (policy.min_score, policy.people_for_critical)
        assert "small-team, tightened" == policy.name

    def test_pinned(self, shop):
        """
        A policy that is pinned to a digest is read only with that digest.
        """
        file = shop.parent / "org.yaml"
        file.write_text("thresholds: {score: 95}\n")
        with pytest.raises(ConfigError) as caught:
            planned(shop, policy=f"{file}@sha256:{'0' * 64}")
        right = caught.value.remedy

        assert "has another digest" in caught.value.what
        assert 95.0 == planned(shop, policy=f"{file}@{right}").policy.min_score

    def test_extends_what_ships(self, shop):
        """
        It extends a policy that ships, and nothing else.
        """
        file = shop.parent / "org.yaml"
        file.write_text("extends: lenient\n")
        with pytest.raises(ConfigError, match="no policy 'lenient' ships"):
            planned(shop, policy=str(file))

    def test_the_tree_extends_nothing_looser(self, shop):
        """
        A file of the tree that extends a looser policy loosens, and is refused.
        """
        (shop / "org.yaml").write_text("extends: small-team\n")
        with pytest.raises(ConfigError, match="in the reviewed tree's own"):
            planned(shop, policy=str(shop / "org.yaml"))
