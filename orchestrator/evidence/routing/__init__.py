"""Follows routes from what declares them to the guards that stand before them."""

from .assembling import assembled
from .languages import FOLLOWED, SETTINGS, Assembled, Followed, Said, said_by_settings
from .program import Runs
from .reading import read
from .script import is_place, read_script, script_of
from .summary import Summary

__all__ = [
    "FOLLOWED",
    "SETTINGS",
    "Assembled",
    "Followed",
    "Runs",
    "Said",
    "Summary",
    "assembled",
    "is_place",
    "read",
    "read_script",
    "said_by_settings",
    "script_of",
]
