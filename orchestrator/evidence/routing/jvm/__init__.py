"""Reads routes and guards of Java and Kotlin."""

from .assembling import routes
from .reading import read_java, read_kotlin

__all__ = ["read_java", "read_kotlin", "routes"]
