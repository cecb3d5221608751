"""Reads routes and guards of JavaScript and TypeScript."""

from .folders import is_place
from .modules import script_of
from .reading import read_script
from .taking import outermost, taken

__all__ = ["is_place", "outermost", "read_script", "script_of", "taken"]
