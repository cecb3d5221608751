"""Says how the routes of one family of languages are read from their syntax."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..facts.routes import Route
from ..inforce.code.syntax import Syntax
from .program import Runs
from .summary import Summary


@dataclass(frozen=True, slots=True)
class Tongue:
    """
    How routes are read in some languages.

    Args:
        name: Its name.
        read: Reads what one file says.
        assembled: Puts together what all files say.
        declares: What a file says that declares routes; of one that does not it is no problem if it cannot be parsed.
        matters: What a file says that has anything to say of routes and guards.
        beside: The name of a file that says what modules are called, which is no program.
        module_of: Reads such a file.
    """

    name: str
    read: Callable[[str, Syntax, Runs], Summary]
    assembled: Callable[[Sequence[Summary]], Iterator[Route]]
    declares: re.Pattern[bytes]
    matters: re.Pattern[bytes]
    beside: str = ""
    module_of: Callable[[str, bytes], Summary] | None = None
