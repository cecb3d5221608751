"""Finds the run before this one, and reads its result through the door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..domain.assessment import Assessment
from ..errors import RecordBroken, ReplayDivergence
from ..host import files
from ..journal.claim import VERDICT
from ..journal.known import first
from ..journal.record import Record, all_runs
from ..journal.step import Door
from ..logs import logger
from . import state as reading
from .judgement import judge
from .terms import terms

_log = logger("engine")
_ASSESSMENTS = TypeAdapter(tuple[Assessment, ...])


def earlier_run(runs: Path, run: str, release: str) -> Path | None:
    """The latest finished run of the same release name before this one."""
    for folder in reversed(all_runs(runs)):
        if folder.name < run and files.is_plain(folder / VERDICT) and not folder.is_symlink():
            try:
                if Record(folder).manifest().release.name == release:
                    return folder
            except RecordBroken:
                continue
    return None


async def assessments(door: Door, folder: Path | None) -> tuple[Assessment, ...]:
    """What the run in *folder* came to; nothing where there is none, or where its record is damaged."""

    async def read() -> Any:
        if folder is None:
            return []
        try:
            state = reading.read(Record(folder))
            if not state.finished:
                return []
            judged = judge(state, terms(Record(folder), state))
        except (RecordBroken, ReplayDivergence) as error:
            _log.warning("an earlier run is damaged and counts for nothing", run=folder.name, error=error.what)
            return []
        return [a.model_dump(mode="json", exclude={"findings"}, exclude_defaults=True) for a in judged.assessments]

    return parsed(await door.step("run", 1, "earlier", {}, read))


def parsed(said: Any) -> tuple[Assessment, ...]:
    """
    The assessments that *said*, which a record can have from anybody, is made of.

    Raises:
        RecordBroken: It is not.
    """
    try:
        return _ASSESSMENTS.validate_python(said)
    except ValidationError as error:
        raise RecordBroken(f"what was recorded of the run before this one cannot be read: {first(error)}") from None
