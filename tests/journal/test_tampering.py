"""The tamper matrix: whatever is changed in a run's folder is found, and it is said where."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

import pytest

from orchestrator.audit import anchoring
from orchestrator.audit.replay import verify
from orchestrator.audit.signing import KeyPair, check, generate, sign
from orchestrator.errors import RecordBroken
from orchestrator.journal.event import canonical, digest, write
from orchestrator.journal.record import Record
from tests.forging import EDITS, PINNED, forge
from tests.sampling import WHOLE, drawn

T = TypeVar("T")

POSITIONS = 20_480
"""At least so many bits are flipped in journal and blobs by `make soak`."""
PARTS = 8
DERIVED = 304
"""So many in each of the two derived files."""
SOME = 5
"""One in how many of them are flipped every time."""


@pytest.fixture(scope="module")
def genuine(reviewed_shop: Path) -> Path:
    assert verify(Record(reviewed_shop))
    return reviewed_shop


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    return generate(tmp_path_factory.mktemp("keys") / "release.key")


@pytest.fixture
def run(genuine: Path, tmp_path: Path) -> Path:
    """A copy that a test may do what it likes to."""
    return shutil.copytree(genuine, tmp_path / genuine.name)


def found(run: Path) -> str:
    """The place that `verify` says is not what was written, or ``unfinished``; empty if it finds nothing."""
    try:
        checked = dict(verify(Record(run)))
    except RecordBroken as error:
        return error.where
    return "" if "derived" in checked else "unfinished"


@contextmanager
def flipped(path: Path, at: int) -> Iterator[None]:
    """*path* with one bit of the byte *at* the other way round."""
    file = os.open(path, os.O_RDWR)
    try:
        was = os.pread(file, 1, at)
        os.pwrite(file, bytes([was[0] ^ 1 << at % 8]), at)
        yield
        os.pwrite(file, was, at)
    finally:
        os.close(file)


def evenly(size: int, count: int) -> range:
    """At least *count* positions of *size*, or all of them."""
    return range(0, size, max(size // count, 1))


def located(place: int, sizes: Sequence[int]) -> tuple[int, int]:
    """Which of files of these sizes, one behind the other, has the byte at *place*, and where."""
    number = 0
    while place >= sizes[number]:
        place, number = place - sizes[number], number + 1
    return number, place


def chosen(places: Sequence[T], whole: bool, kind: Callable[[T], Hashable] = lambda _: None) -> Sequence[T]:
    """All of *places*, or some of them, of each kind."""
    return places if whole else drawn(places, SOME, kind=kind)


class TestFlips:
    @WHOLE
    @pytest.mark.parametrize("part", range(PARTS))
    def test_journal_and_blobs(self, run, part, whole):
        """
        One bit, at each of 20,000 places: the line is named, or the blob; for the end of a line, it or the next one.
        """
        files = [run / "journal.jsonl", *sorted((run / "blobs").iterdir())]
        sizes = [file.stat().st_size for file in files]
        journal = files[0].read_bytes()
        places = [located(place, sizes) for place in evenly(sum(sizes), POSITIONS)]
        missed = []
        for number, at in chosen(places, whole, kind=itemgetter(0))[part::PARTS]:
            with flipped(files[number], at):
                where = found(run)
            line = journal.count(b"\n", 0, at) + 1
            right = {f"journal.jsonl:{line}"} if number == 0 else {str(files[number])}
            if number == 0 and journal[at : at + 1] == b"\n":
                right.add(f"journal.jsonl:{line + 1}")
            if where not in right:
                missed.append((files[number].name, at, where))

        assert not missed
        assert len(places) >= 20_000
        assert not found(run)

    def test_manifest(self, run):
        """
        Every single byte of ``run.json``.
        """
        path = run / "run.json"
        where = set()
        for at in range(path.stat().st_size):
            with flipped(path, at):
                where.add(found(run))

        assert {str(path)} == where

    @WHOLE
    @pytest.mark.parametrize("part", range(4))
    @pytest.mark.parametrize("name", ["verdict.json", "report.html"])
    def test_derived(self, run, name, part, whole):
        """
        At each of 300 places the line is named.
        """
        data = (run / name).read_bytes()
        places = evenly(len(data), DERIVED)
        missed = []
        for at in chosen(places, whole)[part::4]:
            with flipped(run / name, at):
                where = found(run)
            lines = {data.count(b"\n", 0, at) + 1, data.count(b"\n", 0, at + 1) + 1}
            if not any(where.startswith(f"{name}:{line}:") for line in lines):
                missed.append((at, where))

        assert not missed
        assert len(places) >= 300

    def test_the_head_in_the_verdict(self, run):
        """
        If the verdict names another end than the journal has, the report says which of the two was changed.
        """
        data = (run / "verdict.json").read_bytes()
        for at in range(data.rindex(b'"head"'), len(data), 5):
            with flipped(run / "verdict.json", at):
                assert found(run).startswith("verdict.json:"), at


Lines = list[bytes]


def forged(lines: Lines, at: int) -> bytes:
    """A line that follows those before *at* as it should."""
    prev = digest(lines[at - 1][:-1]) if at else "sha256:" + "0" * 64
    return (
        write(at, "2026-01-02T03:04:05.000000Z", "StepDone", "run", canonical({"key": "k", "value": 1}), prev) + b"\n"
    )


def swapped(lines: Lines, at: int) -> Lines:
    """The line *at* and the last one in each other's place."""
    return [lines[{at: len(lines) - 1, len(lines) - 1: at}.get(place, place)] for place in range(len(lines))]


