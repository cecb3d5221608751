"""What the parsers of manifests share: a parsed manifest, lines of keys, bounds, and plain values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ...errors import FormatError
from ...formats.json import json_value
from ...redaction import cut
from ..facts.manifests import Dependency, Manifest
from ..tree import SourceFile

MAX_DEPENDENCIES = 5_000
MAX_TOML_LINE = 10_000
"""The parser's time grows with the square of the parts of a key, and a key ends with its line."""


@dataclass(frozen=True)
class Parsed:
    """A manifest, and what else its file says about others."""

    manifest: Manifest | None = None
    workspace: tuple[str, ...] = ()
    """Patterns of the folders that share its lock file."""
    pinned_by: str = ""
    """``itself``, or the name of the manifest that it was compiled from."""


def toml(source: SourceFile) -> dict[str, Any]:
    """The TOML document of *source*."""
    long = next((n for n, line in enumerate(source.lines, 1) if len(line) > MAX_TOML_LINE), 0)
    if long:
        raise FormatError(f"a line of more than {MAX_TOML_LINE:,} characters", long)
    try:
        return tomllib.loads(source.text)
    except RecursionError:
        raise FormatError("nested too deeply") from None
    except ValueError as error:
        line = re.search(r"line (\d{1,9})", str(error))
        raise FormatError(f"not TOML: {cut(str(error), 200)}", int(line[1]) if line else 1) from None


def json_object(source: SourceFile) -> dict[str, Any]:
    """The JSON object of *source*, parsed without the lines of its entries: ten times as fast, and there are many."""
    body = json_value(source.data)
    if not isinstance(body, dict):
        raise FormatError("a manifest that is not an object")
    return body


class JsonLines:
    """Finds the lines of the keys in some sections of a JSON file that is written one entry a line."""

    _KEY = re.compile(r"^\s*\"([^\"]{1,214})\"\s*:\s*(\{?)")

    def __init__(self, source: SourceFile, sections: tuple[str, ...]) -> None:
        self._lines: dict[tuple[str, str], int] = {}
        section = ""
        for number, line in enumerate(source.lines, 1):
            match = self._KEY.match(line[:1_000])
            if match and match[2] and match[1] in sections:
                section = match[1]
            elif section and match:
                self._lines.setdefault((section, match[1]), number)
            elif section and line.lstrip().startswith("}"):
                section = ""

    def __getitem__(self, place: tuple[str, str]) -> int:
        return self._lines.get(place, 1)


class TomlLines:
    """Finds the line of a name in those sections of a TOML file that declare dependencies."""

    _NAME = re.compile(r"(?:^\s*|[\"'])([A-Za-z0-9@][A-Za-z0-9_.@/-]*)")

    def __init__(self, source: SourceFile) -> None:
        self._first: dict[str, int] = {}
        section = ""
        for number, line in enumerate(source.lines, 1):
            if line.startswith("["):
                section = line.strip().strip("[]").strip()
                self._first.setdefault(section.rpartition(".")[2].strip("\"'").lower(), number)
            elif (
                "depend" in section
                or "librar" in section
                or section in ("project", "packages", "dev-packages", "build-system")
            ):
                for name in self._NAME.findall(line[:2_000]):
                    self._first.setdefault(name.lower(), number)

    def __getitem__(self, name: str) -> int:
        return self._first.get(name.lower(), 0)


def bounded(dependencies: Iterable[Dependency]) -> tuple[Dependency, ...]:
    """All of *dependencies*; a manifest that has more than one can sensibly have is refused."""
    kept = tuple(islice(dependencies, MAX_DEPENDENCIES + 1))
    if len(kept) > MAX_DEPENDENCIES:
        raise FormatError(f"more than {MAX_DEPENDENCIES:,} dependencies", kept[-1].line)
    return kept


def mapping(value: Any) -> dict[str, Any]:
    """*value* if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """*value* if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def word(value: Any) -> str:
    """*value* if it is text or a number, cut to 300 characters; else nothing."""
    return cut(str(value), 300) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def spec_of(value: Any) -> str:
    """A version given as text, or under ``version`` of a table."""
    if isinstance(value, dict):
        return word(value.get("version") or value.get("git") or value.get("path") or value.get("url"))
    return word(value)
