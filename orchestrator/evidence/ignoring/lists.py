"""Reads the files in which a tree lists what tools are to look away from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..facts.ignores import IgnoreList

_FILES: dict[str, str] = {
    ".gitleaksignore": "gitleaks",
    ".trivyignore": "trivy",
    ".trivyignore.yaml": "trivy",
    ".secrets.baseline": "detect-secrets",
    ".semgrepignore": "semgrep",
    ".snyk": "snyk",
    ".hadolint.yaml": "hadolint",
    ".hadolint.yml": "hadolint",
    ".checkov.yaml": "checkov",
    ".checkov.yml": "checkov",
    "brakeman.ignore": "brakeman",
    ".bandit": "bandit",
    ".tfsec/config.yml": "tfsec",
}
_ONLY_WHERE = {
    "checkov": re.compile(r"^skip-(check|path|framework)[ \t]*:", re.MULTILINE),
    "hadolint": re.compile(r"^ignored[ \t]*:", re.MULTILINE),
    "bandit": re.compile(r"^(skips|exclude(_dirs)?)[ \t]*[:=]", re.MULTILINE),
    "snyk": re.compile(r"^ignore[ \t]*:", re.MULTILINE),
    "tfsec": re.compile(r"^exclude[ \t]*:", re.MULTILINE),
}
"""What has to stand in a file of settings so that it lists anything."""
_BY_LINES = frozenset({"gitleaks", "trivy", "semgrep"})


def is_list(path: str) -> bool:
    """Whether the file *path* is such a list by its name."""
    return _tool(path) != ""


def lists_in(path: str, text: str) -> Iterator[IgnoreList]:
    """What the file *path* lists, if it lists anything."""
    tool = _tool(path)
    asked = _ONLY_WHERE.get(tool)
    if asked is not None:
        found = asked.search(text)
        if found is not None:
            yield IgnoreList(path=path, line=text.count("\n", 0, found.start()) + 1, tool=tool)
        return
    if tool in _BY_LINES and not path.endswith(".yaml"):
        entries = sum(1 for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#"))
        if entries:
            yield IgnoreList(path=path, tool=tool, entries=entries)
    elif tool and text.strip():
        yield IgnoreList(path=path, tool=tool)


def _tool(path: str) -> str:
    return next((tool for name, tool in _FILES.items() if path == name or path.endswith(f"/{name}")), "")
