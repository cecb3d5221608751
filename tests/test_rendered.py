"""From derivation 3 on a record ends in what was rendered: other files are found, a missing end is repaired."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrator.audit import anchoring, signing
from orchestrator.audit.rejudge import rejudge
from orchestrator.audit.replay import replay, verify
from orchestrator.commands.resume import resume
from orchestrator.conclusion import rendering as result
from orchestrator.conclusion.rendering import REPORT, VERDICT, finished, lay_down
from orchestrator.engine import installed
from orchestrator.errors import OrchestratorError, RecordBroken, ReplayDivergence, UsageError
from orchestrator.journal.event import Event, digest
from orchestrator.journal.record import Record
from tests.cli.command import gonogo
from tests.forging import chain


@pytest.fixture(scope="module")
def whole(reviewed_shop: Path) -> Path:
    return reviewed_shop


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    """A copy that a test may do what it likes to."""
    return shutil.copytree(whole, tmp_path / "runs" / whole.name)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on this gonogo has another renderer than the one that recorded the run."""
    monkeypatch.setattr(installed, "renderer", lambda: "sha256:" + "5" * 64)


def events(run: Path) -> list[Event]:
    return list(Record(run).events())


def rewritten(run: Path, change: Callable[[list[Any]], object]) -> Path:
    """The run with its events changed, each as [at, kind, node, data], and chained anew."""
    said: list[Any] = [[e.at, e.kind, e.node, dict(e.data)] for e in events(run)]
    change(said)
    chain(run, said)
    return run


def shortened(run: Path) -> Path:
    """The run without its last event."""
    return rewritten(run, lambda said: said.pop())


def edited(run: Path) -> Path:
    """The run with a report that says something else."""
    report = run / REPORT
    report.write_text(report.read_text().replace("ROLLBACK", "READY", 1))
    return run


def admitted(run: Path) -> Path:
    """The run with an edited report, and a last event that says that it is this one."""
    edited(run)
    return rewritten(run, lambda said: said[-1][3].update(report=digest((run / REPORT).read_bytes())))


ZERO = "sha256:" + "0" * 64
STEP = {"key": "k", "value": 1}
BEGUN = {"agent": "x", "attempt": 1}
CHANGES: list[tuple[Callable[[list[Any]], object], str]] = [
    (lambda e: e[-1].__setitem__(0, "2026-01-02T03:04:05.000006Z"), "it has neither a time nor a node of its own"),
    (lambda e: e[-1].__setitem__(2, "run"), "it has neither a time nor a node of its own"),
    (lambda e: e[-1][3].update(verdict=ZERO), "verdict.json has another digest than the last event"),
    (lambda e: e[-1][3].update(report=ZERO), "report.html has another digest than the last event"),
    (lambda e: e.append(e[-1]), "(ResultRendered) appears in a record that has one already"),
    (lambda e: e.append([e[-1][0], "LaterHappened", "", {}]), "(LaterHappened) follows the end of the record"),
    (lambda e: e.append([e[-1][0], "StepDone", "", STEP]), "(StepDone) follows the verdict"),
    (lambda e: e.insert(-1, [e[-1][0], "NodeStarted", "x", BEGUN]), "(NodeStarted) follows the verdict"),
    (lambda e: e.insert(-1, [e[-1][0], "StepDone", "", STEP]), "(StepDone) follows the verdict"),
    (lambda e: e.insert(-1, e[-2]), "(VerdictReached) appears in a record that has one already"),
    (lambda e: e[-1].__setitem__(1, "ResultRendereD"), "(ResultRendereD) follows the verdict"),
]


