"""A way to write a tree differently that changes nothing of what it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]
"""The files of a tree that are text."""


@dataclass(frozen=True)
class Disguise:
    """One way; it gives what it changes, path to new text, with nothing for a path that is left."""

    name: str
    make: Callable[[Texts], Mapping[str, str | None]]


def by_file(name: str, make: Callable[[str, str], str | None]) -> Disguise:
    """A way that writes each file by itself anew, where it has a form for it."""

    def changes(texts: Texts) -> dict[str, str | None]:
        made = {path: make(path, text) for path, text in texts.items()}
        return {path: new for path, new in made.items() if new is not None and new != texts[path]}

    return Disguise(name, changes)


def moved(texts: Texts, places: Mapping[str, str]) -> dict[str, str | None]:
    """What changes where each path of *places* goes to its new one; nothing where something is there already."""
    if any(new in texts for new in places.values()) or len(set(places.values())) < len(places):
        return {}
    return {**dict.fromkeys(places), **{new: texts[old] for old, new in places.items()}}


def mentioned(texts: Texts, word: str, besides: str = "") -> bool:
    """Whether *word* stands in any file but *besides*."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    return any(pattern.search(text) for path, text in texts.items() if path != besides)
