"""Reads what settings of Symfony say of routes: who may reach which paths, and what those of a folder begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import join, normpath
from typing import Any, NamedTuple

from ..untold import Untold

PLACE = re.compile(r"(?:^|/)config/(?:packages/security|security|routes|routes/[\w.-]{1,60}|routing)\.ya?ml$")
_LITERAL = re.compile(r"\^(?P<path>/[\w/.-]{0,200}?)(?P<end>\$|\(/\|\$\)|/?)")
_PUBLIC = ("PUBLIC_ACCESS", "IS_AUTHENTICATED_ANONYMOUSLY")
_ASKED = frozenset({"path", "roles", "role", "methods", "requires_channel"})
_EVERYWHERE = "routing.controllers"
_MOST = 500


class Rule(NamedTuple):
    """Who may reach the paths that begin with one."""

    path: str
    """Empty where what is asked cannot be told."""
    roles: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    whole: bool = False
    """The path is the whole of it, or goes on after a slash only where ``within`` says so."""
    within: bool = True


class Settings(NamedTuple):
    """What one file says."""

    rules: tuple[Rule, ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    """Folders, and what all paths of their controllers begin with; that of no folder is of all."""
    path: str = ""

    @property
    def untold(self) -> list[Untold]:
        """Forms that may declare routes, and are not understood."""
        return []


def settings(path: str, document: Any) -> Settings:
    """What the *document* in the file at *path* says."""
    if not isinstance(document, dict):
        return Settings()
    security = document.get("security")
    listed = security.get("access_control") if isinstance(security, dict) else None
    rules = tuple(map(_rule, listed[:_MOST])) if isinstance(listed, list) else ()
    found: list[tuple[str, str]] = []
    for entry in list(document.values())[:_MOST]:
        if isinstance(entry, dict) and isinstance(prefix := entry.get("prefix"), str):
            resource = entry.get("resource")
            folder = resource.get("path") if isinstance(resource, dict) else resource
            if folder == _EVERYWHERE:
                found.append(("", prefix))
            elif isinstance(folder, str):
                found.append((normpath(join(path.rpartition("/")[0], folder)) + "/", prefix))
    return Settings(rules, tuple(found), path)


def _rule(said: Any) -> Rule:
    if not isinstance(said, dict) or not _ASKED.issuperset(said):
        return Rule("")
    pattern = _LITERAL.fullmatch(str(said.get("path", "^/")))
    if pattern is None:
        return Rule("")
    roles = _texts(said.get("roles", said.get("role")))
    end = pattern["end"]
    path = pattern["path"] + ("/" if end == "/" else "")
    return Rule(
        path, roles, tuple(one.upper() for one in _texts(said.get("methods"))), end in ("$", "(/|$)"), end != "$"
    )


def _texts(said: Any) -> tuple[str, ...]:
    held = said if isinstance(said, list) else re.split(r"\s*,\s*", said) if isinstance(said, str) else []
    return tuple(one for one in held if isinstance(one, str))


def allowed(rules: Iterable[Rule], method: str, path: str) -> bool | None:
    """
    Whether *rules*, of which the first that holds counts, let only some reach *path*.

    None where they say nothing of it, or where it cannot be told.
    """
    for rule in rules:
        if not rule.path:
            return None
        if rule.methods and method not in rule.methods:
            if method == "ANY":
                return None
            continue
        if path == rule.path or (path.startswith(rule.path) and not rule.whole) or _is_within(rule, path):
            if not rule.roles:
                return None
            return not any(role in _PUBLIC for role in rule.roles)
    return None


def _is_within(rule: Rule, path: str) -> bool:
    return rule.within and path.startswith(rule.path.rstrip("/") + "/")
