"""Tells which directives of a Caddyfile have an effect."""

from __future__ import annotations

from ..force import void
from .braces import Directive, parse
from .spans import Found


def read(data: bytes) -> Found:
    """What is not in force of *data*: comments, and snippets that no site imports."""
    configuration = parse(data, lines=True)
    found = Found(comments=configuration.comments)
    imported = _imported(configuration.directives)
    for directive in configuration.directives:
        name = directive.words[0] if directive.words else ""
        if directive.inner is not None and name.startswith("(") and name.strip("()") not in imported:
            found.add(directive.start, directive.end, void("is in a snippet that no site imports"))
    return found


def _imported(directives: list[Directive]) -> set[str]:
    """The names that sites import, directly or by way of a snippet that is imported itself."""
    snippets = {d.words[0].strip("()"): d for d in directives if d.words and d.words[0].startswith("(")}
    waiting = [d for d in directives if not (d.words and d.words[0].startswith("("))]
    names: set[str] = set()
    while waiting:
        directive = waiting.pop()
        if directive.words[:1] == ["import"] and len(directive.words) > 1 and directive.words[1] not in names:
            names.add(directive.words[1])
            waiting.extend([snippets[directive.words[1]]] if directive.words[1] in snippets else [])
        waiting.extend(directive.inner or [])
    return names
