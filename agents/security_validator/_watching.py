"""Tells of each manifest whether something looks through the dependencies that it declares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from typing import NamedTuple

from orchestrator import ALL, CiCommand, CiStep, Code, Manifest, Signal, Source

ENTRIES = Signal(
    id="security.dependabot-entries",
    words=("package-ecosystem:", "directory:", "directories:"),
    roles=("config", "ci", "other"),
    kept=ALL,
)
_ECOSYSTEMS = {
    "npm": "npm",
    "pypi": "pip|uv|poetry",
    "go": "gomod",
    "cargo": "cargo",
    "rubygems": "bundler",
    "maven": "maven|gradle",
    "nuget": "nuget",
    "packagist": "composer",
}
"""What Dependabot calls the places that packages come from."""
KNOWN = frozenset(_ECOSYSTEMS)
_FROM_ABOVE = frozenset({"nuget", "maven", "cargo"})
"""Of these it finds the projects below a folder by what that folder lists."""
_PAGES_OF = ("requirements",)
"""Folders of lists that it looks into from the one above."""
_FILE = re.compile(r"^\.github/dependabot\.ya?ml$")
_ECOSYSTEM = re.compile(r"package-ecosystem[\"']?:\s*[\"']?([\w-]+)")
_FOLDER = re.compile(r"director(?:y|ies)[\"']?:\s*(\[[^\]]*\]|[\"'][^\"']*[\"']|[^\s,}#]*)")
_PATH = re.compile(r"[\w@./*-]+")
_TOOLS = {
    "npm": r"\b(?:npm|yarn|pnpm|bun)\b|snyk/actions/node",
    "pypi": r"pip-audit|\bsafety\b|snyk/actions/python",
    "go": r"govulncheck|snyk/actions/golang",
    "cargo": r"\bcargo\b|rustsec|cargo-deny",
    "rubygems": r"\bbundler?\b|snyk/actions/ruby",
    "maven": r"\bmvnw?\b|\bgradlew?\b|snyk/actions/(?:maven|gradle)",
    "nuget": r"\bdotnet\b|snyk/actions/dotnet",
    "packagist": r"\bcomposer\b|snyk/actions/php",
}
"""What looks through the packages of one ecosystem alone; anything else looks at all that it finds below."""


class Entry(NamedTuple):
    """One entry of a configuration of Dependabot."""

    ecosystem: str
    folders: tuple[str, ...]
    """Those that it names, ``*`` standing for anything; empty where they are written in lines of their own."""
    at: Source

    def is_for(self, manifest: Manifest) -> bool:
        """Whether it is of the ecosystem of *manifest*."""
        return re.fullmatch(_ECOSYSTEMS.get(manifest.ecosystem, ""), self.ecosystem) is not None

    def watches(self, manifest: Manifest) -> bool:
        """Whether it looks through what *manifest* declares."""
        return self.is_for(manifest) and (not self.folders or any(_finds(f, manifest) for f in self.folders))


def entries(code: Code) -> list[Entry]:
    """Every entry of Dependabot's configuration, in whichever order it says of what it is and where."""
    found: list[Entry] = []
    said: dict[str, str] = {}
    begun = Source(path="")
    hits = code[ENTRIES].places.under(lambda path: _FILE.search(path) is not None)
    for hit in sorted(hits, key=lambda hit: (hit.path, hit.line)):
        for key, value in _said(hit.text):
            if key in said or hit.path != begun.path:
                found += _entry(said, begun)
                said, begun = {}, hit
            said[key] = value
    return [*found, *_entry(said, begun)]


def _said(line: str) -> Iterator[tuple[str, str]]:
    """What *line* says, in its order: of which ecosystem an entry is, and where."""
    told = [("of", m) for m in _ECOSYSTEM.finditer(line)] + [("where", m) for m in _FOLDER.finditer(line)]
    for key, match in sorted(told, key=lambda one: one[1].start()):
        yield key, match[1]


def _entry(said: dict[str, str], at: Source) -> Iterator[Entry]:
    if "of" in said:
        yield Entry(said["of"], tuple(path.strip("/.") for path in _PATH.findall(said.get("where", ""))), at)


def _finds(folder: str, manifest: Manifest) -> bool:
    """Whether who looks in *folder* finds *manifest*, or the list of a workspace that it is a part of."""
    own, shared = manifest.path.rpartition("/")[0], manifest.lock.rpartition("/")[0] if manifest.lock else None
    if any(here is not None and (here == folder or fnmatch(here, folder)) for here in (own, shared)):
        return True
    inner = own.removeprefix(folder).strip("/") if own.startswith(folder) else "/"
    return inner in _PAGES_OF or (inner != "/" and manifest.ecosystem in _FROM_ABOVE)


def looks_through(steps: Iterable[CiStep], scans: re.Pattern[str], manifest: Manifest) -> bool:
    """Whether one of *steps*, by a command or an action that *scans* finds, looks through what *manifest* declares."""
    for step in steps:
        if scans.search(step.uses) and _is_of(step.uses, manifest):
            return True
        if any(scans.search(c.text) and _is_of(c.text, manifest) and _is_at(c, manifest) for c in step.commands):
            return True
    return False


def _is_of(text: str, manifest: Manifest) -> bool:
    found = [ecosystem for ecosystem, tool in _TOOLS.items() if re.search(tool, text)]
    return not found or manifest.ecosystem in found


def _is_at(command: CiCommand, manifest: Manifest) -> bool:
    """Whether *command* runs where it finds *manifest*, or names it or its folder."""
    folder = manifest.path.rpartition("/")[0]
    if command.folder == "?" or _finds(command.folder, manifest):
        return True
    if re.search(
        rf"(?<![\w-])(?:{re.escape(manifest.path)}|{re.escape(folder or manifest.path)})(?![\w-])", command.text
    ):
        return True
    below = not command.folder or folder.startswith(f"{command.folder}/")
    return below and (_is_of_all(command.text) or "$" in command.text)


def _is_of_all(text: str) -> bool:
    """Whether what *text* calls looks into every folder below."""
    return not any(re.search(tool, text) for tool in _TOOLS.values()) or bool(_RECURSIVE.search(text))


_RECURSIVE = re.compile(r"\s(?:-r|--recursive|--workspaces?|--all|--all-projects)(?:\s|=|$)")
