"""Tells whether a text is a program in Python, which is only written where it stands in a string."""

from __future__ import annotations

import ast
import re
import textwrap

from .....errors import FormatError
from .....formats.python import parse

_LONGEST = 20_000
_MAY_BE = re.compile(
    r"^[ \t]{0,40}(?:import[ ]\w|from[ ][\w.]{1,80}[ ]import|def[ ]\w|class[ ]\w|async[ ]def|@\w|"
    r"\w[\w.\[\]\"']{0,80} ?= ?[\w.]{1,80}\()",
    re.MULTILINE,
)
_MAY_CALL = re.compile(r"\s{0,9}(?:await )?[A-Za-z_]\w{0,60}(?:\.\w{1,60}){1,5}\(")


def is_program(text: str) -> bool:
    """Whether *text* is a module that imports, defines or makes something."""
    if len(text) > _LONGEST or not _MAY_BE.search(text):
        return False
    return any(map(_makes, _statements(text)))


def is_call(text: object) -> bool:
    """Whether *text* is a call of something's method, such as ``app.use(limiter)``."""
    if not isinstance(text, str) or len(text) > _LONGEST or not _MAY_CALL.match(text):
        return False
    calls = [s.value for s in _statements(text) if isinstance(s, ast.Expr)]
    return any(isinstance(c, ast.Call) and isinstance(c.func, ast.Attribute) for c in calls)


def _makes(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        return isinstance(statement.value, ast.Call)
    return isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def _statements(text: str) -> list[ast.stmt]:
    try:
        return parse(textwrap.dedent(text).strip()).body
    except FormatError:
        return []
