"""Reads the numbers that modules give names at their top, and follows a name to the module that gives it one."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Container, Iterator

from ...host.late import late
from .code.python._folding import fold
from .code.python.importing import file_of

_MOST = 500
"""Names of one module."""
_LONGEST = 80
_MAY_BE = late(r"\s*[-+(]*\s*\d")
_SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")
_PYTHON = re.compile(r"^([A-Za-z_]\w{0,80})[ \t]*(?::[ \t]*[\w.\[\], |]{1,60})?=(?!=)([^#\n]*)", re.MULTILINE)
_SCRIPT = re.compile(
    r"^(?:export[ \t]+)?(?:const|let|var)[ \t]+([A-Za-z_$][\w$]{0,80})[ \t]*(?::[ \t]*\w{1,60}[ \t]*)?=(?!=)([^;/\n]*)",
    re.MULTILINE,
)
_FROM = late(r"^[ \t]*from\s+([\w.]{1,200})\s+import\s+(\([^)]{1,4000}\)|[^\n#(]{1,1000})", re.MULTILINE)
_IMPORT = late(r"^[ \t]*import\s+([\w.]{1,200})(?:\s+as\s+(\w{1,80}))?[ \t]*(?:#.*)?$", re.MULTILINE)
_TAKES = late(
    r"(?:import\s+(?:type\s+)?\{([^}]{1,4000})\}\s*from|(?:const|let|var)\s+\{([^}]{1,4000})\}\s*=\s*require\()\s*['\"]([^'\"\n]{1,200})['\"]"
)
_WHOLE = late(
    r"(?:import\s+(?:\*\s+as\s+)?(\w{1,80})\s+from|(?:const|let|var)\s+(\w{1,80})\s*=\s*require\()\s*['\"](\.[^'\"\n]{1,200})['\"]"
)


def numbers(text: str, path: str) -> dict[str, float]:
    """The names at the top of a module of Python or JavaScript that stand for a number; the last word counts."""
    pattern = _PYTHON if path.endswith(".py") else _SCRIPT if path.endswith(_SCRIPTS) else None
    found: dict[str, float] = {}
    for match in pattern.finditer(text) if pattern else ():
        value = _number(match[2])
        if value is not None and (len(found) < _MOST or match[1] in found):
            found[match[1]] = value
        else:
            found.pop(match[1], None)
    return found


def _number(written: str) -> float | None:
    if len(written) > _LONGEST or not _MAY_BE.match(written):
        return None
    try:
        value = fold(ast.parse(written.strip(), mode="eval").body, {})
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def taken(text: str, path: str) -> dict[str, tuple[str, str]]:
    """What each name of a module is elsewhere: the module that it is taken from, and its name there, if it has one."""
    return dict(_of_python(text) if path.endswith(".py") else _of_script(text))


def _of_python(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for match in _FROM.finditer(text):
        for part in match[2].strip("()").split(",")[:_MOST]:
            words = part.split("#")[0].split()
            if words and re.fullmatch(r"\w+", words[0]):
                yield words[-1], (match[1], words[0])
    for match in _IMPORT.finditer(text):
        yield match[2] or match[1], (match[1], "")


def _of_script(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for match in _TAKES.finditer(text):
        for part in (match[1] or match[2]).split(",")[:_MOST]:
            words = re.split(r"\s+as\s+|\s*:\s*", part.strip())
            yield words[-1].strip(), (match[3], words[0].strip())
    for match in _WHOLE.finditer(text):
        yield match[1] or match[2], (match[3], "")


def module_at(path: str, module: str, known: Container[str]) -> str | None:
    """The file of *module*, which the one at *path* takes something from; None where the tree has none."""
    if path.endswith(".py"):
        return file_of(path, module, known)
    if not module.startswith("."):
        return None
    stem = posixpath.normpath(posixpath.join(posixpath.dirname(path), module))
    plain = re.sub(r"\.[cm]?js$", "", stem)
    names = (stem, *(f"{plain}{ending}" for ending in _SCRIPTS), *(f"{plain}/index{ending}" for ending in _SCRIPTS))
    return next((name for name in names if name in known), None)
