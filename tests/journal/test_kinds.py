"""A record outlives its version: what is added is left out and named, what is of another format is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrator.audit.archive import opened
from orchestrator.audit.rejudge import rejudge
from orchestrator.audit.replay import replay, unknown, verify
from orchestrator.audit.what_if import suppose
from orchestrator.conclusion import state as reading
from orchestrator.conclusion.derivations import DERIVATION, RULES
from orchestrator.conclusion.rendering import REPORT, VERDICT, finished
from orchestrator.domain.ground import Other
from orchestrator.errors import RecordBroken, ReplayDivergence
from orchestrator.journal import versions
from orchestrator.journal.event import canonical, digest
from orchestrator.journal.record import BLOBS, JOURNAL, MANIFEST, Record
from tests.cli.command import gonogo
from tests.forging import finish, judged_anew
from tests.journal.lives import whole, written
from tests.repositories import SHOP, repository

RECORDED = sorted((Path(__file__).parents[1] / "recorded").glob("*.run.zip"))
Json = dict[str, Any]
Events = list[tuple[str, str, Json]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of today."""
    shop = repository(tmp_path_factory.mktemp("repos") / "shop", SHOP)
    return whole(shop, tmp_path_factory.mktemp("runs"))


@pytest.fixture
def rewrite(run: Path, tmp_path: Path) -> Callable[..., Path]:
    """Writes the run anew as another version could have, and derives nothing: another manifest, other events."""

    def written_by(manifest: Json, change: Callable[[Events, Path], None] | None = None) -> Path:
        copy = shutil.copytree(run, tmp_path / "runs" / run.name, ignore=shutil.ignore_patterns(VERDICT, REPORT))
        lines = [json.loads(line) for line in (copy / JOURNAL).read_bytes().splitlines()]
        events = [(line["kind"], line["node"], line["data"]) for line in lines if line["kind"] != "ResultRendered"]
        if change is not None:
            change(events, copy)
        if events[-1][0] == "VerdictReached":
            events.append(("ResultRendered", "", lines[-1]["data"]))  # what it says of the files is no longer so
        return written(copy, json.loads((copy / MANIFEST).read_bytes()) | manifest, events)

    return written_by


def blob(folder: Path, value: object) -> str:
    data = canonical(value)
    (folder / BLOBS / digest(data)[7:]).write_bytes(data)
    return digest(data)


