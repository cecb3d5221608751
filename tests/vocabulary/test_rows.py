"""Every row is its own test: its line is found by whoever uses the word, and with nonsense in its place it is not."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from functools import cache

import pytest

from orchestrator.contract.checks import Check
from orchestrator.contract.testing import drafts_of, facts_of
from orchestrator.domain.derived import asked
from orchestrator.estate.declared import Declared
from orchestrator.estate.types import NOUNS
from orchestrator.evidence.extract import extract
from orchestrator.evidence.tree import MemoryTree
from orchestrator.planning.roster import built_in
from orchestrator.profiling import SIGNALS, profile
from orchestrator.vocabulary import Row, Trial, names, words

ROWS = [
    pytest.param(row, trial, id=f"{name}:{row.ecosystem or row.language}:{row.word}:{trial.by}")
    for name in names()
    for row in words(name).rows
    for trial in row.tried
]


@pytest.mark.parametrize(("row", "trial"), ROWS)
def test_matters(row: Row, trial: Trial) -> None:
    """
    With its line the answer is the promised one; with a word nobody knows in its place, it is another.
    """
    assert trial.gives in answers(trial, row.text, row.file), row.place
    assert trial.gives not in answers(trial, unknown(row), row.file), row.place


@pytest.mark.parametrize("name", names())
def test_one_row_for_each_line(name: str) -> None:
    """
    The line of a row shows that row and no other, so that none hides behind a wider one.
    """
    beside: dict[tuple[str, str], list[tuple[str, Row]]] = {}
    for row in words(name).rows:
        part = "" if row.pattern else max(re.split(r"[* ]", row.word.lower()), key=len)
        beside.setdefault((row.ecosystem, row.language), []).append((part, row))
    for row in words(name).rows:
        assert row.is_in(row.line), row.place

        line = row.line.lower()
        others = [o for part, o in beside[row.ecosystem, row.language] if part in line and o is not row]

        assert [] == [o.word for o in others if shows(o, row.line)], row.place


def shows(row: Row, line: str) -> bool:
    """Whether *line* contains the word of *row*, of a package's name all of it."""
    return (
        re.search(rf"(?<![\w@/.-]){row.regex}(?![\w@/-])" if row.ecosystem else row.regex, line, re.IGNORECASE)
        is not None
    )


def unknown(row: Row) -> str:
    """The file of *row* with nonsense of the same shape where its word stands."""
    line = re.sub(row.regex, lambda found: unheard_of(found[0]), row.line, flags=re.IGNORECASE)
    return row.model_copy(update={"line": line}).text


_TELLING = re.compile(r"(AWS::|\bv1\b|, kind: |\bbr/public:)")
"""Tells that a word is a type of CloudFormation, an object of Kubernetes, or a module in a registry of Azure."""


def unheard_of(word: str) -> str:
    """Nonsense in the place of *word*, of which still can be told what it is a name of."""
    return "".join(part if _TELLING.fullmatch(part) else nonsense(part) for part in _TELLING.split(word))


def nonsense(text: str) -> str:
    """*text* with other letters and digits: it has the same length, signs and cases, and nobody has heard of it."""
    letters = iter("zqxjvkw" * len(text))
    return "".join(
        "7"
        if c in string.digits
        else next(letters)
        if c in string.ascii_lowercase
        else next(letters).upper()
        if c in string.ascii_uppercase
        else c
        for c in text
    )


def answers(trial: Trial, text: str, file: str) -> set[str]:
    """What the check or the profile question of *trial* says of a tree with *text* at *file*."""
    tree = trial.tree(file, text)
    if trial.by.startswith("profile."):
        return {profile(extract(MemoryTree(tree), SIGNALS)).answer(trial.by.removeprefix("profile."))}
    if trial.by.startswith("estate."):
        return sorted_as(trial.by.removeprefix("estate."), tree)
    return {str(draft.status.value) for draft in drafts_of(checks()[trial.by], tree)} or {"silence"}


def sorted_as(noun: str, tree: Mapping[str, str]) -> set[str]:
    """Whether a tree has a part of *noun*, of ``all`` nouns none, or something of which nobody can tell."""
    declared = asked(Declared, facts_of(tree))
    nouns = NOUNS if noun == "all" else (noun,)
    if any(declared.doubtful(one) for one in nouns):
        return {"unknown"}
    return {"yes" if any(any(declared.belonging(one)) for one in nouns) else "no"}


@cache
def checks() -> Mapping[str, Check]:
    return {check.id: check for agent in built_in() for check in agent.checks}
