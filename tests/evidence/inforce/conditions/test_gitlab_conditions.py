"""When jobs of GitLab run."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.evidence.inforce.conditions.gitlab import of_job, of_workflow
from orchestrator.evidence.inforce.force import State

VOID, UNKNOWN, RUNS = State.VOID, State.UNKNOWN, State.IN_FORCE
ALWAYS = of_workflow((), {})
USUAL = ("push", "pull_request")
BOTH = ("push", "schedule")


@pytest.mark.parametrize(
    ("job", "state", "triggers"),
    [
        ({}, RUNS, USUAL),
        ({"when": "never"}, VOID, ()),
        ({"rules": []}, VOID, ()),
        ({"rules": [{"when": "never"}]}, VOID, ()),
        ({"rules": [{"if": '$CI_COMMIT_BRANCH == "main"'}]}, RUNS, ("push",)),
        ({"rules": [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]}, RUNS, ("push",)),
        ({"rules": [{"if": "$CI_COMMIT_TAG"}]}, RUNS, ("tag",)),
        ({"rules": [{"if": "$CI_COMMIT_TAG =~ /^v/"}]}, RUNS, ("tag",)),
        ({"rules": [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]}, RUNS, ("pull_request",)),
        ({"rules": [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]}, RUNS, ("schedule",)),
        ({"rules": [{"if": '$CI_PIPELINE_SOURCE == "web"'}]}, RUNS, ("manual",)),
        ({"rules": [{"if": '$CI_PIPELINE_SOURCE == "trigger"'}]}, RUNS, ("other",)),
        ({"rules": [{"if": '$CI_PIPELINE_SOURCE =~ /^push$/ || $CI_PIPELINE_SOURCE == "schedule"'}]}, RUNS, BOTH),
        ({"rules": [{"if": "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"}]}, RUNS, ("pull_request",)),
        ({"rules": [{"if": "'on' == 'off'"}]}, VOID, ()),
        ({"rules": [{"if": "$CI == 'true'"}]}, RUNS, USUAL),
        ({"rules": [{"if": "$CI != 'true'"}]}, VOID, ()),
        ({"rules": [{"if": "$ENABLED"}]}, UNKNOWN, ()),
        ({"rules": [{"if": "$OFF == 'yes'"}]}, VOID, ()),
        ({"rules": [{"if": "$ON == 'yes'"}]}, RUNS, USUAL),
        ({"rules": [{"if": "$CI_COMMIT_TAG", "when": "never"}, {"when": "always"}]}, RUNS, USUAL),
        ({"rules": [{"if": "$CI_COMMIT_BRANCH", "when": "never"}, {"if": "$CI_COMMIT_BRANCH"}]}, VOID, ()),
        ({"rules": [{"changes": ["src/**"]}]}, RUNS, USUAL),
        ({"rules": [{"changes": []}]}, VOID, ()),
        ({"only": ["main"]}, RUNS, ("push",)),
        ({"only": ["no-such"]}, UNKNOWN, ()),
        ({"only": []}, VOID, ()),
        ({"only": ["tags"]}, RUNS, ("tag",)),
        ({"only": ["schedules"]}, RUNS, ("schedule",)),
        ({"only": ["merge_requests"]}, RUNS, ("pull_request",)),
        ({"only": {"refs": ["tags"]}}, RUNS, ("tag",)),
        ({"only": {"variables": ["$ENABLED"]}}, UNKNOWN, ()),
        ({"only": {"changes": ["src/**"]}}, RUNS, USUAL),
        ({"except": ["tags"]}, RUNS, USUAL),
        ({"except": ["branches", "tags", "merge_requests", "web", "schedules", "triggers"]}, VOID, ()),
        ({"only": ["branches"], "except": ["/.*/"]}, VOID, ()),
    ],
)  # fmt: skip
def test_job(job: dict[str, Any], state: State, triggers: tuple[str, ...]) -> None:
    """
    Rules, only and except say from which sources a job runs, if from any.
    """
    told = of_job(job, ALWAYS, {"ON": "yes", "OFF": "no"})

    assert (state, triggers) == (told.force.state, told.triggers)


@pytest.mark.parametrize(
    ("job", "told"),
    [
        ({}, (False, False, True)),
        ({"when": "manual"}, (True, False, True)),
        ({"rules": [{"when": "manual"}]}, (True, False, True)),
        ({"rules": [{"if": "$CI_COMMIT_TAG", "when": "manual"}, {"when": "always"}]}, (False, False, True)),
        ({"when": "on_failure"}, (False, True, True)),
        ({"allow_failure": True}, (False, False, False)),
        ({"rules": [{"when": "always", "allow_failure": True}]}, (False, False, False)),
        ({"rules": [{"when": "always", "allow_failure": False}]}, (False, False, True)),
    ],
)
def test_how(job: dict[str, Any], told: tuple[bool, bool, bool]) -> None:
    """
    Whether by hand, only after a failure, and whether its own failure counts.
    """
    start = of_job(job, ALWAYS, {})

    assert told == (start.manual, start.after_failure, start.heeded)


@pytest.mark.parametrize(
    ("rules", "state", "triggers"),
    [
        ([], RUNS, USUAL),
        ([{"when": "never"}], VOID, ()),
        ([{"if": '$CI_PIPELINE_SOURCE == "web"'}, {"when": "never"}], RUNS, ("manual",)),
        ([{"if": '$CI_PIPELINE_SOURCE == "schedule"', "when": "never"}, {"when": "always"}], RUNS, USUAL),
    ],
)
def test_workflow(rules: list[Any], state: State, triggers: tuple[str, ...]) -> None:
    """
    What a pipeline's own rules leave out starts none of its jobs.
    """
    workflow = of_workflow(rules, {})

    assert (state, triggers) == (workflow.force.state, of_job({}, workflow, {}).triggers if workflow.force else ())
