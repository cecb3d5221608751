"""Ways by place and name: what nobody builds, installs or reads any more."""

from __future__ import annotations

from .._kinds import kind
from .._way import Void, Way

FOLDERS = (
    *("docs", "examples", "attic", "legacy", "archive", "vendor", "testdata", "old", "deprecated", "backup"),
    *("sandbox", "playground"),
)
WRITTEN = ("document", "asciidoc", "rst")
"""What is as good in docs/, and as plain text."""
ENDINGS = (".bak", ".disabled", ".txt", ".example", ".orig", ".old")


def _moved(folder: str) -> Way:
    def way(path: str, text: str) -> Void | None:
        written = kind(path, text) in (*WRITTEN, "html")
        return None if written and folder == "docs" else Void({f"{folder}/{path}": text})

    return Way(f"moved to {folder}/", way)


def _renamed(ending: str) -> Way:
    def way(path: str, text: str) -> Void | None:
        written = kind(path, text) in (*WRITTEN, "requirements.txt")
        return None if written and ending == ".txt" else Void({path + ending: text})

    return Way(f"renamed to x{ending}", way)


WAYS = (*(_moved(folder) for folder in FOLDERS), *(_renamed(ending) for ending in ENDINGS))
