"""Says of documents that are there and not counted why they are not, so that nobody looks for them."""

from __future__ import annotations

from collections.abc import Iterator

from ..domain.fact import Source
from ..domain.sentence import many
from ..evidence.facts.documents import Documents
from .checks import Draft, unsure


def unjudged(documents: Documents, *words: str, criterion: str = "") -> Iterator[Draft]:
    """What is written about one of *words*, and is not counted: it is filler, a draft, withdrawn or denied."""
    idle = documents.idle(*words)
    for aside in idle[:1]:
        others = f"; {many(len(idle) - 1, 'other')} likewise" if len(idle) > 1 else ""
        what = f"{aside.what[:1].upper()}{aside.what[1:]} of {aside.path}" if aside.line else aside.path
        yield unsure(
            f"{what} {aside.reason}{others}", Source(path=aside.path, line=aside.line or 1), criterion=criterion
        )
