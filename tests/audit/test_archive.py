"""An archive is a record in one file: the same bytes each time, and nothing of a foreign one is taken on trust."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from orchestrator.audit import archive
from orchestrator.audit.archive import opened, pack
from orchestrator.audit.rejudge import rejudge
from orchestrator.audit.replay import replay, verify
from orchestrator.audit.what_if import suppose
from orchestrator.conclusion.rendering import STATEMENT
from orchestrator.errors import RecordBroken, RunNotFound, UsageError
from orchestrator.journal.record import Record

RUN = "20261121T000000Z-shop-1-abcd"
BLOB = f"{RUN}/blobs/{'0' * 64}"


@pytest.fixture(scope="module")
def run(reviewed_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, of which files are made older and closed to others."""
    return shutil.copytree(reviewed_shop, tmp_path_factory.mktemp("runs") / reviewed_shop.name)


class TestPack:
    def test_the_same_bytes(self, run, tmp_path):
        """
        Two exports of one record are one file, however old the record's files are and whoever may read them.
        """
        pack(Record(run), tmp_path / "a.run.zip")
        os.utime(run / "run.json", (1, 1))
        (run / "report.html").chmod(0o600)
        pack(Record(run), tmp_path / "b.run.zip")

        assert (tmp_path / "a.run.zip").read_bytes() == (tmp_path / "b.run.zip").read_bytes()

    def test_holds_the_record_and_nothing_else(self, run, tmp_path):
        """
        Names are sorted, times fixed, and neither the lock nor anything half-written goes along.
        """
        count = pack(Record(run), tmp_path / "x.run.zip")
        members = zipfile.ZipFile(tmp_path / "x.run.zip").infolist()
        names = [m.filename for m in members]

        assert count == len(names)
        assert sorted(names) == names
        assert {(1980, 1, 1, 0, 0, 0)} == {m.date_time for m in members}
        assert {run.name} == {n.partition("/")[0] for n in names}
        assert f"{run.name}/lock" not in names

    def test_verifies_and_replays(self, run, tmp_path):
        """
        What comes out is genuine, lies in a folder of its own, and is gone afterwards.
        """
        pack(Record(run), tmp_path / "x.run.zip")
        with opened(tmp_path, str(tmp_path / "x.run.zip")) as record:
            folder = record.folder
            result = replay(record)

            assert verify(Record(run)) == verify(record)
            assert 0o700 == stat.S_IMODE(folder.parent.stat().st_mode)
        assert replay(Record(run)) == result
        assert not folder.parent.exists()

    def test_what_packs_too_well_is_stored(self, run, tmp_path):
        """
        A record of ours is never refused for packing too well.
        """
        archive_ = zipfile.ZipFile(tmp_path / "x.zip", "w")
        archive._add(archive_, "x", b"a" * 1_000_000)

        assert 1_000_000 == archive_.getinfo("x").compress_size

    def test_a_link_does_not_go_along(self, run, tmp_path):
        """
        A link among the record's files is refused.
        """
        link = run / "blobs" / ("f" * 64)
        link.symlink_to("/etc/hostname")
        try:
            with pytest.raises(UsageError):
                pack(Record(run), tmp_path / "x.run.zip")
        finally:
            link.unlink()
        assert not list(tmp_path.iterdir())

    def test_a_statement_goes_along(self, run, tmp_path):
        """
        A signed statement is part of the record.
        """
        copy = shutil.copytree(run, tmp_path / run.name)
        (copy / STATEMENT).write_text("{}")
        pack(Record(copy), tmp_path / "x.run.zip")

        with opened(tmp_path, str(tmp_path / "x.run.zip")) as record:
            assert (record.folder / STATEMENT).is_file()


