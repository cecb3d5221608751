"""Puts folders elsewhere within their role, and gives files names that say nothing."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from tools.shells import kind

from ._way import Disguise, Texts, mentioned, moved

ROLES = {
    "shop": "store", "k8s": "kubernetes", "kubernetes": "k8s", "manifests": "k8s", "infra": "terraform",
    "terraform": "infra", "monitoring": "observability", "grafana": "dashboards", "prometheus": "monitoring",
}  # fmt: skip
"""A first folder, and one of the same role."""
_FIXED = re.compile(r"^(?:kustomization|Chart|values.*|docker-compose.*|compose.*|.*_override|override|terragrunt)$")
_NEUTRAL_KINDS = frozenset({"kubernetes", "rules", "terraform"})


def _folders(texts: Texts) -> dict[str, str | None]:
    places: dict[str, str] = {}
    for folder in sorted({path.partition("/")[0] for path in texts if "/" in path}):
        named = ROLES.get(folder)
        if named and not any(path.startswith(f"{named}/") for path in texts) and not mentioned(texts, folder):
            places |= {path: named + path.removeprefix(folder) for path in texts if path.startswith(f"{folder}/")}
    return moved(texts, places)


def _file_names(texts: Texts) -> dict[str, str | None]:
    places: dict[str, str] = {}
    for number, (path, text) in enumerate(sorted(texts.items()), 1):
        file = PurePosixPath(path)
        free = ".github/workflows/" in path or kind(path, text) in _NEUTRAL_KINDS
        if free and not _FIXED.match(file.stem) and not mentioned(texts, file.name, path) and file.suffix != ".json":
            places[path] = str(file.with_name(f"part{number}{file.suffix}"))
    return moved(texts, places)


WAYS = (Disguise("folders moved within their role", _folders), Disguise("neutral file names", _file_names))
