"""Whatever a source outside the tree does, the run has a fact of it, and nothing passes on what nobody saw."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from orchestrator.audit.rejudge import rejudge
from orchestrator.audit.replay import replay, verify
from orchestrator.domain.finding import Status
from orchestrator.domain.ground import Exchange, ReportEntry
from orchestrator.errors import SourceLoadError
from orchestrator.evidence.sources import listed
from orchestrator.journal.record import Record
from orchestrator.planning import roster
from orchestrator.report import select
from tests.evidence.sources import toys
from tests.evidence.sources.toy_agent import Toys
from tests.evidence.sources.toys import Reply, asleep, findings, report, reviewed, serving, shop, sources

OK = b'{"state": "fine"}'


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(toys.installed(tmp_path / "site"))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shop(tmp_path_factory.mktemp("toys") / "shop")


class TestSeen:
    @pytest.fixture
    def run(self, tree, tmp_path) -> Path:
        file = report(tmp_path / "lint.json")
        with serving(OK) as server:
            run = reviewed(tree, tmp_path / "runs", f"url={server.url}/health", f"report={file}")
        file.unlink()
        return run

    def test_is_recorded(self, run):
        """
        Fact, time, producer, target and what was examined stand in the record, and findings rest on them.
        """
        found = sources(run)
        health, warnings = found["toy-health"].produced, found["toy-warnings"].produced
        assert health is not None
        assert warnings is not None

        assert {"health": "pass", "warnings": "pass"} == {name: f.status for name, f in findings(run).items()}
        assert ("toy-health", 1, "answers", ("url-1",)) == (
            health.by.name,
            health.examined,
            health.what,
            health.targets,
        )
        assert health.by.digest.startswith("sha256:")
        assert ("toylint", "1.2", "2026-11-20T10:00:00Z", 3) == (
            warnings.by.name,
            warnings.by.version,
            warnings.made,
            warnings.examined,
        )
        assert health.at.endswith("Z")
        (answer,) = findings(run)["health"].evidence
        assert isinstance(answer, Exchange)
        assert ("http", "url-1", 200, health.at) == (answer.kind, answer.url, answer.status, answer.at)
        assert health.at[:10] == Record(run).manifest().run[:4] + "-" + run.name[4:6] + "-" + run.name[6:8]

    def test_is_replayed_without_the_world(self, run, tree):
        """
        Server and file are gone: the record verifies, replays to the same bytes, and is judged again to the same.
        """
        record = Record(run)

        assert "derived" in dict(verify(record))
        assert sources(run) == {row.fact: row for row in replay(record).sources}
        again = rejudge(record, roster.load() | {"toys": Toys})
        assert ((), ()) == (again.findings, again.assessments)
        assert [] == [note for note in again.notes if "toy" in note]

    def test_is_shown(self, run):
        """
        The first screen, Markdown and HTML name whose word it is.
        """
        assert "toy-warnings: 3 files of report-2, by toylint 1.2 at " in (run / "report.html").read_text()


class TestRefusals:
    def test_nobody_named_a_target(self, tree, tmp_path):
        """
        Nothing is asked, and what would rest on it is unknown for that reason.
        """
        run = reviewed(tree, tmp_path / "runs")

        assert {
            "health": "Could not tell: no target of kind 'url' was named",
            "warnings": "Could not tell: no target of kind 'report' was named",
        } == {name: finding.message for name, finding in findings(run).items()}

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            pytest.param(b"{", "cannot read what it was given: not JSON", id="garbage"),
            pytest.param(b"[" * 9_000, "cannot read what it was given", id="deep"),
            pytest.param(b'{"a": "' + b"x" * 20_000 + b'"}', "answers with more than 10,000 bytes", id="large"),
            pytest.param(b'{"a": NaN}', "cannot read what it was given", id="not-finite"),
        ],
    )
    def test_an_answer_that_is_none(self, tree, tmp_path, body, reason):
        """
        What is not JSON, too deep or too large is a problem of its fact alone.
        """
        with serving(body) as server:
            run = reviewed(tree, tmp_path / "runs", f"url={server.url}")

        assert reason in findings(run)["health"].message
        assert Status.UNKNOWN is findings(run)["health"].status
        assert "derived" in dict(verify(Record(run)))

    @pytest.mark.parametrize("way", ["silent", "dripping", "gone"])
    def test_no_answer_in_time(self, tree, tmp_path, way):
        """
        A server that says nothing, says it byte by byte or has gone is not waited for.
        """

        def drip(asked: Any) -> None:
            asked.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(60):
                asked.wfile.write(b" ")
                time.sleep(0.5)

        replies: dict[str, Reply | bytes] = {"silent": asleep, "dripping": drip, "gone": OK}
        with serving(replies[way]) as server:
            url = server.url
            if way == "gone":
                server.server_close()
            begun = time.monotonic()
            run = reviewed(tree, tmp_path / "runs", f"url={url}")

        assert ("cannot be reached" if way == "gone" else "has not answered within 5 seconds") in (
            findings(run)["health"].message
        )
        assert time.monotonic() - begun < 29

    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            pytest.param({"files": 0}, "examined nothing: 0 files", id="nothing-examined"),
            pytest.param({"commit": "f" * 40}, "speaks of commit ffffffffff", id="another-commit"),
            pytest.param({"warnings": "none"}, "cannot read what it was given: no list of warnings", id="shape"),
            pytest.param({"files": "many"}, "stumbled: ValueError", id="crash"),
            pytest.param({"pad": "x" * 60_000}, "it is larger than 50,000 bytes", id="large"),
        ],
    )
    def test_a_report_that_is_none(self, tree, tmp_path, said, reason):
        """
        One that is about nothing, about another commit, of another shape or too large gives no evidence.
        """
        file = report(tmp_path / "lint.json", **said)
        run = reviewed(tree, tmp_path / "runs", f"report={file}")

        assert reason in findings(run)["warnings"].message
        assert Status.UNKNOWN is findings(run)["warnings"].status

    @pytest.mark.parametrize("what", ["missing", "folder", "pipe"])
    def test_a_report_that_is_not_there(self, tree, tmp_path, what):
        """
        Nor does a folder, a pipe or nothing at all.
        """
        file = tmp_path / "lint.json"
        if what == "folder":
            file.mkdir()
        elif what == "pipe":
            os.mkfifo(file)
        run = reviewed(tree, tmp_path / "runs", f"report={file}")

        assert "could not look: report 'report-1' cannot be read" in findings(run)["warnings"].message

    def test_entries_are_bounded(self, tree, tmp_path):
        """
        A source keeps so many entries and says how many more there were.
        """
        file = report(tmp_path / "lint.json", warnings=[f"warning {n}" for n in range(50)])
        run = reviewed(tree, tmp_path / "runs", f"report={file}")

        assert "not seen: 30 warnings" in select.sourced(sources(run)["toy-warnings"])
        assert "20 warnings" == findings(run)["warnings"].message
        assert {"toylint"} == {g.tool for g in findings(run)["warnings"].evidence if isinstance(g, ReportEntry)}


class TestSecrets:
    def test_are_withheld(self, tree, tmp_path, monkeypatch):
        """
        What an answer says is secret, and what was sent along, stand in no byte of the run.
        """
        sent, told = "tr0ub4dor-and-3-sent", "tr0ub4dor-and-3-told"
        monkeypatch.setenv("SHOP_TOKEN", f"Bearer {sent}")
        policy = tmp_path / "org.yaml"

        def echo(asked: Any) -> None:
            said = {"seen": dict(asked.headers), "note": f"you sent {sent}", "database": {"password": told}}
            asked.say(json.dumps(said).encode())

        with serving(echo) as server:
            policy.write_text(
                f"targets: [{{name: shop, url: '{server.url}', headers: {{Authorization: {{env: SHOP_TOKEN}}}}}}]\n"
            )
            run = reviewed(tree, tmp_path / "runs", policy=str(policy))

        assert f"Bearer {sent}" == server.asked[0][1]["Authorization"]
        assert Status.PASS is findings(run)["health"].status
        assert sent.encode() not in toys.everything(run)
        assert told.encode() not in toys.everything(run)
        assert b"[withheld environment-value" in toys.everything(run)

    def test_a_short_one_is_not_sent(self, tree, tmp_path, monkeypatch):
        """
        What is too short to be withheld where it comes back is not sent at all.
        """
        monkeypatch.setenv("SHOP_TOKEN", "abc123")
        policy = tmp_path / "org.yaml"
        with serving(OK) as server:
            policy.write_text(
                f"targets: [{{name: shop, url: '{server.url}', headers: {{Authorization: {{env: SHOP_TOKEN}}}}}}]\n"
            )
            run = reviewed(tree, tmp_path / "runs", policy=str(policy))

        assert [] == server.asked
        assert "SHOP_TOKEN is not set, or too short to be withheld" in findings(run)["health"].message


class TestListed:
    def test_the_tree_comes_first(self):
        """
        Sources that ship stand before those of packages, each with a fact of its own and a line about it.
        """
        names = [source.fact.name for source in listed()]

        assert len(names) == len(set(names))
        assert ["toy-health", "toy-warnings"] == names[-2:]
        assert all(source.about for source in listed())

    @pytest.mark.parametrize(
        "row",
        [
            "a = no.such.module:SOURCE",
            "a = tests.evidence.sources.toys:OK",
            "a = orchestrator.evidence.sources.past:SOURCES",
        ],
    )
    def test_what_is_none_is_refused(self, tmp_path, monkeypatch, row):
        """
        A source that cannot be had is a mistake that the user is told, and not a review without it.
        """
        monkeypatch.syspath_prepend(toys.installed(tmp_path / "bad", f"[orchestrator.sources]\n{row}\n"))

        with pytest.raises(SourceLoadError):
            listed()
