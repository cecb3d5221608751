"""Writes files with other line ends, and with comments that say nothing."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ._way import by_file

_HASH = frozenset({
    ".py", ".rb", ".yml", ".yaml", ".tf", ".hcl", ".nomad", ".toml", ".ex", ".exs", ".conf", ".cfg", ".sh",
    ".properties",
})  # fmt: skip
_SLASHES = frozenset({
    ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".go", ".cs", ".java", ".kt", ".kts", ".swift", ".rs", ".scala",
    ".gradle", ".bicep", ".c", ".h", ".cpp", ".proto", ".php",
})  # fmt: skip
_BY_NAME = {"Dockerfile": "#", "Gemfile": "#", "requirements.txt": "#", "Makefile": "#", "Procfile": ""}
_SAID = "in this order since the first day"
_OPENING = re.compile(r"\A(?:#!.*\n|<\?php\s*?\n|#\s*(?:syntax|escape)\s*=.*\n|.*\bcoding[:=].*\n|%YAML.*\n)*")
_SHELL = re.compile(r"\A#!|\.(?:sh|bash|bat|env)$|(?:^|/)(?:Makefile|\.env[^/]*)$")


def _sign(path: str) -> str:
    """What begins a comment to the end of a line there; nothing where none is known."""
    file = PurePosixPath(path)
    if file.name in _BY_NAME:
        return _BY_NAME[file.name]
    if file.suffix in _HASH:
        return "#"
    return "//" if file.suffix in _SLASHES else "--" if file.suffix == ".sql" else ""


def _commented(path: str, text: str) -> str | None:
    sign = _sign(path)
    if not sign or not text.strip():
        return None
    opening = _OPENING.match(text)
    at = opening.end() if opening else 0
    end = "" if text.endswith("\n") else "\n"
    closing = "" if re.search(r"\?>\s*\Z|<<-?\w+[^\n]*\n[^\n]*\Z", text) else f"{end}{sign} {_SAID}\n"
    return f"{text[:at]}{sign} {_SAID}\n\n{text[at:]}{closing}"


def _crlf(path: str, text: str) -> str | None:
    if "\r" in text or _SHELL.search(path) or text.startswith("#!"):
        return None
    return text.replace("\n", "\r\n")


WAYS = (by_file("comments added", _commented), by_file("CRLF", _crlf))
