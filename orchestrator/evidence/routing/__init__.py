"""Follows routes from what declares them to the guards that stand before them, by the syntax of their languages."""

from .assembling import assembled
from .program import Runs
from .reading import read
from .script import is_place, read_script, script_of
from .summary import Summary
from .tongue import Tongue
from .tongues import TONGUES

__all__ = ["TONGUES", "Runs", "Summary", "Tongue", "assembled", "is_place", "read", "read_script", "script_of"]
