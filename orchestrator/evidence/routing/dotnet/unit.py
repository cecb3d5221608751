"""What one file of C# says of routes and guards."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..marks import Type
from ..summary import Summary
from .controllers import Mapped


@dataclass(slots=True)
class Unit(Summary):
    """
    What one file says.

    Args:
        types: Its types.
        mapped: The routes of its controllers.
        constants: Names that are given a text.
        refusing: Its types of which something turns somebody away.
        opened: The routers that let everybody pass.
        everywhere: It asks everybody who they are, wherever nothing else is said.
        controllers: It asks everybody who asks a controller.
        constant_lines: The lines of routes whose paths name something.
    """

    types: list[Type] = field(default_factory=list)
    mapped: list[Mapped] = field(default_factory=list)
    constants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refusing: frozenset[str] = frozenset()
    opened: set[str] = field(default_factory=set)
    everywhere: bool = False
    controllers: bool = False
    constant_lines: list[int] = field(default_factory=list)
