"""Lists the parts that a product is built of: each folder that is built by itself, and what is written there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatch
from typing import NamedTuple

from orchestrator import ALL, LANGUAGE_FAMILIES, Code, Dockerfiles, Files, Manifest, Manifests, Signal, reaches

from ._flow import Step

MEMBERS = Signal(
    id="integration.members",
    pattern=r"<module>|\binclude(?:Build)?\s*[(\"':]|^\s*members\s*=|\bapps_path:|\"workspaces\"\s*:",
    roles=("source", "config", "other"),
    kept=ALL,
)
"""Lines by which the build of a folder takes in folders below it."""
_TAKES_IN = re.compile(r"(?:^|/)(?:go\.work|pnpm-workspace\.yaml|[^/]+\.slnx?)$")
"""Files that do."""
_LANGUAGES = {
    "npm": "javascript",
    "pypi": "python",
    "go": "go",
    "cargo": "rust",
    "rubygems": "ruby",
    "maven": "java",
    "nuget": "csharp",
    "packagist": "php",
    "hex": "elixir",
    "pub": "dart",
    "swift": "swift",
}
"""Where packages come from, and the family of the language that they are written in."""
_ASIDE = re.compile(
    r"(?:^|/)(?:load|perf|bench\w*|infra\w*|iac|cdk|terraform|deploy\w*|ops|tools?|hack|scripts?|dev|website|docs?|site|"
    r"e2e|examples?|samples?|fixtures?|\.[\w.-]+)(?:/|$)"
)
"""Folders of what is not shipped."""
_TOOLS = re.compile(r"(?:dev|test|docs?|lint|ci|tools?|build)[\w-]*\.(?:txt|in)$")
"""Lists of what only those who work on the product install."""


class Part(NamedTuple):
    """What is built by itself: the source below one folder, in one family of languages."""

    folder: str
    """Empty for the whole tree."""
    language: str

    @property
    def said(self) -> str:
        return self.folder or f"what is written in {self.language}"


def parts(files: Files, manifests: Manifests, code: Code) -> list[Part]:
    """The parts of a product that have programs; a folder that the build of one above takes in is of that one."""
    declared = {part for manifest in manifests.files if (part := _declared(manifest))}
    above = {_folder(entry.path): "" for entry in files.entries if _TAKES_IN.search(entry.path)}
    for hit in code[MEMBERS].places:
        above[_folder(hit.path)] = f"{above.get(_folder(hit.path), '')} {hit.text}"
    held = {
        part
        for entry in files.entries
        if entry.role == "source" and (part := _nearest(entry.path, _family(entry.language), declared))
    }
    return sorted({part._replace(folder=_home(part.folder, above)) for part in held})


def unreached(every: list[Part], steps: list[Step], dockerfiles: Dockerfiles) -> list[Part]:
    """Those of *every* on which nothing of *steps* works; what may work on anything works on the only one."""
    commands = [c for s in steps for c in s.step.commands if c.heeded]
    told = {part: {reaches(c, part.folder, part.language, dockerfiles) for c in commands} for part in every}
    if any(not s.step.commands for s in steps) or any(None in found for found in told.values()):
        every = every if len(every) > 1 else []
    return [part for part in every if True not in told[part]]


def _declared(manifest: Manifest) -> Part | None:
    """The part that *manifest* declares; a lock file that it shares with others is where it is built."""
    folder, language = _folder(manifest.path), _LANGUAGES.get(manifest.ecosystem)
    if manifest.role != "source" or language is None or _ASIDE.search(folder) or _TOOLS.search(manifest.path):
        return None
    return Part(folder, language)


def _nearest(path: str, language: str, declared: Collection[Part]) -> Part | None:
    """The part that the file at *path* is of."""
    return next((part for folder in _up_from(path) if (part := Part(folder, language)) in declared), None)


def _home(folder: str, above: Mapping[str, str]) -> str:
    """The innermost folder over *folder* whose build takes it in, as far as it says which; itself where none does."""
    return next((one for one in _up_from(folder) if one in above and _lists(above[one], one, folder)), folder)


def _lists(text: str, home: str, folder: str) -> bool:
    """Whether *text* in the folder *home* lists *folder*; it may where it lists none on that line."""
    listed = [m[1].replace(":", "/").strip("/.") for m in _LISTED.finditer(text)]
    inner = folder.removeprefix(home).strip("/")
    return not listed or any(fnmatch(inner, pattern) for pattern in listed)


_LISTED = re.compile(r"[\"'>]:?([\w@.*/-]*[*/:\w-])[\"'<](?!\s*:)")


def _up_from(path: str) -> Iterator[str]:
    """The folders that *path* lies in, the innermost first."""
    while path:
        path = _folder(path)
        yield path


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _family(language: str) -> str:
    return next((name for name, members in LANGUAGE_FAMILIES.items() if language in members), language)
