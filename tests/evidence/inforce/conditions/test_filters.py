"""Filters that let something through, and those that let nothing."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.conditions import filters
from orchestrator.evidence.inforce.force import State

VOID, UNKNOWN, RUNS = State.VOID, State.UNKNOWN, State.IN_FORCE


@pytest.mark.parametrize(
    "name",
    [
        *("main", "master", "develop", "Production", "release/1.x", "release-1", "v1.2", "1.2.x", "hotfix/a"),
        *("gh-pages", "staging", "shop-next", "next/shop", "feature/**", "no-?", "/^rel/", "origin/main"),
    ],
)  # fmt: skip
def test_branches_that_there_may_be(name: str) -> None:
    """
    What repositories usually call a branch, and every pattern, lets something through.
    """
    assert filters.of_branches([name])


@pytest.mark.parametrize("name", ["no-such", "cloud", "mainframe", "x", "feature"])
def test_branches_that_nobody_knows(name: str) -> None:
    """
    Of any other name alone it cannot be told whether there is such a branch; a tag can be called anything.
    """
    assert UNKNOWN is filters.of_branches([name]).state
    assert RUNS is filters.of_branches([name], what="tag").state


@pytest.mark.parametrize("every", ["**", "/.*/", ".*", "**/*"])
def test_all_ignored(every: str) -> None:
    """
    Who ignores all lets nothing through.
    """
    assert VOID is filters.of_branches(None, [every]).state
    assert VOID is filters.of_paths(None, ["**"]).state


@pytest.mark.parametrize(
    ("cron", "state"),
    [
        ("0 0 30 2 *", VOID),
        ("0 0 29 2 *", RUNS),
        ("0 0 31 6,9,11 *", VOID),
        ("0 0 31 6,12 *", RUNS),
        ("0 0 32 1 *", VOID),
        ("0 0 31 2 5", RUNS),
        ("0 0 */2 2 *", RUNS),
        ("0 0 1 13 *", VOID),
        ("daily", UNKNOWN),
    ],
)
def test_times(cron: str, state: State) -> None:
    """
    A day that no month has never comes.
    """
    assert state is filters.of_time(cron).state
