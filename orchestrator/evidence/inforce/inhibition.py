"""Tells whether an alert is inhibited for ever, by one that fires always."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...formats.promql import Matcher
from .force import IN_FORCE, Force, void
from .matching import everything, matchers, meets

MAX_INHIBITIONS = 50
Labels = Mapping[str, str]


class Inhibitions:
    """
    What some alerts keep quiet of others.

    Args:
        rules: Alertmanager's ``inhibit_rules`` as they are written.
        always: The labels of the alerts that fire always.
    """

    def __init__(self, rules: Sequence[Mapping[str, Any]], always: Sequence[Labels]) -> None:
        sides = [(_side(rule, "source"), _side(rule, "target"), rule) for rule in rules[:MAX_INHIBITIONS]]
        self._shut = [
            (source, labels.get("alertname", ""))
            for source, target, rule in sides
            for labels in always[:MAX_INHIBITIONS]
            if everything(target) and not rule.get("equal") and source and meets(labels, source)
        ]

    def allow(self, labels: Labels) -> Force:
        """Whether an alert with *labels* is not kept quiet for ever; what can inhibit is itself never inhibited."""
        for source, title in self._shut:
            if meets(labels, source) is False:
                return void(f"alert {title}, which fires always, inhibits it")
        return IN_FORCE


def _side(rule: Mapping[str, Any], side: str) -> tuple[Matcher, ...]:
    return matchers(
        {
            "match": rule.get(f"{side}_match", rule.get(f"{side}Match")),
            "match_re": rule.get(f"{side}_match_re"),
            "matchers": rule.get(f"{side}_matchers", rule.get(f"{side}Matchers", rule.get(f"{side}Match"))),
        }
    )
