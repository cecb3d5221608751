"""Tells which parts of a Python module run, by its syntax."""

from .contents import Contents
from .importing import file_of
from .judge import PythonJudge

__all__ = ["Contents", "PythonJudge", "file_of"]
