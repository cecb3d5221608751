"""Reads package manifests and lock files of every common ecosystem."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...domain.fact import Fact
from ...errors import FormatError
from ..facts.files import Files
from ..facts.manifests import Manifest, Manifests
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from . import _locks, _manifests_data, _manifests_lines, _manifests_python, _manifests_xml
from ._manifests import Parsed

MAX_BYTES = 1_000_000
_KINDS: tuple[tuple[re.Pattern[str], Callable[[SourceFile], Parsed]], ...] = tuple(
    (re.compile(pattern), parse)
    for pattern, parse in (
        (r"(^|/)package\.json$", _manifests_data.package_json),
        (r"(^|/)pnpm-workspace\.yaml$", _manifests_data.pnpm_workspace),
        (r"(^|/)pyproject\.toml$", _manifests_python.pyproject),
        (r"(^|/)Pipfile$", _manifests_python.pipfile),
        (r"(^|/)setup\.py$", _manifests_python.setup_py),
        (r"(^|/)setup\.cfg$", _manifests_python.setup_cfg),
        (
            r"(^|/)([\w.-]*[-_.])?requirements[\w.-]*\.(txt|in|pip)$|(^|/)requirements/[\w.-]+\.(txt|in|pip)$",
            _manifests_python.requirements,
        ),
        (r"(^|/)go\.mod$", _manifests_lines.go_mod),
        (r"(^|/)Cargo\.toml$", _manifests_data.cargo),
        (r"(^|/)(Gemfile|gems\.rb)$", _manifests_lines.gemfile),
        (r"\.gemspec$", _manifests_lines.gemspec),
        (r"(^|/)pom\.xml$", _manifests_xml.pom),
        (r"(^|/)[\w.-]*build\.gradle(\.kts)?$", _manifests_lines.gradle),
        (r"(^|/)gradle/[\w.-]*libs\.versions\.toml$", _manifests_data.version_catalog),
        (r"\.(cs|fs|vb)proj$|(^|/)Directory\.Packages\.props$|(^|/)packages\.config$", _manifests_xml.msbuild),
        (r"(^|/)composer\.json$", _manifests_data.composer),
        (r"(^|/)mix\.exs$", _manifests_lines.mix),
        (r"(^|/)pubspec\.ya?ml$", _manifests_data.pubspec),
        (r"(^|/)Package\.swift$", _manifests_lines.swift),
    )
)
"""Where a manifest lies, and what parses it."""
_OF_OTHERS = frozenset({"vendored", "example", "aside"})
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
        return file.role not in _OF_OTHERS and not file.is_set_aside and _parser(file.path) is not None

    def read(self, source: SourceFile) -> None:
        if source.file.language == "go":
            self._declare(source)
            return
        if len(source.data) > MAX_BYTES:
            raise FormatError(f"{len(source.data):,} bytes are too many for a manifest")
        parse = _parser(source.path)
        assert parse is not None  # what is read was wanted
        parsed = parse(source)
        if parsed.workspace:
            self._workspaces[source.path.rpartition("/")[0]] = parsed.workspace
        if parsed.pinned_by:
            self._pinned[source.path] = parsed.pinned_by
        if parsed.manifest:
            role = "test" if source.file.role == "test" else "source"
            self._found.append(parsed.manifest.model_copy(update={"role": role}))

    def finish(self, files: Files) -> Fact:
        locks = _locks.Locks(files, self._workspaces, self._pinned, self._go)
        return Manifests(files=tuple(locks.completed(m) for m in sorted(self._found, key=lambda m: m.path)))

    def _declare(self, source: SourceFile) -> None:
        """Note which Go package lives in the folder: only ``main`` makes a command."""
        if match := _GO_PACKAGE.search(source.data, 0, 50_000):
            folder = source.path.rpartition("/")[0]
            self._go[folder] = self._go.get(folder, frozenset()) | {match[1].decode()}


def _parser(path: str) -> Callable[[SourceFile], Parsed] | None:
    name = path.rpartition("/")[2]
    if name not in _NAMES and not name.endswith(_ENDINGS) and "requirements" not in path:
        return None
    return next((parse for pattern, parse in _KINDS if pattern.search(path)), None)
