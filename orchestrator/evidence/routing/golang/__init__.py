"""Reads routes and guards of Go."""

from .packages import module_of, routes
from .reading import read_go

__all__ = ["module_of", "read_go", "routes"]
