"""The interface of what tells which parts of a file run, and the choice of one by its language."""

from __future__ import annotations

from typing import Protocol

from ..files import judge_of_settings
from ..force import Force
from . import embedded
from .grammars import GRAMMARS
from .lines import Lines
from .python import PythonJudge
from .tree import TreeJudge


class Judge(Protocol):
    """
    What is in force of one file.

    It costs nothing until it is asked, and parses the file once. Places are offsets of bytes in the file.
    """

    def running(self, start: int, end: int) -> bytes:
        """
        The bytes from *start* to *end*, a line or a part of one, with their comments blanked.

        The length stays. A pattern is searched in this, so that no part of what it matches is a comment.
        """

    def judge(self, start: int, end: int) -> Force:
        """
        What is to be said of what a pattern matched from *start* to *end*.

        It is void where it begins in a comment, in a string that only tells, behind a condition that is never true or
        only in development, after what leaves its block, in a function that nobody calls, where it is overridden
        later, or where a stub of this file answers to its name. It cannot be told where a setting decides, and where
        the file could not be read.
        """


def judge_of_tests(data: bytes, path: str, language: str, beside: Judge | None = None) -> TreeJudge | None:
    """
    The judge of a file of tests, which may run in development only; None of a language without a grammar.

    Args:
        data: The file.
        path: Where it stands.
        language: What it is written in.
        beside: Another judge of the file, with which this one shares its syntax.
    """
    if language not in GRAMMARS or path.endswith(".bats"):
        return None
    known = "tsx" if path.endswith((".tsx", ".TSX")) else language
    return TreeJudge(embedded.Program(data, known), data, True, beside if isinstance(beside, TreeJudge) else None)


def judge_of(data: bytes, path: str, language: str) -> Judge:
    """The judge of a file, by the language that it is written in, or by the program whose settings it holds."""
    if language == "python":
        return PythonJudge(data, path)
    if language in ("vue", "svelte"):
        return TreeJudge(embedded.component(data), data)
    if path.endswith(".erb"):
        return TreeJudge(embedded.template(data), data)
    if path.rpartition("/")[2] in ("Gemfile", "Rakefile", "Vagrantfile"):
        language = "ruby"
    if language in GRAMMARS:
        known = "tsx" if path.endswith((".tsx", ".TSX")) else language
        return TreeJudge(embedded.Program(data, known), data)
    return judge_of_settings(data, path) or Lines(data, language)
