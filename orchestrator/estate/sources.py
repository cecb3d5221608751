"""The packages of a tree: which folder of source belongs to which manifest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ..evidence.facts.files import Files
from ..evidence.facts.manifests import Manifest, Manifests
from ..vocabulary import words

NO_PROGRAMS = frozenset({"", "html", "css", "sql", "shell", "powershell", "graphql", "protobuf"})
"""Languages in which nobody writes what listens."""


class Package:
    """One folder with a manifest of its own, and all below it that has none."""

    def __init__(self, folder: str, manifests: Iterable[Manifest]) -> None:
        self.folder = folder
        self.manifests = tuple(manifests)

    @property
    def library(self) -> bool:
        """Whether it is there for others to import."""
        return any(m.library for m in self.manifests)

    @property
    def command(self) -> bool:
        return any(m.command for m in self.manifests)

    @property
    def title(self) -> str:
        return next((m.title for m in self.manifests if m.title), self.folder.rpartition("/")[2])

    def uses(self, purpose: str) -> bool:
        """Whether production of it depends on a package that the vocabulary lists for *purpose*."""
        return any(
            not d.development and d.package.lower() in words(f"packages/{purpose}", ecosystem=m.ecosystem)
            for m in self.manifests
            for d in m.dependencies
        )


class Sources:
    """
    What source there is, by folder.

    Args:
        files: All that there is.
        manifests: What declares packages.
    """

    def __init__(self, files: Files, manifests: Manifests) -> None:
        self._files = files
        found: dict[str, list[Manifest]] = {}
        for manifest in manifests.files:
            if manifest.role == "source":
                found.setdefault(manifest.path.rpartition("/")[0], []).append(manifest)
        self.packages = {folder: Package(folder, listed) for folder, listed in sorted(found.items())}

    def nearest(self, path: str) -> Package | None:
        """The package that the file at *path* is of."""
        return next((self.packages[folder] for folder in above(path) if folder in self.packages), None)

    def holds_programs(self, folder: str) -> bool:
        """Whether a program of production lies in *folder* or below it."""
        return folder in self._folders

    @cached_property
    def _folders(self) -> frozenset[str]:
        programs = (f.path for f in self._files.entries if f.role == "source" and f.language not in NO_PROGRAMS)
        return frozenset(folder for path in programs for folder in above(path))


def above(path: str) -> list[str]:
    """The folders that the file at *path* lies in, the innermost first; the last is the tree itself, ``""``."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:n]) for n in range(len(parts), -1, -1)]
