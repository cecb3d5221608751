"""What a condition leaves open of what it guards, whatever language it is written in."""

from __future__ import annotations

from enum import IntEnum

from .force import IN_FORCE, Force, unknown, void


class Chance(IntEnum):
    """Whether a condition comes true in production, the least likely first: *and* is the least, *or* the greatest."""

    NEVER = 0
    DEVELOPMENT = 1
    """Where people write and test the program, and nowhere else."""
    SETTING = 2
    """A flag or a setting decides, and its value is not known."""
    RUNTIME = 3
    """What happens decides: a request, an answer, a row. Such conditions are what programs are made of."""
    PRODUCTION = 4
    ALWAYS = 5

    @property
    def opposite(self) -> Chance:
        """The chance that the condition does not come true."""
        return _OPPOSITES.get(self, self)

    @property
    def force(self) -> Force:
        """What is to be said of that which the condition guards."""
        return _FORCES.get(self, IN_FORCE)


_OPPOSITES = {
    Chance.NEVER: Chance.ALWAYS,
    Chance.ALWAYS: Chance.NEVER,
    Chance.DEVELOPMENT: Chance.PRODUCTION,
    Chance.PRODUCTION: Chance.DEVELOPMENT,
}
_FORCES = {
    Chance.NEVER: void("stands behind a condition that never comes true"),
    Chance.DEVELOPMENT: void("is for development only"),
    Chance.SETTING: unknown("depends on a flag or a setting, whose value is not known"),
}