CHANGES: dict[str, Callable[[Lines, int], tuple[Lines, int]]] = {
    "drop": lambda lines, at: (lines[:at] + lines[at + 1 :], at),
    "duplicate": lambda lines, at: (lines[: at + 1] + lines[at:], at + 1),
    "duplicate-far": lambda lines, at: ([*lines, lines[at]], len(lines)),
    "swap": lambda lines, at: (lines[:at] + lines[at : at + 2][::-1] + lines[at + 2 :], at),
    "swap-far": lambda lines, at: (swapped(lines, at), at),
    "insert-forged": lambda lines, at: ([*lines[:at], forged(lines, at), *lines[at:]], at),
    "insert-another": lambda lines, at: ([*lines[:at], lines[at - 7], *lines[at:]], at),
    "insert-nothing": lambda lines, at: ([*lines[:at], b"\n", *lines[at:]], at),
    "insert-nonsense": lambda lines, at: ([*lines[:at], b"{}\n", *lines[at:]], at),
    "replace-forged": lambda lines, at: ([*lines[:at], forged(lines, at), *lines[at + 1 :]], at),
    "cut-before": lambda lines, at: (lines[:at], at),
    "cut-within": lambda lines, at: ([*lines[:at], lines[at][: len(lines[at]) // 2]], at),
    "byte-order-mark": lambda lines, at: ([*lines[:at], b"\xef\xbb\xbf" + lines[at], *lines[at + 1 :]], at),
    "carriage-return": lambda lines, at: ([*lines[:at], lines[at][:-1] + b"\r\n", *lines[at + 1 :]], at),
    "carriage-returns": lambda lines, at: (
        lines[:at] + [line[:-1] + b"\r\n" for line in lines[at:]],
        at,
    ),
    "nul": lambda lines, at: ([*lines[:at], lines[at][:9] + b"\0" + lines[at][9:], *lines[at + 1 :]], at),
    "latin": lambda lines, at: ([*lines[:at], lines[at][:9] + b"\xe9" + lines[at][9:], *lines[at + 1 :]], at),
    "utf-16": lambda lines, at: ([*lines[:at], lines[at].decode().encode("utf-16"), *lines[at + 1 :]], at),
    "spaces": lambda lines, at: ([*lines[:at], lines[at].replace(b'":', b'": ', 1), *lines[at + 1 :]], at),
}
"""What is done to the line *at*, to the lines that come of it and the first that is not what was written; from 0."""


class TestLines:
    @pytest.mark.parametrize("change", CHANGES)
    def test_at_every_line(self, run, change):
        """
        The first line that is not what was written is named, wherever it is; without its last line a run is unfinished.
        """
        path = run / "journal.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        missed = []
        for at in range(len(lines)):
            changed, first = CHANGES[change](lines, at)
            if changed == lines:
                continue
            path.write_bytes(b"".join(changed))
            right = "unfinished" if changed == lines[:-1] else f"journal.jsonl:{first + 1}"
            if (where := found(run)) != right:
                missed.append((at + 1, where))

        assert not missed

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("drop", "event 21 (StepDone) stands where event 20 belongs, which is missing"),
            ("duplicate", "event 20 (StepDone) appears twice"),
            ("swap", "event 21 (StepDone) stands where event 20 belongs, which stands in line 22"),
            (
                "insert-forged",
                "a line was inserted: event 20 (StepDone) was written after what stands before that line",
            ),
            ("insert-nothing", "a blank line stands where event 20 belongs"),
            (
                "replace-forged",
                "event 20 (StepDone) has been changed: event 21 (StepDone) was written after another one",
            ),
            ("cut-within", "the last line of the journal is torn"),
            ("byte-order-mark", "event 20 (StepDone) has been changed, it begins with a byte order mark"),
            ("carriage-return", "event 20 (StepDone) is not as it was written, it ends in CR LF"),
        ],
    )
    def test_what_is_said(self, run, change, said):
        """
        Number and kind of the event, and what seems to have happened to it.
        """
        path = run / "journal.jsonl"
        changed, _ = CHANGES[change](path.read_bytes().splitlines(keepends=True), 20)
        path.write_bytes(b"".join(changed))

        with pytest.raises(RecordBroken) as caught:
            verify(Record(run))
        assert caught.value.what.startswith(said)

    @pytest.mark.parametrize("given", [False, True], ids=["by the verdict", "by --head"])
    def test_the_end(self, run, given):
        """
        What became of the end is told by the head that was written down: changed, cut off, or added to.
        """
        path = run / "journal.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        count, head = len(lines), digest(lines[-1][:-1]) if given else ""
        verdict = lines[-2].replace(b'"exit_code":1', b'"exit_code":0')
        cut = "the last event was changed, or events were cut off" if given else "the end was cut off"
        added = f"event {count} (StepDone) follows the verdict, after which nothing is done"
        if given:
            added = f"1 events were added after event {count - 1}"
        for changed, line, said in (
            ([*lines[:-2], verdict, lines[-1]], count - 1, f"event {count - 2} (VerdictReached) has been changed"),
            (lines[:-3], count - 2 - given, f"{cut} "),
            ([*lines, forged(lines, count)], count + 1, added),
        ):
            path.write_bytes(b"".join(changed))
            with pytest.raises(RecordBroken) as caught:
                verify(Record(run), head)
            assert f"journal.jsonl:{line}" == caught.value.where
            assert caught.value.what.startswith(said)

    def test_without_anything_that_tells(self, run):
        """
        In a record without a verdict the last two lines are told apart by how they are written, else both are named.
        """
        path = run / "journal.jsonl"
        for name in ("verdict.json", "report.html"):
            (run / name).unlink()
        lines = path.read_bytes().splitlines(keepends=True)[:-2]
        path.write_bytes(b"".join([*lines[:-2], lines[-2].replace(b"{", b"{ ", 1), lines[-1]]))
        assert f"journal.jsonl:{len(lines) - 1}" == found(run)
        path.write_bytes(b"".join([*lines[:-2], lines[-2].replace(b'"at":"2', b'"at":"3'), lines[-1]]))

        with pytest.raises(RecordBroken, match="one of the two has been changed"):
            verify(Record(run))


class TestBlobs:
    def test_every_pair_swapped(self, run):
        """
        Two blobs that change places are both not what they are named by.
        """
        for one, other in combinations(sorted((run / "blobs").iterdir()), 2):
            data = one.read_bytes(), other.read_bytes()
            one.write_bytes(data[1])
            other.write_bytes(data[0])
            assert found(run) in (str(one), str(other))
            one.write_bytes(data[0])
            other.write_bytes(data[1])

        assert not found(run)

    @pytest.mark.parametrize("change", ["delete", "empty", "shorten", "lengthen", "folder"])
    def test_every_one(self, run, change):
        """
        A blob that is gone or of another length is named, with the event or the pinned name that rests on it.
        """
        said = []
        for blob in sorted((run / "blobs").iterdir()):
            data = blob.read_bytes()
            blob.unlink()
            if change == "folder":
                blob.mkdir()
            elif change != "delete":
                blob.write_bytes({"empty": b"", "shorten": data[:-1], "lengthen": data + b"\n"}[change])
            with pytest.raises(RecordBroken) as caught:
                verify(Record(run))
            assert str(blob) == caught.value.where
            said.append(caught.value.what)
            if change == "folder":
                blob.rmdir()
            blob.write_bytes(data)

        assert not found(run)
        if change != "folder":
            pinned = {f"run.json pins it as its {name}" for name in ("catalogue", "plan", "policy", "statements")}
            assert pinned < {what.rpartition(": ")[2] for what in said}
            assert [what for what in said if what.endswith("(StepDone) rests on it")]
            assert [what for what in said if what.endswith("(NodeFinished) rests on it")]

    def test_one_that_nothing_rests_on(self, run):
        """
        A process that dies leaves a blob without its line: it is counted, and refused where it is not what it says.
        """
        (run / "blobs" / digest(b"left")[7:]).write_bytes(b"left")
        (run / "blobs" / ".unfinished.part").write_bytes(b"lef")
        count = len(list((run / "blobs").iterdir())) - 1

        assert f"{count} match their digests; nothing rests on 1 of them" == dict(verify(Record(run)))["blobs"]
        (run / "blobs" / digest(b"left")[7:]).write_bytes(b"other")
        with pytest.raises(RecordBroken, match="nothing rests on it"):
            verify(Record(run))
        (run / "blobs" / digest(b"left")[7:]).rename(run / "blobs" / "left")
        assert str(run / "blobs" / "left") == found(run)

    def test_none(self, run):
        """
        Without the folder of blobs it is said that they cannot be read.
        """
        shutil.rmtree(run / "blobs")

        assert found(run).startswith(str(run / "blobs"))


class TestDerived:
    @pytest.mark.parametrize("name", ["verdict.json", "report.html", "run.json", "journal.jsonl"])
    def test_gone(self, run, name):
        """
        A file that is missing is named.
        """
        (run / name).unlink()

        with pytest.raises(RecordBroken, match="cannot be read"):
            verify(Record(run))


class TestWrittenAnew:
    """Who writes the folder can write all of it anew; who has no key, and no hand on what lies elsewhere, is found."""

    @pytest.mark.parametrize("what", [*EDITS, *PINNED])
    def test_found(self, run, keys, tmp_path, what):
        """
        Findings, gates, facts, profile, rules, words, release: the record holds together; key, head and anchor tell.
        """
        record, target = Record(run), f"file:{tmp_path / 'anchors'}"
        head = [event.digest for event in record.events()][-1]
        before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
        sign(record, keys.private)
        anchoring.anchor(record, target)
        check(record, [keys.public])
        anchoring.check(record, target)
        verify(record, head)
        forge(run, what)

        assert before != {path: path.read_bytes() for path in before}
        assert verify(record), "a forger is careful"
        with pytest.raises(RecordBroken, match="not the one that was signed"):
            check(record, [keys.public])
        with pytest.raises(RecordBroken, match="expected sha256:"):
            verify(record, head)
        with pytest.raises(RecordBroken, match="not the one that was anchored"):
            anchoring.check(record, target)
