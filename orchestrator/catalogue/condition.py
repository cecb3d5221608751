"""Decides whether a criterion applies: conditions over profile facts, in three values."""

from __future__ import annotations

import ast
from functools import lru_cache

from ..domain.profile import PROFILE_FACTS, Answer, Profile
from ..errors import CatalogueError

MOST = 1_000
"""Characters of a condition; what is parsed and evaluated is nested no deeper than that allows."""


def holds(condition: str, profile: Profile) -> tuple[Answer, tuple[str, ...]]:
    """
    Whether *condition* holds for *profile*, and the names of the facts that made it so.

    ``and``, ``or`` and ``not`` over yes, no and unknown as Kleene has it. An empty condition holds.

    Raises:
        CatalogueError: The condition is malformed or names an unknown fact.
    """
    if not condition:
        return "yes", ()
    return _evaluate(_parse(condition), profile)


@lru_cache(maxsize=512)
def _parse(condition: str) -> ast.expr:
    try:
        tree = ast.parse(condition[:MOST], mode="eval").body
    except (SyntaxError, ValueError):  # a null byte, or half a character, is a ValueError
        tree = None
    if tree is None or len(condition) > MOST:
        raise CatalogueError(f"condition '{condition[:200]}' cannot be parsed")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if node.id not in PROFILE_FACTS:
                raise CatalogueError(f"condition '{condition}' names unknown fact '{node.id}'")
        elif not isinstance(node, ast.BoolOp | ast.And | ast.Or | ast.Not | ast.UnaryOp | ast.Load):
            raise CatalogueError(f"condition '{condition}' may hold only names, and, or, not and parentheses")
    return tree


def _evaluate(node: ast.expr, profile: Profile) -> tuple[Answer, tuple[str, ...]]:
    if isinstance(node, ast.Name):
        return profile.answer(node.id), (node.id,)
    if isinstance(node, ast.UnaryOp):
        answer, facts = _evaluate(node.operand, profile)
        return _NOT[answer], facts
    if not isinstance(node, ast.BoolOp):
        raise CatalogueError("a condition may hold only names, and, or, not and parentheses")
    decisive: Answer = "no" if isinstance(node.op, ast.And) else "yes"
    other: Answer = "yes" if isinstance(node.op, ast.And) else "no"
    parts = [_evaluate(value, profile) for value in node.values]
    for answer, facts in parts:
        if answer == decisive:
            return decisive, facts
    if any(answer == "unknown" for answer, _ in parts):
        return "unknown", tuple(f for answer, facts in parts if answer == "unknown" for f in facts)
    return other, tuple(f for _, facts in parts for f in facts)


_NOT: dict[Answer, Answer] = {"yes": "no", "no": "yes", "unknown": "unknown"}


def not_applicable(condition: str, profile: Profile) -> str:
    """Why *condition* rules a criterion out for *profile*, as one sentence; empty where it applies or may apply."""
    answer, facts = holds(condition, profile)
    if answer != "no":
        return ""
    parts = []
    for name in dict.fromkeys(facts):
        fact = profile.facts.get(name)
        word = "not " if profile.answer(name) == "no" else ""
        parts.append(f"{word}{name.replace('_', ' ')} ({fact.because})" if fact else f"{word}{name}")
    return "does not apply: " + "; ".join(parts)
