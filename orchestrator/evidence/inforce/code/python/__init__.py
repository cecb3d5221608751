"""Tells which parts of a Python module run, by its syntax."""

from .contents import Contents
from .judge import PythonJudge

__all__ = ["Contents", "PythonJudge"]
