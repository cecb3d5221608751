"""Tells which services of a tree an alert is about, so that the alert of one answers for no other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from orchestrator import AlertRule, Service
from orchestrator import Services as Estate

from ._expressions import scope


def unwatched(estate: Estate, found: Sequence[AlertRule], every: Iterable[AlertRule]) -> list[Service]:
    """
    The services that none of *found* is about.

    An alert is about the services that it names; one that names none is about the service in whose folder it lies,
    and, where it asks for all that is scraped, about those without an alert of their own.

    Args:
        estate: The services of the tree.
        found: The alerts that notice what is asked for.
        every: All alerts, whatever they notice.
    """
    own = estate.own
    if len(own) < 2 or not found:
        return []
    alarmed = {service.folder for rule in every if (service := estate.of_file(rule.path))}
    return [one for one in own if not any(_is_about(rule, one, estate, alarmed) for rule in found)]


def _is_about(rule: AlertRule, service: Service, estate: Estate, alarmed: set[str]) -> bool:
    named = [one.folder for one in estate.own if _names(rule, one)]
    home = estate.of_file(rule.path)
    if named and (home is None or home.folder not in named):
        return service.folder in named
    if home is None or home.folder == service.folder:
        return True
    if named:
        return False  # by a name that both have
    return rule.asked is not None and not scope(rule) and service.folder not in alarmed


def _names(rule: AlertRule, service: Service) -> bool:
    """Whether *rule* says what *service* is called, or what runs it."""
    names = {service.address, service.folder, *(run.partition(" ")[2] for run in service.runs)}
    told = {name.rpartition("/")[2].lower() for name in names} - {""}
    text = f"{rule.title} {rule.expression} {rule.summary}".lower()
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) for name in told if len(name) > _SHORT)


_SHORT = 2
"""What is called by so few letters may be anything."""
