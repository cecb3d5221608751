"""Fuzzes readers of what lies beside a record: statement, timestamps, keys, anchors, hold, lock."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from orchestrator.audit import anchoring, signing
from orchestrator.conclusion.rendering import STATEMENT
from orchestrator.errors import RunLocked
from orchestrator.journal import holds
from orchestrator.journal.lock import LOCK, Lock
from orchestrator.journal.record import Record
from tests.authority import Authority

from .harness import Prepared, run
from .mutating import changed, grown, line
from .promise import held, nothing_else
from .seeds import tiny

KINDS = ("envelope", "key", "anchor", "lock", "timestamp", "root", "hold")
"""Which reader an input is for is said by its first line."""
RAW = ("key", "timestamp", "root")
"""What is not JSON."""


def prepare(sandbox: Path) -> Prepared:
    folder = sandbox / "20260102T030405Z-shop-1-abcd"
    tiny(folder)
    pair = signing.generate(sandbox / "release.key")
    anchors = sandbox / "anchors.jsonl"
    record = Record(folder)
    signing.sign(record, pair.private)
    anchoring.anchor(record, f"file:{anchors}")
    second = signing.generate(sandbox / "second.key")
    signing.sign(record, second.private)
    keys = [pair.public, second.public]
    holds.hold(folder, "audit", "2026-01-02T03:04:05.000006Z")
    authority = Authority()
    root = authority.pem(sandbox)
    stamped = folder / "statement.tsr"
    stamped.write_bytes(authority.answer(_request(folder)))
    envelope = json.loads((folder / STATEMENT).read_bytes())
    payload = json.loads(base64.b64decode(envelope["payload"]))
    owner = {"pid": 1, "host": "h", "since": "2026-01-02T03:04:05.000006Z"}
    (folder / LOCK).touch()
    places = {
        "envelope": folder / STATEMENT,
        "key": pair.public,
        "anchor": anchors,
        "lock": folder / LOCK,
        "timestamp": stamped,
        "root": root,
        "hold": holds.place(folder),
    }
    genuine = {kind: place.read_bytes() for kind, place in places.items()}
    readers: dict[str, Callable[[], Any]] = {
        "envelope": lambda: _envelope(record, keys, anchors, second.private),
        "key": lambda: signing.check(record, keys),
        "anchor": lambda: anchoring.check(record, f"file:{anchors}"),
        "lock": lambda: _locked(folder),
        "timestamp": lambda: signing.check(record, keys, 0, [root]),
        "root": lambda: signing.check(record, keys, 0, [root]),
        "hold": lambda: str(holds.held(folder)),
    }

    def one(data: bytes) -> None:
        kind, _, rest = data.partition(b"\n")
        name = kind.decode("ascii", "replace")
        if name not in places:
            return
        places[name].write_bytes(rest if name in RAW else written(rest, pair.private))
        with nothing_else(sandbox):
            held(readers[name])
        places[name].write_bytes(genuine[name])

    said = {
        "envelope": [envelope, {"signed": payload}],
        "anchor": [json.loads(genuine["anchor"])],
        "lock": [owner],
        "hold": [json.loads(genuine["hold"])],
    }
    seeds = [f"{kind}\n".encode() + line(value) for kind, values in said.items() for value in values]
    return Prepared([*seeds, *(f"{kind}\n".encode() + genuine[kind] for kind in RAW)], one, another)


def another(data: bytes, random: Random) -> bytes:
    """The same kind of input, changed as JSON where it is JSON."""
    kind, _, rest = data.partition(b"\n")
    try:
        return kind + b"\n" + line(changed(json.loads(rest), random))
    except (ValueError, RecursionError):
        flipped = bytearray(rest or b"x")
        flipped[random.randrange(len(flipped))] = random.randrange(256)
        return kind + b"\n" + bytes(flipped)


def written(rest: bytes, private: Path) -> bytes:
    """*rest* as it lies in the file; what stands under ``signed`` is signed, by the right key."""
    try:
        value = json.loads(rest)
    except (ValueError, RecursionError):
        return rest
    if not isinstance(value, dict) or value.keys() != {"signed"}:
        return grown(line(value))
    from securesystemslib.dsse import Envelope

    envelope = Envelope(grown(line(value["signed"])), signing.PAYLOAD_TYPE, {})
    envelope.sign(signing.signer(private))
    return line(envelope.to_dict())


def _envelope(record: Record, keys: Sequence[Path], anchors: Path, private: Path) -> None:
    """Check the statement, hold it to an anchor from before its last signature, and add one to it."""
    held(lambda: signing.check(record, keys, 1))
    held(lambda: anchoring.check(record, f"file:{anchors}"))
    held(lambda: signing.sign(record, private))


def _request(folder: Path) -> bytes:
    """What an authority is asked about the first signature."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    first = next(iter(signing.envelope_of(folder).signatures.values()))
    data = bytes.fromhex(first.signature)
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build().as_bytes()


def _locked(folder: Path) -> None:
    """Drive the run twice: the owner's name is read by the one who takes over, and by the one who is refused."""
    said = (folder / LOCK).read_bytes()
    first = Lock(folder, "2026-01-02T03:04:06.000000Z")
    try:
        str(first.left_by)
        (folder / LOCK).write_bytes(said)
        mistake = held(lambda: Lock(folder, "2026-01-02T03:04:07.000000Z"))
        assert isinstance(mistake, RunLocked), "two drivers"
    finally:
        first.release()


if __name__ == "__main__":
    sys.exit(run("tests.fuzz.statements", sys.argv[1:]))
