"""Tells which entries of a configuration of Dependabot propose nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .force import Force, void

PATH = re.compile(r"(^|/)dependabot\.ya?ml$")
_ALL = void("ignores every dependency")


def idle(body: dict[str, Any]) -> Iterator[tuple[int, Force]]:
    """The places of the entries that ignore everything."""
    updates = body.get("updates")
    for number, update in enumerate(updates if isinstance(updates, list) else ()):
        ignored = update.get("ignore") if isinstance(update, dict) else None
        if any(map(_is_everything, ignored if isinstance(ignored, list) else ())):
            yield number, _ALL


def _is_everything(rule: Any) -> bool:
    """Whether a rule names all dependencies, and neither versions nor kinds of updates of them."""
    return isinstance(rule, dict) and rule.get("dependency-name") == "*" and len(rule) == 1
