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
        reason: Why it is not in force, in plain words that go on "… is not counted: "; empty where it is.
    """

    state: State
    reason: str = ""

    def __bool__(self) -> bool:
        """Whether it is in force: only that supports anything."""
        return self.state is State.IN_FORCE

    @property
    def is_void(self) -> bool:
        """Whether it surely has no effect; what is neither in force nor void cannot be told."""
        return self.state is State.VOID


IN_FORCE = Force(State.IN_FORCE)


def void(reason: str) -> Force:
    """What has no effect, because of *reason*."""
    return Force(State.VOID, reason)


def unknown(reason: str) -> Force:
    """What cannot be told to have an effect, because of *reason*."""
    return Force(State.UNKNOWN, reason)


def all_of(forces: Iterable[Force]) -> Force:
    """The force of what needs all of *forces*: the first of the least; in force where there is none."""
    return min(forces, key=lambda force: force.state, default=IN_FORCE)


def any_of(forces: Iterable[Force]) -> Force:
    """The force of what needs one of *forces*, of which there is at least one: the first of the greatest."""
    return max(forces, key=lambda force: force.state)
