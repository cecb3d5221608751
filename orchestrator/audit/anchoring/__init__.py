"""The anchoring room: where a record's head is written down outside its folder, and held against it."""

from ._anchor import STDOUT, Anchor, Anchored, anchor, check

__all__ = ["STDOUT", "Anchor", "Anchored", "anchor", "check"]
