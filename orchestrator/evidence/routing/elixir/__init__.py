"""Reads routes of Elixir: Phoenix's scopes and pipelines, and what stands before the actions of controllers."""

from .assembling import assembled_elixir
from .reading import ElixirFile, read_elixir

__all__ = ["ElixirFile", "assembled_elixir", "read_elixir"]
