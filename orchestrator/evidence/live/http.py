"""The one door through which evidence is fetched over HTTP: to allowed hosts, at checked addresses, within bounds."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode, urljoin

from ...domain.address import IP, Place, guarded, placed
from ...domain.target import Contacts, FromEnvironment, Target

Resolve = Callable[[str, int], Sequence[IP]]

_LEADS_ON = frozenset({301, 302, 303, 307, 308})
_MOST_ADDRESSES = 3
"""Of a host that has several, how many are tried."""


class NotContacted(Exception):
    """A target gave no answer; the reason becomes a problem of the fact."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Bounds(NamedTuple):
    """How much of an answer is waited for and read."""

    seconds: float = 20.0
    """For the whole of it, from the first look-up of a name to the last byte."""
    bytes: int = 4_000_000
    redirects: int = 5


class Answer(NamedTuple):
    """What a target said."""

    status: int
    type: str
    """The content type, without its parameters."""
    body: bytes
    places: tuple[str, ...]
    """Where the request went, hop by hop, without parameters."""


class Outside:
    """
    What a source may ask of the world.

    Each hop is held to what is allowed: scheme, host, port, what is sent along, and the address. A name is looked up
    once and the connection goes to what was looked up, so that a second answer of the name's owner changes nothing.
    Proxies and certificates that the environment names are not heeded.

    Args:
        contacts: What is allowed.
        environment: Values of the variables that may be sent, by name.
        resolve: Looks a name up.
        trust: Whom a server's certificate has to come from; the system's and httpx2's own where None.
    """

    def __init__(
        self,
        contacts: Contacts,
        environment: Mapping[str, str],
        *,
        resolve: Resolve | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._contacts = contacts
        self._environment = environment
        self._resolve = resolve or looked_up
        self._trust = trust

    def get(
        self, target: Target, path: str = "", query: Mapping[str, str] | None = None, bounds: Bounds | None = None
    ) -> Answer:
        """
        What *target* answers.

        Args:
            target: One of those that may be contacted.
            path: Below the target's own address.
            query: Parameters.
            bounds: How much is waited for and read; the usual ones where None.

        Raises:
            NotContacted: It is not allowed, cannot be reached, or does not answer within *bounds*.
        """
        bounds = bounds or Bounds()
        if target not in self._contacts.targets:
            raise NotContacted(f"target '{target.name}' is none of those that may be contacted")
        at = _below(_placed(self._value(target.url)), path, query or {})
        sent = {name: self._value(value) for name, value in target.headers.items()}
        self._hold(at, target.sent)
        end = time.monotonic() + bounds.seconds
        first, places = at, [str(at)]
        while True:
            status, headers, body = self._exchange(at, sent if _origin(at) == _origin(first) else {}, bounds, end)
            if status not in _LEADS_ON or "location" not in headers:
                return Answer(status, headers.get("content-type", "").partition(";")[0].strip(), body, tuple(places))
            if len(places) > bounds.redirects:
                raise NotContacted(f"{at} leads on more than {bounds.redirects} times")
            at = _placed(_joined(at, headers["location"]), f"what {at} leads on to")
            self._hold(at)
            places.append(str(at))

    def _value(self, said: str | FromEnvironment) -> str:
        if isinstance(said, str):
            return said
        if said.env not in self._environment:
            raise NotContacted(f"the environment variable {said.env} is not set, or too short to be withheld")
        return self._environment[said.env]

    def _hold(self, at: Place, variables: Sequence[str] = ()) -> None:
        if self._contacts.allowance(at, variables) is None:
            sent = f", with {', '.join(variables)} sent along," if variables else ""
            raise NotContacted(f"{at.scheme}://{at.authority}{sent} is not allowed from outside the reviewed tree")

    def _addresses(self, at: Place) -> Sequence[IP]:
        """The addresses of *at*; refused as a whole if one of them is."""
        try:
            found = [at.ip] if at.ip is not None else self._resolve(at.host, at.port)
        except (OSError, UnicodeError):
            raise NotContacted(f"the name '{at.host}' cannot be looked up") from None
        for address in found:
            if not self._contacts.admits(at, address):
                raise NotContacted(f"{at.host} stands at {guarded(address)}, which is not allowed by itself")
        if not found:
            raise NotContacted(f"the name '{at.host}' has no address")
        return found[:_MOST_ADDRESSES]

    def _exchange(
        self, at: Place, sent: Mapping[str, str], bounds: Bounds, end: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        import httpx2

        failure = ""
        for address in self._addresses(at):
            with httpx2.Client(trust_env=False, follow_redirects=False, verify=self._trust or True) as client:
                try:
                    return _asked(client, at, address, sent, bounds, end)
                except httpx2.ConnectError as error:
                    failure = _told(error)
                except httpx2.TimeoutException:
                    raise _late(at, bounds) from None
                except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
                    raise NotContacted(f"{at} gives no answer that can be read: {_told(error)}") from None
        raise NotContacted(f"{at} cannot be reached: {failure}")


def looked_up(host: str, port: int) -> list[IP]:
    """The addresses of *host* as the system gives them, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def _asked(  # type: ignore[no-untyped-def]  # httpx2 is imported by whoever asks
    client, at: Place, address: IP, sent: Mapping[str, str], bounds: Bounds, end: float
) -> tuple[int, Mapping[str, str], bytes]:
    host = f"[{address}]" if address.version == 6 else str(address)
    headers = {**sent, "Host": at.authority, "Accept-Encoding": "identity"}
    if "user-agent" not in {name.lower() for name in sent}:
        headers["User-Agent"] = "gonogo"
    request = client.build_request(
        "GET",
        f"{at.scheme}://{host}:{at.port}{at.path}",
        headers=headers,
        timeout=_left(at, bounds, end),
        extensions={} if at.ip is not None else {"sni_hostname": at.host},
    )
    response = client.send(request, stream=True)
    try:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise NotContacted(f"{at} answers in an encoding that was not asked for")
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > bounds.bytes:
                raise NotContacted(f"{at} answers with more than {bounds.bytes:,} bytes")
            _left(at, bounds, end)
        return response.status_code, response.headers, bytes(body)
    finally:
        response.close()


def _left(at: Place, bounds: Bounds, end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise _late(at, bounds)
    return left


def _late(at: Place, bounds: Bounds) -> NotContacted:
    return NotContacted(f"{at} has not answered within {bounds.seconds:g} seconds")


def _placed(url: str, who: str = "the target") -> Place:
    try:
        return placed(url)
    except ValueError as error:
        raise NotContacted(f"{who} has an address that is refused: {error}") from None


def _below(at: Place, path: str, query: Mapping[str, str]) -> Place:
    """*at*, or what is asked for below it."""
    base, _, own = at.path.partition("?")
    said = "&".join(filter(None, (own, urlencode(query))))
    whole = base.rstrip("/") + path if path else base
    return _placed(f"{at.scheme}://{at.authority}{whole}{'?' if said else ''}{said}") if path or query else at


def _joined(at: Place, location: str) -> str:
    try:
        return urljoin(f"{at.scheme}://{at.authority}{at.path}", location)
    except ValueError:
        raise NotContacted(f"{at} leads on to something that is not an address") from None


def _origin(at: Place) -> tuple[str, str, int]:
    return at.scheme, at.host, at.port


def _told(error: Exception) -> str:
    """The kind of *error*: what it says can repeat what was sent."""
    return type(error).__name__
