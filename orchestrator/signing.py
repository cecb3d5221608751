"""This is where a finished run is signed as an in-toto statement, and a signed statement is held against its record."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from . import result as results
from .engine import history as reading
from .errors import ExtraMissing, KeyUnusable, RecordBroken, RunsFolderUnwritable
from .journal import foreign
from .journal.event import canonical
from .journal.record import Record
from .journal.writer import write_atomically
from .replaying import verify
from .result import REPORT, STATEMENT, VERDICT

if TYPE_CHECKING:
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import CryptoSigner, SSlibKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/verification_summary/v1"
VERIFIER = "pkg:generic/gonogo"
MAX_BYTES = 1 << 20
"""Of a statement or a key; ours have a few thousand."""


class KeyPair(NamedTuple):
    """Where a new key pair lies."""

    private: Path
    public: Path
    id: str


def generate(out: Path) -> KeyPair:
    """
    Make an Ed25519 key pair: the private key in *out*, readable by its owner alone, the public one in ``<out>.pub``.

    Raises:
        KeyUnusable: One of the two files is there already, or cannot be written.
    """
    with _library():
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
        from securesystemslib.signer import CryptoSigner

    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signer = CryptoSigner(private)
    pair = KeyPair(out, out.with_name(out.name + ".pub"), signer.public_key.keyid)
    for path in (pair.private, pair.public):
        if path.exists() or path.is_symlink():
            raise KeyUnusable("a key is never overwritten", where=str(path), remedy="name another file with --out")
    _write_new(pair.private, signer.private_bytes, 0o600)
    _write_new(pair.public, public, 0o644)
    return pair


def sign(record: Record, key: Path) -> Path:
    """
    Verify *record*, then lay a signed statement about it into its folder; the same key gives the same bytes again.

    Args:
        record: A run that has come to its verdict.
        key: File with an Ed25519 private key as PEM.

    Returns:
        Where the statement lies.

    Raises:
        RecordBroken: The record is damaged or unfinished; such a record is not signed.
        KeyUnusable: The file holds no such key.
    """
    signer = _signer(key)
    verify(record)
    with _library():
        from securesystemslib.dsse import Envelope

    envelope = Envelope(canonical(statement(record)), PAYLOAD_TYPE, {})
    envelope.sign(signer)
    path = record.folder / STATEMENT
    try:
        write_atomically(path, canonical(envelope.to_dict()) + b"\n")
    except OSError as error:
        raise RunsFolderUnwritable(f"the statement cannot be written: {error.strerror}", where=str(path)) from None
    return path


def statement(record: Record) -> dict[str, Any]:
    """What is signed: a function of *record* and the two files derived from it, with the record's own time."""
    result, end = results.document(record), results.end(record)
    release = result.release
    reviewed = {"gitCommit": release.commit} if release.source == "git" else {"gonogoTree": _hex(release.tree)}
    ready = result.verdict == "PRODUCTION READY"
    tool, _, version = result.run.tool.partition(" ")
    return {
        "_type": STATEMENT_TYPE,
        "subject": [
            {"name": release.name, "digest": reviewed},
            *({"name": name, "digest": {"sha256": _sha256(record.folder / name)}} for name in (VERDICT, REPORT)),
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "verifier": {"id": VERIFIER, "version": {tool: version}},
            "timeVerified": result.run.finished,
            "resourceUri": f"pkg:generic/{quote(release.name, safe='')}@{quote(release.version, safe='')}",
            "policy": {"uri": "run.json#pinned.policy", "digest": {"sha256": _hex(result.run.digests["policy"])}},
            "inputAttestations": [{"uri": "journal.jsonl#head", "digest": {"sha256": _hex(end.head)}}],
            "verificationResult": "PASSED" if ready else "FAILED",
            "verifiedLevels": ["GONOGO_PRODUCTION_READY" if ready else "FAILED"],
            "gonogo": {
                "run": result.run.id,
                "verdict": result.verdict,
                "exit_code": result.exit_code,
                "score": result.score.percent,
                "band": result.score.band,
                "head": end.head,
                "events": end.events,
                "digests": dict(result.run.digests),
            },
        },
    }


def is_signed(record: Record) -> bool:
    """Whether a statement lies beside *record*; says nothing about its worth."""
    return (record.folder / STATEMENT).is_file()


