"""A record whose facts have another shape than today's is judged again by the others, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.audit.archive import opened
from orchestrator.audit.rejudge import _recorded, rejudge
from orchestrator.cli._audit import rejudged
from orchestrator.domain.finding import Status
from orchestrator.evidence import shapes
from orchestrator.evidence.facts.containers import Dockerfiles
from orchestrator.evidence.sources import listed

SHOP = Path(__file__).parents[1] / "recorded" / "20261129T215243Z-beta-159548df16-1681.run.zip"


@pytest.fixture
def record():
    with opened(Path("nowhere"), str(SHOP)) as opened_:
        yield opened_


class TestAnotherShape:
    def test_is_named_and_not_judged_by(self, record, monkeypatch):
        """
        What rests on the fact is unknown, and the answer says of how many facts it makes something.
        """
        monkeypatch.setattr(Dockerfiles, "version", 2)
        answer = rejudge(record)
        lines = list(rejudged(answer))

        assert ["dockerfiles"] == [left.fact for left in answer.not_comparable]
        assert "dockerfiles" not in answer.facts
        assert "facts     22 of 23 that are recorded were judged by" in lines
        assert (
            "  dockerfiles     the fact 'dockerfiles' was recorded in shape 1, which does not tell what today's does"
            == lines[lines.index("not comparable") + 1]
        )
        said = {
            f.after.status for f in answer.findings if f.after and "'dockerfiles' was not extracted" in f.after.message
        }
        assert {Status.UNKNOWN} == said

    def test_is_brought_up_to_date(self, record, monkeypatch):
        """
        Where an upgrade is written, everything is judged as before.
        """
        before = rejudge(record)
        monkeypatch.setattr(Dockerfiles, "version", 2)
        monkeypatch.setattr(shapes, "UPGRADES", {("dockerfiles", 1): lambda said: said})

        assert () == before.not_comparable
        assert before == rejudge(record)

    def test_one_that_nothing_reads_any_more(self, record, monkeypatch):
        """
        A fact that has no reader today is named too.
        """
        others = [source for source in listed() if source.fact is not Dockerfiles]
        monkeypatch.setattr(_recorded, "listed", lambda: others)
        answer = rejudge(record)

        assert ["nothing reads the fact 'dockerfiles' today"] == [left.reason for left in answer.not_comparable]
