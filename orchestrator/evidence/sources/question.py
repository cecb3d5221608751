"""Says what a source outside the tree is asked, and what it has seen; both cross a pipe as JSON."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ...domain.address import PORTS, placed
from ...domain.fact import Fact
from ...domain.model import Model
from ...domain.produced import Producer
from ...domain.release import Release
from ...domain.target import Contacts, Target
from ...host import files
from ..live import NotContacted, Outside


class Question(Model):
    """What a source is asked; it has nothing else, neither files nor environment of the run."""

    release: Release
    targets: tuple[Target, ...]
    """Those of its own kind, all of which are allowed."""
    contacts: Contacts
    environment: dict[str, str] = {}
    """Values of the variables that may be sent, by name."""
    folder: str = ""
    """Where the reviewed files lie."""
    most: int = 4_000_000
    """Bytes that an answer may have."""
    seconds: float = 60.0
    """After which nobody waits any longer."""

    @cached_property
    def outside(self) -> Outside:
        """Through which targets are asked."""
        return Outside(self.contacts, self.environment)

    def report(self, target: Target) -> bytes:
        """
        What the report *target* holds.

        Raises:
            NotContacted: It is not there, is not a plain file, or is too large.
        """
        path = Path(target.path)
        try:
            if path.is_absolute():
                return files.read(path, self.most)
            if ".." in path.parts:
                raise NotContacted(f"report '{target.name}' lies outside of the reviewed folder")
            return files.read(Path(self.folder) / path, self.most, inside=Path(self.folder))
        except OSError as error:
            raise NotContacted(f"report '{target.name}' cannot be read: {error.strerror}") from None

    def dsn(self, target: Target) -> str:
        """
        The address of the database *target*, with whatever it holds; it is never said.

        Its host and port are held to what is allowed; whoever connects looks the name up.

        Raises:
            NotContacted: Its variable is not set, is not an address with a host, or leads where nobody allows it.
        """
        name = target.dsn.env if target.dsn is not None else ""
        if name not in self.environment:
            raise NotContacted(f"the environment variable {name} is not set, or too short to be withheld")
        value = self.environment[name]
        try:
            place = placed(value, frozenset(PORTS))
        except ValueError as error:
            raise NotContacted(f"what {name} holds is refused: {error}") from None
        if self.contacts.allowance(place) is None:
            raise NotContacted(f"{place.scheme}://{place.authority} is not allowed from outside the reviewed tree")
        return value


class Seen(NamedTuple):
    """What a source has seen."""

    fact: Fact
    examined: int
    """How much was looked at; nothing is not evidence."""
    what: str = "entries"
    lacking: tuple[str, ...] = ()
    """What could not be seen."""
    by: Producer | None = None
    """The tool whose word it is, where it is another's than the source's."""
    commit: str = ""
    """Which commit it is about, where it says that."""
    made: str = ""
    """When what was read was made, in UTC."""
