"""Reads an address strictly, and says of a network address why nobody is let through to it."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

IP = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {
    "http": 80,
    "https": 443,
    "postgres": 5432,
    "postgresql": 5432,
    "mysql": 3306,
    "redis": 6379,
    "rediss": 6379,
    "mongodb": 27017,
    "amqp": 5672,
    "amqps": 5671,
}
"""Scheme to the port that is meant where none is named."""
WEB = frozenset({"http", "https"})
LONGEST = 2_000
"""Characters of an address."""

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_QUARTET = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")
_CLEAN = re.compile(r"[\x21-\x7e]+")

METADATA: dict[IP, str] = {
    ipaddress.ip_address(address): f"the metadata service of {cloud}"
    for address, cloud in {
        "169.254.169.254": "most clouds",
        "169.254.170.2": "Amazon ECS",
        "169.254.170.23": "Amazon EKS",
        "168.63.129.16": "Azure",
        "100.100.100.200": "Alibaba Cloud",
        "192.0.0.192": "Oracle Cloud",
        "fd00:ec2::254": "Amazon EC2",
        "fd00:ec2::23": "Amazon EKS",
        "fd20:ce::254": "Google Cloud",
    }.items()
}
"""Where a cloud gives a machine its credentials: reached only where exactly this address is allowed."""
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = ipaddress.IPv6Network("::/96")


class Place(NamedTuple):
    """The target of an address: a scheme, a host in its one spelling, a port, and what is asked for there."""

    scheme: str
    host: str
    port: int
    path: str = "/"

    @property
    def ip(self) -> IP | None:
        """The host, where it is a network address and no name."""
        return ipaddress.ip_address(self.host) if is_address(self.host) else None

    @property
    def authority(self) -> str:
        """Host, and the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS.get(self.scheme) else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path.partition('?')[0]}"


def placed(url: str, schemes: frozenset[str] = WEB) -> Place:
    """
    The target of *url*.

    Refused is whatever two readers could take for two places: names of numbers (``2852039166``, ``0xa9fea9fe``),
    letters outside of ASCII, blanks, backslashes, a user before the host, zones.

    Raises:
        ValueError: It is refused, and why; what it says is not repeated.
    """
    if len(url) > LONGEST or not _CLEAN.fullmatch(url) or "\\" in url:
        raise ValueError(f"it is longer than {LONGEST:,} characters, or has others than an address is written in")
    parts = urlsplit(url)
    if parts.scheme not in schemes:
        raise ValueError(f"its scheme is none of {', '.join(sorted(schemes))}")
    if "@" in parts.netloc and parts.scheme in WEB:
        raise ValueError("it has a user or a password before its host; name a variable for that: {env: NAME}")
    try:
        port = PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError:
        raise ValueError("its port is not a number up to 65535") from None
    if not port:
        raise ValueError("it names no port that there is, and its scheme has none of its own")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Place(parts.scheme, hosted(_host(parts.netloc)), port, f"{path}?{query}" if query else path)


def hosted(host: str) -> str:
    """
    The one spelling of *host*.

    Raises:
        ValueError: It is neither a name nor a network address as they are usually written.
    """
    if host.startswith("[") and host.endswith("]"):
        try:
            return str(ipaddress.IPv6Address(host[1:-1] if "%" not in host else ""))
        except ValueError:
            raise ValueError("its host is no IPv6 address, or one with a zone") from None
    name = host.lower().removesuffix(".")
    if _QUARTET.fullmatch(name):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError:
            raise ValueError("its host is no IPv4 address") from None
    if not _NAME.fullmatch(name) or _NUMBER.fullmatch(name.rpartition(".")[2]):
        raise ValueError("its host is neither a name nor a network address in its usual spelling")
    return name


def is_address(host: str) -> bool:
    """Whether *host*, in its one spelling, is a network address and no name."""
    return ":" in host or _QUARTET.fullmatch(host) is not None


def guarded(address: IP) -> str:
    """Why nobody is let through to *address* unless it is allowed by itself; empty where it is anybody's."""
    inner = _inside(address)
    if inner is not None and ((why := guarded(inner)) or any(address in network for network in _NAT64)):
        return why
    if address in METADATA:
        return METADATA[address]
    if address.is_loopback:
        return "this machine itself"
    if address.is_link_local:
        return "a link-local address"
    if address.is_multicast or address.is_unspecified or address.is_reserved:
        return "no address of one machine"
    return "" if address.is_global else "a private address"


def untouchable(address: IP) -> bool:
    """Whether no network that it lies in lets anybody through to *address*, only its own name."""
    inner = _inside(address)
    return address in METADATA or address.is_link_local or (inner is not None and untouchable(inner))


def _inside(address: IP) -> IP | None:
    """The IPv4 address that an IPv6 one leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    for found in (address.ipv4_mapped, address.sixtofour, address.teredo[1] if address.teredo else None):
        if found is not None:
            return found
    last = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    compatible = address in _COMPATIBLE and int(address) > 1
    return last if compatible or any(address in network for network in _NAT64) else None


def _host(netloc: str) -> str:
    """The host of *netloc*, with its brackets; the user before it and the port behind it are read elsewhere."""
    authority = netloc.rpartition("@")[2]
    if authority.startswith("["):
        return authority.partition("]")[0] + "]"
    return authority.partition(":")[0]
