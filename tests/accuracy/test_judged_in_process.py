"""A tree that is judged in this process is judged as the command judges it."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.domain.finding import Status
from orchestrator.evidence.reader import Reader
from orchestrator.evidence.readers.code import CodeReader
from orchestrator.evidence.tree import SourceFile
from orchestrator.planning.roster import built_in
from tests.cli.command import gonogo
from tests.cli.command import judged as heard
from tests.repositories import repository
from tests.sampling import sampled
from tools.accuracy.judging import at_a_place, judged
from tools.accuracy.trees import Known, examples
from tools.shells.by_hand import releases

HONEST = {release.name: dict(release.files) for release in releases()}


@pytest.mark.parametrize("name", sampled(sorted(HONEST), 6))
def test_as_the_command(tmp_path: Path, name: str) -> None:
    """
    Of a whole release in a repository every criterion has the status, and every finding the words, of a review.
    """
    repository(tmp_path / "shop", HONEST[name])
    review = heard(gonogo(tmp_path, "review", "shop", "--format", "json", "--runs", "runs"))
    ours = judged(HONEST[name])

    assert {c: a["status"] for c, a in review.items()} == {c: str(a.status) for c, a in ours.by.items()}
    assert {c: {f["message"] for f in a.get("findings", ())} for c, a in review.items()} == {
        c: {f.message for f in a.findings} for c, a in ours.by.items()
    }


@pytest.mark.parametrize("name", sampled(sorted(HONEST), 6))
def test_of_some_criteria(name: str) -> None:
    """
    Whoever asks about some criteria hears of them what he hears who asks about all.
    """
    whole = judged(HONEST[name])
    some = ("SEC-2.2.1", "INF-1.1.8", "DEP-5.1.1", "OBS-4.3.2")

    assert {c: whole[c].status for c in some} == {c: a.status for c, a in judged(HONEST[name], some).by.items()}


def breaking(_reader: Reader, _source: SourceFile) -> None:
    raise IndexError("out of bounds")


class TestCrash:
    def test_of_a_reader_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        Where a reader breaks, what is said is no answer.
        """
        monkeypatch.setattr(CodeReader, "read", breaking)

        assert "stumbled over it: IndexError" in judged({"shop/app.py": "import os\n"}, ["SEC-2.2.1"]).crash

    def test_of_a_check_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        Where a check breaks, its name is told.
        """
        check = next(c for agent in built_in() for c in agent.checks if "SEC-2.2.1" in c.criteria)

        def breaks(*_: object, **__: object) -> list[object]:
            raise IndexError("out of bounds")

        monkeypatch.setattr(type(check), "run", breaks)

        assert "IndexError: out of bounds" in judged({"shop/app.py": "import os\n"}, ["SEC-2.2.1"]).crash
        assert "" == judged({"shop/app.py": "import os\n"}, ["SEC-9.9.9"]).crash


def flagged(name: str) -> Known:
    return next(tree for tree in examples() if tree.name == name)


@pytest.mark.parametrize(
    ("name", "criterion", "placed"),
    [
        ("security-validator.secrets.no-secret-in-version-control[flagged 0]", "SEC-2.2.1", True),
        ("integration-tester.building.built-on-every-commit[flagged 0]", "DEP-5.1.1", False),
    ],
)
def test_at_a_place(name: str, criterion: str, placed: bool) -> None:
    """
    A line that breaks something is at a place; that nothing builds is an absence.
    """
    assessment = flagged(name).judgement[criterion]

    assert Status.FAIL is assessment.status
    assert placed == at_a_place(assessment)
