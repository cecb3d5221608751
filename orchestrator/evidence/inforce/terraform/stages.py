"""Tells production from other environments by the names that Terraform's folders, files and variables have."""

from __future__ import annotations

import re

from ...stages import named, stage_of_file

_VARIABLE = re.compile(r"(^|_)(env|environment|stage|tier|workspace)(_name)?$", re.IGNORECASE)


def stage(path: str) -> bool | None:
    """True where *path* names production, False where it names another environment, None where it names none."""
    found = stage_of_file(path)
    return None if found is None else found == "production"


def named_stage(name: str) -> bool | None:
    """What :func:`stage` says of *name* where it is nothing but the name of an environment."""
    found = named(name)
    return None if found is None else found == "production"


def holds_stage(variable: str) -> bool:
    """Whether *variable* is called as one that holds the name of an environment."""
    return _VARIABLE.search(variable) is not None
