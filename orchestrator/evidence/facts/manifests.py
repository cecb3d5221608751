"""Package manifests of every common ecosystem: what each declares, and what pins it."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model
from ._packages import of_package


class Dependency(Model):
    """One declared dependency."""

    package: str
    spec: str = ""
    """The version or range as written; empty where anything goes."""
    line: int = 0
    development: bool = False
    origin: str = ""
    """Where it is fetched from, in an ecosystem without a registry."""


class Manifest(Model):
    """One manifest, such as package.json, pyproject.toml, requirements.txt, go.mod, Cargo.toml, Gemfile, pom.xml."""

    path: str
    ecosystem: str
    """npm, pypi, go, cargo, rubygems, maven, nuget, packagist, hex, pub, swift."""
    title: str = ""
    version: str = ""
    dependencies: tuple[Dependency, ...] = ()
    scripts: dict[str, str] = {}
    lock: str = ""
    """Path of the lock file that pins it, empty where there is none."""
    library: bool = False
    """It declares itself publishable as a package that others import."""
    command: bool = False
    """It declares a command (console script, bin, [[bin]], package main)."""
    role: str = "source"

    def at(self, dependency: Dependency | None = None) -> Source:
        return Source(path=self.path, line=dependency.line if dependency else 0)

    def purl(self, dependency: Dependency) -> str:
        """
        The package URL of *dependency*, such as ``pkg:npm/%40angular/core@17.0.1``; with a version where one is pinned.

        Empty for what comes from a path or a repository instead of the ecosystem's registry.
        """
        return of_package(self.ecosystem, dependency.package, dependency.spec, dependency.origin)


class Manifests(Fact):
    """Every manifest outside vendored folders."""

    name: ClassVar[str] = "manifests"

    files: tuple[Manifest, ...] = ()

    def uses(self, *packages: str, development: bool = True) -> list[tuple[Manifest, Dependency]]:
        """The places that declare one of *packages*; a name ending in ``*`` is a prefix, case is ignored."""
        exact = {p.lower() for p in packages if not p.endswith("*")}
        prefixes = tuple(p[:-1].lower() for p in packages if p.endswith("*"))
        return [
            (manifest, dependency)
            for manifest in self.files
            for dependency in manifest.dependencies
            if (development or not dependency.development)
            and (dependency.package.lower() in exact or (prefixes and dependency.package.lower().startswith(prefixes)))
        ]
