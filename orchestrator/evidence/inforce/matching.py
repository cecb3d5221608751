"""Tells whether an alert's labels meet what a route, an inhibition or a policy asks of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...formats.promql import Matcher

_WRITTEN = re.compile(
    r"\s*\"?([\w.:-]{1,100})\"?\s*(=~|!~|!=|=)\s*(?:\"((?:[^\"\\]|\\.)*+)\"|'([^']*+)'|([^\s,{}\"']*+))\s*"
)
_PLAIN = re.compile(r"[\w -]*(?:\|[\w -]*)*")
_ANYTHING = frozenset({".*", ".*?", ".+", "^.*$", "(.*)"})
MOST = 50
"""So many conditions of one route are read."""


def matchers(route: Mapping[str, Any]) -> tuple[Matcher, ...]:
    """What a route asks of labels, in any of the ways in which Alertmanager, its operator and Grafana write it."""
    found: list[Matcher] = []
    for key, sign in (("match", "="), ("match_re", "=~"), ("matchRE", "=~")):
        asked = route.get(key)
        if isinstance(asked, Mapping):
            found.extend(Matcher(str(label), sign, str(value)) for label, value in asked.items())
    for key in ("matchers", "object_matchers"):
        asked = route.get(key)
        for written in asked if isinstance(asked, list) else [asked] if isinstance(asked, str) else []:
            found.extend(_read(written))
    return tuple(found[:MOST])


def _read(written: Any) -> Iterable[Matcher]:
    if isinstance(written, str):
        text = written.strip().removeprefix("{").removesuffix("}")
        for found in _WRITTEN.finditer(text[:2_000]):
            yield Matcher(found[1], found[2], next((g for g in found.groups()[2:] if g is not None), ""))
    elif isinstance(written, list) and len(written) == 3:
        yield Matcher(*(str(part) for part in written))
    elif isinstance(written, Mapping) and "name" in written:
        sign = str(written.get("matchType") or ("=~" if written.get("regex") else "="))
        yield Matcher(str(written["name"]), sign, str(written.get("value", "")))


def meets(labels: Mapping[str, str], asked: Sequence[Matcher]) -> bool | None:
    """
    Whether an alert with *labels* meets all that is *asked*.

    None where that hangs on a label that only the series have, or on a pattern that is no plain list of words.
    """
    answers = [_met(labels.get(matcher.label), matcher) for matcher in asked]
    return False if False in answers else None if None in answers else True


def _met(value: str | None, matcher: Matcher) -> bool | None:
    if anything(matcher):
        return True
    if value is None or "{{" in value:
        return None
    if matcher.sign in ("=", "!="):
        return (value == matcher.value) == (matcher.sign == "=")
    pattern = matcher.value.removeprefix("^").removesuffix("$").removeprefix("(").removesuffix(")")
    if not _PLAIN.fullmatch(pattern):
        return None
    return (value in pattern.split("|")) == (matcher.sign == "=~")


def anything(matcher: Matcher) -> bool:
    """Whether *matcher* leaves nothing out; a pattern for any text is taken for one that every alert meets."""
    return matcher.sign == "=~" and matcher.value in _ANYTHING


def everything(asked: Sequence[Matcher]) -> bool:
    """Whether every alert meets all that is *asked*."""
    return all(anything(matcher) for matcher in asked)


def contradictory(asked: Sequence[Matcher]) -> bool:
    """Whether no alert can meet all that is *asked*."""
    equal: dict[str, str] = {}
    for matcher in asked:
        if matcher.sign == "=" and equal.setdefault(matcher.label, matcher.value) != matcher.value:
            return True
    return any(matcher.sign != "=" and meets(equal, [matcher]) is False for matcher in asked)
