"""A policy as files spell it, and how one asks less than another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple, Protocol

from pydantic import Field

from .model import Model
from .policy import Policy

Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class Limits(Model):
    """How many failed or open criteria are allowed, by severity; -1 switches a rule off."""

    critical: int | None = Field(default=None, ge=-1)
    high: int | None = Field(default=None, ge=-1)
    medium: int | None = Field(default=None, ge=-1)


class PolicyConfig(Model):
    """Rules beside those of the workflow; in the reviewed tree itself only stricter ones."""

    name: str = ""
    max_failed: Limits = Limits()
    max_unknown_critical: int | None = Field(default=None, ge=-1)
    critical_waivers: bool | None = None
    """Whether a waiver of a critical criterion opens the gate."""
    max_attested_critical: Annotated[float, Field(ge=-1, le=100, allow_inf_nan=False)] | None = None
    """Percent of the points of critical criteria that may rest on people's words; -1 switches the rule off."""
    people_for_critical: Annotated[int, Field(ge=1, le=5)] | None = None
    """How many people a word on a critical criterion takes."""
    verified_words: bool | None = None
    """Whether a word on a critical or high criterion counts only where a signature shows who speaks."""
    require_agents: bool | None = None
    require_release_steps: bool | None = None
    require_production_validation: bool | None = None


class Thresholds(Model):
    """Scores in percent that must be reached: overall, by every area, and by area id."""

    score: Percent | None = None
    each_area: Percent | None = None
    areas: dict[str, Percent] = {}


Kind = Literal["limit", "floor", "demand", "permit"]


class Rule(NamedTuple):
    """
    One rule of a policy, and where files say it.

    A limit asks less the higher it is, a floor the lower it is; negative switches either off. A demand asks less where
    it is false, a permit where it is true.
    """

    field: str
    keys: tuple[str, ...]
    kind: Kind

    @property
    def name(self) -> str:
        return ".".join(self.keys)

    def slack(self, policy: Policy) -> float:
        """How little *policy* asks by this rule: the more, the looser."""
        value: float = getattr(policy, self.field)
        match self.kind:
            case "limit":
                return math.inf if value < 0 else value
            case "floor":
                return math.inf if value < 0 else -value
            case "demand":
                return 0.0 if value else 1.0
            case "permit":
                return 1.0 if value else 0.0


RULES = (
    Rule("max_failed_critical", ("policy", "max_failed", "critical"), "limit"),
    Rule("max_failed_high", ("policy", "max_failed", "high"), "limit"),
    Rule("max_failed_medium", ("policy", "max_failed", "medium"), "limit"),
    Rule("max_unknown_critical", ("policy", "max_unknown_critical"), "limit"),
    Rule("critical_waivers", ("policy", "critical_waivers"), "permit"),
    Rule("max_attested_critical", ("policy", "max_attested_critical"), "limit"),
    Rule("people_for_critical", ("policy", "people_for_critical"), "floor"),
    Rule("verified_words", ("policy", "verified_words"), "demand"),
    Rule("require_agents", ("policy", "require_agents"), "demand"),
    Rule("require_release_steps", ("policy", "require_release_steps"), "demand"),
    Rule("require_production_validation", ("policy", "require_production_validation"), "demand"),
    Rule("min_score", ("thresholds", "score"), "floor"),
    Rule("min_each_area", ("thresholds", "each_area"), "floor"),
)
AREAS = ("thresholds", "areas")


class Said(Protocol):
    """What says something of the rules."""

    @property
    def policy(self) -> PolicyConfig: ...
    @property
    def thresholds(self) -> Thresholds: ...


class Looser(NamedTuple):
    """One rule that asks less than another policy's."""

    rule: str
    shipped: str
    here: str


def laid_over(base: Policy, said: Said) -> Policy:
    """*base* with whatever *said* says in its place, however loose, and a name that tells."""
    changed = base.model_copy(
        update={
            **{rule.field: value for rule, value in values_of(said)},
            "min_area_score": base.min_area_score | said.thresholds.areas,
        }
    )
    return named(said.policy.name, base, changed)


def looser(than: Policy, own: Policy) -> list[Looser]:
    """The rules of *own* that ask less than those of *than*."""
    rows = [
        Looser(rule.name, _shown(getattr(than, rule.field)), _shown(getattr(own, rule.field)))
        for rule in RULES
        if rule.slack(own) > rule.slack(than)
    ]
    for area, limit in sorted(than.min_area_score.items()):
        here = own.min_area_score.get(area, 0.0)
        if here < limit:
            rows.append(Looser(area_rule(area), _shown(limit), _shown(here)))
    return rows


def same_rules(one: Policy, other: Policy) -> bool:
    """Whether two policies ask the same, whatever they are called."""
    return not looser(one, other) and not looser(other, one)


def values_of(said: Said) -> Iterator[tuple[Rule, float]]:
    """Each rule that *said* speaks of, with its value."""
    for rule in RULES:
        value: object = said
        for key in rule.keys:
            value = getattr(value, key)
        if isinstance(value, int | float):
            yield rule, value


def named(name: str, base: Policy, changed: Policy) -> Policy:
    """*changed* by its *name*, or by what became of *base*."""
    if not name:
        told = "loosened" if looser(base, changed) else "tightened"
        name = base.name if same_rules(base, changed) else f"{base.name}, {told}"
    return changed.model_copy(update={"name": name})


def area_rule(area: str) -> str:
    return ".".join((*AREAS, area))


def _shown(value: float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if value >= 0 else f"{value:g} (off)"
