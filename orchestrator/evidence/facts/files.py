"""The list of files, as checks can ask it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import ClassVar

import pathspec

from ...domain.fact import Fact, Source
from ...domain.signal import Role
from ..tree import FileEntry


class Files(Fact):
    """Every file of the tree, sorted by path."""

    name: ClassVar[str] = "files"

    entries: tuple[FileEntry, ...] = ()

    @classmethod
    def of(cls, entries: Sequence[FileEntry]) -> Files:
        return cls(entries=tuple(sorted(entries, key=lambda file: file.path)))

    def matching(self, *patterns: str, roles: tuple[Role, ...] = ()) -> list[FileEntry]:
        """The files that any of *patterns* (git's wildcards, case-insensitive) names, of *roles* if given."""
        spec = _spec(tuple(p.lower() for p in patterns))
        return [f for f in self.entries if (not roles or f.role in roles) and spec.match_file(f.path.lower())]

    def named(self, *names: str) -> list[FileEntry]:
        """The files with one of these names, in any folder, in any case."""
        return sorted((f for name in names for f in self._by_name.get(name.lower(), ())), key=lambda f: f.path)

    def count(self, role: Role | None = None, *languages: str) -> int:
        """How many files have *role* and one of *languages*; each condition only where given."""
        return sum(
            1 for f in self.entries if (role is None or f.role == role) and (not languages or f.language in languages)
        )

    def languages(self, role: Role = "source") -> dict[str, int]:
        """Language to number of files of *role*, most first."""
        return self._languages.get(role, {})

    @cached_property
    def _by_name(self) -> dict[str, list[FileEntry]]:
        index: dict[str, list[FileEntry]] = {}
        for file in self.entries:
            index.setdefault(file.name.lower(), []).append(file)
        return index

    @cached_property
    def _languages(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for file in self.entries:
            if file.language:
                by_role = counts.setdefault(file.role, {})
                by_role[file.language] = by_role.get(file.language, 0) + 1
        return {role: dict(sorted(c.items(), key=lambda item: (-item[1], item[0]))) for role, c in counts.items()}


def source_of(file: FileEntry) -> Source:
    """The file as a whole, as evidence."""
    return Source(path=file.path)


@lru_cache(maxsize=256)
def _spec(patterns: tuple[str, ...]) -> pathspec.PathSpec[pathspec.Pattern]:
    return pathspec.PathSpec.from_lines("gitignore", patterns)
