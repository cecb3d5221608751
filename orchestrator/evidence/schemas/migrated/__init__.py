"""Reads the tables that migrations in other languages than SQL make, as changes that SQL would make."""

from __future__ import annotations

from .reading import FRAMEWORKS, changes_of, wants

__all__ = ["FRAMEWORKS", "changes_of", "wants"]
