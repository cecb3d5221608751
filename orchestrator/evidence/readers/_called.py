"""What a command calls of the tree, and the texts that it may be found in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...errors import FormatError
from ...formats.json import load_json
from ..inforce.shell import Manner


@dataclass(frozen=True)
class Part:
    """One script within the tree: its text, where it stands, and how it is run."""

    text: str
    path: str
    line: int
    manner: Manner
    folder: str | None = ""
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Called:
    """What a command calls: its state in the words of :class:`CiCommand`, and the scripts that are run."""

    state: str
    key: str = ""
    parts: tuple[Part, ...] = ()


@dataclass
class Texts:
    """The texts of what commands can call, and the paths of all files of the tree."""

    of: dict[str, str] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()

    def json(self, path: str) -> dict[str, Any]:
        """The JSON of the file at *path*; nothing where there is none that can be read."""
        text = self.of.get(path, "")
        try:
            body = load_json(text.encode()).body if text else {}
        except FormatError:
            return {}
        return body if isinstance(body, dict) else {}


def known(folder: str) -> str:
    """*folder*, or the top of the tree where only the run knows it."""
    return folder if folder != "?" else ""
