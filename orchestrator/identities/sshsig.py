"""
Checks signatures that ``ssh-keygen -Y sign`` and ``git commit -S`` make.

The format is OpenSSH's PROTOCOL.sshsig: an armoured blob with the public key, a namespace, the name of a hash, and a
signature over all of these and the digest of the message.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterable
from typing import NamedTuple

_MAGIC = b"SSHSIG"
_ARMOUR = re.compile(r"-----BEGIN SSH SIGNATURE-----\s+([A-Za-z0-9+/=\s]+?)-----END SSH SIGNATURE-----")
_MOST = 20_000
"""Characters of an armoured signature; of the largest RSA key it has some 2,000."""
_HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}


class NotSigned(ValueError):
    """What keeps a signature from showing anything, in a few words."""


class _Signature(NamedTuple):
    key: bytes
    namespace: bytes
    reserved: bytes
    hash: bytes
    signature: bytes


def signer(armoured: str, message: bytes, namespace: str, keys: Iterable[str]) -> str:
    """
    The one of *keys* that signed *message*.

    Args:
        armoured: The signature.
        message: What was signed.
        namespace: What for: ``git``, or the program's own.
        keys: Public keys, a line each.

    Raises:
        NotSigned: None of them did, or the signature is broken, of another namespace, or of a kind not checked here.
    """
    said = _parsed(armoured)
    if said.namespace != namespace.encode():
        raise NotSigned(f"it is signed for '{said.namespace[:40].decode('ascii', 'replace')}', not for '{namespace}'")
    ours = next((key for key in keys if _blob(key) == said.key), None)
    if ours is None:
        raise NotSigned("it is signed by a key that the policy does not list")
    digest = _HASHES[said.hash](message).digest()
    signed = _MAGIC + b"".join(map(_string, (said.namespace, said.reserved, said.hash, digest)))
    _verify(ours, said.signature, signed)
    return ours


def _parsed(armoured: str) -> _Signature:
    found = _ARMOUR.search(armoured) if len(armoured) <= _MOST else None
    if found is None:
        raise NotSigned("it is not an SSH signature")
    try:
        blob = base64.b64decode("".join(found[1].split()), validate=True)
    except binascii.Error:
        raise NotSigned("it is not an SSH signature") from None
    if not blob.startswith(_MAGIC + struct.pack(">I", 1)):
        raise NotSigned("it is an SSH signature of another version")
    parts, rest = [], blob[len(_MAGIC) + 4 :]
    for _ in _Signature._fields:
        part, rest = _taken(rest)
        parts.append(part)
    said = _Signature(*parts)
    if rest or said.hash not in _HASHES:
        raise NotSigned("it is an SSH signature with parts that are not known")
    return said


def _verify(key: str, signature: bytes, signed: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    kind, rest = _taken(signature)
    value, over = _taken(rest)
    public = load_ssh_public_key(key.encode())
    try:
        if isinstance(public, ed25519.Ed25519PublicKey) and kind == b"ssh-ed25519" and not over:
            public.verify(value, signed)
        elif isinstance(public, ec.EllipticCurvePublicKey) and kind == key.split()[0].encode() and not over:
            r, more = _taken(value)
            s, beyond = _taken(more)
            if beyond:
                raise NotSigned("the signature goes on after its end")
            size = public.curve.key_size
            algorithm = hashes.SHA256() if size <= 256 else hashes.SHA384() if size <= 384 else hashes.SHA512()
            both = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
            public.verify(both, signed, ec.ECDSA(algorithm))
        elif isinstance(public, rsa.RSAPublicKey) and kind in (b"rsa-sha2-256", b"rsa-sha2-512") and not over:
            chosen = hashes.SHA256() if kind == b"rsa-sha2-256" else hashes.SHA512()
            public.verify(value, signed, padding.PKCS1v15(), chosen)
        else:
            raise NotSigned("it is signed in a way that is not checked here")
    except InvalidSignature:
        raise NotSigned("the signature is of something else") from None


def _blob(key: str) -> bytes:
    parts = key.split()
    try:
        return base64.b64decode(parts[1], validate=True) if len(parts) > 1 else b""
    except binascii.Error:
        return b""


def _taken(data: bytes) -> tuple[bytes, bytes]:
    """The first length-prefixed string of *data*, and what follows it."""
    if len(data) < 4:
        raise NotSigned("the signature ends early")
    (size,) = struct.unpack(">I", data[:4])
    if size > len(data) - 4:
        raise NotSigned("the signature ends early")
    return data[4 : 4 + size], data[4 + size :]


def _string(part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + part