class TestAdded:
    """What a later version of the same format adds."""

    @pytest.fixture
    def later(self, run: Path, rewrite: Callable[..., Path]) -> Path:
        """A run with keys that this version does not know at every level, and with events of another kind."""

        def change(events: Events, folder: Path) -> None:
            for kind, _, data in events:
                if kind in ("PhaseStarted", "NodeFinished"):
                    data["later_key"] = {"any": 1}
                if kind == "NodeFinished" and "value" in data.get("said", {}):
                    data["said"]["value"]["later_said"] = []
                    for finding in data["said"]["value"].get("findings", ()):
                        finding["later_finding"] = "x"
                        for ground in finding.get("evidence", ()):
                            ground["later_name"] = {"any": [1]}
            events[3:3] = [
                ("LaterHappened", "x", {"said": 5, "blob": [], "value": None}),
                ("LaterHappened", "", {"blob": blob(folder, "kept")}),
            ]

        said = json.loads((run / MANIFEST).read_bytes())
        manifest = {
            "later_manifest": {"a": [1]},
            "request": said["request"] | {"later_request": True},
            "release": said["release"] | {"later_release": "x"},
        }
        return finish(rewrite(manifest, change))

    def test_is_read(self, later):
        """
        The record is genuine and replays; all that is unknown is named with how often it is there.
        """
        verify(Record(later))
        replay(record := Record(later))

        assert {
            "'later_manifest' in run.json",
            "'request.later_request' in run.json",
            "'release.later_release' in run.json",
            "'later_key' in PhaseStarted",
            "'later_key' in NodeFinished",
            "'later_said' in what nodes say",
            "'findings.later_finding' in what nodes say",
            "'findings.evidence.later_name' in what nodes say",
            "LaterHappened events",
        } == record.unknown.keys()
        assert 2 == record.unknown["LaterHappened events"]

    def test_changes_nothing_derived(self, run, later):
        """
        Verdict and report are those of the record without it, but for the head: they do not tell what a reader knows.
        """
        for name in (VERDICT, REPORT):
            assert b"later_" not in (later / name).read_bytes()
            assert b"LaterHappened" not in (later / name).read_bytes()
        was, now = finished(Record(run)).result, finished(Record(later)).result

        assert was.assessments == now.assessments
        assert (was.score, was.gate, was.release) == (now.score, now.gate, now.release)

    def test_a_later_kind_of_ground(self, run, rewrite):
        """
        A ground of a kind that a later version has added is read in its words, which every ground has; what it says
        beside them is left out, and the divergence that comes of it names that.
        """
        said = {"kind": "later", "digest": "sha256:1", "statement": "in words", "later_name": 1}

        def change(events: Events, folder: Path) -> None:
            for _, _, data in events:
                for finding in data.get("said", {}).get("value", {}).get("findings", ()):
                    finding["evidence"] = [*finding.get("evidence", ()), said]

        record = Record(finish(rewrite({}, change)))
        results = [result for _, result in reading.read(record).ended.values()]

        assert Other(kind="later", digest="sha256:1", statement="in words") in {
            ground for result in results for finding in result.findings for ground in finding.evidence
        }
        with pytest.raises(RecordBroken) as caught:
            verify(record)
        assert "'findings.evidence.later_name' in what nodes say" in caught.value.remedy

    def test_is_noted(self, later):
        """
        `verify` says so in a line of its own; `show` and `replay` beside what they print, which can be JSON.
        """
        folder = later.parents[1]
        shown, replayed = gonogo(folder, "show", "--format", "json"), gonogo(folder, "replay")
        verified = gonogo(folder, "verify")
        note = "left out, since this gonogo does not know it: "

        assert f"- unknown   {note}" in verified.out
        assert verified.out.endswith("\nconsistent: no key, head or anchor was compared\n")
        assert "'findings.evidence.later_name' in what nodes say" in verified.out
        assert " and 1 more\n" in verified.out
        assert f"note: {later.name}: {note}" in shown.err
        assert later.name == shown.json["run"]["id"]
        assert f"note: {later.name}: {note}" in replayed.err
        assert (0, 0, 0) == (verified.code, shown.code, replayed.code)

    def test_nothing_is_noted_of_today(self, run):
        """
        A record of this version holds nothing that it does not know.
        """
        verify(record := Record(run))

        assert "" == unknown(record)
        assert "unknown" not in gonogo(run.parents[1], "verify", str(run)).out
        assert "note: " not in gonogo(run.parents[1], "show", str(run)).err

    def test_its_own_result_is_no_lie(self, run, rewrite):
        """
        A divergence from a later version that derived more than this one can says what this one does not know.
        """
        folder = finish(rewrite({"later_manifest": 1}))
        (folder / VERDICT).write_bytes((folder / VERDICT).read_bytes().replace(b'"notes"', b'"later": 1, "notes"'))

        with pytest.raises(ReplayDivergence) as caught:
            replay(Record(folder))
        assert "left out, since this gonogo does not know it: 'later_manifest' in run.json" == caught.value.remedy

    def test_what_is_known_is_held_to(self, run, rewrite):
        """
        A later version may add; what this one knows must be there, and of its type.
        """

        def change(events: Events, folder: Path) -> None:
            (data,) = (data for kind, _, data in events if kind == "VerdictReached")
            data |= {"later": 1, "score": "much"}

        with pytest.raises(RecordBroken) as caught:
            verify(Record(rewrite({}, change)))
        said = "(VerdictReached) says what no version of gonogo writes: score: Input should be a valid number"
        assert said in caught.value.what

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            ({"blob": 5, "bytes": 1}, "blob: Input should be a valid string"),
            ({"blob": "sha256:x", "bytes": 1}, "blob: String should match pattern"),
            ({}, "a value is given inline or as a blob with its size"),
        ],
    )
    def test_answers_are_held_to_when_they_are_read(self, rewrite, answer, said):
        """
        An answer is read where somebody asks for it, and is then taken on trust no more than any other event.
        """

        def change(events: Events, folder: Path) -> None:
            at = next(n for n, (kind, _, _) in enumerate(events) if kind == "StepDone")
            kind, node, data = events[at]
            events[at] = (kind, node, {"key": data["key"], **answer})

        with pytest.raises(RecordBroken) as caught:
            rejudge(Record(rewrite({}, change)))
        assert "(StepDone) says what no version of gonogo writes" in caught.value.what
        assert said in caught.value.what

    @pytest.mark.parametrize("purpose", ["fact:files", "earlier"])
    def test_answers_of_another_shape(self, rewrite, purpose):
        """
        An answer that holds, and is not what was asked for, ends in one message from whoever reads it.
        """

        def change(events: Events, folder: Path) -> None:
            at = next(n for n, (_, _, data) in enumerate(events) if f"#1:{purpose}:" in data.get("key", ""))
            kind, node, data = events[at]
            events[at] = (kind, node, {"key": data["key"], "value": {"no such": "thing"}})
            del events[-1]

        folder = rewrite({}, change)
        resumed = gonogo(folder.parents[1], "resume", str(folder))

        assert 7 == resumed.code, resumed.err
        assert "Traceback" not in resumed.err
        assert "cannot be read" in resumed.err

    def test_answers_that_are_shown(self, rewrite):
        """
        Nor is an answer taken on trust where a run is watched again, which is the first to read it.
        """

        def change(events: Events, folder: Path) -> None:
            (data,) = (data for _, _, data in events if "#1:fact:files:" in data.get("key", ""))
            data.pop("blob", None)
            data.pop("bytes", None)
            data["value"] = {"no such": "thing"}

        folder = finish(rewrite({}, change))
        watched = gonogo(folder.parents[1], "replay", "--speed", "max", str(folder))

        assert 7 == watched.code, watched.err
        assert "Traceback" not in watched.err
        assert "(StepDone) says what no version of gonogo writes: no such: Extra inputs" in watched.err

    def test_is_not_resumed_by_what_cannot_read_it(self, rewrite, run):
        """
        Resuming asks for what the run was asked for, as far as it is known, and refuses the rest without a traceback.
        """

        def change(events: Events, folder: Path) -> None:
            events.pop()

        said = json.loads((run / MANIFEST).read_bytes())
        folder = rewrite({"request": said["request"] | {"later": 1, "path": "/nonexistent"}}, change)
        done = gonogo(folder.parents[1], "resume", str(folder))

        assert 2 == done.code
        assert "Traceback" not in done.err


