"""Tells which lines of a program can run: one table a language, and one way to read all of them."""

from .judge import Judge, judge_of, judge_of_tests
from .remembering import Remembering

__all__ = ["Judge", "Remembering", "judge_of", "judge_of_tests"]
