"""Judges the lines of a file without a syntax tree: only a comment that is a whole line is told from all else."""

from __future__ import annotations

from ..force import IN_FORCE, Force, unknown, void

COMMENTED = void("is commented out")
_UNREAD = frozenset(
    [
        "groovy",
        "fsharp",
        "c",
        "cpp",
        "swift",
        "objective-c",
        "dart",
        "erlang",
        "clojure",
        "haskell",
        "lua",
        "perl",
        "r",
        "powershell",
    ]
)
"""Programming languages whose syntax nobody here reads."""


class Lines:
    """
    What is in force of a file that is judged by its lines.

    Args:
        data: The file.
        language: What it is written in; markup and text, which do not run, are in force where they are no comment.
    """

    def __init__(self, data: bytes, language: str) -> None:
        self._data = data
        self._language = language
        self._force = IN_FORCE
        if language in _UNREAD:
            self._force = unknown(f"cannot be told to run, since gonogo does not read the syntax of {language}")

    def running(self, start: int, end: int) -> bytes:
        """The bytes from *start* to *end*, the beginning of a line; blank if it is a comment."""
        line = self._data[start:end]
        text = line[:40].decode("utf-8", "replace").strip()
        commented = _is_comment(text, self._language) or _in_block_comment(self._data, start, self._language)
        return b" " * len(line) if commented else line

    def judge(self, start: int, end: int) -> Force:
        """What is to be said of all code in the file."""
        return self._force


_LOOK_BACK = 20_000
_BLOCKS = frozenset(
    [
        "javascript",
        "typescript",
        "vue",
        "svelte",
        "go",
        "java",
        "kotlin",
        "scala",
        "groovy",
        "php",
        "csharp",
        "rust",
        "c",
        "cpp",
        "swift",
        "dart",
        "css",
    ]
)


def _in_block_comment(data: bytes, start: int, language: str) -> bool:
    """
    Whether the line that begins at *start* lies inside a block comment of a C-like language.

    Only a comment that opens a line counts, since ``/*`` is also how many path patterns are written in strings.
    """
    if language not in _BLOCKS:
        return False
    floor = max(start - _LOOK_BACK, 0)
    closed = data.rfind(b"*/", floor, start)
    opened = data.rfind(b"/*", max(closed, floor), start)
    while opened >= 0:
        line = data.rfind(b"\n", floor, opened) + 1
        if not data[line:opened].strip():
            return True
        opened = data.rfind(b"/*", max(closed, floor), opened)
    return False


_HASH = frozenset({"python", "ruby", "shell", "perl", "r", "elixir", "powershell", ""})


def _is_comment(line: str, language: str) -> bool:
    """Whether a trimmed line is nothing but a comment, told from its first characters."""
    if language in _HASH and line.startswith("#"):
        return True
    if language in ("sql", "lua", "haskell") and line.startswith("--"):
        return True
    if language == "html":
        return line.startswith("<!--")
    return language not in _HASH and line.startswith(("//", "/*", "* ", "*/"))
