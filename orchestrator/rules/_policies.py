"""This is where policies are laid over each other: what ships, what comes from outside, what the tree itself says."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from ..config import PolicyConfig, Thresholds
from ..domain.model import Model
from ..domain.policy import Loosened, Policy
from ..domain.target import Allowance, Allowances, Target, Targets
from ..errors import ConfigError
from ..formats.model import place, read_model
from ..formats.yaml import Parsed

Kind = Literal["limit", "floor", "demand", "permit"]


class _Rule(NamedTuple):
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
    _Rule("max_failed_critical", ("policy", "max_failed", "critical"), "limit"),
    _Rule("max_failed_high", ("policy", "max_failed", "high"), "limit"),
    _Rule("max_failed_medium", ("policy", "max_failed", "medium"), "limit"),
    _Rule("max_unknown_critical", ("policy", "max_unknown_critical"), "limit"),
    _Rule("critical_waivers", ("policy", "critical_waivers"), "permit"),
    _Rule("require_agents", ("policy", "require_agents"), "demand"),
    _Rule("require_release_steps", ("policy", "require_release_steps"), "demand"),
    _Rule("require_production_validation", ("policy", "require_production_validation"), "demand"),
    _Rule("min_score", ("thresholds", "score"), "floor"),
)
_AREAS = ("thresholds", "areas")


class Said(Protocol):
    """What says something of the rules."""

    @property
    def policy(self) -> PolicyConfig: ...
    @property
    def thresholds(self) -> Thresholds: ...
    @property
    def targets(self) -> tuple[Target, ...]: ...
    @property
    def allow(self) -> tuple[Allowance, ...]: ...


class PolicyFile(Model):
    """Rules from outside the reviewed tree, as ``--policy FILE`` reads them."""

    version: Literal[1] = 1
    policy: PolicyConfig = PolicyConfig()
    thresholds: Thresholds = Thresholds()
    targets: Targets = ()
    """What evidence comes from outside the tree."""
    allow: Allowances = ()
    """What may be contacted and what may be sent there."""


class Layer(NamedTuple):
    """What one file says of the rules."""

    said: Said
    by: str
    """The file's name."""
    parsed: Parsed | None = None

    def at(self, *keys: str | int) -> str:
        """Where the entry under *keys* stands."""
        return place(self.parsed, self.by, *keys) if self.parsed is not None else self.by

    @property
    def rules(self) -> set[str]:
        """The names of the rules that it speaks of."""
        return {rule.name for rule, _ in _values(self.said)} | {_area(area) for area in self.said.thresholds.areas}


class Laid(NamedTuple):
    """The rules in force, and what a reader must know of how they came about."""

    policy: Policy
    notes: tuple[str, ...] = ()


class Looser(NamedTuple):
    """One rule that asks less than another policy's."""

    rule: str
    shipped: str
    here: str


def parse_policy(data: bytes, path: str) -> Layer:
    """
    The rules in *data*.

    Raises:
        ConfigError: Everything wrong with it, each with line, column and, for a key, the nearest known one.
    """
    said, parsed = read_model(PolicyFile, data, path, ConfigError)
    return Layer(said, path, parsed)


def lay(
    shipped: Policy,
    base: Policy,
    by: str,
    outside: Sequence[Layer],
    tree: Sequence[Layer],
    taken: Mapping[str, Policy],
    areas: Sequence[str],
) -> Laid:
    """
    Lay what is said over what ships: from outside anything may be said, and the reviewed tree may only tighten.

    Args:
        shipped: The policy that ships.
        base: The policy of the workflow that runs; *shipped* where it is one that ships.
        by: Who says *base*.
        outside: What files outside the reviewed tree say, the stronger later.
        tree: What the reviewed tree itself says.
        taken: The policies that ship, by name: a name stands for its rules.
        areas: Ids of the areas that there are.

    Raises:
        ConfigError: The tree loosens a rule, a name is taken, an area is none; every such mistake, each at its place.
    """
    policy, who = base, {row.rule: by for row in looser(shipped, base)}
    mistakes: list[ConfigError] = []
    notes: list[str] = []
    for layer in outside:
        policy = laid_over(policy, layer.said)
        who |= dict.fromkeys(layer.rules, layer.by)
        mistakes += [*_no_areas(layer, areas), *_taken(layer, policy, taken)]
    for layer in tree:
        mistakes += [*_no_areas(layer, areas), *_loosening(layer, shipped, policy)]
        policy, vain = _tightened(layer, policy)
        notes += vain
        mistakes += _taken(layer, policy, taken)
    if mistakes:
        mistakes[0].others = tuple(mistakes[1:])
        raise mistakes[0]
    rows = [Loosened(**row._asdict(), by=who[row.rule]) for row in looser(shipped, policy)]
    return Laid(policy.model_copy(update={"loosened": tuple(rows)}), tuple(notes))


