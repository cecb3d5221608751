"""Logs diagnostics: for those who work on gonogo, apart from the record and never with a secret."""

from __future__ import annotations

import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

from .redaction import redacted

_LEVELS = {"debug": 10, "info": 20, "warning": 30}
_heard: list[Any] = []
"""What gives loggers since :func:`configure` has been called; it takes long to import, and mostly nobody listens."""


class Logger:
    """
    The logger of a room; it says nothing until :func:`configure` has been called.

    Args:
        room: Who says it.
    """

    def __init__(self, room: str) -> None:
        self._room = room

    def debug(self, event: str, **about: Any) -> None:
        """Say what helps to find a mistake of gonogo."""
        self._say("debug", event, about)

    def info(self, event: str, **about: Any) -> None:
        """Say what went as it should."""
        self._say("info", event, about)

    def warning(self, event: str, **about: Any) -> None:
        """Say what did not."""
        self._say("warning", event, about)

    def _say(self, level: str, event: str, about: Mapping[str, Any]) -> None:
        for given in _heard:
            getattr(given(room=self._room), level)(event, **about)


def logger(room: str) -> Logger:
    """The logger of a room."""
    return Logger(room)


def configure(level: str) -> None:
    """
    Log to standard error from *level* (``debug``, ``info`` or ``warning``) up.

    One JSON object a line, or aligned columns on a terminal. Strings are redacted like those of the record,
    however deep they lie, and so is what anything else says of itself.
    """
    import structlog

    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _withheld,
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    _heard[:] = [structlog.get_logger]


def _withheld(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    said: dict[str, Any] = redacted({key: _as_json(value) for key, value in event.items()})
    return said


def _as_json(value: Any, depth: int = 0) -> Any:
    """*value* as strings, numbers, lists and mappings; of anything else what it says of itself."""
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return {str(key): _as_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple) and depth < _DEEPEST:
        return [_as_json(item, depth + 1) for item in value]
    return repr(value)


_DEEPEST = 10
