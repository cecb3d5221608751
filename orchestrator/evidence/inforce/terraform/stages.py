"""Tells production from other environments by their names."""

from __future__ import annotations

import re

_PRODUCTION = r"prod|prd|production|live"
_TRIAL = (
    r"dev|devel|develop|development|test|tests|testing|qa|uat|sit|int|integration|stag|stage|staging|stg|sandbox|"
    r"preview|demo|scratch|nonprod|non-prod|preprod|pre-prod|playground|ci|e2e|local"
)
_OF_PRODUCTION = re.compile(rf"(^|[/_.-])({_PRODUCTION})(?=[/_.-]|$)", re.IGNORECASE)
_OF_TRIAL = re.compile(rf"(^|[/_.-])({_TRIAL})(?=[/_.-]|$)", re.IGNORECASE)
_VARIABLE = re.compile(r"(^|_)(env|environment|stage|tier|workspace)(_name)?$", re.IGNORECASE)


def stage(path: str) -> bool | None:
    """True where *path* names production, False where it names another environment, None where it names none."""
    if _OF_TRIAL.search(path):
        return False
    return True if _OF_PRODUCTION.search(path) else None


def named_stage(name: str) -> bool | None:
    """What :func:`stage` says of *name* where it is nothing but the name of an environment."""
    if re.fullmatch(_TRIAL, name, re.IGNORECASE):
        return False
    return True if re.fullmatch(_PRODUCTION, name, re.IGNORECASE) else None


def holds_stage(variable: str) -> bool:
    """Whether *variable* is called as one that holds the name of an environment."""
    return _VARIABLE.search(variable) is not None
