"""When stages, jobs and steps of Azure run: triggers, and conditions, which are written as functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ....vocabulary import meaning_of
from ..chance import Chance
from ..force import IN_FORCE, Force, unknown, void
from . import filters
from .expressions import NoExpression, parse
from .values import RUN, Function, Value, equal, evaluate, functions, of_chance, of_row, sure


def of_condition(condition: str, variables: Mapping[str, str]) -> tuple[Force, bool]:
    """Whether *condition* lets something run, and whether only after a failure."""
    condition = condition.strip()
    if not condition:
        return IN_FORCE, False
    whole = re.fullmatch(r"\$\{\{(.*)\}\}", condition, re.DOTALL)
    condition = whole[1].strip() if whole else condition
    usual = _chance(condition, variables, failed=False)
    if usual > Chance.SETTING:
        return IN_FORCE, False
    if usual is Chance.SETTING:
        return unknown(f"depends on `{condition[:80]}`, of which no file tells what it comes to"), False
    if _chance(condition, variables, failed=True) > Chance.SETTING:
        return IN_FORCE, True
    return void(f"never runs (`condition: {condition[:80]}`)"), False


def of_parameters(condition: str, given: Mapping[str, Any]) -> Chance:
    """The chance that a condition holds which is asked when templates are put in, with the parameters *given*."""
    known = {str(name).lower(): value for name, value in given.items()}

    def lookup(parts: tuple[str, ...]) -> Value:
        name = ".".join(parts[1:]).lower()
        if parts[0].lower() == "parameters" and name in known:
            value = known[name]
            return sure(value) if isinstance(value, str | bool | float) or value is None else RUN
        return of_row("setting") if parts[0].lower() in ("parameters", "variables") else RUN

    try:
        return evaluate(parse(condition), lookup, _functions(failed=False)).truth
    except NoExpression:
        return Chance.SETTING


def _chance(condition: str, variables: Mapping[str, str], failed: bool) -> Chance:
    known = {name.lower(): value for name, value in variables.items()}
    try:
        return evaluate(parse(condition), lambda parts: _lookup(parts, known), _functions(failed)).truth
    except NoExpression:
        return Chance.SETTING


def _lookup(parts: tuple[str, ...], variables: Mapping[str, str]) -> Value:
    context, name = parts[0].lower(), ".".join(parts[1:]).lower()
    if context == "variables":
        means = meaning_of("azure", f"variables.{name}")
        if not means and name in variables:
            return sure(variables[name]) if "$" not in variables[name] else RUN
        return of_row(means or "setting")
    return of_row(meaning_of("azure", f"{context}.{name}"))


def _functions(failed: bool) -> dict[str, Function]:
    return {
        "and": lambda values: of_chance(min(value.truth for value in values)) if values else RUN,
        "or": lambda values: of_chance(max(value.truth for value in values)) if values else RUN,
        "not": lambda values: of_chance(_bool(values[0]).opposite) if values else RUN,
        "eq": lambda values: of_chance(equal(*values[:2])) if len(values) > 1 else RUN,
        "ne": lambda values: of_chance(equal(*values[:2]).opposite) if len(values) > 1 else RUN,
        "in": lambda values: of_chance(max((equal(values[0], v) for v in values[1:]), default=Chance.NEVER)),
        "notin": lambda values: of_chance(
            max((equal(values[0], v) for v in values[1:]), default=Chance.NEVER).opposite
        ),
        **functions("azure", failed),
    }


def _bool(value: Value) -> Chance:
    return value.truth


def of_trigger(trigger: Any) -> Force:
    """Whether a ``trigger:`` or ``pr:`` lets anything through."""
    if trigger == "none" or trigger == []:
        return void("is started by nothing")
    if isinstance(trigger, list):
        return filters.of_branches([str(name) for name in trigger])
    if isinstance(trigger, dict):
        branches, paths = trigger.get("branches"), trigger.get("paths")
        if isinstance(branches, list):
            return filters.of_branches([str(name) for name in branches])
        branches = branches if isinstance(branches, dict) else {}
        paths = paths if isinstance(paths, dict) else {}
        included = branches.get("include")
        excluded = [str(name) for name in branches.get("exclude") or ()]
        if "*" in excluded or any("*" == str(path) for path in paths.get("exclude") or ()):
            return void("leaves out all that could start it")
        return filters.of_branches([str(n) for n in included] if isinstance(included, list) else None, excluded)
    return IN_FORCE
