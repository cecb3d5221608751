"""What can be said of something that was read: that it is in force, that it is void, or that it cannot be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class State(IntEnum):
    """How far something counts, the least first."""

    VOID = 0
    UNKNOWN = 1
    IN_FORCE = 2


@dataclass(frozen=True, slots=True)
class Force:
    """
    How far something counts, and why it does not.

    Args:
        state: In force, void, or cannot be told.
        reason:
            Why it is not in force, in plain words after the name of the thing (``is commented out``); empty where it
            is.
        lasts:
            Of what is in force, the name under which it is set for whoever takes everything of its file and may set it
            anew.
        unless: What puts it in force all the same: that another file of the tree says this name.
    """

    state: State
    reason: str = ""
    unless: str = ""
    lasts: str = ""
    amount: bool = False
    """It is void by its own numbers or switches, so that whatever only leads to it does nothing either."""

    def __bool__(self) -> bool:
        """Whether it is in force: only that supports anything."""
        return self.state is State.IN_FORCE

    @property
    def rank(self) -> tuple[bool, bool, State]:
        """How far it counts beside others: what hangs on a name counts for more than what is settled."""
        return bool(self), bool(self.unless), self.state

    @property
    def is_void(self) -> bool:
        """Whether it surely has no effect; what is neither in force nor void cannot be told."""
        return self.state is State.VOID


IN_FORCE = Force(State.IN_FORCE)


def void(reason: str, unless: str = "") -> Force:
    """What has no effect, because of *reason*."""
    return Force(State.VOID, reason, unless)


def unknown(reason: str, unless: str = "") -> Force:
    """What cannot be told to have an effect, because of *reason*."""
    return Force(State.UNKNOWN, reason, unless)


def all_of(forces: Iterable[Force]) -> Force:
    """The force of what needs all of *forces*: the first of the least; in force where there is none."""
    least: Force | None = None
    for force in forces:  # nearly all are the one that is in force, whose rank is the greatest
        if least is None or (force is not IN_FORCE and force.rank < least.rank):
            least = force
    return IN_FORCE if least is None else least


def any_of(forces: Iterable[Force]) -> Force:
    """The force of what needs one of *forces*, of which there is at least one: the first of the greatest."""
    return max(forces, key=lambda force: force.rank)
