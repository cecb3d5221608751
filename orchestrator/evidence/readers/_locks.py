"""Finds the lock file that pins a manifest, and adds what its folder says of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pathspec

from ..facts.files import Files
from ..facts.manifests import Manifest

_LOCKS = {
    "npm": ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"),
    "pypi": ("uv.lock", "poetry.lock", "pdm.lock", "pipfile.lock", "pylock.toml"),
    "go": ("go.sum",),
    "cargo": ("cargo.lock",),
    "rubygems": ("gemfile.lock", "gems.locked"),
    "maven": ("gradle.lockfile",),
    "nuget": ("packages.lock.json",),
    "packagist": ("composer.lock",),
    "hex": ("mix.lock",),
    "pub": ("pubspec.lock",),
    "swift": ("package.resolved",),
}
_SHARED = {
    "npm": _LOCKS["npm"],
    "pypi": ("uv.lock",),
    "cargo": ("cargo.lock",),
    "hex": ("mix.lock",),
    "pub": ("pubspec.lock",),
}


class Locks:
    """
    The lock files of a tree.

    Args:
        files: Every file.
        workspaces: Folder to the patterns of the folders that share its lock file.
        pinned: Manifests that pin themselves.
        packages: Folder to the Go packages that its files declare.
    """

    def __init__(
        self,
        files: Files,
        workspaces: Mapping[str, tuple[str, ...]],
        pinned: Mapping[str, str],
        packages: Mapping[str, frozenset[str]],
    ) -> None:
        self._paths = {f.path.lower(): f.path for f in files.entries}
        self._workspaces = workspaces
        self._pinned = pinned
        self._go = packages

    def completed(self, manifest: Manifest) -> Manifest:
        """*manifest* with its lock file, and with what its folder says where the manifest itself cannot."""
        update: dict[str, object] = {"lock": self._lock(manifest)}
        folder = manifest.path.rpartition("/")[0]
        if manifest.ecosystem == "go":
            packages = self._go_packages(folder)
            update["command"] = any("main" in names for names in packages.values())
            offered = {f for f, names in packages.items() if names - {"main"} and not _internal(f"{folder}/{f}")}
            update["library"] = bool(offered) and ("" in offered or not update["command"])
        elif manifest.ecosystem == "npm" and manifest.library and not manifest.title.startswith("@"):
            update["library"] = not self._has(folder, "Dockerfile")
        elif manifest.ecosystem == "cargo" and manifest.title:
            update["library"] = manifest.library or self._has(folder, "src/lib.rs")
            update["command"] = manifest.command or self._has(folder, "src/main.rs")
        return manifest.model_copy(update=update)

    def _lock(self, manifest: Manifest) -> str:
        if self._pinned.get(manifest.path) == "itself":
            return manifest.path
        folder, _, name = manifest.path.rpartition("/")
        if manifest.ecosystem == "pypi" and "requirements" in manifest.path:
            compiled = self._path(folder, f"{name.rpartition('.')[0]}.txt")
            return compiled if self._pinned.get(compiled) == "itself" else ""
        for lock in _LOCKS.get(manifest.ecosystem, ()):
            if path := self._path(folder, lock):
                return path
        return self._shared(manifest.ecosystem, folder)

    def _shared(self, ecosystem: str, folder: str) -> str:
        """The lock file of the nearest workspace above that takes *folder* in."""
        above = folder
        while above:
            above = above.rpartition("/")[0]
            for lock in _SHARED.get(ecosystem, ()):
                path = self._path(above, lock)
                if path and self._takes_in(ecosystem, above, folder):
                    return path
        return ""

    def _takes_in(self, ecosystem: str, above: str, folder: str) -> bool:
        inside = folder[len(above) :].strip("/")
        if ecosystem == "hex":
            return inside.startswith("apps/")
        patterns = self._workspaces.get(above, ())
        if ecosystem == "cargo" and patterns:
            return True
        return bool(patterns) and _spec(patterns).match_file(f"{inside}/")

    def _path(self, folder: str, name: str) -> str:
        return self._paths.get((f"{folder}/{name}" if folder else name).lower(), "")

    def _has(self, folder: str, name: str) -> bool:
        return bool(self._path(folder, name))

    def _go_packages(self, module: str) -> dict[str, frozenset[str]]:
        prefix = f"{module}/" if module else ""
        return {f[len(prefix) :]: p for f, p in self._go.items() if f"{f}/".startswith(prefix)}


def _internal(path: str) -> bool:
    return "internal" in path.split("/")


@lru_cache(maxsize=64)
def _spec(patterns: tuple[str, ...]) -> pathspec.PathSpec[pathspec.Pattern]:
    return pathspec.PathSpec.from_lines("gitignore", [p.removeprefix("./") for p in patterns])
