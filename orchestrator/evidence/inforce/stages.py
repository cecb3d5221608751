"""Tells production from the other environments by their names."""

from __future__ import annotations

import re

_PRODUCTION = r"prod|production|prd"
_MAYBE_PRODUCTION = "live"
"""Means production where nothing else is named: ``live/staging`` is staging."""
_TRIAL = (
    r"dev|devel|develop|development|test|tests|testing|qa|uat|sit|int|integration|stag|stage|staging|stg|sandbox|"
    r"preview|review|demo|scratch|nonprod|non-prod|nonproduction|non-production|preprod|pre-prod|preproduction|"
    r"pre-production|playground|nightly|ci|e2e|local|localhost|minikube|k3d"
)


def _within(words: str, before: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?:^|[-_/. ]){before}(?:{words})(?=[-_/. ]|$)", re.IGNORECASE)


_OF_PRODUCTION = _within(_PRODUCTION, r"(?<!non[-_])(?<!pre[-_])")
_OF_TRIAL = _within(_TRIAL)
_PERHAPS = _within(_MAYBE_PRODUCTION)
_VARIABLE = re.compile(r"(^|_)(env|environment|stage|tier|workspace)(_name)?$", re.IGNORECASE)


def stage(path: str) -> bool | None:
    """True where *path* names production, False where it names another environment, None where it names none."""
    if _OF_PRODUCTION.search(path):
        return True
    if _OF_TRIAL.search(path):
        return False
    return True if _PERHAPS.search(path) else None


def named_stage(name: str) -> bool | None:
    """What :func:`stage` says of *name* where it is nothing but the name of an environment."""
    if re.fullmatch(_TRIAL, name, re.IGNORECASE):
        return False
    return True if re.fullmatch(f"{_PRODUCTION}|{_MAYBE_PRODUCTION}", name, re.IGNORECASE) else None


def holds_stage(variable: str) -> bool:
    """Whether *variable* is called as one that holds the name of an environment."""
    return _VARIABLE.search(variable) is not None


def is_production(path: str) -> bool:
    """Whether *path* says that it is for production."""
    return stage(path) is True


def is_backstage(path: str) -> bool:
    """Whether *path* says that it is for anything but production."""
    return stage(path) is False
