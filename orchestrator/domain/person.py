"""People's words: the risk they accept and the fact only they can state."""

from __future__ import annotations

from datetime import date

from .model import Model


class Statement(Model):
    """What a waiver and an attestation share: who says it, why, where to read on, and until when."""

    criterion: str
    owner: str
    reason: str
    link: str = ""
    expires: date
    """Mandatory; a statement that never expires is the same as a check that is always red."""

    def expired_on(self, today: date) -> bool:
        return self.expires < today


class Waiver(Statement):
    """A risk that a person accepts: earns no points, passes the gate where the policy lets it, always shown."""


class Attestation(Statement):
    """A fact that only a person can state: earns points, shown as attested and never as a pass."""