def laid_over(base: Policy, said: Said) -> Policy:
    """*base* with whatever *said* says in its place, however loose, and a name that tells."""
    changed = base.model_copy(
        update={
            **{rule.field: value for rule, value in _values(said)},
            "min_area_score": base.min_area_score | said.thresholds.areas,
        }
    )
    return _called(said.policy.name, base, changed)


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
            rows.append(Looser(_area(area), _shown(limit), _shown(here)))
    return rows


def same_rules(one: Policy, other: Policy) -> bool:
    """Whether two policies ask the same, whatever they are called."""
    return not looser(one, other) and not looser(other, one)


def _values(said: Said) -> Iterator[tuple[_Rule, float]]:
    """Each rule that *said* speaks of, with its value."""
    for rule in RULES:
        value: object = said
        for key in rule.keys:
            value = getattr(value, key)
        if isinstance(value, int | float):
            yield rule, value


def _loosening(tree: Layer, shipped: Policy, base: Policy) -> list[ConfigError]:
    """What *tree* says that asks less than what ships, and less than what is in force."""
    own = laid_over(base, tree.said)
    less = {row.rule for row in looser(base, own)} & tree.rules
    return [
        ConfigError(
            f"'{row.rule}' is {row.here} in the reviewed tree's own {tree.by}; what ships is {row.shipped}",
            where=tree.at(*row.rule.split(".")),
            remedy="a tree may only tighten the rules that it is reviewed by; what loosens them comes from a file "
            "outside the repository: `gonogo review --policy FILE`",
        )
        for row in looser(shipped, own)
        if row.rule in less
    ]


def _tightened(tree: Layer, base: Policy) -> tuple[Policy, list[str]]:
    """*base* with what *tree* tightens, and a note of what it says in vain, since *base* asks more."""
    own = laid_over(base, tree.said)
    vain = looser(base, own)
    rules = {row.rule for row in vain}
    kept = {rule.field: getattr(base, rule.field) for rule in RULES if rule.name in rules}
    areas = {area: max(limit, base.min_area_score.get(area, limit)) for area, limit in own.min_area_score.items()}
    changed = own.model_copy(update={**kept, "min_area_score": areas})
    notes = [f"{tree.by}: {row.rule} {row.here} has no effect, {row.shipped} is in force" for row in vain]
    return _called(tree.said.policy.name, base, changed), notes


def _no_areas(layer: Layer, areas: Sequence[str]) -> list[ConfigError]:
    return [
        ConfigError(f"'{area}' is no area", where=layer.at(*_AREAS, area), remedy=f"one of {', '.join(areas)}")
        for area in layer.said.thresholds.areas
        if area not in areas
    ]


def _taken(layer: Layer, policy: Policy, taken: Mapping[str, Policy]) -> list[ConfigError]:
    """The mistake of calling other rules by the name of a policy that ships."""
    name = layer.said.policy.name
    if name not in taken or same_rules(policy, taken[name]):
        return []
    return [
        ConfigError(
            f"the name '{name}' is taken: it stands for the rules that ship under it, and these are others",
            where=layer.at("policy", "name"),
            remedy="choose another name, or leave it out",
        )
    ]


def _called(name: str, base: Policy, changed: Policy) -> Policy:
    """*changed* by its *name*, or by what became of *base*."""
    if not name:
        told = "loosened" if looser(base, changed) else "tightened"
        name = base.name if same_rules(base, changed) else f"{base.name}, {told}"
    return changed.model_copy(update={"name": name})


def _area(area: str) -> str:
    return ".".join((*_AREAS, area))


def _shown(value: float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if value >= 0 else f"{value:g} (off)"
