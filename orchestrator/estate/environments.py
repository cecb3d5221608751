"""The environments: which of them people depend on, told from the names of folders and of things."""

from __future__ import annotations

import re

_TRIAL = re.compile(
    r"(^|[/_.-])(dev|devel|development|test|tests|testing|qa|uat|stag|stage|staging|sandbox|preview|demo|scratch|"
    r"nonprod|non-prod|playground)(?=[/_.-]|$)",
    re.IGNORECASE,
)


def is_production(path: str, name: str = "") -> bool:
    """False where *path* or *name* is one of an environment that nobody's data depends on."""
    return not _TRIAL.search(path) and not _TRIAL.search(f"/{name}/")