def check(record: Record, key: Path) -> tuple[str, str]:
    """
    Check that the holder of *key* signed *record* as it is now: commit, files, head, verdict and all else it says.

    Args:
        record: A run that :func:`replaying.verify` found genuine.
        key: File with an Ed25519 public key as PEM.

    Returns:
        (what, what was found).

    Raises:
        RecordBroken: There is no statement, another key signed it, or it is about another record.
        KeyUnusable: The file holds no such key.
    """
    public = _public(key)
    path = record.folder / STATEMENT
    if not is_signed(record):
        raise RecordBroken(
            f"there is no {STATEMENT}: the run was never signed, or its statement was taken away",
            where=str(record.folder),
            remedy=f"whoever holds the private key writes one: `gonogo sign {record.folder} --key FILE`",
        )
    envelope = _envelope(path)
    if envelope.payload_type != PAYLOAD_TYPE:
        raise RecordBroken(f"the statement is of type {envelope.payload_type!r}", where=str(path))
    if not _signed_by(envelope, public):
        raise RecordBroken(f"the statement carries no valid signature of key {public.keyid[:16]}…", where=str(path))
    try:
        signed = foreign.parsed(envelope.payload)
    except ValueError:
        raise RecordBroken("what was signed is not JSON", where=str(path)) from None
    if not reading.read(record).finished:
        raise RecordBroken(
            "a finished run was signed, and this record has no verdict: its end is gone", where=str(path)
        )
    differences = list(_differences(signed, json.loads(canonical(statement(record)))))
    if differences:
        more = f" (and {len(differences) - 1} more: {', '.join(d.at for d in differences[1:9])})"
        raise RecordBroken(
            f"the record is not the one that was signed: {differences[0]}{more if differences[1:] else ''}",
            where=str(path),
        )
    said = signed["predicate"]["gonogo"]
    return ("signed", f"by key {public.keyid[:16]}…: {said['verdict']}, {len(signed['subject'])} subjects match")


class Difference(NamedTuple):
    """One place where what was signed is not what the record derives to."""

    at: str
    signed: str
    derived: str

    def __str__(self) -> str:
        return f"{self.at} was {self.signed}, is {self.derived}"


def _differences(signed: Any, derived: Any, at: str = "") -> Iterator[Difference]:
    """Where the two part; as deep as *derived*, whatever was signed."""
    if isinstance(signed, dict) and isinstance(derived, dict):
        for key in sorted({*signed, *derived}):
            yield from _differences(signed.get(key), derived.get(key), f"{at}.{key}" if at else key)
    elif isinstance(signed, list) and isinstance(derived, list) and len(signed) == len(derived):
        for number, (a, b) in enumerate(zip(signed, derived, strict=True)):
            name = b.get("name", number) if isinstance(b, dict) else number
            yield from _differences(a, b, f"{at}[{name}]")
    elif signed != derived:
        yield Difference(at or "the statement", *(json.dumps(value)[:120] for value in (signed, derived)))


def _envelope(path: Path) -> Envelope:
    with _library():
        from securesystemslib.dsse import Envelope
        from securesystemslib.exceptions import FormatError
    try:
        return Envelope.from_dict(foreign.parsed(_read(path)))
    except OSError as error:
        raise RecordBroken(f"{STATEMENT} cannot be read: {error.strerror}", where=str(path)) from None
    except (ValueError, KeyError, TypeError, AttributeError, FormatError):
        raise RecordBroken(f"{STATEMENT} is no DSSE envelope", where=str(path)) from None


def _signed_by(envelope: Envelope, key: SSlibKey) -> bool:
    """Whether one of the signatures is *key*'s; the key id in an envelope is a hint, and nobody has signed it."""
    from securesystemslib.exceptions import Error
    from securesystemslib.signer import Signature

    for signature in envelope.signatures.values():
        try:
            key.verify_signature(Signature(key.keyid, signature.signature), envelope.pae())
            return True
        except Error:
            continue
    return False


def _signer(path: Path) -> CryptoSigner:
    with _library():
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
        from securesystemslib.signer import CryptoSigner
    try:
        key = load_pem_private_key(_key_bytes(path), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyUnusable(
            "the file holds no unencrypted private key as PEM",
            where=str(path),
            remedy="`gonogo sign keygen --out FILE` makes one",
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(
            "the key is not Ed25519; others do not sign the same thing twice in the same way",
            where=str(path),
            remedy="`gonogo sign keygen --out FILE` makes one",
        )
    return CryptoSigner(key)


def _public(path: Path) -> SSlibKey:
    with _library():
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        from securesystemslib.signer import SSlibKey
    try:
        key = load_pem_public_key(_key_bytes(path))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnusable(
            "the file holds no Ed25519 public key as PEM",
            where=str(path),
            remedy="`gonogo sign keygen --out FILE` lays the public key into FILE.pub",
        )
    return SSlibKey.from_crypto(key)


def _key_bytes(path: Path) -> bytes:
    try:
        return _read(path)
    except OSError as error:
        raise KeyUnusable(f"the key cannot be read: {error.strerror}", where=str(path)) from None


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:  # noqa: PTH123  # a descriptor
            file.write(data)
    except OSError as error:
        raise KeyUnusable(f"the key cannot be written: {error.strerror}", where=str(path)) from None


@contextmanager
def _library() -> Iterator[None]:
    """Imports of the extra ``sign`` stand in this; without it they end in what to do."""
    try:
        yield
    except ImportError:
        raise ExtraMissing(
            "signatures need securesystemslib and cryptography, which are not installed",
            remedy="pip install 'gonogo[sign]'",
        ) from None


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise RecordBroken(f"{path.name} cannot be read: {error.strerror}", where=str(path)) from None


def _hex(digest: str) -> str:
    return digest.rpartition(":")[2]