class TestFormat:
    @pytest.mark.parametrize("format_", ["readiness/run/2", "gonogo/run/2", "other", None, 1, {}, ["readiness/run/1"]])
    def test_another_is_refused(self, rewrite, format_):
        """
        Another major is refused with the versions that are read, and with what to do.
        """
        folder = rewrite({"format": format_})

        with pytest.raises(RecordBroken) as caught:
            Record(folder).manifest()
        assert (
            f"run.json has format {str(format_)!r}; this gonogo reads readiness/run/1 and gonogo/run/1\n"
            f"  --> {folder / MANIFEST}\n"
            " help: a record of a later format is read by the gonogo that wrote it, and by later ones"
        ) == str(caught.value)

    def test_of_the_command(self, rewrite):
        """
        On the command line it is one error, not a traceback.
        """
        done = gonogo(rewrite({"format": "readiness/run/2"}).parents[1], "verify")

        assert 7 == done.code
        assert "this gonogo reads readiness/run/1 and gonogo/run/1" in done.err
        assert "Traceback" not in done.err

    @pytest.mark.parametrize("archive", RECORDED, ids=lambda path: path.name.removesuffix(".run.zip"))
    def test_older_ones_are_brought_up_to_date(self, archive):
        """
        A record of the earlier name has what came later, as it was meant before.
        """
        with opened(Path("nowhere"), str(archive)) as record:
            raw, manifest = json.loads(record.manifest_bytes()), record.manifest()
            verify(record)

            assert raw["format"] in versions.UPGRADES
            assert raw.get("derivation", 1) == manifest.derivation
            assert raw.get("tools", {}) == manifest.tools
            assert "" == unknown(record)

    def test_one_upgrade_for_each(self, monkeypatch, rewrite):
        """
        A version is read by what the table has for it, and by nothing else.
        """
        folder = rewrite({"format": "readiness/run/0", "titel": "release-review", "workflow": 5})
        monkeypatch.setitem(
            versions.UPGRADES,
            "readiness/run/0",
            lambda old: (
                {n: v for n, v in old.items() if n != "titel"} | {"workflow": old["titel"], "format": versions.FORMAT}
            ),
        )

        assert "release-review" == Record(folder).manifest().workflow

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"derivation": "1"}, None),
            ({"derivation": 0}, "derivation: Input should be greater than or equal to 1"),
            ({"derivation": "one"}, "derivation: Input should be a valid integer"),
            ({"notes": "none"}, "notes: Input should be a valid tuple"),
            ({"release": {"name": "x"}}, "release.version: Field required"),
            ({"pinned": {"policy": "x"}}, "pinned.catalogue: Field required"),
            ({"digests": {"agents": "sha256:x"}}, "digests.agents: String should match pattern"),
            ({"request": []}, "request: Input should be a valid dictionary"),
        ],
        ids=str,
    )
    def test_what_is_no_manifest(self, rewrite, change, said):
        """
        A run.json with a field of another type is refused with the field's name.
        """
        folder = rewrite(change)
        if said is None:
            assert 1 == Record(folder).manifest().derivation
            return

        with pytest.raises(RecordBroken) as caught:
            Record(folder).manifest()
        assert f"run.json is not as readiness/run/1 has it: {said}" in caught.value.what


