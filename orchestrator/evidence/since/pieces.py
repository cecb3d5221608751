"""Cuts a file into pieces that say something together, so that a change tells of which lines it may matter for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..classify import CONFIG, language
from .difference import Change, Compared, stretches

_DOCUMENT = re.compile(rb"---(\s|$)")
_STARTS = re.compile(rb"[A-Za-z_@$<\[\"'`]")
"""What a line begins with that begins a piece: not what is indented, closes something or only comments."""
_BRINGS = re.compile(
    rb"(?:import|from|use|using|require|require_relative|include|package|(?:const|let|var)\s[\w{},\s]{1,150}=\s*require)\b"
)
"""Lines at the margin that decide about nothing below them but what is brought in."""
_IN_STEPS = (".tf", ".tfvars", ".hcl", ".sql")
"""Files of independent pieces that are no program's."""
_OF_A_RELEASE = re.compile(
    rb"\s*(?:-\s+)?[\"']?(?:image|tag|newTag|version|appVersion|targetRevision|app\.kubernetes\.io/version|"
    rb"helm\.sh/chart)[\"']?\s*:\s*[^{\[&*|>]*$"
)
"""What every release changes, and what decides about nothing but itself: the name of an image, a version."""
_HASH = (".yaml", ".yml", ".py", ".rb", ".tf", ".tfvars", ".hcl", ".sh", ".toml", ".properties", ".ini", ".ex", ".exs")
_SLASHES = (".js", ".jsx", ".ts", ".tsx", ".go", ".java", ".kt", ".cs", ".rs", ".php", ".swift", ".scala", ".dart")


def near(path: str, data: bytes, compared: Compared) -> tuple[tuple[int, int], ...]:
    """
    The lines of *data*, the file *path* as it is reviewed, that stand in a piece with something that changed.

    A document of YAML is one piece; so is every other file of configuration as a whole. Of a program a piece goes from
    one line at the margin to the next; where a line at the margin was removed that brings in more than a name, the file
    is one piece, since whatever stands there may be about all of it.
    """
    changes = [change for change in compared.changes if matters(path, change)]
    if not changes:
        return ()
    lines = data.split(b"\n")
    starts = _starts(path, lines, [line for change in changes for line in change.removed])
    ends = [*(start - 1 for start in starts[1:]), max(len(lines), 1)]
    return stretches(bound for bound in zip(starts, ends, strict=True) if any(_meets(bound, c) for c in changes))


def matters(path: str, change: Change) -> bool:
    """Whether *change* can decide about other lines: it is neither a comment alone nor a version for another."""
    said = [line.strip() for line in (*change.removed, *change.added)]
    mark = b"#" if path.endswith(_HASH) else b"//" if path.endswith(_SLASHES) else b""
    if all(not line or (mark and line.startswith(mark)) for line in said):
        return False
    one_for_one = len(change.removed) == len(change.added) and path.endswith((".yaml", ".yml", ".json"))
    return not (one_for_one and all(_OF_A_RELEASE.fullmatch(line.rstrip(b",")) for line in said))


def _starts(path: str, lines: Sequence[bytes], removed: Sequence[bytes]) -> list[int]:
    """The first line of each piece."""
    suffix = "." + path.rpartition(".")[2].lower()
    if suffix in (".yaml", ".yml"):
        marks = [number for number, line in enumerate(lines, 1) if _DOCUMENT.match(line)]
    elif suffix in _IN_STEPS or (language(path) and suffix not in CONFIG):
        if any(_STARTS.match(line) and not _BRINGS.match(line) for line in removed):
            return [1]
        marks = [number for number, line in enumerate(lines, 1) if _STARTS.match(line)]
    else:
        marks = []
    return sorted({1, *marks})


def _meets(bound: tuple[int, int], change: Change) -> bool:
    """Whether *change* stands in the piece of *bound*, or at its edge where something is no more."""
    first, last = change.lines
    edges = (first - 1, last + 1) if change.removed else (first, last)
    return edges[0] <= bound[1] and bound[0] <= edges[1]
