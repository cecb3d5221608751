"""Reads routes and guards of JavaScript and TypeScript."""

from .folders import is_place
from .modules import script_of
from .reading import read_script

__all__ = ["is_place", "read_script", "script_of"]
