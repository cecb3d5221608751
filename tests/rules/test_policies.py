"""Rules from outside may say anything and are named; rules of the reviewed tree can only tighten."""

from __future__ import annotations

import pytest

from orchestrator.domain.policy import STRICT, Loosened, Policy
from orchestrator.domain.policy_file import RULES, looser, same_rules
from orchestrator.errors import ConfigError
from orchestrator.rules import Layer, laid_over, parse_policy
from orchestrator.rules._policies import Laid, lay

AREAS = ("infrastructure", "security")
TAKEN = {"strict": STRICT, "assessment": STRICT.model_copy(update={"require_release_steps": False})}


def laid(*outside: str, tree: str = "", base: Policy = STRICT) -> Laid:
    layers = [parse_policy(text.encode(), f"{number}.yaml") for number, text in enumerate(outside)]
    own = [parse_policy(tree.encode(), "readiness.yaml")] if tree else []
    return lay(STRICT, base, "w.yaml", layers, own, TAKEN, AREAS)


def refused(*outside: str, tree: str = "") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        laid(*outside, tree=tree)
    return [f"{e.what}  --> {e.where}" for e in (caught.value, *caught.value.others)]


LOOSER = (
    ("policy: {max_failed: {critical: 1}}", "policy.max_failed.critical", "1", "0"),
    ("policy: {max_failed: {critical: -1}}", "policy.max_failed.critical", "-1 (off)", "0"),
    ("policy: {max_failed: {high: 3}}", "policy.max_failed.high", "3", "0"),
    ("policy: {max_unknown_critical: -1}", "policy.max_unknown_critical", "-1 (off)", "0"),
    ("policy: {critical_waivers: true}", "policy.critical_waivers", "true", "false"),
    ("policy: {require_agents: false}", "policy.require_agents", "false", "true"),
    ("policy: {require_release_steps: false}", "policy.require_release_steps", "false", "true"),
    ("policy: {require_production_validation: false}", "policy.require_production_validation", "false", "true"),
    ("policy: {max_attested_critical: 26}", "policy.max_attested_critical", "26", "25"),
    ("policy: {max_attested_critical: -1}", "policy.max_attested_critical", "-1 (off)", "25"),
    ("policy: {people_for_critical: 1}", "policy.people_for_critical", "1", "2"),
    ("policy: {verified_words: false}", "policy.verified_words", "false", "true"),
    ("thresholds: {each_area: 74.9}", "thresholds.each_area", "74.9", "75"),
    ("thresholds: {score: 89.9}", "thresholds.score", "89.9", "90"),
    ("thresholds: {score: 0}", "thresholds.score", "0", "90"),
)


