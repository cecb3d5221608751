"""When things of Azure and Jenkins run."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.evidence.inforce.conditions import azure, jenkins
from orchestrator.evidence.inforce.force import State

VOID, UNKNOWN, RUNS = State.VOID, State.UNKNOWN, State.IN_FORCE


@pytest.mark.parametrize(
    ("condition", "state", "after_failure"),
    [
        ("", RUNS, False),
        ("false", VOID, False),
        ("${{ false }}", VOID, False),
        ("succeeded()", RUNS, False),
        ("always()", RUNS, False),
        ("failed()", RUNS, True),
        ("canceled()", VOID, False),
        ("succeededOrFailed()", RUNS, False),
        ("and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))", RUNS, False),
        ("and(succeeded(), false)", VOID, False),
        ("or(false, succeeded())", RUNS, False),
        ("not(succeeded())", RUNS, True),
        ("eq('a', 'b')", VOID, False),
        ("ne('a', 'b')", RUNS, False),
        ("in('a', 'b', 'a')", RUNS, False),
        ("in('a', 'b', 'c')", VOID, False),
        ("notIn('a', 'b', 'c')", RUNS, False),
        ("eq(variables['enabled'], 'yes')", UNKNOWN, False),
        ("eq(variables['off'], 'yes')", VOID, False),
        ("eq(variables.on, 'yes')", RUNS, False),
        ("eq(parameters.enabled, true)", UNKNOWN, False),
        ("eq(dependencies.test.result, 'Succeeded')", RUNS, False),
        ("contains(variables['System.PullRequest.TargetBranch'], 'main')", RUNS, False),
        ("what(", UNKNOWN, False),
    ],
)
def test_azure(condition: str, state: State, after_failure: bool) -> None:
    """
    Conditions of Azure are functions of what the run and the file tell.
    """
    force, late = azure.of_condition(condition, {"on": "yes", "Off": "no"})

    assert (state, after_failure) == (force.state, late)


@pytest.mark.parametrize(
    ("trigger", "state"),
    [
        (None, RUNS),
        ("none", VOID),
        ([], VOID),
        (["main"], RUNS),
        (["no-such"], UNKNOWN),
        ({"branches": {"include": ["main"]}}, RUNS),
        ({"branches": ["no-such"]}, UNKNOWN),
        ({"branches": {"include": ["main"], "exclude": ["*"]}}, VOID),
        ({"paths": {"exclude": ["*"]}}, VOID),
        ({"paths": {"exclude": ["docs/*"]}}, RUNS),
        ({"tags": {"include": ["v*"]}}, RUNS),
    ],
)
def test_azure_triggers(trigger: Any, state: State) -> None:
    """
    A trigger that leaves all out starts nothing.
    """
    assert state is azure.of_trigger(trigger).state


@pytest.mark.parametrize(
    ("body", "state", "triggers"),
    [
        ("", RUNS, set()),
        ("expression { false }", VOID, set()),
        ("expression { return false }", VOID, set()),
        ("expression { return (false) }", VOID, set()),
        ("expression { true }", RUNS, set()),
        ("expression { 'a' == 'b' }", VOID, set()),
        ("expression { 'a' != 'b' }", RUNS, set()),
        ("expression { 1 == 2 }", VOID, set()),
        ("expression { params.DEPLOY }", UNKNOWN, set()),
        ("expression { env.DEPLOY == 'yes' }", UNKNOWN, set()),
        ("expression { env.BRANCH_NAME == 'main' }", RUNS, set()),
        ("expression { sh(script: 'true') }", RUNS, set()),
        ("not { expression { true } }", VOID, set()),
        ("not { expression { false } }", RUNS, set()),
        ("branch 'main'", RUNS, set()),
        ("branch 'no-such'", UNKNOWN, set()),
        ("environment name: 'DEPLOY', value: 'yes'", UNKNOWN, set()),
        ("triggeredBy 'TimerTrigger'", RUNS, {"schedule"}),
        ("triggeredBy cause: 'UserIdCause'", RUNS, {"manual"}),
        ("changeRequest()", RUNS, {"pull_request"}),
        ("buildingTag()", RUNS, {"tag"}),
        ("tag 'v*'", RUNS, {"tag"}),
        ("equals expected: 'a', actual: 'b'", VOID, set()),
        ("equals expected: 2, actual: 2", RUNS, set()),
        ("equals expected: 2, actual: currentBuild.number", UNKNOWN, set()),
        ("allOf { branch 'main'; expression { false } }", VOID, set()),
        ("anyOf { branch 'main'; expression { false } }", RUNS, set()),
        ("anyOf { buildingTag(); changeRequest() }", RUNS, {"tag", "pull_request"}),
        ("anyOf { buildingTag(); branch 'main' }", RUNS, set()),
        ("beforeAgent true\nbranch 'main'", RUNS, set()),
        ("not { " * 20 + "branch 'main'" + " }" * 20, UNKNOWN, set()),
    ],
)
def test_jenkins(body: str, state: State, triggers: set[str]) -> None:
    """
    A stage's when is told as far as its words tell.
    """
    when = jenkins.of_when(body)

    assert (state, triggers) == (when.force.state, set(when.triggers))
