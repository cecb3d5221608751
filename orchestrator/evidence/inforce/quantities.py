"""Reads amounts of CPU, memory and time as Kubernetes and Docker write them, and says which make no sense."""

from __future__ import annotations

import re

MOST_CPU = 1_000.0
"""Cores of one container; no machine that can be rented has so many."""
MOST_MEMORY = 64.0 * 2**40
"""Bytes of one container, likewise."""

_QUANTITY = re.compile(r"([+-]?\d{1,30}(?:\.\d{0,30})?|[+-]?\.\d{1,30})(?:[eE]([+-]?\d{1,2})|([numkKMGTPE]i?)?)")
_FACTORS = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
_BINARY = {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50, "Ei": 2.0**60, "ki": 2.0**10}
_DURATION = re.compile(r"(\d{1,12}(?:\.\d{0,9})?)(ns|us|µs|ms|s|m|h|d)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def quantity(value: object) -> float | None:
    """*value* (``500m``, ``2``, ``1e9``, ``64Mi``) as a number; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    found = _QUANTITY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    number, power, suffix = found.groups()
    factor = 10.0 ** int(power) if power else (_FACTORS | _BINARY).get(suffix or "")
    return None if factor is None else float(number) * factor


def whole(value: object) -> int | None:
    """*value* as a count, also where it is written as text; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?\d{1,15}", value.strip()) else None
    return int(value) if isinstance(value, int) or (isinstance(value, float) and value.is_integer()) else None


def seconds(value: object) -> float | None:
    """A duration such as ``1m30s`` or ``500ms`` in seconds; None where it is none."""
    if not isinstance(value, str) or len(value) > 60:
        return None
    parts = _DURATION.findall(value)
    if not parts or "".join(number + unit for number, unit in parts) != value.strip():
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def senseless(resource: str, value: object) -> str:
    """Why *value* bounds nothing as an amount of *resource*; empty where it may."""
    amount = quantity(value)
    most = {"cpu": MOST_CPU, "memory": MOST_MEMORY}.get(resource)
    if amount is None or most is None:
        return ""
    if amount <= 0:
        return f"of {value} bounds nothing"
    return f"of {value} is more than any machine has" if amount > most else ""
