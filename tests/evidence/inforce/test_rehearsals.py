"""Commands that only show what they would do, and those that do it."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.force import State
from orchestrator.evidence.inforce.rehearsals import of_command

VOID, UNKNOWN, RUNS = State.VOID, State.UNKNOWN, State.IN_FORCE


@pytest.mark.parametrize(
    ("command", "state"),
    [
        ("npm test", RUNS),
        ("npm --version", VOID),
        ("npm version", VOID),
        ("npm version patch", RUNS),
        ("helm upgrade shop ./chart --version 1.2.3", RUNS),
        ("helm upgrade shop ./chart --version", VOID),
        ("helm upgrade shop ./chart --help", VOID),
        ("kubectl apply --dry-run=client -f k8s", VOID),
        ("kubectl apply --dry-run -f k8s", VOID),
        ("kubectl apply --dry-run=none -f k8s", RUNS),
        ("npm publish --dry-run", VOID),
        ("npm publish --dry-run=false", RUNS),
        ("aws s3 sync dist s3://shop --dryrun", VOID),
        ("make -n build", VOID),
        ("make -kn build", VOID),
        ("make -k build", RUNS),
        ("make --no-print-directory build", RUNS),
        ("sudo make -n build", VOID),
        ("dnf -q install make", RUNS),
        ("npx jest --listTests", VOID),
        ("npx jest --passWithNoTests", UNKNOWN),
        ("npm run test --if-present", UNKNOWN),
        ("./gradlew check -m", VOID),
        ("./gradlew check", RUNS),
        ("python -m pytest --collect-only", VOID),
        ("pytest --ignore=tests", VOID),
        ("pytest --ignore=tests/slow", RUNS),
        ("psql -n -c 'select 1'", RUNS),
        ("black --check .", RUNS),
        ("ansible-playbook --check site.yml", VOID),
    ],
)
def test_force(command: str, state: State) -> None:
    """
    A switch counts where it stands behind the program that knows it.
    """
    assert state is of_command(command).state
