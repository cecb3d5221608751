"""The vocabulary files, read when somebody asks for their words, each at most once."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import FormatError, VocabularyError
from ..formats.yaml import Parsed, load
from ..host.kept import keep, kept
from .compiled import compiled, digest, loaded
from .row import Row, Written, WrittenFile
from .words import Words

FOLDER = Path(__file__).parent
_AROUND = "around.yaml"
Keys = tuple[str | int, ...]


@cache
def words(name: str, *, ecosystem: str = "", language: str = "") -> Words:
    """
    The words of one purpose, such as ``words("packages/web-servers", ecosystem="pypi")``.

    Args:
        name: The file, without its ending: ``packages/web-servers``.
        ecosystem: Only names of packages of this one, as :class:`orchestrator.Manifest` calls them.
        language: Only words of this language's source.

    Returns:
        The words in the order of the file; none where the file has none of that ecosystem or language.

    Raises:
        VocabularyError: There is no such file, or a row in it is malformed; with file and line.
    """
    found = Words(name, _rows(name))
    if ecosystem:
        found = found.of(ecosystem)
    if language:
        found = Words(name, tuple(row for row in found.rows if row.language in ("", language)))
    return found


@cache
def names() -> tuple[str, ...]:
    """Every purpose that there are words for."""
    return tuple(sorted(f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.yaml")))


@cache
def _rows(name: str) -> tuple[Row, ...]:
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        near = difflib.get_close_matches(name, names(), cutoff=0)
        raise VocabularyError(f"there is no vocabulary '{name}'", remedy=f"nearest to it are {', '.join(near)}")
    of = digest(path.read_bytes())
    if (said := kept(path, of)) is not None:
        return loaded(said)
    found = rows(path, shipped=True)
    keep(path, of, compiled(found))
    return found


def rows(path: Path, *, shipped: bool = False) -> tuple[Row, ...]:
    """
    Every row of the vocabulary file at *path*.

    Args:
        path: The file.
        shipped: Whether it is one of gonogo's own, whose rows its tests have held to their shape: thousands of them
            are not held to it again in every run.

    Raises:
        VocabularyError: The file or a row of it is malformed; with file and line.
    """
    parsed = _parsed(path)
    try:
        written = WrittenFile.model_validate(parsed.body)
    except ValidationError as error:
        raise _mistake(path, parsed, error, ()) from None
    found: dict[tuple[str, str, str], Row] = {}
    for number, listed in enumerate(written.lists):
        outer = _said(written) | _said(listed) | {"ecosystem": listed.ecosystem, "language": listed.language}
        for word, row in listed.rows.items():
            keys = ("lists", number, "rows", word)
            try:
                made = _row(word, outer | _said(row), _place(path, parsed, keys), shipped=shipped)
            except ValidationError as error:
                raise _mistake(path, parsed, error, keys) from None
            identity = (made.ecosystem, made.language, word.lower())
            if identity in found:
                raise VocabularyError(
                    f"the word '{word}' stands twice",
                    where=made.place,
                    remedy=f"the other one is at {found[identity].place}; keep one",
                )
            found[identity] = made
    return tuple(found.values())


def _said(layer: Written) -> dict[str, Any]:
    """What a row, its list or its file says, by field."""
    return {field: value for field in layer.model_fields_set if (value := getattr(layer, field)) is not None}


def _row(word: str, said: dict[str, Any], place: str, *, shipped: bool) -> Row:
    """One row of all that is said of it, further in last."""
    said = {field: value for field, value in said.items() if field not in ("lists", "rows")}
    if "source" in said:
        said["source"] = said["source"].replace("{word}", word.strip("*").rstrip("/:.-"))
    if "line" in said:
        said["line"] = said["line"].replace("{word}", word.replace("*", "v1"))
    if "file" in said and "around" not in said:
        said["around"] = _around().get(said["file"].rpartition("/")[2], "")
    return (Row.model_construct if shipped else Row)(word=word, place=place, **said)


@cache
def _around() -> dict[str, str]:
    body = _parsed(FOLDER / _AROUND).body
    return {str(name): str(text) for name, text in body.items()}


def _parsed(path: Path) -> Parsed:
    try:
        return load(path.read_bytes(), unique_keys=True)
    except FormatError as error:
        raise VocabularyError(error.reason, where=f"{_shown(path)}:{error.line}:{error.column}") from None


def _mistake(path: Path, parsed: Parsed, error: ValidationError, keys: Keys) -> VocabularyError:
    """What is wrong first, said of the innermost entry that the file has."""
    first = error.errors(include_url=False)[0]
    keys = (*keys, *first["loc"])
    what = ".".join(str(key) for key in keys) or "the file"
    return VocabularyError(
        f"{what}: {first['msg'].removeprefix('Value error, ')}",
        where=_place(path, parsed, keys),
        remedy='"Add a word" in docs/how-to.md shows a row',
    )


def _place(path: Path, parsed: Parsed, keys: Keys) -> str:
    """File and line of the innermost of *keys* that the file has."""
    while keys:
        pointer = "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)
        if pointer in parsed.lines:
            return f"{_shown(path)}:{parsed.lines[pointer]}"
        keys = keys[:-1]
    return f"{_shown(path)}:{parsed.line}"


def _shown(path: Path) -> str:
    return "/".join(path.parts[-4:])
