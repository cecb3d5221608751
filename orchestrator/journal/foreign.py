"""Reads JSON that anybody can have written."""

from __future__ import annotations

import json
import math
from typing import Any


def parsed(data: bytes) -> Any:
    """
    What *data* says.

    Raises:
        ValueError: It is not JSON, is nested too deeply, or has a number that is not finite; nothing else is raised.
    """
    try:
        return _decode(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except MemoryError:
        raise ValueError("more than there is memory for") from None


def _finite(said: str) -> float:
    number = float(said)
    if not math.isfinite(number):
        raise ValueError(f"'{said[:20]}' is not a finite number")
    return number


_decode = json.JSONDecoder(parse_float=_finite, parse_constant=_finite).decode
