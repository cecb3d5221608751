"""Tells which parts of a Python module run, by its syntax."""

from .judge import PythonJudge

__all__ = ["PythonJudge"]
