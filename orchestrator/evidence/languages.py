"""Holds words of a programming language against the language of the file in which they stand."""

from __future__ import annotations

from ..domain.places import Places
from ..vocabulary.words import Words
from . import classify

_ALIKE = {
    "typescript": "javascript",
    "vue": "javascript",
    "svelte": "javascript",
    "kotlin": "java",
    "scala": "java",
    "groovy": "java",
    "fsharp": "csharp",
    "erlang": "elixir",
}
"""Languages that call the same libraries by the same names."""
_OF_ANY = frozenset({"", "html", "css", "sql", "shell", "powershell"})
"""Files in which calls of any language may stand."""


def in_their_language(places: Places, known: Words) -> Places:
    """
    Those of *places* whose line has a word of *known* in the language of its file.

    ``withTracing(`` in TypeScript is no call of .NET's ``WithTracing(``. A word of no language is one of all, and a
    file of none, such as a template, may hold any.
    """
    return places.saying(lambda place: _fits(place.text, classify.language(place.path), known))


def _fits(text: str, language: str, known: Words) -> bool:
    if language in _OF_ANY:
        return True
    own = _ALIKE.get(language, language)
    return any(row.is_in(text) for row in known.rows if _ALIKE.get(row.language, row.language) in ("", own))