class TestTheLastEvent:
    def test_says_what_lies_beside_the_record(self, whole):
        """
        It has the digests of both files, no node, and the time of the event before it.
        """
        *_, verdict, last = events(whole)

        assert ("VerdictReached", "ResultRendered") == (verdict.kind, last.kind)
        assert (verdict.at, "") == (last.at, last.node)
        assert last.data == {
            "verdict": digest((whole / VERDICT).read_bytes()),
            "report": digest((whole / REPORT).read_bytes()),
        }
        assert installed.renderer() == json.loads((whole / "run.json").read_bytes())["digests"]["renderer"]

    def test_comes_after_what_the_document_knows(self, whole):
        """
        The document ends at the verdict, the record one event later.
        """
        *_, verdict, last = events(whole)

        assert (verdict.digest, verdict.seq + 1) == tuple(finished(Record(whole)).result.journal.model_dump().values())
        assert (last.digest, last.seq + 1) == tuple(finished(Record(whole)).end.model_dump().values())

    def test_is_the_head_that_is_printed(self, whole):
        """
        What people copy is the head of the whole record, which `verify` compares with.
        """
        head = finished(Record(whole)).end.head
        shown, verified = (gonogo(whole.parent, *words, str(whole)) for words in (("show", "-v"), ("verify",)))

        assert head in shown.out.replace("│", "")
        assert f"head {head}" in verified.out
        assert 0 == gonogo(whole.parent, "verify", str(whole), "--head", head).code

    @pytest.mark.parametrize(("change", "said"), CHANGES)
    def test_nothing_of_it_is_free(self, run, change, said):
        """
        Another time, node or digest, an event after it, or one between the verdict and it is found without a key.
        """
        with pytest.raises(RecordBroken) as caught:
            verify(Record(rewritten(run, change)))
        assert said in caught.value.what
        assert caught.value.where.startswith("journal.jsonl:")


class TestWithoutIt:
    def test_is_unfinished(self, run):
        """
        A run that lost it, or was killed before it, is unfinished, and says so wherever its result is asked for.
        """
        checked = dict(verify(Record(shortened(run))))
        told = "is unfinished: its result is not rendered"
        for words in (("show",), ("replay",), ("export",), ("diff", run.name), ("anchor", "--to", "stdout")):
            done = gonogo(run.parents[1], *words, run.name)
            assert (7, True) == (done.code, told in done.err), (words, done)
        verified, listed = gonogo(run.parents[1], "verify"), gonogo(run.parents[1], "runs")

        assert "derived" not in checked
        assert 0 == verified.code, verified.err
        assert "- derived   the result is not rendered: `gonogo resume` completes the run" in verified.out
        assert "unfinished" in listed.out
        with pytest.raises(RecordBroken, match=told):
            rejudge(Record(run))

    @pytest.mark.parametrize("gone", [(), (REPORT,), (VERDICT,), (VERDICT, REPORT)], ids=str)
    def test_is_completed(self, run, gone):
        """
        `resume` lays down what it came to, to the same bytes, and writes the event.
        """
        before = {name: (run / name).read_bytes() for name in (VERDICT, REPORT)}
        shortened(run)
        for name in gone:
            (run / name).unlink()
        asyncio.run(resume(Record(run), sync=False))
        *_, verdict, resumed, last = events(run)

        assert before == {name: (run / name).read_bytes() for name in (VERDICT, REPORT)}
        assert ["VerdictReached", "RunResumed", "ResultRendered"] == [verdict.kind, resumed.kind, last.kind]
        assert "derived" in dict(verify(Record(run)))
        with pytest.raises(UsageError, match="is over"):
            asyncio.run(resume(Record(run), sync=False))

    def test_is_completed_after_an_interruption(self, run):
        """
        Who was asked to stop, or fell over, between the verdict and it leaves word of that, and nothing else.
        """
        crash: dict[str, Any] = {"error": "ZeroDivisionError: a bug", "trace": ""}
        for kind, data in (("RunInterrupted", {}), ("RunCrashed", crash)):
            word = [events(run)[-1].at, kind, "", data]
            rewritten(run, lambda said, word=word: said.__setitem__(-1, word))  # type: ignore[misc]  # bound at once
            assert "derived" not in dict(verify(Record(run)))
            asyncio.run(resume(Record(run), sync=False))
            assert "derived" in dict(verify(Record(run)))

    def test_is_completed_by_the_same_renderer(self, run, elsewhere):
        """
        A report that the manifest's renderer would not come to is not laid down as its own.
        """
        before = (shortened(run) / "journal.jsonl").read_bytes()

        with pytest.raises(UsageError, match="was rendered by a renderer that this gonogo does not have"):
            asyncio.run(resume(Record(run), sync=False))
        assert before == (run / "journal.jsonl").read_bytes()


