"""Keeps credentials out of what Python and its libraries write to standard error."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from ..redaction import redact


def guard() -> None:
    """From now on redact what libraries log and warn of, and errors that no one has waited for."""
    make = logging.getLogRecordFactory()

    def record(*args: Any, **more: Any) -> logging.LogRecord:
        return _without(make(*args, **more))

    logging.setLogRecordFactory(record)
    logging.captureWarnings(True)
    threading.excepthook = lambda stray: _tell(stray.exc_type, stray.exc_value, stray.exc_traceback)
    sys.unraisablehook = lambda stray: _tell(stray.exc_type, stray.exc_value, stray.exc_traceback)


def _without(record: logging.LogRecord) -> logging.LogRecord:
    try:
        said = record.getMessage()
    except (TypeError, ValueError, KeyError):  # its words and its values do not go together
        said = str(record.msg)
    record.msg, record.args = redact(said), ()
    if record.exc_info and record.exc_info[0] is not None:
        record.exc_text = redact("".join(traceback.format_exception(*record.exc_info)).rstrip())
    return record


def _tell(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
    if kind is not None and sys.stderr is not None:
        sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))
