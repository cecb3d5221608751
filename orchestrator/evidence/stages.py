"""
Answers whether something is of production: a file, an environment, a namespace, a workspace, a job of a pipeline.

What names no stage is of none: whether it may be production is for who asks. Of several names production counts first,
since ``prod-after-test`` and ``production/local-path`` are production; ``live`` counts last, since ``live/staging`` is
staging; of others the innermost does.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

from ..vocabulary import stage_names
from . import classify

Stage = Literal["production", "rehearsal", "development"]
_Among = Literal["programs", "settings", "names"]
_WIDER: dict[_Among, frozenset[str]] = {
    "programs": frozenset({"programs"}),
    "settings": frozenset({"programs", "settings"}),
    "names": frozenset({"programs", "settings", "names"}),
}
_APART = "[-_. ]?"
_SETTINGS = re.compile(
    r"(^|/)(conf|config|configs|configuration|settings|environments?|envs?|profiles)/|(^|/)\.env|"
    r"(^|/)(app)?settings[-_.]|(^|/)(application|config|environment)[-_.]",
    re.IGNORECASE,
)
"""Source code that settles how a program runs in each stage."""
_NO_PROGRAMS = frozenset({"", "sql", "shell", "powershell"})
_RELEASES = re.compile(r"(?<![a-z])release(?![a-z])", re.IGNORECASE)


def stage_of(name: str) -> Stage | None:
    """The stage that an environment, a namespace, a workspace or a host is of, as far as its name says so."""
    return _innermost(name, "names")


def stage_of_file(path: str) -> Stage | None:
    """The stage that the file or folder at *path* is of, as far as its path says so."""
    program = classify.language(path) not in _NO_PROGRAMS and not _SETTINGS.search(path)
    return _innermost(path, "programs" if program else "settings")


def named(text: str) -> Stage | None:
    """The stage whose name *text* is, without anything else."""
    return stage_of(text) if _pattern("names").fullmatch(text) else None


def name_in(text: str) -> str:
    """The name of a stage in *text* that decides which stage that is of; empty where there is none."""
    found = _named(text, "names")
    stage = _together(found)
    return next((name for name in reversed(found) if _known()[name] == stage), "")


def is_elsewhere(name: str) -> bool:
    """Whether a name says that it is of another stage than production."""
    return stage_of(name) in ("rehearsal", "development")


def is_file_of_production(path: str) -> bool:
    """Whether a path says that its file is of production."""
    return stage_of_file(path) == "production"


def is_file_elsewhere(path: str) -> bool:
    """Whether a path says that its file is of another stage than production."""
    return stage_of_file(path) in ("rehearsal", "development")


def stage_of_work(environment: str, *names: str, path: str = "") -> Stage | None:
    """
    The stage that a step of a pipeline puts something into.

    Args:
        environment: What the job declares, which settles it where it names one.
        names: What job, stage and step are called; production, or a release, in any of them wins.
        path: The file of the pipeline, which counts where nothing in it names a stage.
    """
    if declared := stage_of(environment):
        return declared
    found = [name for text in names for name in _named(text, "names") if name != "ci"]
    if any(_RELEASES.search(text) for text in names):
        return "production" if found else None
    if found:
        return _together(found, last=frozenset())
    return _together([name for name in _named(path.rpartition("/")[2], "names") if name not in _does()])


@lru_cache(maxsize=50_000)
def _innermost(text: str, among: _Among) -> Stage | None:
    return _together(_named(text, among))


def _together(names: list[str], last: frozenset[str] | None = None) -> Stage | None:
    """The stage that several names mean together, of which those in *last* count where there is no other."""
    late = _last() if last is None else last
    found = [_known()[name] for name in names if name not in late]
    if "production" in found:
        return "production"
    return found[-1] if found else next((_known()[name] for name in names if name in late), None)


def _named(text: str, among: _Among) -> list[str]:
    """The names of stages in *text*, written in one way."""
    return [re.sub("[-_. ]", "", match[0]).lower() for match in _pattern(among).finditer(text)]


@cache
def _pattern(among: _Among) -> re.Pattern[str]:
    """The names that are known there, the longest first, so that ``non-prod`` is not ``prod``."""
    known = [row.word for row in stage_names() if row.known_in in _WIDER[among]]
    words = sorted(known, key=lambda word: (-len(word), word))
    names = "|".join(_APART.join(map(re.escape, word.split("-"))) for word in words)
    return re.compile(rf"(?<![a-z])(?:{names})(?![a-z])", re.IGNORECASE)


@cache
def _known() -> dict[str, Stage]:
    return {row.word.replace("-", ""): row.stage for row in stage_names()}


@cache
def _does() -> frozenset[str]:
    """Names that say of a pipeline what it does at least as often as where."""
    return frozenset(row.word.replace("-", "") for row in stage_names() if row.does)


@cache
def _last() -> frozenset[str]:
    """What a tree for all stages is called as well."""
    return frozenset(row.word.replace("-", "") for row in stage_names() if row.last)
