"""Every word of a condition is its own test: what its line comes to, and does not with nonsense in its place."""

from __future__ import annotations

import re

import pytest

from orchestrator.evidence.inforce.conditions import azure, github, gitlab, jenkins
from orchestrator.evidence.inforce.force import State
from orchestrator.vocabulary import Condition, conditions, meaning_of, meanings


def comes_to(row: Condition, line: str) -> object:
    """What *line*, a condition or an event of the system of *row*, comes to in the words that readers are told."""
    if row.form == "event":
        return _started(row, line)
    if row.form == "ref":
        job = {"only": [line.removeprefix("only: [").removesuffix("]")]}
        return gitlab.of_job(job, gitlab.of_workflow((), {}), {}).sources
    if row.system == "github":
        on = github.events(["push"])
        return github.start(line, on, github.Known(in_job=True)), github.start(
            f"!{line}", on, github.Known(in_job=True)
        )
    if row.system == "azure":
        return azure.of_condition(line, {}), azure.of_condition(f"not({line})", {})
    if row.system == "gitlab":
        return gitlab.of_rules([{"if": line}], ["push"], {}).force, gitlab.of_rules(
            [{"if": line, "when": "never"}, {"when": "always"}], ["push"], {}
        ).force.state
    return jenkins.of_expression(line).chance


def _started(row: Condition, line: str) -> object:
    if row.system == "github":
        return [event.trigger for event in github.events([line.removeprefix("on: ")])][:1]
    if row.system == "gitlab":
        return gitlab.of_rules([{"if": line}], tuple(gitlab.SOURCES), {}).triggers
    return sorted(jenkins.of_when(line).triggers)


@pytest.mark.parametrize("row", conditions(), ids=lambda row: f"{row.system} {row.form} {row.word}")
def test_each_word(row: Condition) -> None:
    """
    The line of a word comes to something else with a word that nobody knows in its place.
    """
    word = row.word.rstrip("*.")
    shown = re.compile(re.escape(word.partition(".")[2] or word), re.IGNORECASE)

    assert shown.search(row.line)
    assert comes_to(row, row.line) != comes_to(row, shown.sub("zqxj", row.line))


def test_what_words_mean() -> None:
    """
    A name is known in any case, as a whole or by its beginning; the first row that knows it counts.
    """
    assert "setting" == meaning_of("github", "VARS.deploy")
    assert "run" == meaning_of("gitlab", "ci_open_merge_requests")
    assert "there" == meaning_of("gitlab", "CI_COMMIT_SHA")
    assert "" == meaning_of("github", "env.DEPLOY") == meaning_of("azure", "vars.x") == meaning_of("gitlab", "ACI_X")
    assert "pull_request" == meanings("github", "event")["merge_group"]
    assert {} == meanings("jenkins", "function")
    assert State.IN_FORCE is gitlab.of_rules([{"if": "$CI_PROJECT_NAME"}], ["push"], {}).force.state
