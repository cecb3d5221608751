"""Tells from a path or a name whether it is for production or for somebody at work."""

from __future__ import annotations

import re

_PRODUCTION = re.compile(r"(^|[-_/.])(prod|production|prd|live)([-_/.]|$)")
_BACKSTAGE = re.compile(
    r"(^|[-_/.])(dev|develop|development|staging|stage|test|testing|tests|qa|uat|sandbox|preview|local|localhost|ci|e2e|"
    r"demo|minikube|k3d)([-_/.]|$)"
)


def is_production(path: str) -> bool:
    """Whether *path* says that it is for production."""
    return bool(_PRODUCTION.search(path.lower()))


def is_backstage(path: str) -> bool:
    """Whether *path* says that it is for anything but production."""
    return bool(_BACKSTAGE.search(path.lower())) and not is_production(path)
