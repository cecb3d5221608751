"""Makes and reads keys and certificates; a private key that others can read does not sign."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from ...errors import KeyUnusable
from ...host import files
from ._library import library

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate
    from securesystemslib.signer import CryptoSigner, SSlibKey

_MOST = 1 << 20
"""Bytes of a key or of certificates; ours have a few hundred."""
_OTHERS = 0o077
"""What a private key's mode must not have: anything for anybody else."""
_WEAK = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
"""Public keys of small order, but for the last bit: nobody needs a private key to sign for them, nor a message."""
_MAKES = "`gonogo sign keygen --out FILE` makes one"


class KeyPair(NamedTuple):
    """The paths of a new key pair."""

    private: Path
    public: Path
    id: str


class PublicKey(NamedTuple):
    """A public key, and the file that it was first read from."""

    key: SSlibKey
    file: Path

    @property
    def name(self) -> str:
        """What it is called in a line: the beginning of its id."""
        return f"{self.key.keyid[:16]}…"

    def __str__(self) -> str:
        return f"{self.name} ({self.file})"


def generate(out: Path) -> KeyPair:
    """
    Make an Ed25519 key pair: the private key in *out*, readable by its owner alone, the public one in ``<out>.pub``.

    Raises:
        KeyUnusable: One of the two files is there already, or cannot be written.
    """
    with library():
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


def signer(path: Path) -> CryptoSigner:
    """
    The private key in *path*.

    Raises:
        KeyUnusable: It holds none that can sign here, or others than its owner can read it.
    """
    with library():
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from securesystemslib.signer import CryptoSigner
    data, status = _read(path)
    key = _private(data, path)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(
            "the key is not Ed25519; other kinds do not give the same signature twice",
            where=str(path),
            remedy=_MAKES,
        )
    name = quote(str(path))
    if status.st_uid != os.geteuid():
        raise KeyUnusable(
            "the private key belongs to another user, who can read and replace it",
            where=str(path),
            remedy=f"make a copy that is yours alone: `install -m 600 {name} own.key`",
        )
    if status.st_mode & _OTHERS:
        raise KeyUnusable(
            f"others than its owner can use the private key (mode {status.st_mode & 0o777:04o})",
            where=str(path),
            remedy=f"`chmod 600 {name}`; if others may have read it, make a new one",
        )
    return CryptoSigner(key)


def publics(paths: Sequence[Path]) -> list[PublicKey]:
    """
    The public keys in *paths*, in that order; one that two files hold counts once.

    Raises:
        KeyUnusable: One of them holds none.
    """
    found: dict[str, PublicKey] = {}
    for path in paths:
        key = _public(path)
        found.setdefault(key.keyid, PublicKey(key, path))
    return list(found.values())


def certificates(paths: Sequence[Path]) -> list[Certificate]:
    """
    Every certificate in *paths*, each a file of PEM.

    Raises:
        KeyUnusable: One of them holds none.
    """
    with library():
        from cryptography.x509 import load_pem_x509_certificates
    found = []
    for path in paths:
        try:
            found += load_pem_x509_certificates(_read(path)[0])
        except ValueError:
            raise KeyUnusable(
                "the file holds no certificates in PEM format",
                where=str(path),
                remedy="name the root certificate that the timestamp authority publishes",
            ) from None
    return found


def _private(data: bytes, path: Path) -> PrivateKeyTypes:
    with library():
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    try:
        return load_pem_private_key(data, None)
    except TypeError:
        raise KeyUnusable(
            "the private key is encrypted, and gonogo asks for no passphrase",
            where=str(path),
            remedy="decrypt it into a file that only you can read: "
            f"`(umask 077; openssl pkey -in {quote(str(path))} -out plain.key)`",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        pass
    if b"-----BEGIN PUBLIC KEY-----" in data:
        said = "this is a public key, and signing needs the private one"
        remedy = "`gonogo sign keygen --out FILE` has put the private key into FILE, the public one into FILE.pub"
    elif b"-----BEGIN OPENSSH PRIVATE KEY-----" in data:
        said, remedy = "this is an ssh key, not PKCS #8 in PEM format", _MAKES
    else:
        said, remedy = "the file holds no unencrypted private key in PEM format", _MAKES
    raise KeyUnusable(said, where=str(path), remedy=remedy)


def _public(path: Path) -> SSlibKey:
    with library():
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        from securesystemslib.signer import SSlibKey
    data, _ = _read(path)
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, Ed25519PublicKey):
        point = key.public_bytes_raw()
        if point[:-1] + bytes([point[-1] & 0x7F]) in _WEAK:
            raise KeyUnusable(
                "anybody can sign for this public key, without a private one", where=str(path), remedy=_MAKES
            )
        return SSlibKey.from_crypto(key)
    if b"PRIVATE KEY-----" in data:
        raise KeyUnusable(
            "this is a private key, and whoever verifies needs the public one alone",
            where=str(path),
            remedy="`gonogo sign keygen --out FILE` has put the public key into FILE.pub; hand on no other",
        )
    raise KeyUnusable(
        "the file holds no Ed25519 public key in PEM format",
        where=str(path),
        remedy="`gonogo sign keygen --out FILE` puts the public key into FILE.pub",
    )


def _read(path: Path) -> tuple[bytes, os.stat_result]:
    try:
        with files.opened(path, _MOST) as file:
            return file.read(_MOST), os.fstat(file.fileno())
    except OSError as error:
        raise KeyUnusable(f"the file cannot be read: {error.strerror}", where=str(path)) from None


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:  # noqa: PTH123  # a descriptor
            file.write(data)
    except OSError as error:
        raise KeyUnusable(f"the key cannot be written: {error.strerror}", where=str(path)) from None
