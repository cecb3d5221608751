"""Reads the envelope with a statement's signatures, and adds one more to it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ...conclusion.rendering import STATEMENT
from ...errors import RecordBroken, RunsFolderUnwritable
from ...host import files
from ...journal import foreign
from ...journal.event import canonical
from ...journal.writer import write_atomically
from ._keys import PublicKey
from ._library import library

if TYPE_CHECKING:
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import CryptoSigner, Signature, SSlibKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MAX_SIGNATURES = 100
_MOST = 1 << 20
"""Bytes of an envelope; ours have a few thousand."""


def envelope_of(folder: Path) -> Envelope:
    """
    The envelope in *folder*, as it stands there.

    Raises:
        RecordBroken: There is none, or what stands in its place is none of a statement.
    """
    with library():
        from securesystemslib.dsse import Envelope
        from securesystemslib.exceptions import FormatError
    path = folder / STATEMENT
    if not os.path.lexists(path):
        raise RecordBroken(
            f"there is no {STATEMENT}: the run was never signed, or its statement was taken away",
            where=str(folder),
            remedy=f"whoever holds the private key writes one: `gonogo sign {folder} --key FILE`",
        )
    try:
        envelope: Envelope = Envelope.from_dict(foreign.parsed(files.read(path, _MOST, inside=path.parent)))
    except OSError as error:
        raise RecordBroken(f"{STATEMENT} cannot be read: {error.strerror}", where=str(path)) from None
    except (ValueError, KeyError, TypeError, AttributeError, FormatError):
        raise RecordBroken(f"{STATEMENT} is not a DSSE envelope", where=str(path)) from None
    if envelope.payload_type != PAYLOAD_TYPE:
        raise RecordBroken(f"the statement is of type {str(envelope.payload_type)[:80]!r}", where=str(path))
    if len(envelope.signatures) > MAX_SIGNATURES:
        raise RecordBroken(f"{STATEMENT} carries more than {MAX_SIGNATURES} signatures", where=str(path))
    return envelope


def signature_by(envelope: Envelope, key: SSlibKey) -> Signature | None:
    """The signature of *key* in *envelope*; the key id in an envelope is a hint, and nobody has signed it."""
    from securesystemslib.exceptions import Error
    from securesystemslib.signer import Signature

    for signature in envelope.signatures.values():
        try:
            key.verify_signature(Signature(key.keyid, signature.signature), envelope.pae())
            return signature
        except Error:
            continue
    return None


def added(folder: Path, payload: bytes, signer: CryptoSigner) -> None:
    """
    Add *signer*'s signature to the envelope over *payload* in *folder*; what stands there is kept, byte for byte where
    the signature is there already.

    Whoever calls has the run alone.

    Raises:
        RecordBroken: What stands there is no envelope over *payload*; it is left as it is.
        RunsFolderUnwritable: The envelope cannot be written.
    """
    with library():
        from securesystemslib.dsse import Envelope

    path, key = folder / STATEMENT, signer.public_key
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    if os.path.lexists(path):
        envelope = _standing(folder, payload)
        if signature_by(envelope, key) is not None:
            return
        if key.keyid in envelope.signatures:
            raise RecordBroken(
                f"a signature stands in {STATEMENT} under the name of key {PublicKey(key, path).name}, and is not its",
                where=str(path),
                remedy=_aside(folder),
            )
    envelope.sign(signer)
    try:
        write_atomically(path, canonical(envelope.to_dict()) + b"\n")
    except OSError as error:
        raise RunsFolderUnwritable(f"the statement cannot be written: {error.strerror}", where=str(path)) from None


def _standing(folder: Path, payload: bytes) -> Envelope:
    """The envelope in *folder*, which is over *payload* and has room for one more signature."""
    path = folder / STATEMENT
    try:
        envelope = envelope_of(folder)
    except RecordBroken as error:
        raise RecordBroken(f"{error.what}, and is not overwritten", where=error.where, remedy=_aside(folder)) from None
    if envelope.payload != payload:
        raise RecordBroken(
            f"the {STATEMENT} that is there says something other than this record does today; it is not overwritten",
            where=str(path),
            remedy=f"`gonogo verify {folder} --key PUBLIC` says what differs; {_aside(folder)}",
        )
    if len(envelope.signatures) == MAX_SIGNATURES:
        raise RecordBroken(f"{STATEMENT} carries {MAX_SIGNATURES} signatures, and takes no more", where=str(path))
    return envelope


def _aside(folder: Path) -> str:
    return f"if it is worthless, move it out of {folder} and sign again"
