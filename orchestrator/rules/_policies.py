"""Lays policies over each other: what ships, what comes from outside, what the tree itself says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from ..domain.model import Model
from ..domain.policy import Loosened, Policy
from ..domain.policy_file import (
    AREAS,
    RULES,
    PolicyConfig,
    Said,
    Thresholds,
    area_rule,
    laid_over,
    looser,
    named,
    same_rules,
    values_of,
)
from ..domain.target import Allowance, Allowances, Target, Targets
from ..errors import ConfigError
from ..formats.model import place, read_model
from ..formats.yaml import Parsed
from ..identities import Issuer, Person


class PolicyFile(Model):
    """Rules from outside the reviewed tree, as ``--policy FILE`` reads them."""

    version: Literal[1] = 1
    extends: str = ""
    """A policy that ships, over which this one is laid."""
    people: dict[str, Person] = {}
    """Whose words can count, by name."""
    issuers: dict[str, Issuer] = {}
    """Providers of their tokens, by address."""
    policy: PolicyConfig = PolicyConfig()
    thresholds: Thresholds = Thresholds()
    targets: Targets = ()
    """What evidence comes from outside the tree."""
    allow: Allowances = ()
    """What may be contacted and what may be sent there."""


class Speaks(Said, Protocol):
    """What says something of the rules, and of what may be contacted."""

    @property
    def people(self) -> dict[str, Person]: ...
    @property
    def issuers(self) -> dict[str, Issuer]: ...
    @property
    def targets(self) -> tuple[Target, ...]: ...
    @property
    def allow(self) -> tuple[Allowance, ...]: ...


class Layer(NamedTuple):
    """What one file says of the rules."""

    said: Speaks
    by: str
    """The file's name."""
    parsed: Parsed | None = None
    ships: bool = False
    """Whether it is a policy that ships, whose name is its own."""

    def at(self, *keys: str | int) -> str:
        """The position of the entry under *keys*."""
        return place(self.parsed, self.by, *keys) if self.parsed is not None else self.by

    @property
    def rules(self) -> set[str]:
        """The names of the rules that it speaks of."""
        areas = map(area_rule, self.said.thresholds.areas)
        return {*(rule.name for rule, _ in values_of(self.said)), *areas}


class Laid(NamedTuple):
    """The rules in force, and what a reader must know of how they came about."""

    policy: Policy
    notes: tuple[str, ...] = ()


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
        over = laid_over(policy, layer.said)
        policy = _by_its_name(layer, over, taken) if layer.ships else over
        who |= dict.fromkeys(layer.rules, layer.by)
        mistakes += [*_no_areas(layer, areas), *(() if layer.ships else _taken(layer, policy, taken))]
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
    return named(tree.said.policy.name, base, changed), notes


def _by_its_name(layer: Layer, policy: Policy, taken: Mapping[str, Policy]) -> Policy:
    """*policy*, which lays one that ships over others, by the name of that one, or by what became of it."""
    name = layer.said.policy.name
    return named("", taken[name], policy.model_copy(update={"name": name}))


def _no_areas(layer: Layer, areas: Sequence[str]) -> list[ConfigError]:
    return [
        ConfigError(f"'{area}' is not an area", where=layer.at(*AREAS, area), remedy=f"one of {', '.join(areas)}")
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
            f"the name '{name}' is taken: it stands for the rules that ship under it, and these differ from them",
            where=layer.at("policy", "name"),
            remedy="choose another name, or leave it out",
        )
    ]
