"""Packs a record into one file and reads one back, taking nothing in a foreign archive on trust."""

from __future__ import annotations

import os
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..conclusion import state as reading
from ..conclusion.rendering import REPORT, STATEMENT, VERDICT
from ..errors import RecordBroken, UsageError
from ..host import files
from ..journal.beside import TIMESTAMP, timestamps
from ..journal.record import BLOBS, JOURNAL, MANIFEST, Record, find

ENDING = ".run.zip"
MAX_MEMBERS = 20_000
MAX_BYTES = 1 << 30
"""Bytes of everything in an archive, unpacked."""
MAX_RATIO = 200
"""How many times larger than packed a member may be."""

_FILES = (JOURNAL, REPORT, MANIFEST, VERDICT, STATEMENT)
_MEMBER = "|".join([*map(re.escape, _FILES), TIMESTAMP.pattern, f"{BLOBS}/[0-9a-f]{{64}}"])
_NAME = re.compile(rf"([A-Za-z0-9][A-Za-z0-9._+-]{{0,199}})/({_MEMBER})")
_FIXED = (1980, 1, 1, 0, 0, 0)
_TAIL = struct.Struct("<4s4H2LH")
_DIRECTORY = 400 * MAX_MEMBERS
"""Bytes that the archive's table of contents may take."""
_CHUNK = 1 << 20


def pack(record: Record, output: Path) -> int:
    """
    Write *record* to *output* as a zip: the same bytes for the same record.

    Returns:
        How many files are in it.

    Raises:
        RecordBroken: The record is damaged or unfinished.
        UsageError: It is too large, or its folder's name cannot stand in an archive.
    """
    reading.finished(record)
    folder = record.folder.resolve()
    blobs = [name.removeprefix("sha256:") for name in record.blobs()]
    beside = [n for n in (*_FILES, *(path.name for path in timestamps(folder))) if os.path.lexists(folder / n)]
    names = sorted([*beside, *(f"{BLOBS}/{name}" for name in blobs)])
    members = {f"{folder.name}/{name}": folder / name for name in names}
    for name, path in members.items():
        if not _NAME.fullmatch(name) or not files.is_plain(path):
            raise UsageError(f"'{name}' cannot be part of an archive", where=str(path))
    if len(members) > MAX_MEMBERS or sum(p.stat().st_size for p in members.values()) > MAX_BYTES:
        raise UsageError(f"run '{record.name}' is too large for an archive", remedy="copy its folder instead")
    part = output.with_name(f".{output.name}.part")
    try:
        part.unlink(missing_ok=True)
        with part.open("xb") as made, zipfile.ZipFile(made, "w") as archive:
            for name, path in members.items():
                _add(archive, name, files.read(path, MAX_BYTES, inside=folder))
        part.replace(output)
    except OSError as error:
        raise UsageError(f"'{output}' cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
    return len(members)


@contextmanager
def opened(runs: Path, name: str = "") -> Iterator[Record]:
    """
    The record that *name* stands for: a run as :func:`find` knows it, or an archive, unpacked while it is read.

    Raises:
        RunNotFound: There is no such run.
        UsageError: The archive is too large to be looked into.
        RecordBroken: It is not one of ours.
    """
    if not is_archive(name):
        yield find(runs, name)
        return
    with tempfile.TemporaryDirectory(prefix="gonogo-") as private:
        yield Record(_unpacked(Path(name), Path(private)))


def is_archive(name: str) -> bool:
    """Whether *name* stands for an archive, and not for a run or its folder."""
    return name.endswith(".zip") and not Path(name).is_dir()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _FIXED)
    info.create_system = 3
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    tight = len(zlib.compress(data, 6)) * MAX_RATIO // 2 < len(data)  # what looks like a bomb to a reader is not packed
    archive.writestr(info, data, zipfile.ZIP_STORED if tight else zipfile.ZIP_DEFLATED, 6)


