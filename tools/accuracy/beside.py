"""Lays one tree beside another in one release, so that each keeps its meaning."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from .labels import Files

SECOND = "second"
"""The component that takes what would stand in the way."""
_WORKFLOW = re.compile(r"^\.(?:github|gitea|forgejo)/workflows/[^/]+$")
_BOUND = re.compile(
    r"^(?:\.[^/]+(?:/.*)?|CODEOWNERS|docs/CODEOWNERS|Jenkinsfile|(?:azure|bitbucket)-pipelines\.ya?ml|buildspec\.ya?ml|"
    r"cloudbuild\.ya?ml|appveyor\.ya?ml|renovate\.json5?|readiness\.yaml|SECURITY(?:\.\w+)?|LICENSE|CHANGELOG\.md)$"
)
"""Files that mean what they mean at their place alone."""


class Beside(NamedTuple):
    """Two trees in one."""

    files: Files
    second: Files
    """The second one as it lies there."""
    moved: bool
    """Whether it lies elsewhere than by itself."""


def beside(first: Files, second: Files) -> Beside | None:
    """
    *second* beside *first*; None where both need one place and cannot share it.

    Where no path of both holds different things, they lie together. Else a workflow takes another name, and all else
    of the second tree goes into a component of its own, but for what means something at its place alone.
    """
    if not _clash(first, second):
        return Beside({**first, **second}, second, False)
    laid = {_elsewhere(path, first, second): text for path, text in second.items()}
    return None if _clash(first, laid) else Beside({**first, **laid}, laid, True)


def _clash(first: Files, second: Files) -> bool:
    return any(path in first and first[path] != text for path, text in second.items())


def _elsewhere(path: str, first: Files, second: Files) -> str:
    if not _BOUND.match(path):
        return f"{SECOND}/{path}"
    if _WORKFLOW.match(path) and path in first and first[path] != second[path]:
        file = PurePosixPath(path)
        return str(file.with_name(f"{file.stem}-{SECOND}{file.suffix}"))
    return path
