"""One more resource type, stage name or condition is one more row of one file: nothing else has to change."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

VOCABULARY = Path(__file__).parents[2] / "orchestrator" / "vocabulary"


class Addition(NamedTuple):
    """A row that is added after a line of a file, and what is asked of it."""

    file: str
    after: str
    row: str
    question: str
    without: object
    with_it: object


ADDITIONS = {
    "a data store, with where it says whether it is encrypted": Addition(
        "estate/data-stores.yaml",
        "      aws_rds_cluster:\n",
        "      starlight_vault:\n        says:\n          encrypted: {at: sealed, default: false}\n",
        """check("database-migrator.backups.encryption", {"main.tf": 'resource "starlight_vault" "orders" {}\\n'})""",
        [],
        ["fail"],
    ),
    "a type of which one check asks where it says what": Addition(
        "resources/target-groups.yaml",
        "      aws_alb_target_group:\n",
        "      starlight_pool:\n        says:\n          asked: {at: pulse, given: true}\n"
        "          on: {at: pulse.on, default: true}\n",
        """check("deployment-orchestrator.health.balanced-by-health",
              {"main.tf": 'resource "starlight_pool" "web" {\\n  pulse {\\n    on = false\\n  }\\n}\\n'})""",
        [],
        ["fail"],
    ),
    "a name of a stage": Addition(
        "stages.yaml",
        "- {word: prd,",
        "- {word: moonbase, known_in: settings, stage: rehearsal, meaning: on the moon, line: envs/moonbase/a.tf}\n",
        """[stage_of("shop-moonbase"), stage_of_file("envs/moonbase/main.tf"), is_elsewhere("moonbase")]""",
        [None, None, False],
        ["rehearsal", "rehearsal", True],
    ),
    "a name in conditions": Addition(
        "conditions.yaml",
        "- {system: github, form: name, word: 'vars.*',",
        "- {system: github, form: name, word: 'moods.*', means: setting, meaning: a mood, line: moods.GOOD == 'yes'}\n",
        """jobs("on: push", "moods.GOOD == 'yes'")""",
        [["push"]],
        [],
    ),
    "a function in conditions": Addition(
        "conditions.yaml",
        "- {system: github, form: function, word: success,",
        "- {system: github, form: function, word: moonrise, means: never, meaning: never, line: moonrise()}\n",
        """jobs("on: push", "moonrise()")""",
        [["push"]],
        [],
    ),
    "an event": Addition(
        "conditions.yaml",
        "- {system: github, form: event, word: merge_group,",
        "- {system: github, form: event, word: eclipse, means: pull_request, meaning: rare, line: 'on: eclipse'}\n",
        """jobs("on: eclipse", "always()")""",
        [["other"]],
        [["pull_request"]],
    ),
}
_ASKED = """
import json, sys
from pathlib import Path
from orchestrator.vocabulary import places, reading

places._FOLDER = reading.FOLDER = Path(sys.argv[1])

from orchestrator.contract.testing import drafts_of, facts_of
from orchestrator.evidence.facts.pipelines import Pipelines
from orchestrator.evidence.stages import is_elsewhere, stage_of, stage_of_file
from orchestrator.planning.roster import built_in

CHECKS = {check.id: check for agent in built_in() for check in agent.checks}


def check(name, files):
    return sorted({draft.status.value for draft in drafts_of(CHECKS[name], files)})


def jobs(on, condition):
    job = f"jobs:\\n  a:\\n    if: {condition}\\n    runs-on: ubuntu-latest\\n    steps:\\n      - run: make test\\n"
    facts = facts_of({".github/workflows/a.yml": f"{on}\\n{job}", "Makefile": "test:\\n\\tpytest\\n"})
    return [list(file.triggers_of(job)) for file in facts[Pipelines].files for job in file.jobs]


print(json.dumps([eval(question) for question in json.loads(sys.argv[2])]))
"""


def answers(vocabulary: Path) -> list[object]:
    """What a process that knows the words in *vocabulary* answers to the questions of all additions."""
    questions = json.dumps([addition.question for addition in ADDITIONS.values()])
    command = [sys.executable, "-c", _ASKED, str(vocabulary), questions]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert 0 == found.returncode, found.stderr
    told: list[object] = json.loads(found.stdout)
    return told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[object, object]]:
    """Of each addition, what is answered before it and after it; each one more row of a copy of its file."""
    before, after = (tmp_path_factory.mktemp(name) / "vocabulary" for name in ("before", "after"))
    for folder in (before, after):
        shutil.copytree(VOCABULARY, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for addition in ADDITIONS.values():
        path = after / addition.file
        text = path.read_text(encoding="utf-8")
        assert 1 == text.count(addition.after), addition.after
        path.write_text(text.replace(addition.after, addition.row + addition.after), encoding="utf-8")
    return dict(zip(ADDITIONS, zip(answers(before), answers(after), strict=True), strict=True))


@pytest.mark.parametrize("name", ADDITIONS)
def test_one_row(name: str, told: dict[str, tuple[object, object]]) -> None:
    """
    With the row in its file, and no other change, what it names is known to all who ask.
    """
    addition = ADDITIONS[name]

    assert (addition.without, addition.with_it) == told[name]
