"""The process that asks the rules of others; it takes in no more of gonogo than it needs, since each run begins one."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

from .ruleset import loaded

MEMORY = 4_000_000_000
"""Bytes of address space that the process may take."""


def main() -> None:
    """What the process does."""
    if sys.platform == "linux":
        import resource  # it is not to be had on every system

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    rules = loaded(datetime.now(UTC).date())
    _say(json.dumps(rules.about._asdict()).encode())
    while header := sys.stdin.buffer.readline(100):
        data = sys.stdin.buffer.read(int(header))
        if len(data) < int(header):
            return
        _say(json.dumps(rules.scan(data)).encode())


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
