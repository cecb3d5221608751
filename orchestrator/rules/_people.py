"""Settles whom a review knows: people whom files from outside the reviewed tree name, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import ConfigError
from ..identities import People
from ._policies import Layer


def people(outside: Sequence[Layer], tree: Sequence[Layer]) -> People:
    """
    Everybody whose words can count.

    Args:
        outside: Files from outside the reviewed tree, the stronger later.
        tree: Files of the reviewed tree itself.

    Raises:
        ConfigError: The tree names people, or two people share a key, an address or a claim: they would be one.
    """
    mistakes = [
        ConfigError(
            f"'{key}' stands in the reviewed tree's own {layer.by}",
            where=layer.at(key),
            remedy="whose words count is said from outside the repository: `gonogo review --policy FILE`",
        )
        for layer in tree
        for key in ("people", "issuers")
        if getattr(layer.said, key)
    ]
    found = People()
    owners: dict[str, str] = {}
    for layer in outside:
        found = People(people=found.people | layer.said.people, issuers=found.issuers | layer.said.issuers)
        for name in layer.said.people:
            for what in _marks(found, name):
                if (other := owners.setdefault(what, name)) != name and what in _marks(found, other):
                    mistakes.append(
                        ConfigError(
                            f"{other} and {name} have one {what.split(' ', 1)[0]}, and would be one person",
                            where=layer.at("people", name),
                            remedy="give each of them his own",
                        )
                    )
    if mistakes:
        mistakes[0].others = tuple(mistakes[1:])
        raise mistakes[0]
    return found


def _marks(known: People, name: str) -> Iterator[str]:
    """What tells the person *name* from others."""
    person = known.people[name]
    yield from (f"address {address.strip().casefold()}" for address in person.addresses)
    yield from (f"key {' '.join(key.split()[:2])}" for key in person.keys)
    yield from (f"claim {claim.issuer} {claim.subject} {claim.email.casefold()}" for claim in person.oidc)
