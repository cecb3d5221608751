"""Words for where things lie: folders that set aside what is in them, and stages of a release."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import ValidationError

from ..domain.model import Model
from ..errors import FormatError, VocabularyError
from ..formats.yaml import load
from .row import Text, Word

_FOLDER = Path(__file__).parent


class Folder(Model):
    """A word for a folder, or the end of a name, whose files support nothing by themselves."""

    word: str
    counts_for: Literal["everything", "top documents", "the top", "no documents", "names", "tests"]
    meaning: Text
    line: Text
    """A path that the word sets aside."""
    unlike: Text
    """A path that has the word and is not set aside."""


class StageName(Model):
    """A name that people give a stage of a release, and which of three it is."""

    word: Word
    known_in: Literal["programs", "settings", "names"]
    """Where it means nothing else: in all paths and names; in those of settings, and names; in names alone."""
    stage: Literal["production", "rehearsal", "development"]
    meaning: Text
    line: Text
    """A path or a name that belongs to the stage."""
    does: bool = False
    """Whether it says of a pipeline what it does at least as often as where."""
    last: bool = False
    """Whether a tree for all stages is called so as well, so that any other name beside it counts."""


@cache
def folders() -> tuple[Folder, ...]:
    """Every word for what is set aside."""
    return rows_of("folders.yaml", Folder)


@cache
def stage_names() -> tuple[StageName, ...]:
    """Every name of a stage."""
    return rows_of("stages.yaml", StageName)


_Row = TypeVar("_Row", bound=Model)


def rows_of(name: str, kind: type[_Row]) -> tuple[_Row, ...]:
    """
    The rows of the file *name*.

    Raises:
        VocabularyError: It is malformed; with file and line.
    """
    where = f"orchestrator/vocabulary/{name}"
    try:
        parsed = load((_FOLDER / name).read_bytes(), unique_keys=True)
    except FormatError as error:
        raise VocabularyError(error.reason, where=f"{where}:{error.line}") from None
    found = []
    for number, row in enumerate(parsed.body):
        try:
            found.append(kind.model_validate(row))
        except ValidationError as error:
            line = parsed.lines.get(f"/{number}", parsed.line)
            raise VocabularyError(error.errors(include_url=False)[0]["msg"], where=f"{where}:{line}") from None
    return tuple(found)
