"""Puts a zip together field by field, so that each of them can say something else than the others."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from random import Random
from typing import Any

from .mutating import changed

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END64, LOCATOR = struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
ODD_NAMES = (
    "../x", "/etc/passwd", "C:/x", "\\\\host\\x", "a/../../x", "x/blobs/" + "0" * 64, "x/run.json\0.txt", "x/lock",
    "x/blobs/", ".", "", "x" * 70_000, "x/run.json ", "é/run.json", "x//run.json", "x/journal.jsonl/x", "x/blobs",
)  # fmt: skip
MODES = (0, 0o100644, 0o120777, 0o040755, 0o010644, 0o020644, 0o060644, 0o140755, 0o104755)
EXTRAS = (
    b"", b"\x01\x00", b"\x01\x00\x10\x00" + b"\xff" * 16, b"\x01\x00\x18\x00" + struct.pack("<3Q", 1, 1, 0),
    b"\x75\x70\x05\x00\x01\0\0\0\0", b"\x75\x70\x0f\x00\x01" + b"\0" * 4 + b"../../evil",
    b"\xfe\xca\xff\xff", b"\x99\x99" * 40,
)  # fmt: skip
ENDS = ("entries", "size", "start", "here", "disk", "table_disk", "comment", "before", "after", "zip64")
BOMB = base64.b64encode(zlib.compress(b"\0" * 50_000_000, 9)[2:-4]).decode()


def form(data: bytes) -> dict[str, Any]:
    """A zip as one value; what is missing in a member follows from its content."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [
            {"name": m.filename, "data": base64.b64encode(archive.read(m)).decode(), "method": m.compress_type}
            for m in archive.infolist()
        ]
    return {"members": members, "end": {}}


def write(form: dict[str, Any]) -> bytes:
    """The zip that *form* says, whether it can be meant or not."""
    out, table, offsets = io.BytesIO(), [], []
    members = [m for m in _list(form.get("members")) if isinstance(m, dict)]
    for member in members[:400]:
        data, method = _bytes(member.get("data")), _int(member, "method", 0, 2)
        packed = _bytes(member["packed"]) if "packed" in member else _packed(data, method)
        name, extra = (
            str(member.get("name", "")).encode("utf-8", "replace")[:65535],
            _bytes(member.get("extra"))[:65535],
        )
        sizes = [
            _int(member, "crc", zlib.crc32(data), 4), _int(member, "packed_size", len(packed), 4),
            _int(member, "size", len(data), 4),
        ]  # fmt: skip
        flags, when = _int(member, "flags", 0, 2), (0, 0x21)
        local = str(member["local"]).encode("utf-8", "replace")[:65535] if "local" in member else name
        offsets.append(out.tell())
        out.write(
            LOCAL.pack(b"PK\3\4", 20, flags, method, *when, *sizes, len(local), len(extra)) + local + extra + packed
        )
        start = _int(member, "start", offsets[-1], 4)
        if isinstance(twin := member.get("over"), int) and 0 <= twin < len(offsets):
            start = offsets[twin]
        comment, mode = _bytes(member.get("comment"))[:65535], _int(member, "mode", 0o100644, 2)
        table.append(
            CENTRAL.pack(
                b"PK\1\2", 0x314, 20, flags, method, *when, *sizes,
                len(name), len(extra), len(comment), 0, 0, mode << 16, start,
            ) + name + extra + comment
        )  # fmt: skip
    end = form["end"] if isinstance(form.get("end"), dict) else {}
    return _ended(_bytes(end.get("before")) + out.getvalue(), b"".join(table), len(table), end)


def mutate(form: dict[str, Any], random: Random) -> dict[str, Any]:
    """Another form, changed in one place as zips are forged, or anyhow."""
    members, end = list(_list(form.get("members"))), form.get("end")
    at = random.randrange(len(members)) if members else 0
    one = dict(members[at]) if members and isinstance(members[at], dict) else {}
    kind = random.randrange(11)
    if kind <= 3:
        one |= random.choice((
            {"name": random.choice(ODD_NAMES)}, {"local": random.choice(ODD_NAMES)}, {"mode": random.choice(MODES)},
            {"flags": random.choice((1, 8, 0x20, 0x40, 0x800, 0x2000, 0xFFFF))}, {"over": random.randrange(4)},
            {"method": random.choice((0, 8, 9, 12, 14, 93, 99))}, {"extra": _text(random.choice(EXTRAS))},
            {"comment": _text(b"x" * random.choice((1, 1000, 65535)))}, {"packed": BOMB, "method": 8},
            {"packed": BOMB, "method": 8, "size": 50_000_000},
        ))  # fmt: skip
    elif kind <= 5:
        name = random.choice(("size", "packed_size", "crc", "start"))
        one |= {name: random.choice((0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE, random.randrange(1 << 16)))}
    elif kind == 6:
        members.append(dict(one))
    elif kind == 7:
        name = random.choice(ENDS)
        odd = random.choice((0, 1, 0xFFFF, 0xFFFFFFFF, len(members), 46, _text(b"PK\5\6" * 4), _text(b"x" * 30)))
        return form | {"end": (end if isinstance(end, dict) else {}) | {name: odd}}
    elif kind == 8 and "data" in one:
        data = bytearray(_bytes(one["data"])[: random.choice((0, 10, 1 << 20))]) or bytearray(b"{}")
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        one["data"] = _text(bytes(data))
    elif kind == 9 and members:
        del members[at]
        return form | {"members": members}
    else:
        found = changed(form, random)
        return found if isinstance(found, dict) else form
    members[at : at + 1] = [one]
    return form | {"members": members}


def _ended(body: bytes, table: bytes, count: int, end: dict[str, Any]) -> bytes:
    start, size = _int(end, "start", len(body), 4), _int(end, "size", len(table), 4)
    entries = _int(end, "entries", count, 2)
    middle = b""
    if end.get("zip64"):
        far = END64.pack(b"PK\6\6", 44, 45, 45, 0, 0, count, count, _int(end, "size", len(table), 8), len(body))
        middle = far + LOCATOR.pack(b"PK\6\7", 0, len(body) + len(table), 1)
        start, size, entries = 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFF
    comment = _bytes(end.get("comment"))[:65535]
    numbers = (_int(end, "disk", 0, 2), _int(end, "table_disk", 0, 2), _int(end, "here", entries, 2), entries)
    last = END.pack(b"PK\5\6", *numbers, size, start, len(comment))
    return body + table + middle + last + comment + _bytes(end.get("after"))


def _packed(data: bytes, method: int) -> bytes:
    if method != zipfile.ZIP_DEFLATED:
        return data
    squeezer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return squeezer.compress(data) + squeezer.flush()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str):
        return b""
    try:
        return base64.b64decode(value)
    except ValueError:
        return value.encode("utf-8", "replace")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _int(said: dict[str, Any], name: str, default: int, size: int) -> int:
    value = said.get(name, default)
    return value % (1 << 8 * size) if isinstance(value, int) else default
