"""Tells for which profile settings of Spring are: what only another stage activates is not in force in production."""

from __future__ import annotations

import re
from typing import Any

from ..stages import is_elsewhere
from .force import IN_FORCE, Force, void

_KEY = re.compile(
    rb"^[ \t]*spring\.(?:config\.activate\.on-profile|profiles)[ \t]*[=:][ \t]*(?P<profiles>[^\r\n]*)", re.MULTILINE
)
_SEPARATOR = re.compile(rb"^[#!]---[ \t\r]*$", re.MULTILINE)
_WORD = re.compile(r"[\w-]+")
_MOST = 200


def of_document(body: dict[Any, Any]) -> Force:
    """Whether a document of ``application.yml`` is for production."""
    spring = body.get("spring")
    profiles = body.get("spring.config.activate.on-profile")
    if isinstance(spring, dict):
        config = spring.get("config")
        activate = config.get("activate") if isinstance(config, dict) else None
        profiles = activate.get("on-profile") if isinstance(activate, dict) else profiles
        profiles = spring.get("profiles") if profiles is None else profiles
    return of_profiles(profiles) if isinstance(profiles, str) else IN_FORCE


def of_profiles(text: str) -> Force:
    """Whether what is for one of the profiles of *text* may be for production."""
    names = _WORD.findall(text)
    if not names or any(sign in text for sign in "!&(") or not all(map(is_elsewhere, names)):
        return IN_FORCE
    return void(f"is only for the profile {names[0]}")


def idle_properties(data: bytes) -> list[tuple[int, int, Force]]:
    """The documents of a file of properties that are for another stage."""
    ends = [match.start() for match in _SEPARATOR.finditer(data)][:_MOST]
    found = []
    for start, end in zip([0, *ends], [*ends, len(data)], strict=True):
        named = _KEY.search(data, start, end)
        force = of_profiles(named["profiles"].decode("utf-8", "replace")) if named else IN_FORCE
        if not force:
            found.append((start, end, force))
    return found
