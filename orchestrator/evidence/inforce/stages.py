"""Tells from a path or a name whether it is for production or for somebody at work."""

from __future__ import annotations

import re

_PRODUCTION = re.compile(
    r"(^|(?<![-_/.]non)(?<!^non)(?<![-_/.]pre)(?<!^pre)[-_/.])(prod|production|prd|live)([-_/.]|$)"
)
"""``non-prod`` and ``pre-prod`` say that it is not."""
_BACKSTAGE = re.compile(
    r"(^|[-_/. ])(dev|devel|develop|development|stg|stag|stage|staging|test|tests|testing|qa|uat|sandbox|preview|"
    r"review|local|localhost|ci|e2e|demo|scratch|playground|nonprod|non-prod|preprod|pre-prod|preproduction|nightly|minikube|"
    r"k3d)([-_/. ]|$)"
)


def is_production(path: str) -> bool:
    """Whether *path* says that it is for production."""
    return bool(_PRODUCTION.search(path.lower()))


def is_backstage(path: str) -> bool:
    """Whether *path* says that it is for anything but production."""
    return bool(_BACKSTAGE.search(path.lower())) and not is_production(path)
