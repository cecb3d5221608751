"""Package manifests of every common ecosystem: what each declares, and what pins it."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model
from ...vocabulary import Words
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
    """Every manifest of the product and its tests."""

    name: ClassVar[str] = "manifests"

    files: tuple[Manifest, ...] = ()

    def uses(self, *packages: str | Words, development: bool = True) -> list[tuple[Manifest, Dependency]]:
        """
        The places that declare one of *packages*.

        Args:
            packages: Words of the vocabulary, each in its own ecosystem; or names in any, of which one that ends in
                ``*`` is a prefix. Case is ignored.
            development: Whether those count that only developers install.
        """
        named = [p.lower() for p in packages if isinstance(p, str)]
        exact = {p for p in named if not p.endswith("*")}
        prefixes = tuple(p[:-1] for p in named if p.endswith("*"))
        known = [p for p in packages if isinstance(p, Words)]
        return [
            (manifest, dependency)
            for manifest in self.files
            for own in ([words.of(manifest.ecosystem) for words in known],)
            for dependency in manifest.dependencies
            if (development or not dependency.development)
            and (
                (name := dependency.package.lower()) in exact
                or (prefixes and name.startswith(prefixes))
                or any(name in words for words in own)
            )
        ]
