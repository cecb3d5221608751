"""Asks for a timestamp by RFC 3161, and holds it to what it must be, and its time to the record's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...errors import AuthorityUnusable, RecordBroken
from ...report.visible import one_line
from ._asking import ask, shown
from ._der import ordered
from ._keys import certificates
from ._library import library

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

MOST = 1 << 17
"""Bytes of an answer that lies beside a record."""
SKEW = timedelta(minutes=5)
"""How far the clock that a record was made by may be ahead of the authority's."""
_LONG = timedelta(days=1)
"""From here on it is said that nobody vouches for the time before the timestamp."""
_DIGESTS = {
    "2.16.840.1.101.3.4.2.1": hashlib.sha256,
    "2.16.840.1.101.3.4.2.2": hashlib.sha384,
    "2.16.840.1.101.3.4.2.3": hashlib.sha512,
}
_REASON = re.compile(r'data: "Verify error: ([^"]{1,200})"')


class NoTimestamp(Exception):
    """An answer is not a timestamp that holds; the reason follows ``it``."""


class OfSomethingElse(NoTimestamp):
    """It is one, of something else."""


class Timestamp(NamedTuple):
    """What an authority vouches for: that the signature was there at a time."""

    answer: bytes
    """As it came, and as ``openssl ts`` reads it."""
    time: datetime
    by: str
    """Whom the certificate names."""

    def __str__(self) -> str:
        return f"{self.time:%Y-%m-%d %H:%M:%S} UTC by {self.by}"


class Authority(NamedTuple):
    """A timestamp authority, and the certificates that its own must lead to; any will do where there are none."""

    url: str
    roots: tuple[Path, ...] = ()

    def timestamp(self, message: bytes) -> Timestamp:
        """
        A timestamp over *message*.

        Raises:
            AuthorityUnusable: It cannot be asked, or its answer does not hold.
            KeyUnusable: A root is not a certificate.
            UsageError: The URL is none.
        """
        roots = certificates(self.roots)
        with library():
            from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
        request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
        answer = ask(self.url, request.as_bytes())
        try:
            return held(answer, message, roots, request.nonce)
        except NoTimestamp as error:
            raise AuthorityUnusable(
                f"the answer of the timestamp authority is not valid: it {error}",
                where=shown(self.url),
                remedy="nothing was written; ask another authority, or sign without --timestamp",
            ) from None


def held(answer: bytes, message: bytes, roots: Sequence[Certificate], nonce: int | None = None) -> Timestamp:
    """
    The timestamp over *message* that *answer* is.

    Args:
        answer: A TimeStampResp, as anybody can have made it.
        message: What was to be timestamped.
        roots: What the authority's certificate must lead to; that is not asked where there are none.
        nonce: What was asked with; None where that is not known any more.

    Raises:
        NoTimestamp: It is none, or one of something else.
    """
    with library():
        from cryptography.x509 import DuplicateExtension, UnsupportedGeneralNameType
        from rfc3161_client import VerificationError, VerifierBuilder
    response = _response(answer)
    try:
        info = response.tst_info
        time, imprint = info.gen_time.replace(tzinfo=UTC), info.message_imprint
        digest = _DIGESTS.get(imprint.hash_algorithm.dotted_string)
        if nonce is not None and info.nonce != nonce:
            raise NoTimestamp("carries another nonce, and so answers another question")
        if digest is None or imprint.message != digest(message).digest():
            raise OfSomethingElse("is over something else than the signature")
        by = _leaf(response, time)
        if roots:
            VerifierBuilder(roots=list(roots), nonce=nonce).build().verify_message(response, message)
    except VerificationError as error:
        why = _REASON.search(str(error))
        raise NoTimestamp(
            f"cannot be traced back to the root: {why[1] if why else one_line(str(error), 200)}"
        ) from None
    except (ValueError, TypeError, OverflowError, DuplicateExtension, UnsupportedGeneralNameType) as error:
        raise NoTimestamp(f"holds what cannot be read: {one_line(str(error), 100)}") from None
    return Timestamp(answer, time, by)


def told(timestamp: Timestamp, finished: str) -> str:
    """
    How the authority's time stands to *finished*, when the record says that its run ended.

    Raises:
        RecordBroken: It is earlier: a signature over a record cannot be older than the record.
    """
    try:
        own = datetime.fromisoformat(finished).astimezone(UTC)
    except (ValueError, OverflowError):
        raise RecordBroken(f"the record says that it ended at '{finished[:40]}', which is not a time") from None
    after = timestamp.time - own
    if after < -SKEW:
        raise RecordBroken(
            f"the record says that its run ended at {own:%Y-%m-%d %H:%M:%S} UTC, and its signature was there at "
            f"{timestamp.time:%Y-%m-%d %H:%M:%S} already, says {timestamp.by}: a clock is wrong, or the record is"
        )
    if after < _LONG:
        return f"{max(int(after.total_seconds()), 0):,} s after the run ended by its own clock"
    return (
        f"{after.days:,} days after the record says that its run ended ({own:%Y-%m-%d}): "
        "for any time before the timestamp there is the record's word alone"
    )


def _response(answer: bytes) -> TimeStampResponse:
    """What *answer* says, if it grants a timestamp."""
    with library():
        from rfc3161_client import PKIStatus, decode_timestamp_response
    try:
        response = decode_timestamp_response(ordered(answer))
        status, words = response.status, " ".join(response.status_string)
    except ValueError:
        raise NoTimestamp("is not a timestamp by RFC 3161") from None
    if status != PKIStatus.GRANTED:
        name = PKIStatus(status).name.lower().replace("_", " ") if status in set(PKIStatus) else str(status)
        raise NoTimestamp(f"grants no timestamp: {one_line(f'{name} {words}', 200).strip()}")
    return response


def _leaf(response: TimeStampResponse, time: datetime) -> str:
    """Whom the certificate names that the answer was signed with; it must be for timestamps, and valid at *time*."""
    with library():
        from cryptography.x509 import ExtendedKeyUsage, ExtensionNotFound, load_der_x509_certificate
        from cryptography.x509.oid import ExtendedKeyUsageOID
    signed = response.signed_data
    (signer,) = signed.signer_infos if len(signed.signer_infos) == 1 else (None,)
    own = None
    for data in signed.certificates:
        certificate = load_der_x509_certificate(data)
        if signer and (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            own = certificate
    if own is None:
        raise NoTimestamp("brings no certificate of its signer")
    try:
        purposes = own.extensions.get_extension_for_class(ExtendedKeyUsage)
        fit = purposes.critical and list(purposes.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    except ExtensionNotFound:
        fit = False
    if not fit:
        raise NoTimestamp("is signed with a certificate that is not for timestamps")
    if not own.not_valid_before_utc <= time <= own.not_valid_after_utc:
        raise NoTimestamp("is signed with a certificate that was not valid at its time")
    return one_line(own.subject.rfc4514_string(), 120) or "an authority without a name"