def _unpacked(path: Path, into: Path) -> Path:
    """The folder of the run in the archive *path*, below *into*."""
    try:
        with files.opened(path) as file:
            _look(path, file.seek(0, os.SEEK_END), _tail(file.seek(-_TAIL.size, os.SEEK_END), file.read()))
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
                _hold(path, members)
                return _extract(archive, members, into)
    except files.NotPlain as error:
        raise UsageError(
            f"the archive cannot be read: {error.strerror}",
            where=str(path),
            remedy="name a file that `gonogo export` wrote",
        ) from None
    except FileNotFoundError:
        raise UsageError(
            f"there is no archive '{path}'", remedy="`gonogo export RUN -o x.run.zip` writes one"
        ) from None
    except (
        OSError,
        EOFError,
        RuntimeError,
        ValueError,
        OverflowError,
        struct.error,
        zlib.error,
        zipfile.BadZipFile,
    ) as error:
        raise RecordBroken(f"the archive cannot be read: {str(error)[:200]}", where=str(path)) from None


def _tail(at: int, data: bytes) -> tuple[int, int, int, int]:
    """The end of the table of contents, its number of entries, its size and its beginning."""
    mark, disk, disk_of_table, here, entries, size, start, comment = _TAIL.unpack(data)
    if mark != b"PK\x05\x06" or disk or disk_of_table or here != entries or comment:
        raise ValueError("its end is not that of a plain zip")
    return at, entries, size, start


def _look(path: Path, length: int, tail: tuple[int, int, int, int]) -> None:
    """Refuse what would cost too much to list, before it is listed."""
    at, entries, size, start = tail
    if entries > MAX_MEMBERS or size > _DIRECTORY:
        raise UsageError(f"the archive lists more than {MAX_MEMBERS:,} files", where=str(path))
    if length > MAX_BYTES:
        raise UsageError(f"the archive is larger than {MAX_BYTES >> 30} GB", where=str(path))
    if start + size != at:
        raise ValueError("it holds something that it does not list")


def _hold(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse members that no export of ours has."""
    seen: set[str] = set()
    runs: set[str] = set()
    for member in members:
        where = f"{path}: {member.orig_filename[:120]!r}"
        match = _NAME.fullmatch(member.filename)
        if match is None or member.orig_filename != member.filename:
            raise RecordBroken(_why(member.orig_filename), where=where)
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            raise RecordBroken("the archive holds something that is not a plain file, such as a link", where=where)
        if member.filename in seen:
            raise RecordBroken("the archive holds a file twice", where=where)
        if member.flag_bits & 0x1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise RecordBroken("the archive holds a file that is encrypted or packed in another way", where=where)
        if member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise UsageError(f"the archive holds a file that unpacks to more than {MAX_RATIO} times", where=where)
        seen.add(member.filename)
        runs.add(match[1])
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise UsageError(f"the archive unpacks to more than {MAX_BYTES >> 30} GB", where=str(path))
    if len(members) > MAX_MEMBERS:
        raise UsageError(f"the archive lists more than {MAX_MEMBERS:,} files", where=str(path))
    if len(runs) != 1:
        raise RecordBroken(f"the archive holds {len(runs)} runs, expected one", where=str(path))


def _why(name: str) -> str:
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "the archive holds an absolute path"
    if ".." in parts:
        return "the archive holds a path that leads out of it"
    return "the archive holds a file that no record has"


def _extract(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], into: Path) -> Path:
    folder = into / members[0].filename.partition("/")[0]
    (folder / BLOBS).mkdir(parents=True)
    for member in members:
        with archive.open(member) as packed, (into / member.filename).open("xb") as file:
            left = member.file_size
            while chunk := packed.read(min(_CHUNK, left + 1)):
                left -= len(chunk)
                if left < 0:
                    raise ValueError(f"{member.filename} is larger than it says")
                file.write(chunk)
    return folder
