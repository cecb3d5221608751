"""Finds the comments of a file in a dozen dialects, told from strings and from other text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from ...host.late import late
from ..classify import language

_DOUBLE = r'"(?:[^"\\\n]|\\.)*"?'
_SINGLE = r"'(?:[^'\\\n]|\\.)*'?"
_C = r"(?P<c>//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))"
_HASH = r"(?P<c>#[^\n]*)"
_HEREDOC = r"<<[-~]?[ \t]*[\"']?(?P<end>[A-Za-z_]\w*)[\"']?[^\n]*\n(?:(?![ \t]*(?P=end)[ \t]*$)[^\n]*\n)*"
_FAMILIES = {
    "python": rf'(?s:[\w]?"""(?:[^"\\]|\\.|"(?!""))*(?:"""|\Z))|'
    rf"(?s:'''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z))|{_DOUBLE}|{_SINGLE}|{_HASH}",
    "script": rf"{_DOUBLE}|{_SINGLE}|(?s:`(?:[^`\\]|\\.)*`?)|{_C}",
    "go": rf"{_DOUBLE}|{_SINGLE}|(?s:`[^`]*`?)|{_C}",
    "c": rf"{_DOUBLE}|{_SINGLE}|{_C}",
    "php": rf"{_DOUBLE}|{_SINGLE}|(?P<c>//[^\n]*|#(?!\[)[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))",
    "hcl": rf"{_HEREDOC}|{_DOUBLE}|(?P<c>//[^\n]*|#[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))",
    "ruby": rf"{_HEREDOC}|{_DOUBLE}|{_SINGLE}|(?<!\S){_HASH}",
    "shell": rf"{_HEREDOC}|(?s:\"(?:[^\"\\]|\\.)*\"?)|(?s:'[^']*'?)|(?<!\S){_HASH}",
    "yaml": rf"(?<![^\s:,\[{{(-])(?:\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\n]|'')*'?)|(?<!\S){_HASH}",
    "toml": rf'(?s:"""(?:[^"\\]|\\.|"(?!""))*(?:"""|\Z))|{_DOUBLE}|\'[^\'\n]*\'?|{_HASH}',
    "dockerfile": rf"^[ \t]*{_HASH}",
    "lines": rf"^[ \t]*{_HASH}",
    "sql": r"(?s:'(?:[^']|'')*'?)|(?P<c>--[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))",
    "markup": r"(?s:(?P<c><!--(?:(?!-->).)*(?:-->|\Z)))",
}
"""How strings and comments are written, so that what stands in a string is told from a comment."""
_COMPILED = {name: re.compile(pattern, re.MULTILINE) for name, pattern in _FAMILIES.items()}
_OF_LANGUAGE = {
    "python": "python", "javascript": "script", "typescript": "script", "vue": "script", "svelte": "script",
    "go": "go", "java": "c", "kotlin": "c", "scala": "c", "groovy": "c", "csharp": "c", "rust": "c", "c": "c",
    "cpp": "c", "swift": "c", "dart": "c", "php": "php", "ruby": "ruby", "elixir": "ruby", "shell": "shell",
    "perl": "shell", "r": "shell", "powershell": "shell", "sql": "sql", "html": "markup",
}  # fmt: skip
_OF_SUFFIX = {
    ".tf": "hcl", ".tfvars": "hcl", ".hcl": "hcl", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml",
    ".xml": "markup", ".properties": "lines", ".env": "lines", ".ini": "lines", ".cfg": "lines", ".conf": "lines",
}  # fmt: skip
_DOCKERFILE = late(r"(^|/)([\w.-]+\.)?(Dockerfile|Containerfile)([.-][\w.-]+)?$", re.IGNORECASE)
_BLOCK_TEXT = late(r"^(?P<indent>[ ]*)(?:[^#\n]*[:\-][ \t]+)?[|>][-+0-9]{0,2}[ \t]*(?:#[^\n]*)?$")


class Comment(NamedTuple):
    """One line of a comment, without its signs."""

    line: int
    text: str
    alone: bool
    """Whether nothing else stands in its line."""


def dialect(path: str) -> str:
    """How comments are written in the file *path*; empty where that is not known."""
    name = path.rpartition("/")[2]
    if _DOCKERFILE.search(path):
        return "dockerfile"
    suffix = "." + name.rpartition(".")[2].lower() if "." in name else ""
    return _OF_SUFFIX.get(suffix) or _OF_LANGUAGE.get(language(path), "")


def comments(text: str, written_in: str) -> Iterator[Comment]:
    """Every line of every comment of *text*, in order; none for a dialect that is not known."""
    pattern = _COMPILED.get(written_in)
    if pattern is None:
        return
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    within = _block_texts(text) if written_in == "yaml" else frozenset()
    for found in pattern.finditer(text):
        said = found.groupdict().get("c")
        if said is None:
            continue
        at = found.start("c")
        line = bisect_right(starts, at)
        before = text[starts[line - 1] : at].strip()
        after = text[found.end("c") : _end(text, found.end("c"))].strip()
        rows = said.split("\n")
        for offset, row in enumerate(rows):
            if line + offset not in within:
                beside = (before and not offset) or (after and offset == len(rows) - 1)
                yield Comment(line + offset, _bare(row), not beside)


def _end(text: str, at: int) -> int:
    """Where the line ends that *at* is in."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _bare(row: str) -> str:
    """*row* of a comment without the signs that begin and end it."""
    text = row.strip()
    for sign in ("<!--", "/*", "//", "--", "#", "*"):
        if text.startswith(sign):
            text = text[len(sign) :].lstrip(sign[-1] if sign != "<!--" else "")
            break
    return text.removesuffix("*/").removesuffix("-->").strip()


def _block_texts(text: str) -> frozenset[int]:
    """Lines of YAML that are part of a text in several lines, where a ``#`` begins no comment of YAML."""
    inside: set[int] = set()
    indent: int | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if indent is not None:
            blank = not line.strip()
            if blank or len(line) - len(line.lstrip(" ")) > indent:
                inside.add(number)
                continue
            indent = None
        if ("|" in line or ">" in line) and len(line) < 1_000 and (found := _BLOCK_TEXT.match(line.rstrip("\r"))):
            indent = len(found["indent"])
    return frozenset(inside)
