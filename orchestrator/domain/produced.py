"""Says of a fact from outside the reviewed tree whose word it is, of what, and since when."""

from __future__ import annotations

from .model import Model


class Producer(Model):
    """Who looked: a source of gonogo's own, or the tool whose report it read."""

    name: str
    version: str = ""
    digest: str = ""
    """Of its code or of the report, where that tells more than a version."""

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


class Produced(Model):
    """
    The origin of a fact.

    A fact without it is of the pass over the reviewed tree: of the commit and the time of its run.
    """

    at: str
    """When it was looked at, in UTC."""
    by: Producer
    made: str = ""
    """When what was read was made itself, in UTC; empty where that is not said."""
    commit: str = ""
    """Which commit it is about; empty where it is about none."""
    targets: tuple[str, ...] = ()
    """Names of the targets that were looked at."""
    examined: int = 0
    """How much was looked at."""
    what: str = ""
    """Of what, such as ``entries``."""
    lacking: tuple[str, ...] = ()
    """What could not be seen."""
