"""When workflows, jobs and steps of GitHub run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.evidence.inforce.conditions.github import Known, called, empty_matrix, events, start
from orchestrator.evidence.inforce.force import State

VOID, UNKNOWN, RUNS = State.VOID, State.UNKNOWN, State.IN_FORCE
PUSH = {"push": {"branches": ["main"]}}
MERGED = {"pull_request": {"types": ["closed"]}}
NIGHTLY = {**PUSH, "schedule": [{"cron": "0 3 * * *"}]}
STEP = Known(steps=("build",), in_job=True)


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("push", [("push", RUNS), ("tag", RUNS)]),
        (["push", "pull_request"], [("push", RUNS), ("tag", RUNS), ("pull_request", RUNS)]),
        (PUSH, [("push", RUNS)]),
        ({"push": {"branches": "main"}}, [("push", RUNS)]),
        ({"push": {"tags": ["v*"]}}, [("tag", RUNS)]),
        ({"push": {"tags": ["v*"], "branches": ["main"]}}, [("push", RUNS), ("tag", RUNS)]),
        ({"push": {"branches-ignore": ["docs/**"]}}, [("push", RUNS)]),
        ({"push": {"branches-ignore": ["**"]}}, [("push", VOID)]),
        ({"push": {"branches": []}}, [("push", VOID)]),
        ({"push": {"branches": ["**", "!**"]}}, [("push", VOID)]),
        ({"push": {"branches": ["!**", "main"]}}, [("push", RUNS)]),
        ({"push": {"branches": ["no-such"]}}, [("push", UNKNOWN)]),
        ({"push": {"branches": ["no-such", "main"]}}, [("push", RUNS)]),
        ({"push": {"branches": ["no-*"]}}, [("push", RUNS)]),
        ({"push": {"branches": ["shop-next"]}}, [("push", RUNS)]),
        ({"push": {"tags": []}}, [("tag", VOID)]),
        ({"push": {"branches": ["main"], "paths-ignore": ["**"]}}, [("push", VOID)]),
        ({"push": {"branches": ["main"], "paths": ["!src/**"]}}, [("push", VOID)]),
        ({"push": {"branches": ["main"], "paths": ["src/**", "!**"]}}, [("push", VOID)]),
        ({"push": {"branches": ["main"], "paths": ["src/**"]}}, [("push", RUNS)]),
        ({"pull_request": None}, [("pull_request", RUNS)]),
        ({"pull_request": {"types": ["opened", "labeled"]}}, [("pull_request", RUNS)]),
        ({"pull_request": {"types": ["labeled"]}}, [("other", RUNS)]),
        (MERGED, [("closed", RUNS)]),
        ({"pull_request": {"branches": ["no-such"]}}, [("pull_request", UNKNOWN)]),
        ({"pull_request_target": {}}, [("pull_request", RUNS)]),
        ("merge_group", [("pull_request", RUNS)]),
        ({"schedule": [{"cron": "0 3 * * *"}]}, [("schedule", RUNS)]),
        ({"schedule": [{"cron": "0 0 31 2 *"}]}, [("schedule", VOID)]),
        ({"schedule": [{"cron": "0 0 29 2 *"}]}, [("schedule", RUNS)]),
        ({"schedule": [{"cron": "0 0 31 4,6 *"}]}, [("schedule", VOID)]),
        ({"schedule": [{"cron": "0 0 31 4,5 *"}]}, [("schedule", RUNS)]),
        ({"schedule": [{"cron": "0 0 31 2 1"}]}, [("schedule", RUNS)]),
        ({"schedule": [{"cron": "@daily"}]}, [("schedule", UNKNOWN)]),
        ({"schedule": []}, [("schedule", VOID)]),
        (["workflow_dispatch", "workflow_call", "issues"], [("manual", RUNS), ("call", RUNS), ("other", RUNS)]),
        (None, []),
        ({}, []),
    ],
)  # fmt: skip
def test_events(on: Any, told: list[tuple[str, State]]) -> None:
    """
    Each event is told in one word, and whether it can ever happen.
    """
    assert told == [(event.trigger, event.force.state) for event in events(on)]


CONDITIONS: list[tuple[Any, str, Known, State, tuple[str, ...]]] = [
    (PUSH, "", Known(), RUNS, ("push",)),
    (PUSH, "false", Known(), VOID, ()),
    (PUSH, "${{ false }}", Known(), VOID, ()),
    (PUSH, "true", Known(), RUNS, ("push",)),
    (PUSH, "!true", Known(), VOID, ()),
    (PUSH, "'a' == 'b'", Known(), VOID, ()),
    (PUSH, "'a' == 'A'", Known(), RUNS, ("push",)),
    (PUSH, "1 == 2", Known(), VOID, ()),
    (PUSH, "2 > 1", Known(), RUNS, ("push",)),
    (PUSH, "null", Known(), VOID, ()),
    (PUSH, "'' ", Known(), VOID, ()),
    (PUSH, "fromJSON('false')", Known(), VOID, ()),
    (PUSH, "fromJSON('true')", Known(), RUNS, ("push",)),
    (PUSH, "contains('abc', 'x')", Known(), VOID, ()),
    (PUSH, "contains('abc', 'B')", Known(), RUNS, ("push",)),
    (PUSH, "endsWith('abc', 'c')", Known(), RUNS, ("push",)),
    (PUSH, "endsWith('abc', 'b')", Known(), VOID, ()),
    (PUSH, "cancelled()", Known(), VOID, ()),
    (PUSH, "always()", Known(), RUNS, ("push",)),
    (PUSH, "false && github.ref", Known(), VOID, ()),
    (PUSH, "false || github.ref", Known(), RUNS, ("push",)),
    (PUSH, "vars.ENABLED == 'yes'", Known(), UNKNOWN, ()),
    (PUSH, "vars.ENABLED == 'yes' || true", Known(), RUNS, ("push",)),
    (PUSH, "vars.ENABLED == 'yes' && false", Known(), VOID, ()),
    (PUSH, "env.ENABLED == 'yes'", Known(), UNKNOWN, ()),
    (PUSH, "env.ENABLED == 'yes'", Known(env={"ENABLED": "no"}), VOID, ()),
    (PUSH, "env.ENABLED == 'yes'", Known(env={"ENABLED": "yes"}), RUNS, ("push",)),
    (PUSH, "env.ENABLED == 'yes'", Known(env={"ENABLED": "${{ github.ref }}"}), RUNS, ("push",)),
    (PUSH, "secrets.TOKEN != ''", Known(), RUNS, ("push",)),
    (PUSH, "github.repository == 'shop/web'", Known(), RUNS, ("push",)),
    (PUSH, "github.ref == 'refs/heads/main'", Known(), RUNS, ("push",)),
    (PUSH, "github.ref == 'refs/heads/other'", Known(), VOID, ()),
    (PUSH, "github.ref_name == 'other'", Known(), VOID, ()),
    (PUSH, "github.ref_name == 'main'", Known(), RUNS, ("push",)),
    (PUSH, "startsWith(github.ref, 'refs/tags/')", Known(), VOID, ()),
    ("push", "startsWith(github.ref, 'refs/tags/v')", Known(), RUNS, ("tag",)),
    ("push", "startsWith(github.ref, 'refs/heads/')", Known(), RUNS, ("push",)),
    ("push", "github.ref_type == 'tag'", Known(), RUNS, ("tag",)),
    (NIGHTLY, "github.event_name == 'schedule'", Known(), RUNS, ("schedule",)),
    (NIGHTLY, "github.event_name != 'schedule'", Known(), RUNS, ("push",)),
    (PUSH, "github.event_name == 'pull_request'", Known(), VOID, ()),
    (PUSH, "github.event.pull_request.draft", Known(), VOID, ()),
    (PUSH, "github.base_ref == 'main'", Known(), VOID, ()),
    (MERGED, "", Known(), VOID, ()),
    (MERGED, "", Known(needs=("first",)), RUNS, ("closed",)),
    (MERGED, "github.event.pull_request.merged == true", Known(), RUNS, ("closed",)),
    (MERGED, "github.event.action == 'opened' && github.event.pull_request.merged", Known(), VOID, ()),
    (["push", "workflow_dispatch"], "inputs.deploy", Known(), RUNS, ("manual",)),
    (["push", "workflow_dispatch"], "github.event.inputs.deploy == 'yes'", Known(), RUNS, ("manual",)),
    (PUSH, "needs.test.outputs.ok == 'true'", Known(needs=("test",)), RUNS, ("push",)),
    (PUSH, "needs.test.outputs.ok == 'true'", Known(), VOID, ()),
    (PUSH, "needs.test.result == 'success'", Known(needs=("test",)), RUNS, ("push",)),
    (PUSH, "steps.build.outputs.ok == 'true'", STEP, RUNS, ("push",)),
    (PUSH, "steps.other.outputs.ok == 'true'", STEP, VOID, ()),
    (PUSH, "steps.build.outcome == 'failure'", STEP, VOID, ()),
    (PUSH, "matrix.os == 'linux'", Known(matrix={"os": ("linux", "macos")}), RUNS, ("push",)),
    (PUSH, "matrix.os == 'windows'", Known(matrix={"os": ("linux", "macos")}), VOID, ()),
    (PUSH, "${{ github.ref }} == 'x'", Known(), RUNS, ("push",)),
    (PUSH, "}} what", Known(), UNKNOWN, ()),
    (PUSH, "true" + " && true" * 60, Known(), RUNS, ("push",)),
    (PUSH, "true" + " && true" * 160, Known(), UNKNOWN, ()),
    (PUSH, "(" * 60 + "true" + ")" * 60, Known(), UNKNOWN, ()),
]  # fmt: skip


@pytest.mark.parametrize(("on", "condition", "known", "state", "triggers"), CONDITIONS)
def test_start(on: Any, condition: str, known: Known, state: State, triggers: tuple[str, ...]) -> None:
    """
    A condition that no event fulfils is void, one that a setting decides is unknown; else it is told what fulfils it.
    """
    told = start(condition, events(on), known)

    assert (state, triggers, False) == (told.force.state, told.triggers, told.after_failure)


@pytest.mark.parametrize(
    ("condition", "known"),
    [
        ("failure()", Known()),
        ("always() && failure()", Known()),
        ("always() && needs.test.result == 'failure'", Known(needs=("test",))),
        ("steps.build.outcome == 'failure'", replace(STEP, tolerant=True)),
        ("failure() && steps.build.outcome == 'failure'", STEP),
        ("job.status == 'failure' && always()", Known()),
    ],
)
def test_after_failure(condition: str, known: Known) -> None:
    """
    What runs only where something has failed is in force, and told apart.
    """
    told = start(condition, events("push"), known)

    assert told.force
    assert told.after_failure


@pytest.mark.parametrize(
    ("matrix", "empty"),
    [
        ({"os": []}, True),
        ({"os": ["linux"]}, False),
        ({"os": ["linux"], "node": []}, True),
        ({"os": [], "include": [{"os": "linux"}]}, False),
        ({"include": []}, True),
        ({"include": [{"os": "linux"}]}, False),
        ({}, True),
        ("${{ fromJSON(needs.list.outputs.matrix) }}", False),
        (None, False),
    ],
)
def test_empty_matrix(matrix: Any, empty: bool) -> None:
    """
    A matrix without any combination runs its job never.
    """
    assert empty == empty_matrix(matrix)


class TestCalled:
    @pytest.mark.parametrize(
        ("condition", "triggers", "expected"),
        [
            ("", ("push", "other"), ("push", "other")),
            ("github.event_name == 'merge_group'", ("push",), ()),
            ("github.event_name == 'merge_group'", ("pull_request",), ("pull_request",)),
            ("${{ github.event_name == 'push' }}", ("push", "schedule"), ("push",)),
            ("github.event_name == 'push'", ("other", "schedule"), ("other",)),
            ("vars.ON == 'yes'", ("push",), ("push",)),
            ("failure()", ("push",), ("push",)),
            ("false", ("push", "release"), ()),
        ],
    )
    def test_what_starts_the_caller(self, condition: str, triggers: tuple[str, ...], expected: tuple[str, ...]) -> None:
        """
        A job of a called workflow runs on what starts its caller, as far as its condition lets it.
        """
        assert expected == called(condition, triggers)
