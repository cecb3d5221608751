"""The clock that a run gets its time from."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Now, in UTC with microseconds as ISO 8601; the date is formatted once a second."""

    def __init__(self) -> None:
        self._second = -1
        self._prefix = ""

    def __call__(self) -> str:
        second, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        if second != self._second:
            self._second = second
            self._prefix = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        return f"{self._prefix}{nanoseconds // 1000:06d}Z"
