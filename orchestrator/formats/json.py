"""Reads JSON, with the line of every entry or without, and refuses it when no record could hold it."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from ..errors import FormatError
from .yaml import MAX_DEPTH, Parsed, load


def load_json(data: bytes) -> Parsed:
    """Parse JSON with the line of every entry; the rare file that YAML reads otherwise is parsed without lines."""
    body = json_value(data)
    try:
        parsed = load(data.replace(b"\t", b" "))
    except FormatError:
        _refuse_depth(body)
        return Parsed(body, 1, {})
    return Parsed(body, 1, parsed.lines, parsed.columns)


def json_value(data: str | bytes) -> Any:
    """
    JSON without the lines of its entries, which is ten times as fast.

    A number too large for a float stays text, as YAML's ``.inf`` does: no record could hold it.

    Raises:
        FormatError: Malformed, nested too deeply, or with half a surrogate pair, which is not text.
    """
    try:
        body = json.loads(data, parse_float=_finite, parse_constant=_no_number)
        if _SURROGATE.search(data if isinstance(data, str) else data.decode("utf-8", "replace")):
            json.dumps(body, ensure_ascii=False).encode()
    except RecursionError:
        raise FormatError("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise FormatError(f"not JSON: {error.msg}", error.lineno, error.colno) from None
    except UnicodeEncodeError:
        raise FormatError("not JSON: half a surrogate pair") from None
    except ValueError as error:
        raise FormatError(f"not JSON: {error}") from None
    return body


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def _finite(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


def _refuse_depth(body: Any) -> None:
    level, depth = [body], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise FormatError(f"nested more than {MAX_DEPTH} levels deep")
        inner = [v.values() if isinstance(v, dict) else v for v in level if isinstance(v, dict | list)]
        level = [value for values in inner for value in values if isinstance(value, dict | list)]
