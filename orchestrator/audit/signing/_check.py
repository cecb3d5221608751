"""Compares a signed statement with its record: who has signed it, and since when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...conclusion import state as reading
from ...conclusion.rendering import STATEMENT
from ...errors import RecordBroken, UsageError
from ...host import files
from ...journal import foreign
from ...journal.beside import timestamps
from ...journal.event import canonical
from ...journal.record import Record
from ._envelope import envelope_of, signature_by
from ._keys import PublicKey, certificates, publics
from ._statement import differences, statement
from ._timestamps import MOST, NoTimestamp, OfSomethingElse, Timestamp, held, told

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Row = tuple[str, str]
"""What was checked, and what was found."""


def check(record: Record, keys: Sequence[Path], require: int = 0, roots: Sequence[Path] = ()) -> list[Row]:
    """
    Check that the holders of *keys* signed *record* as it is now: commit, files, head, verdict and all else it says.

    Args:
        record: A run that :func:`replaying.verify` found to hold together.
        keys: Files with an Ed25519 public key as PEM each; one that several files hold counts once.
        require: How many of them must have signed; each of them where it is 0.
        roots: Certificates of timestamp authorities; where there are any, one must vouch for a signature's time.

    Raises:
        RecordBroken: There is no statement, too few of the keys signed it, it is about another record, or no timestamp
            over a signature holds.
        KeyUnusable: A file holds no such key or certificate.
        UsageError: More keys are required than there are.
    """
    wanted = publics(keys)
    trusted = certificates(roots)
    needed = require or len(wanted)
    if not wanted:
        raise UsageError("a signature needs a key to be checked with", remedy="name each signer's with --key PUBLIC")
    if needed > len(wanted):
        raise UsageError(
            f"--require {needed} needs as many different keys, and there {_are(len(wanted))}",
            remedy="name each signer's with --key; a key that two files hold counts once",
        )
    path = record.folder / STATEMENT
    envelope = envelope_of(record.folder)
    signed_by = {}
    for key in wanted:
        if signature := signature_by(envelope, key.key):
            signed_by[key] = bytes.fromhex(signature.signature)
    if len(signed_by) < needed:
        raise _too_few(record, wanted, signed_by, needed)
    try:
        signed = foreign.parsed(envelope.payload)
    except ValueError:
        raise RecordBroken("what was signed is not JSON", where=str(path)) from None
    state = reading.read(record)
    if not state.finished:
        raise RecordBroken(
            "a finished run was signed, and this record has no verdict: its end is gone", where=str(path)
        )
    derived = statement(record, state)
    found = list(differences(signed, json.loads(canonical(derived))))
    if found:
        more = f" (and {len(found) - 1} more: {', '.join(d.at for d in found[1:9])})"
        raise RecordBroken(
            f"the record is not the one that was signed: {found[0]}{more if found[1:] else ''}", where=str(path)
        )
    said = f"{derived['predicate']['gonogo']['verdict']}, {len(derived['subject'])} subjects match"
    rows = [("signed", f"by key {key if wanted[1:] else key.name}: {said}") for key in signed_by]
    if missing := [str(key) for key in wanted if key not in signed_by]:
        rows.append(("signed", f"{len(rows)} of {len(wanted)} keys, {needed} required; not by {', '.join(missing)}"))
    if trusted:
        rows += _timestamps(record, signed_by, trusted, derived["predicate"]["timeVerified"])
    return rows


class Vouched(NamedTuple):
    """A timestamp, and whose signature it is over."""

    key: PublicKey
    timestamp: Timestamp


def _timestamps(
    record: Record, signed_by: Mapping[PublicKey, bytes], roots: Sequence[Certificate], finished: str
) -> list[Row]:
    """What authorities vouch for of these signatures; one at least must, and what does not hold beside it is named."""
    rows, without = [], []
    for path in timestamps(record.folder):
        try:
            answer = files.read(path, MOST, inside=path.parent)
            vouched = _over(answer, signed_by, roots)
        except OSError as error:
            without.append(f"{path.name} cannot be read: {error.strerror}")
        except NoTimestamp as error:
            without.append(f"{path.name} {error}")
        else:
            since = told(vouched.timestamp, finished)
            over = f"over the signature of key {vouched.key.name} ({path.name})"
            rows.append(("timestamp", f"{vouched.timestamp} {over}, {since}"))
    if not rows:
        raise RecordBroken(
            "no timestamp vouches for a signature of these keys: "
            f"{'; '.join(without[:4]) or 'none lies beside the record'}",
            where=str(record.folder),
            remedy=f"`gonogo sign {record.folder} --key FILE --timestamp URL` asks an authority for one, for today",
        )
    return [*rows, *(("timestamp", f"besides, {why}") for why in without)]


def _over(answer: bytes, signed_by: Mapping[PublicKey, bytes], roots: Sequence[Certificate]) -> Vouched:
    """What *answer* vouches for."""
    for key, signature in signed_by.items():
        try:
            return Vouched(key, held(answer, signature, roots))
        except OfSomethingElse:
            continue
    raise NoTimestamp("covers no signature of these keys")


def _too_few(
    record: Record, wanted: Sequence[PublicKey], signed_by: Mapping[PublicKey, bytes], needed: int
) -> RecordBroken:
    """The mistake of a statement that too few have signed; whoever has and has not is named."""
    where, ask = str(record.folder / STATEMENT), f"`gonogo sign {record.folder} --key FILE` adds a signature"
    if len(wanted) == 1:
        return RecordBroken(f"the statement carries no valid signature of key {wanted[0]}", where=where, remedy=ask)
    have = ", ".join(map(str, signed_by)) or "none of them"
    missing = ", ".join(str(key) for key in wanted if key not in signed_by)
    return RecordBroken(
        f"{len(signed_by)} of {len(wanted)} keys have signed, and {needed} must: signed by {have}; "
        f"the statement carries no valid signature of {missing}",
        where=where,
        remedy=ask,
    )


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"