class TestDerivation:
    QUESTIONS = (verify, replay, rejudge, lambda record: suppose(record, Path("/dev/null")))

    def test_is_one_that_this_version_has(self, run):
        """
        A run of today names the rules that it is derived by.
        """
        assert DERIVATION == json.loads((run / MANIFEST).read_bytes())["derivation"]
        assert DERIVATION in RULES

    @pytest.mark.parametrize("question", QUESTIONS, ids=["verify", "replay", "rejudge", "suppose"])
    def test_another_is_not_guessed(self, rewrite, question):
        """
        A record that names rules which this version does not have is judged by no others.
        """
        folder = rewrite({"derivation": DERIVATION + 1, "tool": "gonogo 9.1.0"})

        with pytest.raises(ReplayDivergence) as caught:
            question(Record(folder))
        assert (
            f"the run's result is derived by rules {DERIVATION + 1}; this gonogo has rules 1, 2, 3, 4, {DERIVATION}\n"
            f"  --> {folder.name}/run.json: derivation\n"
            " help: replay it with the gonogo that recorded it (gonogo 9.1.0), or with a later one"
        ) == str(caught.value)

    def test_none_means_the_first(self, run, rewrite):
        """
        A record from before rules had a number comes to the bytes of the first.
        """
        folder = rewrite({})
        said = json.loads((folder / MANIFEST).read_bytes())
        del said["derivation"]
        lines = [json.loads(line) for line in (folder / JOURNAL).read_bytes().splitlines()]
        written(folder, said, [(line["kind"], line["node"], line["data"]) for line in lines])
        judged_anew(folder)
        bare = [a.findings for a in finished(Record(run)).result.assessments]

        assert replay(Record(folder)).run.derivation == 1
        assert [a.findings for a in replay(Record(folder)).assessments] == [
            tuple(finding.model_copy(update={"age": None}) for finding in findings) for findings in bare
        ]

    @pytest.mark.parametrize(("derivation", "twice"), [(1, True), (2, False)])
    def test_each_keeps_its_bytes(self, rewrite, derivation, twice):
        """
        What a number renders stays, also where a later one renders it better.
        """
        folder = judged_anew(rewrite({"derivation": derivation}))

        assert twice == ("sha256:sha256:" in (folder / "report.html").read_text())
        assert replay(Record(folder)).run.derivation == derivation

    def test_of_an_earlier_run_counts_for_nothing(self, run, rewrite):
        """
        A review beside such a run, which would look what has changed since, goes on without it.
        """
        folder = rewrite({"derivation": DERIVATION + 1})
        shutil.copy(run / VERDICT, folder)
        shop = Path(json.loads((folder / MANIFEST).read_bytes())["request"]["path"])
        done = gonogo(folder.parents[1], "review", str(shop), "--progress", "none")

        assert 1 == done.code, done.err
        assert "Traceback" not in done.err


class TestPinned:
    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("plan", {"nodes": [], "phases": 1}, "what the run pinned as its plan is not one: phases: "),
            ("policy", [], "what the run pinned as its policy is not one: Input should be a valid dictionary"),
            ("statements", {"waivers": []}, "what the run pinned as its statements is not one: attestations: "),
        ],
    )
    def test_what_is_none(self, rewrite, run, name, value, said):
        """
        A blob that is not what it is pinned as is refused by name, before anything is judged by it.
        """
        pinned = json.loads((run / MANIFEST).read_bytes())["pinned"]
        other = blob(run, value)
        try:
            folder = rewrite({"pinned": pinned | {name: other}})
        finally:
            (run / BLOBS / other[7:]).unlink()

        with pytest.raises(RecordBroken) as caught:
            replay(Record(folder))
        assert caught.value.what.startswith(said)

    def test_what_is_added(self, rewrite, run):
        """
        A key that a later version adds to a criterion or a rule is left out and named.
        """
        record = Record(run)
        pinned = record.manifest().pinned.named()
        policy = json.loads(record.blob(pinned["policy"])) | {"later": 1}
        other = blob(run, policy)
        try:
            folder = rewrite({"pinned": pinned | {"policy": other}})
        finally:
            (run / BLOBS / other[7:]).unlink()
        finish(folder)
        replay(later := Record(folder))

        assert {"'later' in the pinned policy": 1} == later.unknown
