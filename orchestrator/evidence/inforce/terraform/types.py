"""Converts a variable's value to the type that its declaration asks for, with the defaults that this brings."""

from __future__ import annotations

from typing import Any

from ....formats.hcl_expressions import Call, Elements, Entries, Literal, Name, Tree
from .functions import call
from .values import UNKNOWN, Mistaken, Unknown, elements, entries, number, text, truth

_MAX_DEPTH = 20
_PLAIN = {"bool": truth, "number": number, "string": text}


def convert(value: Any, wanted: Tree, depth: int = 0) -> Any:
    """
    *value* as a variable of the type *wanted* would have it.

    Raises:
        Mistaken: Terraform would refuse it.
    """
    if depth > _MAX_DEPTH:
        return UNKNOWN
    if value is None or isinstance(value, Unknown):
        return value
    if isinstance(wanted, Name | Literal):  # older declarations have the name of a type in quotes
        plain = _PLAIN.get(str(wanted.text if isinstance(wanted, Name) else wanted.value))
        return plain(value) if plain else value
    if not isinstance(wanted, Call) or not wanted.arguments:
        return UNKNOWN
    inner = wanted.arguments[0]
    if wanted.name in ("list", "set"):
        found = [convert(part, inner, depth + 1) for part in elements(value)]
        return call("distinct", [found]) if wanted.name == "set" else found
    if wanted.name == "map":
        return {key: convert(part, inner, depth + 1) for key, part in entries(value).items()}
    if wanted.name == "object" and isinstance(inner, Entries):
        return _object(entries(value), inner, depth)
    if wanted.name == "tuple" and isinstance(inner, Elements):
        parts = elements(value)
        if len(parts) != len(inner.parts):
            raise Mistaken
        return [convert(part, kind, depth + 1) for part, kind in zip(parts, inner.parts, strict=True)]
    return UNKNOWN


def _object(value: dict[str, Any], wanted: Entries, depth: int) -> Any:
    """The attributes that are asked for, and no others; what is left out may have a default."""
    found = {}
    for name, kind in wanted.pairs:
        if not isinstance(name, Literal):
            return UNKNOWN
        optional = isinstance(kind, Call) and kind.name == "optional" and bool(kind.arguments)
        arguments = kind.arguments if isinstance(kind, Call) and optional else (kind,)
        if name.value in value and not (optional and value[name.value] is None):
            found[name.value] = convert(value[name.value], arguments[0], depth + 1)
        elif not optional:
            raise Mistaken
        else:
            default = _plain(arguments[1], depth) if len(arguments) > 1 else None
            found[name.value] = convert(default, arguments[0], depth + 1)
    return found


def _plain(tree: Tree, depth: int) -> Any:
    """A default as it is written; it may be a literal, a list or a mapping."""
    if isinstance(tree, Literal):
        return tree.value
    if depth > _MAX_DEPTH:
        return UNKNOWN
    if isinstance(tree, Elements):
        return [_plain(part, depth + 1) for part in tree.parts]
    if isinstance(tree, Entries) and all(isinstance(key, Literal) for key, _ in tree.pairs):
        return {key.value: _plain(value, depth + 1) for key, value in tree.pairs if isinstance(key, Literal)}
    return UNKNOWN
