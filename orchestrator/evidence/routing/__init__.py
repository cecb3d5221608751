"""Follows routes from what declares them to the guards that stand before them, in Python and in JavaScript."""

from .assembling import assembled
from .reading import read
from .script import is_place, read_script, script_of
from .summary import Summary

__all__ = ["Summary", "assembled", "is_place", "read", "read_script", "script_of"]