class TestTree:
    @pytest.mark.parametrize(("text", "rule", "here", "shipped"), LOOSER)
    def test_nothing_looser(self, text, rule, here, shipped):
        """
        A tree that loosens a rule is refused, with the rule, what it says, what ships and the place.
        """
        (said,) = refused(tree=text)

        assert f"'{rule}' is {here} in the reviewed tree's own readiness.yaml; what ships is {shipped}" in said
        assert "--> readiness.yaml:1:" in said

    def test_every_rule_is_held(self):
        """
        There is a looser value of every rule of a policy among those above, and no rule that is not compared.
        """
        fields = set(Policy.model_fields) - {"name", "loosened", "min_area_score"}

        assert fields == {rule.field for rule in RULES}
        assert {rule.name for rule in RULES} - {row[1] for row in LOOSER} == {"policy.max_failed.medium"}

    @pytest.mark.parametrize(
        "text",
        [
            "policy: {max_failed: {medium: 0}}",
            "policy: {max_failed: {medium: 5}}",
            "thresholds: {score: 95}",
            "thresholds: {areas: {security: 80}}",
            "policy: {critical_waivers: false, require_agents: true, max_failed: {critical: 0, high: 0}}",
        ],
    )
    def test_tighter_or_the_same(self, text):
        """
        What asks as much or more is taken, and nothing counts as loosened.
        """
        policy = laid(tree=text).policy

        assert () == policy.loosened
        assert same_rules(policy, laid_over(STRICT, parse_policy(text.encode(), "").said))

    def test_all_mistakes_at_once(self):
        """
        Everything that a tree loosens is told in one go.
        """
        text = "policy: {max_failed: {critical: -1, high: -1}, require_agents: false}\nthresholds: {score: 0}"

        assert 4 == len(refused(tree=text))

    def test_what_is_in_force_stays_in_force(self):
        """
        A tree that asks less than an organisation and no less than what ships has no say, and is told so.
        """
        said = laid("thresholds: {score: 97}", tree="thresholds: {score: 92}")

        assert 97 == said.policy.min_score
        assert ("readiness.yaml: thresholds.score 92 has no effect, 97 is in force",) == said.notes

    def test_between(self):
        """
        A tree may take back half of what was loosened for it; the other half is still named.
        """
        said = laid("thresholds: {score: 60}\npolicy: {max_failed: {high: 4}}", tree="thresholds: {score: 80}")
        whole = laid("thresholds: {score: 60}", tree="thresholds: {score: 90}")

        assert {("thresholds.score", "80"), ("policy.max_failed.high", "4")} == {
            (row.rule, row.here) for row in said.policy.loosened
        }
        assert () == whole.policy.loosened

    def test_areas_are_added(self):
        """
        A threshold of one area leaves those of the others in force, and none of them can be lowered.
        """
        base = STRICT.model_copy(update={"min_area_score": {"infrastructure": 75.0}})
        policy = laid(base=base, tree="thresholds: {areas: {security: 90, infrastructure: 10}}").policy

        assert {"infrastructure": 75.0, "security": 90.0} == policy.min_area_score


class TestOutside:
    @pytest.mark.parametrize(("text", "rule", "here", "shipped"), LOOSER)
    def test_whatever_is_loosened_is_named(self, text, rule, here, shipped):
        """
        From outside a rule may be loosened; the policy says which, by how much and by whom.
        """
        policy = laid(text).policy

        assert (Loosened(rule=rule, shipped=shipped, here=here, by="0.yaml"),) == policy.loosened
        assert "strict, loosened" == policy.name

    def test_the_later_file_is_the_stronger(self):
        """
        The last word is the one that counts, and its file the one that is named.
        """
        policy = laid("thresholds: {score: 50}", "thresholds: {score: 70}").policy

        assert [("70", "1.yaml")] == [(row.here, row.by) for row in policy.loosened]

    def test_workflow(self):
        """
        A rule that the workflow of somebody loosens is named with the workflow's file.
        """
        base = STRICT.model_copy(update={"name": "mine", "max_failed_high": 2})

        assert [("policy.max_failed.high", "w.yaml")] == [(r.rule, r.by) for r in laid(base=base).policy.loosened]

    def test_names_are_taken(self):
        """
        No other rules go by the name of a policy that ships; the same rules may.
        """
        (said,) = refused("policy: {name: strict, max_failed: {high: 1}}")
        (other,) = refused(tree="policy: {name: assessment}")

        assert "the name 'strict' is taken" in said
        assert "the name 'assessment' is taken" in other
        assert "strict" == laid("policy: {name: strict}").policy.name
        assert "ours" == laid("policy: {name: ours, max_failed: {high: 1}}").policy.name

    def test_areas_exist(self):
        """
        A threshold for an area that is none is a mistake: it would never hold anything.
        """
        (said,) = refused("thresholds: {areas: {secruity: 80}}")

        assert "'secruity' is not an area" in said

    @pytest.mark.parametrize(
        "text", ["thresholds: {score: .nan}", "thresholds: {areas: {security: .inf}}", "waivers: []"]
    )
    def test_no_rules(self, text):
        """
        What is not a number between 0 and 100, and what is not a rule at all, is refused.
        """
        with pytest.raises(ConfigError):
            parse_policy(text.encode(), "p.yaml")


def test_looser_is_an_order():
    """
    No policy is looser than itself, and of two that differ in one rule exactly one is looser than the other.
    """
    for text, *_ in LOOSER:
        other = laid_over(STRICT, Layer(parse_policy(text.encode(), "").said, "").said)

        assert [] == looser(STRICT, STRICT)
        assert 1 == len(looser(STRICT, other))
        assert [] == looser(other, STRICT)
