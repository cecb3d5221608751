"""Cuts a document's parts out of it, each with its own lines."""

from __future__ import annotations

from typing import Any

from ...errors import FormatError
from ...formats.yaml import Parsed

MAX_DEPTH = 60


def lines_below(document: Parsed, depth: int) -> dict[str, dict[str, int]]:
    """The lines of a document by the pointer of the entry *depth* keys down, and within it by pointers from there."""
    found: dict[str, dict[str, int]] = {}
    for place, line in document.lines.items():
        keys = place.split("/", depth + 1)
        if len(keys) > depth:
            inner = f"/{keys[depth + 1]}" if len(keys) > depth + 1 else ""
            found.setdefault("/".join(keys[: depth + 1]), {})[inner] = line
    return found


def refuse_depth(body: Any) -> None:
    """Raise for a document that is deeper than anything a person writes."""
    level, depth = [body], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise FormatError(f"nested more than {MAX_DEPTH} levels deep")
        inner = [v.values() if isinstance(v, dict) else v for v in level if isinstance(v, dict | list)]
        level = [value for values in inner for value in values if isinstance(value, dict | list)]


_Found = list[tuple[tuple[str, ...], tuple[str, ...], Any]]


def json_blocks(content: Any, depth: int) -> _Found:
    """The blocks of Terraform's JSON form as (labels, keys from the block's keyword, body)."""
    found: _Found = _each([((), (), content)])
    for _ in range(depth):
        found = _each(
            [((*labels, name), (*keys, name), inner) for labels, keys, v in found for name, inner in v.items()]
        )
    return found


def _each(found: _Found) -> _Found:
    """A mapping as it is, a list of mappings one by one, anything else not at all."""
    each: _Found = []
    for labels, keys, value in found:
        if isinstance(value, dict):
            each.append((labels, keys, value))
        elif isinstance(value, list):
            each.extend((labels, (*keys, str(n)), v) for n, v in enumerate(value) if isinstance(v, dict))
    return each
