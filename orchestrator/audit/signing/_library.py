"""Asks for the packages of the extra ``sign``; without them it says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import ExtraMissing


@contextmanager
def library() -> Iterator[None]:
    """
    Imports of the extra stand in this.

    Raises:
        ExtraMissing: One of them is not installed.
    """
    try:
        yield
    except ImportError:
        raise ExtraMissing(
            "signatures need securesystemslib, cryptography and rfc3161-client, and not all of them are installed",
            remedy="pip install 'gonogo[sign]'",
        ) from None
