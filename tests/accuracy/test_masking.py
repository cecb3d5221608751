"""The masking test lays trees beside each other without changing what they mean, and tells which faults it hides."""

from __future__ import annotations

import pytest

from orchestrator.domain.finding import Status
from tools.accuracy import masking as module
from tools.accuracy.beside import beside
from tools.accuracy.judging import Judgement, judged
from tools.accuracy.masking import masking
from tools.accuracy.trees import Known, Side

KEPT = {"shop/app.py": "import os\n\nTOKEN = os.environ['TOKEN']\n", "README.md": "# Shop\n"}
BROKEN = {"mail/send.py": "AWS_KEY = 'AKIA" + "QYLPMN5HHHFPZAM2'\n"}
CRITERION = "SEC-2.2.1"


def tree(name: str, side: Side, files: dict[str, str], criterion: str = CRITERION) -> Known:
    return Known(name, "case", side, (criterion,), files)


class TestBeside:
    def test_together(self) -> None:
        """
        Trees that share no path, or only paths with the same in them, lie together.
        """
        laid = beside({"a": "1", "b": "2"}, {"a": "1", "c": "3"})

        assert laid is not None
        assert ({"a": "1", "b": "2", "c": "3"}, False) == (laid.files, laid.moved)

    def test_in_a_component(self) -> None:
        """
        Where one is in the way of the other, the second goes into a component with all that means the same there.
        """
        laid = beside({"main.tf": "1"}, {"main.tf": "2", "db/x.sql": "3", ".github/dependabot.yml": "4"})

        assert laid is not None
        assert laid.moved
        assert {
            "main.tf": "1",
            "second/main.tf": "2",
            "second/db/x.sql": "3",
            ".github/dependabot.yml": "4",
        } == laid.files
        assert {"second/main.tf": "2", "second/db/x.sql": "3", ".github/dependabot.yml": "4"} == laid.second

    def test_workflows_have_any_name(self) -> None:
        """
        A workflow takes another name in its folder; one that is in nobody's way keeps it.
        """
        laid = beside(
            {".github/workflows/ci.yml": "1"}, {".github/workflows/ci.yml": "2", ".github/workflows/cd.yml": "3"}
        )

        assert laid is not None
        assert {
            ".github/workflows/ci.yml": "1",
            ".github/workflows/ci-second.yml": "2",
            ".github/workflows/cd.yml": "3",
        } == laid.files

    @pytest.mark.parametrize("path", [".gitlab-ci.yml", "CODEOWNERS", "Jenkinsfile", "azure-pipelines.yaml", "LICENSE"])
    def test_one_place(self, path: str) -> None:
        """
        What means something at one place alone cannot be there twice.
        """
        assert beside({path: "1"}, {path: "2"}) is None


class TestMasking:
    def found(self, *trees: Known) -> dict[str, list[int]]:
        return masking(trees, at_once=1).table()

    def test_tells_what_is_hidden(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        A failure that passes beside something good is told, with the names of both.
        """
        kept, broken = tree("kept", "clean", KEPT), tree("broken", "flagged", BROKEN)
        calls = []

        def lenient(files: dict[str, str], criteria: list[str]) -> Judgement:
            calls.append(files)
            return judged({path: text for path, text in files.items() if path in KEPT}, criteria)

        assert {"case beside case": [1, 0, 0, 0, 0]} == self.found(kept, broken)
        monkeypatch.setattr(module, "judged", lenient)
        trial = masking([kept, broken], at_once=1)

        assert {"case beside case": [1, 1, 0, 0, 0]} == trial.table()
        assert [{**KEPT, **BROKEN}] == calls
        assert next(trial.told()).startswith("passes: case beside case: SEC-2.2.1: broken beside kept: ")
        assert {"passes: case beside case": 1} == trial.counts()

    def test_needs_both_sides(self) -> None:
        """
        What does not pass by itself hides nothing, and what a check only misses is nothing to hide.
        """
        untold = {**KEPT, "shop/x.py": "AWS_KEY = 'AKIA" + "QYLPMN5HHHFPZAM2'\n"}
        example = Known("kept", "example", "flagged", (CRITERION,), KEPT)

        assert {} == self.found(tree("kept", "clean", untold), tree("broken", "flagged", BROKEN))
        assert {} == self.found(tree("kept", "clean", KEPT), example)

    def test_missed_cases_count(self) -> None:
        """
        What a reader calls broken and nobody finds still may not pass beside what is well.
        """
        missed = tree("missed", "flagged", {"shop/names.py": "NAME = 'shop'\n"})

        assert Status.FAIL is not missed.judgement.status(CRITERION)
        assert {"case beside case": [1, 1, 0, 0, 0]} == self.found(tree("kept", "clean", KEPT), missed)

    def test_absence_is_mended(self) -> None:
        """
        That nothing builds is no failure beside something that builds.
        """
        builds = {
            ".github/workflows/ci.yml": "on: [push, pull_request]\njobs:\n  build:\n    runs-on: ubuntu-latest\n"
            "    steps:\n      - uses: actions/checkout@v4\n      - run: docker build .\n",
            "Dockerfile": "FROM python:3.12\nCOPY . .\n",
        }
        nothing = {"shop/app.py": "import os\nprint(os.name)\n"}
        kept = tree("builds", "clean", builds, "DEP-5.1.1")
        broken = tree("nothing", "flagged", nothing, "DEP-5.1.1")

        assert [Status.PASS, Status.FAIL] == [t.judgement.status("DEP-5.1.1") for t in (kept, broken)]
        assert {} == self.found(kept, broken)
