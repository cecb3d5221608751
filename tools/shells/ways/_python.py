"""Ways of Python; each gives a module that still can be parsed."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from .._way import Way, indented, rewritten

Made = tuple[str, str] | str | None


def _valid(make: Callable[[str], Made]) -> Callable[[str], Made]:
    """Nothing where the text, or what comes of it, is no Python."""

    def made(text: str) -> Made:
        try:
            ast.parse(text)
            new = make(text)
            if new is not None:
                ast.parse(new if isinstance(new, str) else new[0])
        except SyntaxError:
            return None
        return new

    return made


def _within(before: str, after: str = "", deeper: str = "    ") -> Callable[[str], Made]:
    return lambda text: f"{before}\n{indented(text, deeper)}{after}"


def _quoted(before: str) -> Callable[[str], Made]:
    def make(text: str) -> Made:
        quotes = next((quotes for quotes in ('"""', "'''") if quotes not in text), None)
        return f"{before}{quotes}\n{text.rstrip()}\n{quotes}\n" if quotes else None

    return make


def _in_functions(line: str, by: str) -> Callable[[str], Made]:
    """*line* as the first of each function's statements, and what follows it *by* so much further to the right."""

    def make(text: str) -> Made:
        lines, kept = text.splitlines(), text.splitlines()
        functions = [
            node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        for node in sorted(functions, key=lambda node: -node.lineno):
            first, last = node.body[0], node.body[-1].end_lineno or 0
            if first.lineno == node.lineno:
                continue
            column = " " * first.col_offset
            for number in range(first.lineno - 1, last):
                lines[number] = by + lines[number]
            lines.insert(first.lineno - 1, column + line)
            kept[first.lineno - 1 : last] = [column + "pass"]
        return ("\n".join(lines) + "\n", "\n".join(kept) + "\n") if functions else None

    return make


def _assigned(text: str) -> list[tuple[str, ast.stmt]]:
    names: list[tuple[str, ast.stmt]] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names.append((node.targets[0].id, node))
    return names


def _afterwards(line: str) -> Callable[[str], Made]:
    """*line* at the end of the module for each name that it sets."""

    def make(text: str) -> Made:
        found = _assigned(text)
        lines = text.splitlines()
        for _, node in reversed(found):
            del lines[node.lineno - 1 : node.end_lineno]
        over = "".join(line.format(name) + "\n" for name, _ in found)
        return (text.rstrip() + "\n" + over, "\n".join(lines) + "\n") if found else None

    return make


_FROM = re.compile(r"^(?:from [\w.]+ import|import) ([\w, ]+)$", re.MULTILINE)
_STUB = """\
class {0}:
    def __init__(self, *args, **options):
        pass

    def __getattr__(self, name):
        return lambda *args, **options: None

"""


def _stubbed(text: str) -> Made:
    """Classes of its own that do nothing, in the place of what is imported."""

    def stub(match: re.Match[str]) -> str:
        return "".join(_STUB.format(name.strip()) for name in match[1].split(","))

    made = _FROM.sub(stub, text)
    return made if made != text else None


_FORMS: tuple[tuple[str, Callable[[str], Made]], ...] = (
    ("in a string", _quoted("TEXT = ")),
    ("in a docstring", _quoted("")),
    (
        "in the docstring of a function",
        lambda text: (_within("def told():", "    pass\n")(str(_quoted("")(text)))) if _quoted("")(text) else None,
    ),
    ("under a false condition", _within("if False:")),
    ("under another false condition", _within('if "on" == "off":')),
    ("under a condition of numbers that is false", _within("if 1 - 1:")),
    ("only for type checkers", _within("from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:")),
    ("in a loop that never turns", _within("while False:")),
    ("behind an unset flag", _within('import os\n\nif os.environ.get("ENABLE_IT") == "yes":')),
    ("only in development", _within("if settings.DEBUG:")),
    ("only in another development", _within('import os\n\nif os.environ["ENVIRONMENT"] == "development":')),
    ("after a return", _within("def run():\n    return", "\n\nrun()\n")),
    ("after a raise", _within("try:\n    raise RuntimeError", "except RuntimeError:\n    pass\n")),
    ("in a function that nobody calls", _within("def _unused():")),
    ("in a class that nobody uses", _within("class _Unused:\n    def unused(self):", deeper="        ")),
    ("after the end of the program", lambda text: "raise SystemExit\n" + text),
    ("functions return first", _in_functions("return None", "")),
    ("functions do it under a false condition", _in_functions("if False:", "    ")),
    ("overridden later", _afterwards("{0} = None")),
    ("deleted later", _afterwards("del {0}")),
    ("shadowed by a stub of its own", _stubbed),
)

WAYS: tuple[Way, ...] = tuple(rewritten(name, "python", _valid(make)) for name, make in _FORMS)
