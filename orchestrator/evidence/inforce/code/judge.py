"""The interface of what tells which parts of a file run, and the choice of one by its language."""

from __future__ import annotations

from typing import Protocol

from ..force import Force
from .python import PythonJudge


class Judge(Protocol):
    """
    What is in force of one file.

    It costs nothing until it is asked, and parses the file once. Places are offsets of bytes in the file.
    """

    def running(self, start: int, end: int) -> bytes:
        """
        The bytes from *start* to *end*, a line or a part of one, with what is only written there blanked.

        Comments become blanks, and so does the inside of strings that tell of code and are none (a docstring, a
        help text, a template with a program in it). The length stays.
        """

    def judge(self, start: int, end: int) -> Force:
        """
        What is to be said of what a pattern matched from *start* to *end*.

        It is void where it lies in a comment, in a string that only tells, behind a condition that is never true or
        only in development, after what leaves its block, in a function that nobody calls, where it is overridden
        later, or where a stub of this file answers to its name. It cannot be told where a setting decides, and where
        the file could not be read.
        """


def judge_of(data: bytes, path: str, language: str) -> Judge | None:
    """The judge of a file; None for a language that needs none because it is no program (HTML, CSS, text)."""
    return PythonJudge(data, path) if language == "python" else None