def member(name: str, data: bytes = b"x", mode: int = stat.S_IFREG | 0o644, packed: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = packed
    info.comment = b""
    return info


def written(path: Path, *members: tuple[zipfile.ZipInfo, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as out:
        for info, data in members:
            out.writestr(info, data)


def named(*names: str) -> Callable[[Path], None]:
    return lambda path: written(path, *((member(name), b"x") for name in names))


def many(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as out:
        for number in range(archive.MAX_MEMBERS + 1):
            out.writestr(member(f"{RUN}/blobs/{number:064x}"), b"")


def claims(offset: int, value: bytes) -> Callable[[Path], None]:
    """An archive whose table of contents says something else of its only member."""

    def write(path: Path) -> None:
        written(path, (member(BLOB), b"x" * 50))
        data = bytearray(path.read_bytes())
        at = data.rfind(b"PK\x01\x02") + offset
        data[at : at + len(value)] = value
        path.write_bytes(bytes(data))

    return write


def changed(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        written(path, (member(f"{RUN}/run.json"), b"{}"), (member(BLOB), b"x" * 50))
        path.write_bytes(change(path.read_bytes()))

    return write


@pytest.mark.filterwarnings("ignore:Duplicate name")
class TestHostile:
    @pytest.mark.parametrize(
        ("write", "error", "said"),
        [
            pytest.param(named("/etc/passwd"), RecordBroken, "absolute path", id="absolute"),
            pytest.param(named("C:/run.json"), RecordBroken, "absolute path", id="drive"),
            pytest.param(named("\\\\host\\run.json"), RecordBroken, "absolute path", id="share"),
            pytest.param(named(f"{RUN}/../../run.json"), RecordBroken, "leads out", id="dotdot"),
            pytest.param(named("../run.json"), RecordBroken, "leads out", id="dotdot-first"),
            pytest.param(named(f"{RUN}\\..\\run.json"), RecordBroken, "leads out", id="backslash"),
            pytest.param(named(f"{RUN}/.bashrc"), RecordBroken, "no record has", id="unknown"),
            pytest.param(named(f"{RUN}/lock"), RecordBroken, "no record has", id="lock"),
            pytest.param(named(f"{RUN}/blobs/"), RecordBroken, "no record has", id="folder"),
            pytest.param(named(f"{RUN}/blobs/{'A' * 64}"), RecordBroken, "no record has", id="blob-name"),
            pytest.param(named("run.json"), RecordBroken, "no record has", id="no-folder"),
            pytest.param(named(f".{RUN}/run.json"), RecordBroken, "no record has", id="hidden-folder"),
            pytest.param(named(f"{RUN}/run.json", "other/run.json"), RecordBroken, "2 runs", id="two-runs"),
            pytest.param(named(), RecordBroken, "0 runs", id="empty"),
            pytest.param(named(BLOB, BLOB), RecordBroken, "twice", id="duplicate"),
            pytest.param(
                lambda path: written(path, (member(BLOB, mode=stat.S_IFLNK | 0o777), b"/etc/passwd")),
                RecordBroken,
                "not a plain file",
                id="symlink",
            ),
            pytest.param(
                lambda path: written(path, (member(BLOB, mode=stat.S_IFIFO | 0o644), b"")),
                RecordBroken,
                "not a plain file",
                id="fifo",
            ),
            pytest.param(
                lambda path: written(path, (member(BLOB, packed=zipfile.ZIP_DEFLATED), b"\0" * 10_000_000)),
                UsageError,
                "more than 200 times",
                id="bomb",
            ),
            pytest.param(
                lambda path: written(path, (member(BLOB, packed=zipfile.ZIP_BZIP2), b"x")),
                RecordBroken,
                "another way",
                id="bzip2",
            ),
            pytest.param(many, UsageError, "more than 20,000", id="many"),
            pytest.param(claims(24, (1 << 31).to_bytes(4, "little")), UsageError, "200 times", id="claims-much"),
            pytest.param(
                claims(20, (1 << 30).to_bytes(4, "little") + (1 << 31).to_bytes(4, "little")),
                UsageError,
                "more than 1 GB",
                id="claims-gigabytes",
            ),
            pytest.param(claims(24, (40).to_bytes(4, "little")), RecordBroken, "cannot be read", id="claims-less"),
            pytest.param(claims(8, b"\x01\x00"), RecordBroken, "encrypted", id="encrypted"),
            pytest.param(
                changed(lambda data: b"MZ" + data),
                RecordBroken,
                "it holds something that it does not list",
                id="prefixed",
            ),
            pytest.param(changed(lambda data: data + b"tail"), RecordBroken, "plain zip", id="followed"),
            pytest.param(changed(lambda data: data[: len(data) // 2]), RecordBroken, "plain zip", id="cut"),
            pytest.param(changed(lambda data: b""), RecordBroken, "cannot be read", id="nothing"),
            pytest.param(changed(lambda data: b"hello " * 100), RecordBroken, "plain zip", id="text"),
            pytest.param(changed(lambda data: data.replace(b"x" * 50, b"y" * 50)), RecordBroken, "read", id="crc"),
        ],
    )
    def test_refused(self, tmp_path, monkeypatch, write, error, said):
        """
        It is refused with one clear message, and nothing is left anywhere.
        """
        private = tmp_path / "private"
        private.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(private))
        path = tmp_path / "x.run.zip"
        write(path)

        with pytest.raises(error) as caught, opened(tmp_path, str(path)):
            pass
        assert said in str(caught.value)
        assert {path, private} == set(tmp_path.iterdir())
        assert not list(private.iterdir())

    def test_every_flipped_byte(self, run, tmp_path):
        """
        A changed byte is refused, or changes nothing of the record; no other error comes out.
        """
        whole = tmp_path / "whole.run.zip"
        pack(Record(run), whole)
        data = whole.read_bytes()
        head = verify(Record(run))[0]
        step = max(len(data) // 40, 1)
        for at in [*range(0, len(data), step), *range(len(data) - 120, len(data))]:
            flipped = bytearray(data)
            flipped[at] ^= 0x11
            (tmp_path / "x.run.zip").write_bytes(bytes(flipped))
            with (
                suppress(RecordBroken, UsageError),
                opened(tmp_path, str(tmp_path / "x.run.zip")) as record,
            ):
                assert head == verify(record)[0]

    @pytest.mark.parametrize("manifest", [b"[" * 100_000, b'{"format": "readiness/run/1"}', b"\xff", b'{"format": {}}'])
    def test_a_record_that_nobody_wrote(self, run, tmp_path, manifest):
        """
        A chain that holds around nonsense ends in one clear message as well.
        """
        path = tmp_path / "x.run.zip"
        names = {p.relative_to(run.parent): p for p in run.rglob("*") if p.is_file() and p.name != "lock"}
        written(
            path, *((member(str(n)), manifest if p.name == "run.json" else p.read_bytes()) for n, p in names.items())
        )
        for question in (verify, replay, rejudge, lambda record: suppose(record, Path(os.devnull))):
            with pytest.raises(RecordBroken), opened(tmp_path, str(path)) as record:
                question(record)

    def test_no_such_archive(self, tmp_path):
        """
        An archive that is not there is a mistake that says how to fix it; a run's name is a run's name.
        """
        with pytest.raises(UsageError), opened(tmp_path, "none.run.zip"):
            pass
        with pytest.raises(RunNotFound), opened(tmp_path, "none"):
            pass
