"""Asks every command that reads a run about runs that anybody can have made, in one process."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

from orchestrator.cli import app

READERS = (
    ("verify", "RUN"),
    ("show", "RUN"),
    ("replay", "RUN"),
    ("replay", "RUN", "--rejudge"),
    ("runs",),
    ("export", "RUN", "-o", "x.run.zip"),
    ("diff", "latest", "RUN"),
    ("anchor", "RUN", "--to", "file:anchors"),
    ("resume", "RUN"),
    ("runs", "prune", "--keep", "1"),
)


def asked(words: tuple[str, ...], run: str) -> dict[str, Any]:
    """How the command ended, and what it said on both streams."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    kept = sys.argv, sys.stdout, sys.stderr
    sys.argv, sys.stdout, sys.stderr = ["gonogo", *(run if w == "RUN" else w for w in words)], streams[0], streams[1]
    try:
        code = app._run()
    finally:
        sys.argv, sys.stdout, sys.stderr = kept
    said = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in streams]
    return {"words": words, "code": code, "out": said[0], "err": said[1]}


def main() -> None:
    """Each argument is a folder with ``runs`` in it; the oldest run there is asked about."""
    found = {}
    for folder in sys.argv[1:]:
        os.chdir(folder)
        run = min(Path("runs").glob("2*"))
        found[folder] = [asked(words, str(run)) for words in READERS]
    print(json.dumps(found))  # to the test that began this process


if __name__ == "__main__":
    main()
