"""Reads routes and guards of C#."""

from .assembling import routes
from .reading import read_csharp

__all__ = ["read_csharp", "routes"]
