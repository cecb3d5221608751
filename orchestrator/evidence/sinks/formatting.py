"""Puts values into the places that a text keeps for them: ``%s``, ``{name}``, ``%v``."""

from __future__ import annotations

import re

from .terms import Call, Joined, Other, Plain, Term, Text

_PLACES = {
    "%": re.compile(r"%(?:\((?P<key>\w{1,80})\))?[-+#0 ]{0,4}[\d.*]{0,6}(?P<kind>[a-zA-Z%])"),
    "{": re.compile(r"\{\{|\}\}|\{(?P<key>[^{}]{0,80})\}"),
}
_NUMBERS = frozenset("dfiuxXeEgGb")
_COMPOSED = frozenset({"SQL", "Identifier", "Composed", "Literal"})


def formatted(text: Term, values: tuple[Term, ...], way: str) -> Term:
    """*text* with *values* in its places; where it is not known, all of them one after the other."""
    if isinstance(text, Call) and text.name in _COMPOSED:
        return Call("Composed", None, values)
    if not isinstance(text, Text):
        return Joined((text, *values))
    parts: list[Term] = []
    at, number = 0, 0
    for found in _PLACES[way].finditer(text.text):
        kind = found.groupdict().get("kind")
        if found.group() in ("{{", "}}") or kind == "%":
            continue
        parts.append(Text(text.text[at : found.start()]))
        at = found.end()
        value = values[number] if number < len(values) else values[-1] if values else Other()
        number += 1
        parts.append(Plain() if kind and kind in _NUMBERS else value)
    return Joined((*parts, Text(text.text[at:])))
