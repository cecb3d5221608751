"""What a verdict rests on: evidence, people's words, and rules that were loosened."""

from __future__ import annotations

from typing import Annotated

from .model import AddedLater, Model
from .policy import Loosened


class Idle(Model):
    """What somebody said and what has no effect, and why."""

    what: str
    """``the waiver of SEC-2.3.3 by dana``, ``profile.service: no`` …"""
    why: str


class Basis(Model):
    """What stands behind a verdict, counted in criteria."""

    evidence: int
    """That pass by what was found."""
    attested: int
    """That nobody found anything on and a person has stated."""
    people: int
    """Who stand behind those that are attested."""
    waived: int
    """Whose risk a person has accepted."""
    attested_critical: Annotated[float, AddedLater()] = 0.0
    """Percent of the points of critical criteria that rest on people's words."""
    dismissed: Annotated[int, AddedLater()] = 0
    """Of which a finding was set aside by people."""
    lowered: Annotated[int, AddedLater()] = 0
    """That would pass if a model had not found fault with it."""
    loosened: tuple[Loosened, ...] = ()
    """Rules that ask less than what ships, and what narrows what is asked."""
    idle: tuple[Idle, ...] = ()
