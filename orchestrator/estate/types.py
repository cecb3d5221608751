"""Knows the names under which parts of an estate are declared: which noun each is of, or that it is of none."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ..vocabulary import Said, Words, words

NOUNS = ("data-stores", "buckets", "queues", "log-stores", "entries", "workloads", "identities")
"""The nouns that resource types belong to; each has a vocabulary of its name."""
_IRRELEVANT = "irrelevant"
NO_PARTS = frozenset({"data", "variable", "output", "locals", "provider", "terraform"})
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
def _words(noun: str, form: str) -> Words:
    return words(f"estate/{noun}").of(form)
