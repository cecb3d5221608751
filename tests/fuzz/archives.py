"""Fuzzes the reader of archives: bytes that are not a zip, zips whose fields contradict each other."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from orchestrator.audit.archive import opened, pack
from orchestrator.audit.replay import verify
from orchestrator.journal.record import Record

from . import zipping
from .harness import Prepared, run
from .mutating import line
from .promise import held, nothing_else
from .seeds import tiny


def prepare(sandbox: Path) -> Prepared:
    whole = sandbox / "whole.run.zip"
    folder = sandbox / "20260102T030405Z-shop-1-abcd"
    tiny(folder)
    pack(Record(folder), whole)
    data = whole.read_bytes()
    form = zipping.form(data)
    few = form | {"members": [m | {"data": "e30="} for m in form["members"][:3]]}
    place = sandbox / "given" / "x.run.zip"
    private = sandbox / "private"
    place.parent.mkdir()
    private.mkdir()
    tempfile.tempdir = str(private)

    def one(data: bytes) -> None:
        said = _form(data)
        place.write_bytes(zipping.write(said) if said is not None else data)
        with nothing_else(sandbox):
            ask(place)

    def another(data: bytes, random: Random) -> bytes:
        said = _form(data)
        if said is not None:
            return line(zipping.mutate(said, random))
        flipped = bytearray(data or b"PK")
        near = len(flipped) if random.random() < 0.5 else min(len(flipped), 200)  # what is listed stands at the end
        for _ in range(random.choice((1, 2, 8))):
            flipped[-random.randrange(1, near + 1)] = random.choice((0, 1, 0xFF, random.randrange(256)))
        return bytes(flipped)

    plain = [zipping.write(few), zipping.write({"members": [], "end": {}}), data[-2000:], data]
    return Prepared([line(form), line(few), *plain], one, another)


def ask(path: Path) -> None:
    """Open and verify what lies at *path*, as `gonogo verify` does."""

    def look() -> Any:
        with opened(path.parent, str(path)) as record:
            return verify(record)

    held(look)


def _form(data: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


if __name__ == "__main__":
    sys.exit(run("tests.fuzz.archives", sys.argv[1:]))
