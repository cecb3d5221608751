"""Changes JSON as somebody would who knows what it means to be read as."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

DEEP = re.compile(rb'"#deep (\d{1,5})"')
LONG = re.compile(rb'"#long (\d{1,6})"')

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2**63, 10**30, 10**400, 0.0, -0.5, 1e308, float("nan"), float("inf"),
    "", " ", "x", "\0", "\ud800", "\u202e", "é", "²", "\u0663", "a/b", "../x", "/etc/passwd", "-1", "\n",
    "\r\n", "\x1b[31m", "#deep 5000", "#deep 100", "#deep 930", "#deep 970", "#long 100000", "[bold]", "{{ x }}",
    "%s", "sha256:", "sha256:" + "0" * 64, "sha256:" + "é" * 64,
    "0001-01-01", "9999-12-31", "2026-13-01", "0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z",
    "2026-01-01T00:00:00", "2026-01-01", "2026-01-01T00:00:00+14:00", "X-²", "SEC-2.2.1", "not not not service",
    "(" * 60 + "service" + ")" * 60, "service and", "()", "pass", "fail", "unknown", "not_applicable", "critical",
    "completed", "skipped", "file", "model", "PRODUCTION READY", "ROLLBACK", "readiness/run/1", "gonogo/run/1",
    [], {}, [[]], [None], [{}], {"": None}, {"x": {}}, {"value": None}, {"blob": "x"}, {"blob": 1},
    {"blob": None}, ["x", 1],
)  # fmt: skip
"""What values are replaced by; ``#deep`` and ``#long`` grow when they are written."""


def grown(data: bytes) -> bytes:
    """*data* with every ``#deep n`` as lists in lists, and every ``#long n`` as a long text."""
    data = DEEP.sub(lambda m: b"[" * int(m[1]) + b"]" * int(m[1]), data)
    return LONG.sub(lambda m: b'"' + b"x" * int(m[1]) + b'"', data)


def line(value: Any) -> bytes:
    """*value* as canonical JSON, and what canonical JSON has no word for as Python writes it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def changed(value: Any, random: Random) -> Any:
    """A copy of *value* with one to four changes anywhere in it."""
    box = [copy.deepcopy(value)]
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        places = list(_places(box))
        _change(box, *random.choice(places), random, places)
    return box[0]


def _places(value: Any, most: int = 20_000) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) below *value*."""
    stack = [value]
    while stack and most:
        at = stack.pop()
        for key in list(at) if isinstance(at, dict) else range(len(at)):
            most -= 1
            yield at, key
            if isinstance(at[key], dict | list):
                stack.append(at[key])


def _change(box: list[Any], at: Any, key: Any, random: Random, places: list[tuple[Any, Any]]) -> None:
    """One change to what *at* holds under *key*."""
    value = at[key]
    kind = random.randrange(8)
    if kind <= 1:
        at[key] = copy.deepcopy(random.choice(ODD))
    elif kind == 2:
        there, other = random.choice(places)
        if (isinstance(there, dict) and other in there) or (isinstance(there, list) and other < len(there)):
            at[key] = copy.deepcopy(there[other])
    elif kind == 3 and at is not box:
        del at[key]
    elif kind == 4 and isinstance(value, list) and value:
        one = random.choice(value)
        random.choice((lambda: value.append(copy.deepcopy(one)), lambda: random.shuffle(value), value.reverse))()
    elif kind == 5 and isinstance(at, dict) and isinstance(key, str):
        at[random.choice(("", "x", key + "x", "\ud800", "blob", "value", "#", "²", "#long 9000"))] = at.pop(key)
    elif kind == 6:
        at[key] = random.choice(([value], {"value": value}, {str(key): value}, [value, value]))
    else:
        at[key] = _near(value, random)


def _near(value: Any, random: Random) -> Any:
    """Something of the same kind, not far from *value*."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return random.choice((value + 1, value - 1, -value, value * 1000, value // 2))
    if isinstance(value, float):
        return random.choice((value * -1, value / 3, value * 1e300))
    if isinstance(value, str):
        cut = random.randrange(len(value) + 1)
        odd = random.choice(("", "x", "\0", "\ud800", "é", "²", "9", "-", "/", " ", "\n", "[", "`", "<b>", "."))
        return value[:cut] + odd + value[cut + random.choice((0, 0, 1)) :]
    return copy.deepcopy(random.choice(ODD))
