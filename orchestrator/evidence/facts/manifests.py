"""This is where package manifests and lock files of every common ecosystem become one fact."""

from __future__ import annotations

import re
from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model
from ...errors import FormatError
from ...vocabulary import Words
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from .files import Files


class Dependency(Model):
    """One declared dependency."""

    package: str
    spec: str = ""
    """The version or range as written; empty where anything goes."""
    line: int = 0
    development: bool = False


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


class Manifests(Fact):
    """Every manifest outside vendored folders."""

    name: ClassVar[str] = "manifests"

    files: tuple[Manifest, ...] = ()

    def uses(self, *packages: str | Words, development: bool = True) -> list[tuple[Manifest, Dependency]]:
        """
        Where one of *packages* is declared.

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


MAX_BYTES = 1_000_000
_KINDS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("package.json", r"(^|/)package\.json$"),
        ("pnpm-workspace", r"(^|/)pnpm-workspace\.yaml$"),
        ("pyproject", r"(^|/)pyproject\.toml$"),
        ("pipfile", r"(^|/)Pipfile$"),
        ("setup.py", r"(^|/)setup\.py$"),
        ("setup.cfg", r"(^|/)setup\.cfg$"),
        (
            "requirements",
            r"(^|/)([\w.-]*[-_.])?requirements[\w.-]*\.(txt|in|pip)$|(^|/)requirements/[\w.-]+\.(txt|in|pip)$",
        ),
        ("go.mod", r"(^|/)go\.mod$"),
        ("cargo", r"(^|/)Cargo\.toml$"),
        ("gemfile", r"(^|/)(Gemfile|gems\.rb)$"),
        ("gemspec", r"\.gemspec$"),
        ("pom", r"(^|/)pom\.xml$"),
        ("gradle", r"(^|/)[\w.-]*build\.gradle(\.kts)?$"),
        ("catalog", r"(^|/)gradle/[\w.-]*libs\.versions\.toml$"),
        ("msbuild", r"\.(cs|fs|vb)proj$|(^|/)Directory\.Packages\.props$|(^|/)packages\.config$"),
        ("composer", r"(^|/)composer\.json$"),
        ("mix", r"(^|/)mix\.exs$"),
        ("pubspec", r"(^|/)pubspec\.ya?ml$"),
        ("swift", r"(^|/)Package\.swift$"),
    )
)
_GO_PACKAGE = re.compile(rb"^package (\w{1,100})", re.MULTILINE)
_NAMES = frozenset({
    "package.json", "pnpm-workspace.yaml", "pyproject.toml", "Pipfile", "setup.py", "setup.cfg", "go.mod", "Cargo.toml",
    "Gemfile", "gems.rb", "pom.xml", "Directory.Packages.props", "packages.config", "composer.json", "mix.exs",
    "pubspec.yaml", "pubspec.yml", "Package.swift",
})  # fmt: skip
_ENDINGS = (".gemspec", "build.gradle", "build.gradle.kts", "libs.versions.toml", "proj")


class ManifestsReader(Reader):
    """Parses each manifest with its ecosystem's own format, and finds the lock file that pins it."""

    fact = Manifests

    def __init__(self) -> None:
        self._found: list[Manifest] = []
        self._workspaces: dict[str, tuple[str, ...]] = {}
        self._pinned: dict[str, str] = {}
        self._go: dict[str, frozenset[str]] = {}

    def wants(self, file: FileEntry) -> bool:
        if file.language == "go":
            return file.role == "source"
        return file.role != "vendored" and bool(_kind(file.path))

    def read(self, source: SourceFile) -> None:
        from . import _manifests

        if source.file.language == "go":
            self._declare(source)
            return
        if len(source.data) > MAX_BYTES:
            raise FormatError(f"{len(source.data):,} bytes are too many for a manifest")
        parsed = _manifests.parse(_kind(source.path), source)
        if parsed.workspace:
            self._workspaces[source.path.rpartition("/")[0]] = parsed.workspace
        if parsed.pinned_by:
            self._pinned[source.path] = parsed.pinned_by
        if parsed.manifest:
            role = source.file.role if source.file.role in ("test", "example") else "source"
            self._found.append(parsed.manifest.model_copy(update={"role": role}))

    def finish(self, files: Files) -> Fact:
        from . import _locks

        locks = _locks.Locks(files, self._workspaces, self._pinned, self._go)
        return Manifests(files=tuple(locks.completed(m) for m in sorted(self._found, key=lambda m: m.path)))

    def _declare(self, source: SourceFile) -> None:
        """Note which Go package lives in the folder: only ``main`` makes a command."""
        if match := _GO_PACKAGE.search(source.data, 0, 50_000):
            folder = source.path.rpartition("/")[0]
            self._go[folder] = self._go.get(folder, frozenset()) | {match[1].decode()}


def _kind(path: str) -> str:
    name = path.rpartition("/")[2]
    if name not in _NAMES and not name.endswith(_ENDINGS) and "requirements" not in path:
        return ""
    return next((kind for kind, pattern in _KINDS if pattern.search(path)), "")
