"""Gives every reader of a file the same judge of what is in force of it, so that its syntax is read once."""

from __future__ import annotations

from .inforce.code import Judge, judge_of
from .inforce.code.python import PythonJudge
from .tree import SourceFile


def judge(source: SourceFile) -> Judge:
    """What tells which parts of *source* are in force."""
    return python(source) if source.file.language == "python" else source.once(_judge)


def python(source: SourceFile) -> PythonJudge:
    """The same of a module of Python, with its syntax."""
    return source.once(_python)


def _judge(source: SourceFile) -> Judge:
    return judge_of(source.data, source.path, source.file.language)


def _python(source: SourceFile) -> PythonJudge:
    return PythonJudge(source.data, source.path)