class TestAnEditedReport:
    def test_is_found_beside_the_record(self, run):
        """
        The renderer of then comes to other bytes: the place is named.
        """
        with pytest.raises(RecordBroken, match=r"report\.html is not what follows from the record"):
            verify(Record(edited(run)))

    def test_is_found_by_its_digest(self, run, elsewhere):
        """
        Another renderer holds the file to the digest that was recorded.
        """
        with pytest.raises(RecordBroken) as caught:
            verify(Record(edited(run)))
        assert "report.html has another digest than the last event says" in caught.value.what
        assert str(run / REPORT) == caught.value.where

    def test_is_found_where_the_event_admits_it(self, run):
        """
        A last event that was changed along with the report does not help where the renderer is the same.
        """
        with pytest.raises(ReplayDivergence, match=r"report\.html is not what follows from the record"):
            replay(Record(admitted(run)))

    def test_is_found_by_what_lies_elsewhere(self, run, elsewhere, tmp_path):
        """
        By another renderer head, signature and anchor tell; and nothing else does.
        """
        keys, target = signing.generate(tmp_path / "key"), f"file:{tmp_path / 'anchors'}"
        head = finished(Record(run)).end.head
        signing.sign(Record(run), keys.private)
        anchoring.anchor(Record(run), target)
        admitted(run)

        assert "derived" in dict(verify(Record(run))), "a forger is careful"
        for question in (
            lambda: verify(Record(run), head),
            lambda: signing.check(Record(run), [keys.public]),
            lambda: anchoring.check(Record(run), target),
        ):
            with pytest.raises(RecordBroken):
                question()


class TestALaterRenderer:
    def test_takes_nothing_away(self, run, elsewhere):
        """
        The verdict is derived, the report has the recorded digest, and both are said apart.
        """
        assert (
            "verdict.json follows from the record; report.html, by another renderer, has the digest that was recorded"
        ) == dict(verify(Record(run)))["derived"]
        assert replay(Record(run)).run.id == run.name

    def test_holds_the_verdict_to_its_bytes(self, run, elsewhere):
        """
        Whatever renders the report, ``verdict.json`` is derived again.
        """
        (run / VERDICT).write_text((run / VERDICT).read_text().replace('"deployed": false', '"deployed": true'))

        with pytest.raises(RecordBroken, match=r"verdict\.json is not what follows from the record"):
            verify(Record(run))

    def test_lays_no_other_report_down(self, run, elsewhere):
        """
        Of two lost files it lays down the one that it can, and says who renders the other.
        """
        before = (run / VERDICT).read_bytes()
        for name in (VERDICT, REPORT):
            (run / name).unlink()

        with pytest.raises(UsageError, match="was rendered by a renderer that this gonogo does not have"):
            lay_down(run, sync=False)
        assert before == (run / VERDICT).read_bytes()
        assert not (run / REPORT).exists()

    def test_lays_down_what_was_recorded(self, run, monkeypatch):
        """
        By the same renderer lost files come back to their bytes; a result that is not the recorded one is refused.
        """
        before = {name: (run / name).read_bytes() for name in (VERDICT, REPORT)}
        for name in before:
            (run / name).unlink()
        lay_down(run, sync=False)

        assert before == {name: (run / name).read_bytes() for name in before}
        monkeypatch.setattr(result, "rendered", lambda *_: "something else")
        with pytest.raises(OrchestratorError, match="is not the result that it recorded"):
            lay_down(run, sync=False)
