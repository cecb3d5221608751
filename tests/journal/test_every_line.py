"""`verify` reads every line and every blob that it calls good, and names what lies beside them."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.audit.replay import verify
from orchestrator.audit.signing import generate, sign
from orchestrator.commands.resume import resume
from orchestrator.errors import RecordBroken
from orchestrator.journal.event import GENESIS, canonical, digest
from orchestrator.journal.record import BLOBS, JOURNAL, MANIFEST, Record
from tests.cli.command import gonogo
from tests.forging import chain, cut, finish

AT = 9
"""Number of the event that is forged; the answer of a step."""
NODE = b'"kind":"StepDone","node":"run"'
TIME = b'"at":"2026-01-02T03:04:05.000006Z"'


@pytest.fixture(scope="module")
def whole(reviewed_shop: Path) -> Path:
    return reviewed_shop


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    """A copy that a test may do what it likes to."""
    return shutil.copytree(whole, tmp_path / "runs" / whole.name)


def rechained(run: Path, change: Callable[[bytes], bytes]) -> Path:
    """The unfinished run with the line of event AT changed in front of its link, and a chain that holds as bytes."""
    bodies = [line.rpartition(b',"prev":')[0] for line in (cut(run) / JOURNAL).read_bytes().splitlines()]
    bodies[AT] = change(bodies[AT])
    lines, prev = [], GENESIS
    for seq, body in enumerate(bodies):
        line = body + f',"prev":"{prev}","seq":{seq}}}'.encode()
        lines.append(line + b"\n")
        prev = digest(line)
    (run / JOURNAL).write_bytes(b"".join(lines))
    return run


def body(data: bytes) -> bytes:
    return b"{" + TIME + b',"data":' + data + b"," + NODE


NO_LINES = {
    "words": b"anything at all, " + NODE,
    "nothing": b"",
    "not a number": body(b'{"key":"k","value":NaN}'),
    "endless": body(b'{"key":"k","value":-Infinity}'),
    "too large": body(b'{"key":"k","value":1e999}'),
    "a key twice": body(b'{"key":"k","key":"l","value":1}'),
    "a value twice": body(b'{"key":"k","value":1,"value":2}'),
    "a bare byte": body(b'{"key":"k","value":"\xff"}'),
    "utf-8": body('{"key":"k","value":"é"}'.encode()),
    "a tower": body(b'{"key":"k","value":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "a low tower": body(b'{"key":"k","value":' + b"[" * 3_000 + b"]" * 3_000 + b"}"),
    "spaces": body(b'{"key": "k", "value": 1}'),
    "another order": body(b'{"value":1,"key":"k"}'),
    "a comment": body(b'{"key":"k","value":1} /* ok */'),
    "a sixth key": b'{"and":1,' + TIME + b',"data":{"key":"k","value":1},' + NODE,
    "no answer": body(b'{"key":"k"}'),
    "no key": body(b'{"value":1}'),
    "a key of another type": body(b'{"key":1,"value":1}'),
    "no digest": body(b'{"blob":"sha256:1","bytes":1,"key":"k"}'),
    "no such blob": body(b'{"blob":"sha256:' + b"0" * 64 + b'","bytes":1,"key":"k"}'),
    "no time": b'{"at":"yesterday","data":{"key":"k","value":1},' + NODE,
    "a number for a time": b'{"at":5,"data":{"key":"k","value":1},' + NODE,
    "another beginning": body(b'{"manifest":"sha256:' + b"0" * 64 + b'","run":"x"}').replace(
        b"StepDone", b"RunStarted"
    ),
}


class TestLines:
    @pytest.mark.parametrize("line", NO_LINES.values(), ids=NO_LINES)
    def test_that_nobody_writes(self, run, tmp_path, line):
        """
        A line that holds to the chain and is none of ours is refused where it stands, whatever its digest.
        """
        rechained(run, lambda _: line)
        with pytest.raises(RecordBroken) as caught:
            verify(Record(run))

        assert caught.value.where == f"{JOURNAL}:{AT + 1}" or "is missing: event 9 (StepDone)" in caught.value.what
        with pytest.raises(RecordBroken):
            sign(Record(run), generate(tmp_path / "key").private)

    def test_that_a_later_version_adds(self, run):
        """
        A kind and a field that this version does not know are left out and named; what it knows of the rest must be so.
        """
        rechained(run, lambda line: line.replace(b'"kind":"StepDone"', b'"kind":"LaterHappened"'))
        done = gonogo(run.parents[1], "verify")

        assert 0 == done.code, done.err
        assert "LaterHappened events" in done.out

    def test_fields_of_answers_are_named(self, run):
        """
        Answers of steps are read here as well: what is unknown of them is named.
        """
        rechained(run, lambda line: line.replace(b'"data":{', b'"data":{"a_later":1,'))

        assert "'a_later' in StepDone" in gonogo(run.parents[1], "verify").out


NO_BLOBS = {
    "words": b"anything at all",
    "nothing": b"",
    "not a number": b'{"x":NaN}',
    "a key twice": b'{"x":1,"x":2}',
    "a bare byte": b'{"x":"\xff"}',
    "a tower": b"[" * 100_000 + b"]" * 100_000,
    "spaces": b'{"x": 1}',
    "a newline": b"{}\n",
}


class TestBlobs:
    @pytest.mark.parametrize("data", NO_BLOBS.values(), ids=NO_BLOBS)
    def test_that_are_no_values(self, run, data):
        """
        A blob that has its digest and is not canonical JSON is refused, with the event that rests on it.
        """
        name = digest(data)
        (run / BLOBS / name[7:]).write_bytes(data)
        events = [(e.at, e.kind, e.node, e.data) for e in Record(cut(run)).events()]
        events[AT] = (*events[AT][:3], {"key": "k", "blob": name, "bytes": len(data)})
        chain(run, events)

        with pytest.raises(RecordBroken) as caught:
            verify(Record(run))
        assert caught.value.what.endswith(f"is not canonical JSON: event {AT} (StepDone) rests on it")
        assert str(run / BLOBS / name[7:]) == caught.value.where

    def test_of_another_length(self, run):
        """
        An event says how long its blob is.
        """
        data = canonical(["x" * 3_000])
        (run / BLOBS / digest(data)[7:]).write_bytes(data)
        events = [(e.at, e.kind, e.node, e.data) for e in Record(cut(run)).events()]
        events[AT] = (*events[AT][:3], {"key": "k", "blob": digest(data), "bytes": 5})
        chain(run, events)

        with pytest.raises(RecordBroken, match=r"has 3,004 bytes, and 5 are told: event 9 \(StepDone\) rests on it"):
            verify(Record(run))

    @pytest.mark.parametrize("name", ["catalogue", "checks", "plan", "policy", "statements"])
    def test_that_are_pinned(self, run, name):
        """
        What the run is judged by must be JSON as well, whatever this version reads of it.
        """
        data = b'{"x":1,"x":2}'
        (run / BLOBS / digest(data)[7:]).write_bytes(data)
        manifest = json.loads((run / MANIFEST).read_bytes())
        manifest["pinned"][name] = digest(data)
        (run / MANIFEST).write_bytes(canonical(manifest) + b"\n")
        events = [(e.at, e.kind, e.node, e.data) for e in Record(cut(run)).events()]
        events[0][3]["manifest"] = digest((run / MANIFEST).read_bytes())
        chain(run, events)

        with pytest.raises(RecordBroken, match=f"is not canonical JSON: run.json pins it as its {name}"):
            verify(Record(run))


class TestBeside:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [("notes.txt", "notes.txt"), (".hidden", ".hidden"), ("more/", "more/"), ("blobs/.x.part", "blobs/.x.part")],
    )
    def test_what_is_no_part_of_the_record(self, run, name, shown):
        """
        Other files, hidden ones and folders are named, and take nothing from the record.
        """
        if name.endswith("/"):
            (run / name).mkdir()
        else:
            (run / name).write_text("x")
        done = gonogo(run.parents[1], "verify")

        assert 0 == done.code, done.err
        assert f"- beside    not part of the record, and not checked: {shown}\n" in done.out

    def test_nothing_is_named_of_a_plain_run(self, run):
        """
        A record as it was written has nothing beside it.
        """
        assert "beside" not in gonogo(run.parents[1], "verify").out

    @pytest.mark.parametrize("name", ["notes.txt", "verdict.json", "blobs", "blobs/.x", JOURNAL])
    def test_links(self, run, tmp_path, name):
        """
        A link is refused, wherever it leads: what it shows is not in the folder.
        """
        path = run / name
        target = tmp_path / "elsewhere"
        if path.exists():
            path.rename(target)
        path.symlink_to(target)

        with pytest.raises(RecordBroken, match="the run's folder contains a link") as caught:
            verify(Record(run))
        assert str(path) == caught.value.where

    @pytest.mark.parametrize("name", [JOURNAL, MANIFEST, "verdict.json", "report.html", "lock"])
    def test_what_is_no_file(self, run, name):
        """
        A pipe in the place of a file is refused before anybody waits for it.
        """
        (run / name).unlink()
        os.mkfifo(run / name)

        with pytest.raises(RecordBroken, match="is not a regular file"):
            verify(Record(run))


class TestKilledBeforeTheFirstLine:
    @pytest.fixture
    def empty(self, run: Path) -> Path:
        """The run as its process left it that died before its first line was whole."""
        for name in ("verdict.json", "report.html"):
            (run / name).unlink()
        shutil.rmtree(run / BLOBS)
        (run / BLOBS).mkdir()
        (run / JOURNAL).write_bytes(b"")
        return run

    @pytest.mark.parametrize("torn", [b"", b'{"at":"2026-'], ids=["nothing", "torn"])
    def test_is_unfinished(self, empty, torn):
        """
        It is not a forged record: every command says that the run is not over, and `resume` begins it.
        """
        (empty / JOURNAL).write_bytes(torn)
        folder = empty.parents[1]
        verified, listed, shown = (gonogo(folder, word) for word in ("verify", "runs", "show"))

        assert 0 == verified.code, verified.err
        assert "- derived   the run was killed before its first line: `gonogo resume` begins it" in verified.out
        assert bool(torn) == ("its last line is torn" in verified.out)
        assert "\nunfinished, as far as it goes consistent" in verified.out
        assert "unfinished" in listed.out
        assert (7, True) == (shown.code, "has not come to a verdict" in shown.err)
        asyncio.run(resume(Record(empty), sync=False))
        assert "derived" in dict(verify(Record(empty)))

    def test_is_forged_where_somebody_knows_better(self, empty, whole):
        """
        A record whose head or verdict says that there was more had its end cut off.
        """
        with pytest.raises(RecordBroken, match="the journal is empty"):
            verify(Record(empty), "sha256:" + "0" * 64)
        shutil.copy(whole / "verdict.json", empty)
        with pytest.raises(RecordBroken, match="the journal is empty"):
            verify(Record(empty))

    def test_a_torn_line_is_no_forgery(self, run):
        """
        A process that died in the middle of a line leaves an unfinished run.
        """
        with (cut(run) / JOURNAL).open("ab") as file:
            file.write(b'{"at":"2026')
        done = gonogo(run.parents[1], "verify")

        assert 0 == done.code, done.err
        assert "its last line is torn, which `gonogo resume` repairs" in done.out


class TestWords:
    def test_consistent_and_genuine(self, run):
        """
        Without anything to compare with a record is consistent; it is genuine against a head, a key or an anchor.
        """
        plain = gonogo(run.parents[1], "verify")
        head = gonogo(run.parents[1], "verify", "--head", list(Record(run).events())[-1].digest)

        assert plain.out.endswith("\nconsistent: no key, head or anchor was compared\n")
        assert head.out.endswith("\ngenuine\n")

    def test_another_day_is_consistent(self, run):
        """
        A record that was dated back holds together: only what lies elsewhere tells the time.
        """
        events = [(e.at.replace("2026", "2020", 1), e.kind, e.node, e.data) for e in Record(run).events()]
        chain(run, events)

        assert "derived" in dict(verify(Record(finish(run))))
