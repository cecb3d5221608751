"""The comparing room: what a release has gained and lost from one run to another, and which numbers changed."""

from __future__ import annotations

from ._difference import Change, Difference, compare
from ._measures import MeasureChange

__all__ = ["Change", "Difference", "MeasureChange", "compare"]
