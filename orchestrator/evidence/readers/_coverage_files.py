"""Tells from a path whether a file may demand or report coverage."""

from __future__ import annotations

from ...host.late import late
from ..tree import FileEntry

_CONFIGURED = late(
    r"(^|/)(\.coveragerc|setup\.cfg|tox\.ini|pytest\.ini|pyproject\.toml|noxfile\.py|package\.json|pom\.xml|mix\.exs|justfile"
    r"|(jest|vitest|vite|karma)\.conf(ig)?[\w.-]*\.[cm]?[jt]s(on)?|\.nycrc(\.json)?|\.c8rc(\.json)?|\.?codecov\.ya?ml"
    r"|[\w.-]*build\.gradle(\.kts)?|\.simplecov|(spec|test|rails)_helper\.rb|\.testcoverage\.ya?ml|GNUmakefile|[Mm]akefile"
    r"|[Tt]askfile\.ya?ml|Directory\.Build\.props|[\w.-]+\.csproj|coverlet\.runsettings|[\w.-]*(cov|test|check|ci)[\w.-]*\.sh)$"
)
_REPORT = late(
    r"(^|/)(lcov\.info|coverage\.(xml|lcov)|coverage-summary\.json|cobertura[\w.-]*\.xml|jacoco[\w.-]*\.xml|clover\.xml)$"
)


def is_coverage_file(file: FileEntry) -> bool:
    """Whether *file* may demand or report coverage."""
    if file.role in ("vendored", "example", "docs") or file.is_set_aside:
        return False
    if file.role == "test":
        return file.name.endswith(("_helper.rb", ".sh")) or file.name in ("package.json", "pom.xml", "jest.config.js")
    return file.role == "ci" or is_report(file) or bool(_CONFIGURED.search(file.path))


def is_report(file: FileEntry) -> bool:
    """Whether *file* is named like a coverage report."""
    return bool(_REPORT.search(file.path)) and file.role not in ("vendored", "example", "test", "aside")
