"""A timestamp authority for tests: a real one by RFC 3161, on the loopback, honest or hostile."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_SIGNED_DATA, _DATA, _TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1", "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE, _DIGEST, _SIGNING_CERTIFICATE = (
    "1.2.840.113549.1.9.3",
    "1.2.840.113549.1.9.4",
    "1.2.840.113549.1.9.16.2.47",
)
_SHA256, _ECDSA = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
DAY = timedelta(days=1)


class Asked(NamedTuple):
    """What a request asks to have timestamped."""

    imprint: bytes
    """The digest, with the name of its algorithm, as DER."""
    nonce: bytes
    """As DER; empty where there is none."""


class Authority:
    """
    A certificate of its own, one for timestamps that it has issued, and what follows from both.

    Args:
        time: What its clock says.
        purpose: What its certificate is for.
        critical: Whether that is marked as critical, as RFC 3161 wants it.
        begins: When its certificate begins to be valid.
        ends: When it ends to be.
        name: Of the authority.
    """

    def __init__(
        self,
        *,
        time: datetime | None = None,
        purpose: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.TIME_STAMPING,
        critical: bool = True,
        begins: datetime | None = None,
        ends: datetime | None = None,
        name: str = "Test TSA",
    ) -> None:
        self.time = time or datetime.now(UTC)
        begins, ends = begins or self.time - 400 * DAY, ends or self.time + 400 * DAY
        self._root_key, self._key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.root = self._issued(f"{name} root", self._root_key, self.time - 500 * DAY, self.time + 500 * DAY, None)
        self.certificate = self._issued(name, self._key, begins, ends, (purpose, critical))

    def answer(
        self,
        request: bytes,
        *,
        nonce: bool = True,
        imprint: bytes = b"",
        status: int = 0,
        certificate: bool = True,
        order: int = 0,
    ) -> bytes:
        """
        The TimeStampResp to *request*.

        Args:
            request: A TimeStampReq.
            nonce: Whether the nonce is the one that was asked with.
            imprint: What is timestamped instead of what was asked for.
            status: Its PKIStatus.
            certificate: Whether the certificate is in it.
            order: Bring the root's certificate too, sorted (1) as DER asks for, or the other way round (-1).
        """
        if status:
            return _sequence(_sequence(_integer(status)))
        asked = parsed(request)
        info = _sequence(
            _integer(1),
            _oid("1.2.3.4.1"),
            _sequence(_algorithm(_SHA256), _octets(hashlib.sha256(imprint).digest())) if imprint else asked.imprint,
            _integer(7),
            _der(0x18, f"{self.time:%Y%m%d%H%M%SZ}".encode()),
            asked.nonce if nonce else _integer(666),
        )
        return _sequence(_sequence(_integer(status)), self._token(info, certificate, order))

    def pem(self, folder: Path) -> Path:
        """The root certificate as a file."""
        path = folder / "tsa.pem"
        path.write_bytes(self.root.public_bytes(Encoding.PEM))
        return path

    def _token(self, info: bytes, certificate: bool, order: int) -> bytes:
        own = self.certificate.public_bytes(Encoding.DER)
        brought = sorted([own, self.root.public_bytes(Encoding.DER)])[::order] if order else [own]
        attributes = sorted(
            [
                _sequence(_oid(_CONTENT_TYPE), _set(_oid(_TST_INFO))),
                _sequence(_oid(_DIGEST), _set(_octets(hashlib.sha256(info).digest()))),
                _sequence(
                    _oid(_SIGNING_CERTIFICATE),
                    _set(_sequence(_sequence(_sequence(_octets(hashlib.sha256(own).digest()))))),
                ),
            ]
        )
        signature = self._key.sign(_set(*attributes), ec.ECDSA(SHA256()))
        signer = _sequence(
            _integer(1),
            _sequence(self.certificate.issuer.public_bytes(), _integer(self.certificate.serial_number)),
            _algorithm(_SHA256),
            _der(0xA0, b"".join(attributes)),
            _sequence(_oid(_ECDSA)),
            _octets(signature),
        )
        return _sequence(
            _oid(_SIGNED_DATA),
            _der(
                0xA0,
                _sequence(
                    _integer(3),
                    _set(_algorithm(_SHA256)),
                    _sequence(_oid(_TST_INFO), _der(0xA0, _octets(info))),
                    *([_der(0xA0, b"".join(brought))] if certificate else []),
                    _set(signer),
                ),
            ),
        )

    def _issued(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        begins: datetime,
        ends: datetime,
        purpose: tuple[x509.ObjectIdentifier | None, bool] | None,
    ) -> x509.Certificate:
        """A certificate: with *purpose* one for timestamps, without one that issues others."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder(subject_name=subject, public_key=key.public_key())
            .issuer_name(subject if purpose is None else self.root.subject)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=purpose is None, path_length=None), critical=True)
        )
        if purpose and purpose[0]:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose[0]]), critical=purpose[1])
        return builder.sign(self._root_key, SHA256())


