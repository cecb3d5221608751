"""Describes one place that facts come from: which fact, what its answer depends on, how it is collected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ...domain.fact import Fact
from ...domain.release import Release
from ...domain.target import Contacts
from .reading import Reading

Of = Literal["tree", "clone", "outside"]


@dataclass(frozen=True)
class Subject:
    """
    What facts are collected about.

    Args:
        release: What is under review.
        looked_for: Digest of all that is looked for in source text.
        paths: Single files that agents ask for.
        reading: The pass over the tree and its history; None where all of that is in the record.
        folder: Where the reviewed files lie.
        contacts: What may be contacted.
        environment: Values of the variables that may be sent, by name.
    """

    release: Release
    looked_for: str = ""
    paths: Sequence[str] = ()
    reading: Reading | None = None
    folder: str = ""
    contacts: Contacts = field(default_factory=Contacts)
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FactSource:
    """
    One place that facts come from.

    Args:
        fact: What it answers.
        asks: What the answer depends on, as JSON; it is the input of the recorded step.
        collect: Looks, and answers; whatever is in the way of that is a problem of the fact and never raised.
        of: What the answer hangs on: the reviewed tree alone, the branches and tags of a clone too, or the world
            outside, which nobody can read again.
        sample: What it says of a small tree of so many files in an example of a check; by default that nothing was
            asked.
        unrecorded: What the silence of a record from before it means; None where nothing follows from that.
        looks_at: What it looks at and how long, for people.
    """

    fact: type[Fact]
    asks: Callable[[Subject], Any]
    collect: Callable[[Subject], Awaitable[Fact]]
    of: Of = "outside"
    sample: Callable[[int], Fact] | None = None
    unrecorded: Fact | None = None
    looks_at: str = ""

    @property
    def purpose(self) -> str:
        """What its step is recorded as."""
        return f"{'source' if self.of == 'outside' else 'fact'}:{self.fact.name}"

    @property
    def about(self) -> str:
        """What it answers, in a line."""
        return (self.fact.__doc__ or "").strip().splitlines()[0]
