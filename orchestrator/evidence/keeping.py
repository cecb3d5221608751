"""Tells which paths belong to a release: all but those that wildcards exclude."""

from __future__ import annotations

from collections.abc import Sequence

import pathspec

MAX_PATH = 1_000
"""Longer paths are always kept: the time of a wildcard with several stars grows with a power of their length."""


class Keep:
    """Which paths belong to the release: all but those that git wildcards exclude."""

    def __init__(self, exclude: Sequence[str] = ()) -> None:
        self.excludes = bool(exclude)
        self._spec = pathspec.PathSpec.from_lines("gitignore", exclude)

    def __call__(self, path: str) -> bool:
        return not self.excludes or len(path) > MAX_PATH or not self._spec.match_file(path)
