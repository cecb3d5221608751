"""Keeps what is made of gonogo's own files, where Python keeps what its modules come to."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any


def kept(path: Path, of: str) -> Any:
    """
    What :func:`keep` was given for the file at *path*; None where it was nothing, or for something else than *of*.

    Args:
        path: One of gonogo's own files.
        of: A digest of all that has a say in what is made of it.
    """
    try:
        said = json.loads(_place(path).read_bytes())
        return said["made"] if said["of"] == of else None
    except (OSError, ValueError, LookupError, TypeError, NotImplementedError):  # none was kept, or not all of it
        return None


def keep(path: Path, of: str, made: Any) -> None:
    """Keep what was *made* of the file at *path*, unless Python keeps nothing either or nobody may write there."""
    if sys.dont_write_bytecode:
        return
    with contextlib.suppress(OSError, NotImplementedError):
        place = _place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        whole = place.with_name(f"{place.name}.{os.getpid()}")
        whole.write_text(json.dumps({"of": of, "made": made}), "utf-8")
        whole.replace(place)


def _place(path: Path) -> Path:
    return Path(cache_from_source(str(path))).with_suffix(".json")
