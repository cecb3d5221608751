"""Leaves of a migration in a language with a grammar what it does when it is run."""

from __future__ import annotations

from contextlib import suppress

from ...errors import FormatError
from .. import judged
from ..inforce.code.strings import TOLD
from ..inforce.code.syntax import Unread
from ..inforce.code.tree import TreeJudge
from ..inforce.force import Force
from ..tree import SourceFile
from .parsed import ParsedMigration


def keep_in_force(source: SourceFile, migration: ParsedMigration) -> None:
    """
    Take out of *migration* the steps that are never come to.

    SQL stands in texts, which are what it runs.

    Raises:
        FormatError: It is void as a whole.
    """
    judge = judged.judge(source)
    if not isinstance(judge, TreeJudge):
        return
    starts = _starts(source)

    def at(line: int) -> Force:
        return judge.reaches(starts[min(max(line, 1), len(starts)) - 1])

    whole, rails = at(migration.line), migration.framework == "rails"
    untold = not whole and (rails or not (whole is TOLD or whole.unless))  # a class of Rails stands in no text
    if untold or (rails and _is_in_method(judge, starts[migration.line - 1])):
        raise FormatError("it cannot be told that what it would do is in force", migration.line)
    migration.steps = [step for step in migration.steps if (force := at(step.line)) is TOLD or not _is_void(force)]


def _is_in_method(judge: TreeJudge, place: int) -> bool:
    """Whether the class around *place* stands in a method, which is to be called before there is one."""
    with suppress(Unread):
        kinds = [step.node.type for step in judge.syntax.way(place)]
        return "class" in kinds and "method" in kinds[: kinds.index("class")]
    return False


def _is_void(force: Force) -> bool:
    return force.is_void and not force.unless


def _starts(source: SourceFile) -> list[int]:
    """Where each line has its first sign that is no blank, in bytes."""
    found, at = [], 0
    for line in source.data.split(b"\n"):
        found.append(at + len(line) - len(line.lstrip()))
        at += len(line) + 1
    return found
