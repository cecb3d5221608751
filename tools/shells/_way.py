"""A way to make a tree void, and what is made by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ._kinds import kind

Files = Mapping[str, str]


@dataclass(frozen=True)
class Void:
    """
    What a way makes of one file.

    Args:
        files: What stands in its place.
        gone: What would stand there if the void thing were not there at all. A pass with this in its place does not
            rest on what was made void.
    """

    files: Files
    gone: Files = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """A way to make a file void; it gives nothing for a file that it has no form for."""

    name: str
    make: Callable[[str, str], Void | None]


def rewritten(name: str, kinds: str, make: Callable[[str], tuple[str, str] | str | None]) -> Way:
    """
    A way that writes a file of one of *kinds* anew.

    *make* gives the new text, and what is left of the file without the void thing, if that is more than nothing.
    """
    known = frozenset(kinds.split())

    def way(path: str, text: str) -> Void | None:
        made = make(text) if kind(path, text) in known else None
        if made is None:
            return None
        new, gone = made if isinstance(made, tuple) else (made, "")
        return Void({path: new}, {path: gone})

    return Way(name, way)


def indented(text: str, by: str = "    ") -> str:
    """*text* further to the right."""
    return "\n".join(by + line if line.strip() else line for line in text.rstrip("\n").split("\n")) + "\n"
