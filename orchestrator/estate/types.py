"""Knows the names under which parts of an estate are declared: which noun each is of, or that it is of none."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ..evidence.facts.infrastructure import PROGRAM
from ..evidence.facts.kubernetes import NOMAD, SERVERS
from ..vocabulary import Said, Words, words

NOUNS = ("data-stores", "buckets", "queues", "log-stores", "entries", "workloads", "identities")
"""The nouns that resource types belong to; each has a vocabulary of its name."""
_IRRELEVANT = "irrelevant"
_NO_PARTS = frozenset({
    "data", "ephemeral", "provider", "variable", "output", "locals", "terraform", "moved", "removed", "import", "check",
})  # fmt: skip
"""Blocks of Terraform that make nothing, so that none could be a part of anything."""
RESOURCE, AZURE, MODULE, CHART, OBJECT, IMAGE = "", "azure", "module", "helm", "kubernetes", "image"
"""What a name is one of, as the vocabularies tell them apart: a cloud's resource type, and so on."""


def of_a_type(name: str) -> str:
    """Which of them the type of a resource is: what Azure's own languages call it has a slash in it."""
    return AZURE if "/" in name else RESOURCE


class Known(NamedTuple):
    """What is known of a name."""

    kinds: dict[str, str]
    """Which kind it is of each noun that it belongs to; none where it is no part of what is judged."""
    says: dict[str, Said]
    """Where its settings stand, by their neutral names."""


@cache
def known(name: str, form: str = RESOURCE) -> Known | None:
    """What is known of *name*; None where nobody has said what it is, so that it could be anything."""
    every = {noun: _words(noun, form).row(name) for noun in (*NOUNS, _IRRELEVANT)}
    found = {noun: row for noun, row in every.items() if row is not None}
    if not found:
        return None
    whole = {noun: row for noun, row in found.items() if "*" not in row.word}
    chosen = whole or {noun: row for noun, row in found.items() if noun != _IRRELEVANT} or found
    parts = {noun: row for noun, row in chosen.items() if noun != _IRRELEVANT}
    says = {setting: said for row in parts.values() for setting, said in row.says.items()}
    return Known({noun: row.kind for noun, row in parts.items()}, says)


@cache
def could_be(name: str) -> frozenset[str] | None:
    """
    The nouns that something could be of which only *name* is known; None where it could be of any.

    It is a type of resources, a kind of block, or the kind of an object without the group that has it: then each group
    that somebody has sorted counts. What runs images may be a database or a queue by its image.
    """
    name = name.removeprefix(NOMAD)
    if name in _NO_PARTS or name == PROGRAM:  # that one is among what is not understood
        return frozenset()
    if name in SERVERS or name == "Pod":
        return None
    found = known(name, of_a_type(name))
    if found is not None:
        return frozenset(found.kinds)
    return _of_a_kind().get(name)


@cache
def _of_a_kind() -> dict[str, frozenset[str]]:
    """The nouns that objects of a kind are of, in any of the groups that have it."""
    found: dict[str, set[str]] = {}
    for noun in (*NOUNS, _IRRELEVANT):
        for row in _words(noun, OBJECT).rows:
            kind = row.word.rpartition(", kind: ")[2]
            if kind.isalnum():
                found.setdefault(kind, set()).update({noun} - {_IRRELEVANT})
    return {kind: frozenset(nouns) for kind, nouns in found.items()}


@cache
def _words(noun: str, form: str) -> Words:
    return words(f"estate/{noun}").of(form)
