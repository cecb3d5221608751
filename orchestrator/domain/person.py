"""People's words: the risk they accept, the fact only they can state, the finding that they say is none."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from .model import AddedLater, Model

WordKind = Literal["attestation", "waiver", "disposition"]
Proof = Literal["key", "oidc", "commit", "listed"]
"""How it is known who speaks: a signature of his key, a token of his provider, a commit that he signed, or no more than
that his name is on the list."""


class Witness(Model):
    """One person behind a word, and what shows that it is that person."""

    person: str
    """As the policy calls him."""
    proof: Proof
    said: str
    """What was seen, or why the risk is taken."""
    on: date
    """The day of what was seen."""
    link: str = ""
    file: str = ""
    """Of what was handed in with it: its name."""
    sha256: str = ""
    """And the digest of its bytes."""

    @property
    def verified(self) -> bool:
        """Whether more than a name on a list says who speaks."""
        return self.proof != "listed"


class Word(Witness):
    """What one person says of one criterion, with all that it must cost to count."""

    kind: WordKind
    criterion: str
    until: date
    """The last day that it counts: the least of what was asked for, the cap, and how long such evidence holds."""
    where: str
    """The file and the line that it stands in."""
    check: Annotated[str, AddedLater()] = ""
    """Of a disposition: who found what it sets aside."""
    place: Annotated[str, AddedLater()] = ""
    """And at which place, whose bytes are still those that the person saw."""


class RefusedWord(Model):
    """What somebody says of a criterion and what does not count."""

    kind: WordKind
    criterion: str
    by: str
    where: str
    why: str
    mend: str


class Statement(Model):
    """What a waiver and an attestation share: who says it, why, where to read on, and until when."""

    criterion: str
    owner: str
    reason: str
    link: str = ""
    expires: date
    """Mandatory; a statement that never expires is the same as a check that is always red."""
    witnesses: Annotated[tuple[Witness, ...], AddedLater()] = ()
    """Who stands behind it; until derivation 4 a statement had an owner and no more."""

    def expired_on(self, today: date) -> bool:
        return self.expires < today


class Waiver(Statement):
    """A risk that a person accepts: earns no points, passes the gate where the policy lets it, always shown."""


class Attestation(Statement):
    """A fact that only a person can state: earns points, shown as attested and never as a pass."""
