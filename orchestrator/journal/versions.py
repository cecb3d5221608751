"""Tells versions of the record's format apart, and brings older ones up to date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from ..errors import RecordBroken
from . import foreign
from .known import Known, first, known
from .manifest import RunManifest

FORMAT = "readiness/run/1"
"""What records are written in."""


def _as_it_is(manifest: dict[str, Any]) -> dict[str, Any]:
    """The same; what version 1 has gained since has defaults in the model that say what was so before."""
    return manifest


UPGRADES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    FORMAT: _as_it_is,
    "gonogo/run/1": _as_it_is,  # the same under its earlier name
}
"""Formats that are read, to what makes ``run.json`` one of FORMAT; a reader keeps the two majors before its own."""


def parsed(data: bytes, where: str) -> Known[RunManifest]:
    """
    ``run.json`` as FORMAT has it today.

    Raises:
        RecordBroken: It is malformed, or of a format that this version does not read.
    """
    try:
        manifest = foreign.parsed(data)
    except ValueError:
        raise RecordBroken("run.json cannot be read", where=where) from None
    format_ = manifest.get("format") if isinstance(manifest, dict) else None
    upgrade = UPGRADES.get(format_) if isinstance(format_, str) else None
    if upgrade is None:
        raise RecordBroken(
            f"run.json has format {str(format_)[:60]!r}; this gonogo reads {' and '.join(UPGRADES)}",
            where=where,
            remedy="a record of a later format is read by the gonogo that wrote it, and by later ones",
        )
    try:
        return known(RunManifest, upgrade(manifest))
    except ValidationError as error:
        raise RecordBroken(f"run.json is not as {format_} has it: {first(error)}", where=where) from None
