"""Rewrites people's words of the form that they had before, as far as a file can say it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from .. import config as configuration
from ..errors import ConfigError
from ..evidence.git import Git
from ..host import files

_RENAMED = {"waivers": {"owner": "who"}, "attestations": {"owner": "who", "reason": "seen"}}


class Migrated(NamedTuple):
    """A configuration in the form of today."""

    text: str
    words: int
    """How many were rewritten."""
    undated: int
    """How many of them have the day of today, since no commit tells when they were written."""


def migrate(file: Path, today: date) -> Migrated:
    """
    Rewrite the words of *file* that have an owner: who says it, what was seen, and the day on which it was written.

    Raises:
        ConfigError: The file cannot be read, or is no configuration.
    """
    try:
        data = files.read(file, configuration.MAX_BYTES)
    except OSError as error:
        raise ConfigError(f"'{file}' cannot be read: {error.strerror}") from None
    read = configuration.parse(data, str(file))
    lines = data.decode("utf-8", "replace").splitlines(keepends=True)
    edits: list[tuple[int, int, str, str]] = []
    count = undated = 0
    for kind, names in _RENAMED.items():
        for number, said in enumerate(getattr(read.config, kind)):
            if not said.owner or read.parsed is None:
                continue
            places = {key: f"/{kind}/{number}/{key}" for key in names if getattr(said, key)}
            if not read.parsed.lines.keys() >= set(places.values()):
                raise ConfigError(
                    "an entry that stands for another one cannot be rewritten",
                    where=read.at(kind, number),
                    remedy="write it out in full",
                )
            at = {key: (read.parsed.lines[pointer], read.parsed.columns[pointer]) for key, pointer in places.items()}
            edits += [(*at[key], key, names[key]) for key in places]
            count += 1
            if said.on is None:
                written = _written(file, at["owner"][0])
                undated += written is None
                edits.append((*at["owner"], "", f"{written or today}"))
    for line, column, key, new in sorted(edits, reverse=True):
        lines[line - 1] = _edited(lines[line - 1], column, key, new)
    return Migrated("".join(lines), count, undated)


def _edited(line: str, column: int, key: str, new: str) -> str:
    """*line* with the *key* at *column* called *new*; where *key* is empty, with the day *new* before what is there."""
    lead, rest = line[: column - 1], line[column - 1 :]
    if key:
        quote = rest[0] if rest[:1] in ("'", '"') else ""
        return f"{lead}{quote}{new}{rest[len(quote) + len(key) :]}"
    if lead.count("{") > lead.count("}"):
        return f"{lead}on: {new}, {rest}"
    return f"{lead}on: {new}\n{' ' * len(lead)}{rest}"


def _written(file: Path, line: int) -> str | None:
    """The day of the commit that a line comes from; None where it is in none."""
    said = Git(file.resolve().parent).run(
        "blame", "--porcelain", "-L", f"{line},{line}", "HEAD", "--", file.name, check=False
    )
    found = re.search(rb"^author-time (\d+)$", said.stdout, re.MULTILINE)
    return date.fromtimestamp(int(found[1])).isoformat() if found and not said.returncode else None
