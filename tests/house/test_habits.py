"""Holds the house to habits of writing that no linter knows."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("orchestrator", "agents", "tests", "tools")
REFUSED = ("This is where ", "This module ", "This file ")
SEALED = "orchestrator/sealed/"  # held to the bytes that it had when it was sealed
OTHERS = "tests/accuracy/fixtures/"  # repositories in other hands' habits, kept to be judged


def openings(source: str) -> Iterator[tuple[int, str]]:
    """The line and first words of each docstring that does not begin with the noun or verb."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node) or ""
            if text.startswith((*REFUSED, "Where ") if isinstance(node, ast.Module) else REFUSED):
                yield node.body[0].lineno, text.partition("\n")[0]


def test_docstrings_begin_with_the_noun_or_verb():
    """A docstring says what something is or does, without first saying that it is about to."""
    found = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for room in ROOMS
        for file in sorted((ROOT / room).rglob("*.py"))
        if not file.relative_to(ROOT).as_posix().startswith((SEALED, OTHERS))
        for line, text in openings(file.read_text())
    ]

    assert [] == found


def test_finds_every_docstring():
    """Modules, classes, functions and methods are read, and so is a docstring that begins on its second line."""
    source = (
        '"""This is where it begins."""\n'
        'class Told:\n    """\n    This file tells.\n    """\n'
        '    async def tell(self):\n        """This module tells."""\n'
        'def place():\n    """The place where it is told."""\n'
    )

    assert [1, 3, 7] == sorted(line for line, _ in openings(source))


IGNORED = re.compile(r"#\s*(?:ruff:\s*)?(?:noqa|type:\s*ignore|pragma)\b")
REASONED = re.compile(r"# (?:(?:ruff: )?noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*|type: ignore\[[\w, -]+\])  # \S.*")
SETTING = re.compile(r"^(?:ignore_\w+|disallow_\w+|implicit_\w+|\"[^\"]+\") = |^    \"[A-Z]+\d+\",")
"""A line of pyproject.toml that lets something pass: a rule, a rule for some files, a module without types."""


def unreasoned(source: str) -> Iterator[tuple[int, str]]:
    """The line and words of each comment that silences a tool without its code or without a reason."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and IGNORED.search(token.string) and not REASONED.fullmatch(token.string):
            yield token.start[0], token.string


def unreasoned_settings(source: str) -> list[str]:
    """Lines of pyproject.toml that let something pass in ruff or mypy and do not say why."""
    found, reading = [], False
    for line in source.splitlines():
        if line.startswith("["):
            reading = line.startswith(("[tool.ruff.lint", "[[tool.mypy.overrides"))
        elif reading and SETTING.match(line) and "  # " not in line:
            found.append(line)
    return found


def test_every_ignore_in_code_has_its_reason():
    """
    A comment that silences a linter or the type checker names what it silences and says why.
    """
    found = [
        f"{file.relative_to(ROOT)}:{line}: {words}"
        for room in ROOMS
        for file in sorted((ROOT / room).rglob("*.py"))
        if not file.relative_to(ROOT).as_posix().startswith(OTHERS)
        for line, words in unreasoned(file.read_text())
    ]

    assert [] == found


def test_every_ignore_in_the_settings_has_its_reason():
    """
    So does every line of the settings that lets something pass.
    """
    assert [] == unreasoned_settings((ROOT / "pyproject.toml").read_text())


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # no" + "qa",
        "x = 1  # no" + "qa: E501",
        "x = 1  # no" + "qa: E501  #",
        "x = 1  # type: " + "ignore",
        "x = 1  # type: " + "ignore  # it is fine",
        "x = 1  # type: " + "ignore[misc]",
        "x = 1  # type: " + "ignore[misc]: it is fine",
        "# ruff: no" + "qa",
    ],
)
def test_finds_an_ignore_without_reason(line):
    """
    A bare code, a bare ignore and an ignore of everything are found; one with code and reason is not.
    """
    assert [line[line.index("#") :]] == [words for _, words in unreasoned(line + "\n")]
    assert not [*unreasoned("x = 1  # no" + "qa: E501, B008  # a table\ny = 'no" + "qa'\n")]


def test_finds_a_setting_without_reason():
    """
    A rule that is off, a rule that is off for some files, and a module without types are found.
    """
    table = (
        '[tool.ruff.lint]\nselect = ["E"]\nignore = [\n    "E501",\n    "B008",  # a table\n]\n'
        '[tool.ruff.lint.per-file-ignores]\n"tests/**" = ["T20"]\n'
        '[[tool.mypy.overrides]]\nmodule = ["x.*"]\nignore_missing_imports = true\n'
        '[project.scripts]\n"other" = "thing"\n'
    )

    assert ['    "E501",', '"tests/**" = ["T20"]', "ignore_missing_imports = true"] == unreasoned_settings(table)


def test_agents_ask_in_a_way_that_is_noticed() -> None:
    """
    What a check looks at decides which doubts matter to it, so agents ask ``of(…)`` and ``every`` instead of fields.
    """
    direct = re.compile(r"\b(?:infrastructure\.blocks|kubernetes\.resources)\b")
    found = [p.name for p in sorted((ROOT / "agents").rglob("*.py")) if direct.search(p.read_text())]

    assert [] == found


def test_every_test_file_has_a_name_of_its_own() -> None:
    """Two files of one name in two folders are one module to pytest, which then runs the tests of neither."""
    files = (ROOT / "tests").rglob("test_*.py")
    names = Counter(f.name for f in files if not f.relative_to(ROOT).as_posix().startswith(OTHERS))

    assert [] == [name for name, times in names.items() if times > 1]
