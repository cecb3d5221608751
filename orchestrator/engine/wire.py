"""What an agent's process and its run say to each other, typed, and as bytes."""

from __future__ import annotations

import asyncio
import socket
from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import Field, PositiveInt, TypeAdapter, ValidationError

from ..domain.model import Model
from ..domain.outcome import Ending
from ..journal import foreign
from ..journal.event import canonical
from ..journal.known import first

MOST = 64_000_000
"""Bytes of one message; a longer one is neither said nor heard."""
MOST_PLACES = 20_000
"""Lines that are asked for at once."""
PIECE = 16_000_000
"""Bytes of what is read in one answer."""
_HEAD = 4

T = TypeVar("T")


class Nonsense(Exception):
    """What was heard is nothing that can be meant."""


class Step(Model):
    """Of the process: it asks the world, unless the record has the answer."""

    kind: Literal["step"] = "step"
    call: int
    purpose: str
    input: Any


class Act(Model):
    """Of the process: it acts on the world, unless the record has what came of it."""

    kind: Literal["act"] = "act"
    call: int
    purpose: str
    input: Any
    looks: bool
    """Whether it can look what became of an earlier beginning."""


class Question(Model):
    """Of the process: a question to the model, which only the run has a line to."""

    kind: Literal["question"] = "question"
    call: int
    system: str
    question: str
    shape: str
    """Name of the shape that the answer is to have."""


class Read(Model):
    """Of the process: a piece of what its job names by digest."""

    kind: Literal["read"] = "read"
    call: int
    digest: str
    start: int = Field(ge=0)


class Lines(Model):
    """Of the process: lines of the reviewed tree, which only the run has."""

    kind: Literal["lines"] = "lines"
    call: int
    places: tuple[tuple[str, PositiveInt], ...] = Field(max_length=MOST_PLACES)


class Did(Model):
    """Of the process: it has done what it was told to, and this is the answer."""

    kind: Literal["did"] = "did"
    call: int
    value: Any


class Looked(Model):
    """Of the process: what became of a step that was begun."""

    kind: Literal["looked"] = "looked"
    call: int
    state: Literal["done", "undone", "undecided"]
    value: Any
    reason: str


class Dropped(Model):
    """Of the process: it wants no answer any more; what it did has failed, or it was called off."""

    kind: Literal["dropped"] = "dropped"
    call: int


class Ended(Model):
    """Of the process, the last that it says: how its turn has ended, and what it has to say."""

    kind: Literal["ended"] = "ended"
    ending: Ending
    reason: str
    said: Any


class Unavailable(Model):
    """Of the process, the last that it says: it could not look."""

    kind: Literal["unavailable"] = "unavailable"
    reason: str


class Mistake(Model):
    """Of the process, the last that it says: something that the user can fix."""

    kind: Literal["mistake"] = "mistake"
    name: str
    what: str
    where: str
    remedy: str


class Do(Model):
    """Of the run: the record has no answer, and that it begins is written down where it has to be; so do it."""

    kind: Literal["do"] = "do"
    call: int


class Look(Model):
    """Of the run: it was begun before; look what became of it."""

    kind: Literal["look"] = "look"
    call: int


class Answer(Model):
    """Of the run: the answer, as it was written down."""

    kind: Literal["answer"] = "answer"
    call: int
    value: Any


Call = Step | Act | Question | Read | Lines
Last = Ended | Unavailable | Mistake
Heard = Call | Did | Looked | Dropped | Last
Told = Do | Look | Answer
FROM_PROCESS: TypeAdapter[Heard] = TypeAdapter(Annotated[Heard, Field(discriminator="kind")])
FROM_RUN: TypeAdapter[Told] = TypeAdapter(Annotated[Told, Field(discriminator="kind")])


class Line(Protocol):
    """One end of the line between a job and its run, whatever carries it."""

    async def say(self, message: Model) -> None:
        """
        Send *message*.

        Raises:
            TypeError: It holds what is not JSON.
            ValueError: Likewise, or it is too long.
        """
        ...

    async def hear(self, messages: TypeAdapter[T]) -> T | None:
        """
        The next message; None where the other end says no more.

        Raises:
            Nonsense: It is too long, no JSON, or none of *messages*.
        """
        ...


def written(message: Model) -> bytes:
    """*message* as JSON, if it is no longer than what is heard."""
    data = canonical(vars(message))
    if len(data) > MOST:
        raise ValueError(f"{len(data):,} bytes are more than the {MOST:,} that are taken")
    return data


def meant(data: bytes, messages: TypeAdapter[T]) -> T:
    """
    Which of *messages* is said by *data*.

    Raises:
        Nonsense: None.
    """
    try:
        return messages.validate_python(foreign.parsed(data))
    except ValidationError as error:
        raise Nonsense(first(error)) from None
    except ValueError as error:
        raise Nonsense(f"not JSON ({str(error)[:100]})") from None


class Wire:
    """A line over a socket: each message is its length in four bytes, and JSON."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, line: socket.socket) -> Wire:
        """The wire over *line*, which belongs to it from here on."""
        return cls(*await asyncio.open_connection(sock=line))

    async def say(self, message: Model) -> None:
        data = written(message)
        self._writer.write(len(data).to_bytes(_HEAD, "big") + data)
        await self._writer.drain()

    async def hear(self, messages: TypeAdapter[T]) -> T | None:
        try:
            size = int.from_bytes(await self._reader.readexactly(_HEAD), "big")
            if size > MOST:
                raise Nonsense(f"{size:,} bytes are more than the {MOST:,} that are taken")
            return meant(await self._reader.readexactly(size), messages)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    def close(self) -> None:
        """Let go of the line, whatever has not been sent."""
        self._writer.transport.abort()

    async def finish(self) -> None:
        """Have everything sent, and let go of the line."""
        self._writer.close()
        await self._writer.wait_closed()
