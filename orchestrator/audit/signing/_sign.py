"""Signs a finished run: one more signature beside the others, with a timestamp on request."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ...conclusion.rendering import STATEMENT
from ...errors import RunsFolderUnwritable, UsageError
from ...journal.beside import MAX_TIMESTAMPS, next_timestamp
from ...journal.event import canonical
from ...journal.exclusive import alone
from ...journal.record import Record
from ...journal.writer import write_atomically
from ..replay import verify
from ._envelope import PAYLOAD_TYPE, added
from ._keys import signer
from ._library import library
from ._statement import statement
from ._timestamps import Authority, Timestamp, told


class Stamped(NamedTuple):
    """The paths of a signature and its timestamp, and what the authority says."""

    statement: Path
    timestamp: Path
    said: Timestamp


def sign(record: Record, key: Path) -> Path:
    """
    Verify *record*, then add a signature to the statement about it; those that are there stay as they are.

    Args:
        record: A run that has come to its verdict.
        key: File with an Ed25519 private key as PEM; the same one gives the same bytes again.

    Returns:
        Where the statement lies.

    Raises:
        RecordBroken: The record is damaged or unfinished, or another statement stands there.
        KeyUnusable: The file holds no such key.
        RunLocked: Somebody else has the run.
    """
    own = signer(key)
    verify(record)
    payload = canonical(statement(record))
    with alone(record.folder):
        added(record.folder, payload, own)
    return record.folder / STATEMENT


def stamp(record: Record, key: Path, authority: Authority) -> Stamped:
    """
    Sign as :func:`sign` does, and have *authority* say when; where it does not, nothing is written.

    What is timestamped is the signature. It cannot be older than what it signs, so that both were there then.

    Raises:
        AuthorityUnusable: It gives no timestamp that holds.
        RecordBroken: As for :func:`sign`, or the record's own times are later than the authority's.
        KeyUnusable: As for :func:`sign`, or a root is not a certificate.
        RunLocked: Somebody else has the run.
    """
    own = signer(key)
    verify(record)
    said = statement(record)
    payload = canonical(said)
    with library():
        from securesystemslib.dsse import Envelope

    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    signature = bytes.fromhex(envelope.sign(own).signature)
    timestamp = authority.timestamp(signature)
    told(timestamp, said["predicate"]["timeVerified"])
    with alone(record.folder):
        path = next_timestamp(record.folder)
        if path is None:
            raise UsageError(f"the run has {MAX_TIMESTAMPS} timestamps, and takes no more", where=str(record.folder))
        added(record.folder, payload, own)
        try:
            write_atomically(path, timestamp.answer)
        except OSError as error:
            raise RunsFolderUnwritable(f"the timestamp cannot be written: {error.strerror}", where=str(path)) from None
    return Stamped(record.folder / STATEMENT, path, timestamp)