class Answer(NamedTuple):
    """What the loopback says to one request."""

    body: bytes
    status: str = "200 OK"
    headers: str = "Content-Type: application/timestamp-reply\r\n"


Respond = Callable[[bytes], Answer]


@contextmanager
def listening(respond: Respond, *, slowly: float = 0.0) -> Iterator[tuple[str, list[bytes]]]:
    """
    The URL of an authority that answers by *respond*, and the requests that it has seen.

    Args:
        respond: What it says to a request.
        slowly: Seconds between two bytes of the answer; all of it at once where it is 0.
    """
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next(int(line[15:]) for line in head.splitlines() if line.lower().startswith("content-length:"))
        seen.append(await reader.readexactly(length))
        answer = respond(seen[-1])
        said = f"HTTP/1.1 {answer.status}\r\n{answer.headers}Content-Length: {len(answer.body)}\r\n\r\n".encode()
        try:
            if slowly:
                for byte in said + answer.body:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(slowly)
            else:
                writer.write(said + answer.body)
                await writer.drain()
        except ConnectionError:  # whoever asked has had enough
            pass
        finally:
            writer.close()

    with _served(serve) as port:
        yield f"http://127.0.0.1:{port}/tsa", seen


@contextmanager
def _served(serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> Iterator[int]:
    """The port of a server in a thread of its own."""
    ready, port, end = threading.Event(), 0, asyncio.Event()
    loop = asyncio.new_event_loop()

    async def main() -> None:
        nonlocal port
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        ready.set()
        await end.wait()
        server.close()

    def live() -> None:
        loop.run_until_complete(main())
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=live)
    thread.start()
    try:
        assert ready.wait(10)
        yield port
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(10)


def parsed(request: bytes) -> Asked:
    """What *request* asks for; what cannot be read is a mistake of ours."""
    _, body, _ = _read(request)
    _, _, rest = _read(body)
    imprint = rest[: len(rest) - len(_read(rest)[2])]
    rest = _read(rest)[2]
    nonce = b""
    while rest:
        tag, _, after = _read(rest)
        if tag == 0x02:
            nonce = rest[: len(rest) - len(after)]
        rest = after
    return Asked(imprint, nonce)


def _read(data: bytes) -> tuple[int, bytes, bytes]:
    """The tag of the first value of *data*, what is in it, and what follows it."""
    length, begin = data[1], 2
    if length & 0x80:
        begin = 2 + (length & 0x7F)
        length = int.from_bytes(data[2:begin], "big")
    return data[0], data[begin : begin + length], data[begin + length :]


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _sequence(*parts: bytes) -> bytes:
    return _der(0x30, b"".join(parts))


def _set(*parts: bytes) -> bytes:
    return _der(0x31, b"".join(parts))


def _octets(data: bytes) -> bytes:
    return _der(0x04, data)


def _integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _algorithm(name: str) -> bytes:
    return _sequence(_oid(name), b"\x05\x00")


def _oid(name: str) -> bytes:
    first, second, *rest = (int(part) for part in name.split("."))
    found = bytearray()
    for number in (first * 40 + second, *rest):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        found += bytes(reversed(groups))
    return _der(0x06, bytes(found))
