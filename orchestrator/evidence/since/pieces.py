"""Cuts a file into pieces that say something together, so that a change tells of which lines it may matter for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..classify import CONFIG, language
from .difference import Compared, stretches

_DOCUMENT = re.compile(rb"---(\s|$)")
_STARTS = re.compile(rb"[A-Za-z_@$<\[\"'`]")
"""What a line begins with that begins a piece: not what is indented, closes something or only comments."""
_BRINGS = re.compile(
    rb"\s*(import\b|from\s|use\s|using\s|require\b|include\b|#|//|/\*|\*|--|package\b|[)\]}]|;|$)", re.IGNORECASE
)
"""Lines at the margin that decide about nothing below them: what is brought in, comments, ends."""
_IN_STEPS = (".tf", ".tfvars", ".hcl", ".sql")
"""Files of independent pieces whose names are no programming language's, or whose pieces matter apart."""


def near(path: str, data: bytes, compared: Compared) -> tuple[tuple[int, int], ...]:
    """
    The lines of *data*, the file *path* as it is reviewed, that stand in a piece with something that changed.

    A document of YAML is one piece; so is every other file of configuration as a whole. Of a program a piece goes from
    one line at the margin to the next; where a line at the margin was removed that is more than an import, a comment
    or an end, the file is one piece, since whatever stands there may be about all of it.
    """
    lines = data.split(b"\n")
    last = max(len(lines), 1)
    starts = _starts(path, lines, compared.removed)
    bounds = [*zip(starts, [*(start - 1 for start in starts[1:]), last], strict=True)]
    changed = sorted({*_ends(compared.added), *(at for cut in compared.cuts for at in (cut, cut + 1))})
    return stretches(bound for bound in bounds if _meets(bound, changed, compared.added))


def _starts(path: str, lines: Sequence[bytes], removed: Sequence[bytes]) -> list[int]:
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


def _ends(added: Iterable[tuple[int, int]]) -> list[int]:
    return [line for stretch in added for line in stretch]


def _meets(bound: tuple[int, int], changed: Sequence[int], added: Iterable[tuple[int, int]]) -> bool:
    first, last = bound
    return any(first <= line <= last for line in changed) or any(a <= first and last <= b for a, b in added)
