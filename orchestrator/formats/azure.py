"""What Azure's two languages are made of, templates in JSON and Bicep: calls, names and loops, as both mean them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 60
MAX_NODES = 200_000
MAX_TEXT = 400
"""Characters of an expression that are kept of how it is written."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a parameter, a variable, an element of a loop or a resource stands for."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; operators are functions too, as templates write them."""

    name: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Loop:
    """Its *body* once for each element; *given* what of it is left out where that is false."""

    over: Any
    item: str
    place: str
    body: Any
    line: int = 0


@dataclass(frozen=True, slots=True)
class Expression:
    """What is worked out, and how it is written."""

    tree: Name | Call | Loop
    text: str

    def __str__(self) -> str:
        return f"[{self.text}]"


class Object(dict[str, Any]):
    """A mapping of Bicep, with the line of each entry, and the resources that are declared in it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.inner: list[Any] = []
