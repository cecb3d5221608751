"""Reads Python source as a syntax tree, within what the interpreter stands."""

from __future__ import annotations

import ast
import warnings

from ..errors import FormatError


def parse(text: str) -> ast.Module:
    """
    The syntax tree of *text*.

    Raises:
        FormatError: It is not Python 3, or too deep or too odd for the parser.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise FormatError(f"not Python: {error.msg}", error.lineno or 1, error.offset or 1) from None
    except (RecursionError, MemoryError):
        raise FormatError("nested too deeply") from None
    except ValueError as error:
        raise FormatError(f"not Python: {error}") from None
