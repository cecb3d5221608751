"""Holds every check to one answer about each name of a stage: checks differ by what a stage is, never by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import pytest

from orchestrator.contract.checks import Check
from orchestrator.contract.testing import drafts_of
from orchestrator.planning.roster import built_in

NAMES = {
    "production": ("production", "prod", "prd", "live"),
    "rehearsal": ("staging", "stage", "stg", "preprod", "uat", "qa"),
    "development": ("sandbox", "demo", "dev", "development", "preview", "testing"),
}
CHECKS = [check for agent in built_in() for check in agent.checks]
Files = Mapping[str, str]
_PLACED = re.compile(r"\.(tf|tfvars|yaml|yml|sql)$")
_ROOTED = re.compile(r"^\.|(^|/)(compose|cloudbuild)[^/]*$")


def _instead_of(words: str) -> Callable[[Files, str], dict[str, str]]:
    pattern = re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")
    return lambda files, name: {pattern.sub(name, path): pattern.sub(name, text) for path, text in files.items()}


def _in_a_folder(files: Files, name: str) -> dict[str, str]:
    """Settings below a folder of the stage."""
    moved = {path for path in files if _PLACED.search(path) and not _ROOTED.search(path)}
    return {f"envs/{name}/{path}" if path in moved else path: text for path, text in files.items()}


FORMS: dict[str, Callable[[Files, str], dict[str, str]]] = {
    "production": _instead_of("production|prod"),
    "staging": _instead_of("staging"),
    "folder": _in_a_folder,
}


def cases() -> Iterator[tuple[Check, str, int, str]]:
    """Every example of every check in each form that changes it."""
    for check in CHECKS:
        for kind in ("clean", "flagged"):
            for number, example in enumerate(getattr(check, kind)):
                for form, made in FORMS.items():
                    if made(example.files, "zq") != dict(example.files):
                        yield check, kind, number, form


CASES = list(cases())


def said(check: Check, files: Files) -> frozenset[tuple[str, str]]:
    return frozenset((draft.criterion, draft.status.value) for draft in drafts_of(check, files))


@pytest.mark.parametrize(
    ("check", "kind", "number", "form"),
    [
        pytest.param(
            *case, id=f"{case[0].id} {case[1]} {case[2]} {case[3]}", marks=() if n % 6 == 0 else pytest.mark.soak
        )
        for n, case in enumerate(CASES)
    ],
)
def test_one_answer(check: Check, kind: str, number: int, form: str) -> None:
    """
    Whatever the stage is called, what is said of it is what is said of its like.
    """
    files = getattr(check, kind)[number].files
    answers = {stage: {name: said(check, FORMS[form](files, name)) for name in names} for stage, names in NAMES.items()}

    assert [] == [(stage, given) for stage, given in answers.items() if len(set(given.values())) > 1]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("deployment-orchestrator.delivery.automated-deployment", "production"),
        ("deployment-orchestrator.delivery.like-environments", "production"),
        ("deployment-orchestrator.undo.rehearsed-in-staging", "staging"),
        ("integration-tester.gates.smoke-tests-follow", "production"),
        ("database-migrator.backups.thirty-days", "folder"),
        ("monitoring-validator.log-levels.log-levels", "production"),
        ("security-validator.secrets.environments-share-no-secret", "staging"),
    ],
)
def test_asks(name: str, form: str) -> None:
    """
    Checks that ask for a stage say something else of another one.
    """
    check = next(check for check in CHECKS if check.id == name)
    examples = [*check.clean, *check.flagged]
    differing = [
        example
        for example in examples
        if len({said(check, FORMS[form](example.files, names[0])) for names in NAMES.values()}) > 1
    ]

    assert differing
