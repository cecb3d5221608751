"""The targets of a release, and who says that they may be contacted: never the reviewed tree."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from .address import IP, PORTS, Place, guarded, hosted, is_address, placed, untouchable
from .model import Model

Kind = Literal["url", "metrics", "logs", "cluster", "artifact", "database", "report"]
Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")]

MOST_TARGETS = 100
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}")
_KEPT = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that say where a request goes and where it ends; they are not for a target to choose."""


class FromEnvironment(Model):
    """A value that an environment variable holds; it is sent and nowhere written."""

    env: Variable


class Target(Model):
    """Something outside the reviewed tree that evidence can come from."""

    name: str
    kind: Kind = "url"
    url: Annotated[str, Field(max_length=2_000)] | FromEnvironment = ""
    """Of everything but a database and a report."""
    dsn: FromEnvironment | None = None
    """Of a database."""
    path: Annotated[str, Field(max_length=1_000)] = ""
    """Of a report."""
    headers: dict[str, Annotated[str, Field(max_length=2_000)] | FromEnvironment] = {}
    """What is sent along, such as ``Authorization: {env: SHOP_TOKEN}``."""

    @field_validator("name")
    @classmethod
    def _is_name(cls, value: str) -> str:
        if not _NAME.fullmatch(value):
            raise ValueError("a name has letters, digits, dots and dashes, 60 at most")
        return value

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, value: dict[str, str | FromEnvironment]) -> dict[str, str | FromEnvironment]:
        for name, said in value.items():
            if not _HEADER.fullmatch(name) or name.lower() in _KEPT:
                raise ValueError(f"'{name[:60]}' is not a header that can be given")
            if isinstance(said, str) and not (said.isascii() and said.isprintable()):
                raise ValueError(f"what header '{name}' is given is not a line of ASCII")
        if len(value) > 20:
            raise ValueError("more than 20 headers")
        return value

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        wanted = {"database": "dsn", "report": "path"}.get(self.kind, "url")
        for key in ("url", "dsn", "path"):
            if bool(getattr(self, key)) != (key == wanted):
                form = {"dsn": "dsn: {env: NAME}", "path": "path: FILE"}.get(wanted, "url: https://…")
                raise ValueError(f"a target of kind {self.kind} has `{form}`, and nothing in its place")
        if self.headers and wanted != "url":
            raise ValueError(f"a target of kind {self.kind} has no headers")
        return self

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that it names, sorted."""
        said = (self.url, self.dsn)
        return tuple(sorted({*self.sent, *(value.env for value in said if isinstance(value, FromEnvironment))}))

    @property
    def sent(self) -> tuple[str, ...]:
        """Those whose values are sent along, sorted; one that says where the target is goes nowhere else."""
        said = self.headers.values()
        return tuple(sorted({value.env for value in said if isinstance(value, FromEnvironment)}))

    @property
    def place(self) -> Place | None:
        """
        The address that it leads to; None if a variable says that, or for a file.

        Raises:
            ValueError: Its address is refused, and why.
        """
        return placed(self.url) if isinstance(self.url, str) and self.url else None

    @property
    def where(self) -> str:
        """The address that it leads to, for people: no value, no parameter."""
        if self.path:
            return self.path
        for value in (self.url, self.dsn):
            if isinstance(value, FromEnvironment):
                return f"${value.env}"
        try:
            return str(self.place)
        except ValueError:
            return str(self.url).partition("?")[0][:100]


def _apart(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    names = [target.name for target in targets]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise ValueError(f"'{doubled}' is the name of several targets")
    return targets


Targets = Annotated[tuple[Target, ...], Field(max_length=MOST_TARGETS), AfterValidator(_apart)]


class Allowance(Model):
    """What somebody outside the reviewed tree lets a review contact, and what it may send there."""

    host: str = ""
    """``shop.example``, ``*.staging.example``, ``prometheus.internal:9090``, ``[::1]:8080``."""
    addresses: tuple[str, ...] = ()
    """Networks that the host may stand in beside the public ones, such as ``10.0.0.0/8``."""
    environment: tuple[Variable, ...] = ()
    """Variables whose values may be sent there."""
    report: str = ""
    """A file that may be read as a report; instead of a host."""

    @field_validator("host")
    @classmethod
    def _is_host(cls, value: str) -> str:
        if value:
            host, _ = _parted(value)
            inner = host.removeprefix("*.")
            alone = hosted(inner)
            if host != inner and ("." not in inner or is_address(alone)):
                raise ValueError("a wildcard stands before a name of two parts at least: *.staging.example")
        return value

    @field_validator("addresses")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for said in value:
            try:
                ipaddress.ip_network(said)
            except ValueError:
                raise ValueError(f"'{said[:60]}' is not a network address, such as 10.0.0.0/8") from None
        return value

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.host) == bool(self.report):
            raise ValueError("an entry has a host or a report")
        if self.report and (self.addresses or self.environment):
            raise ValueError("a report has neither addresses nor environment")
        return self

    def covers(self, place: Place) -> bool:
        """Whether *place* is at the host and port that this allows."""
        if not self.host:
            return False
        host, port = _parted(self.host)
        if (port or PORTS.get(place.scheme)) != place.port:
            return False
        if host.startswith("*."):
            return place.host.endswith(f".{hosted(host[2:])}")
        return place.host == hosted(host)

    def admits(self, address: IP) -> bool:
        """Whether the host may stand at *address*."""
        if not guarded(address):
            return True
        host = hosted(_parted(self.host)[0].removeprefix("*."))
        if str(address) == host or (host == "localhost" and address.is_loopback):
            return True
        networks = [ipaddress.ip_network(said) for said in self.addresses]
        if untouchable(address):
            networks = [network for network in networks if network.num_addresses == 1]
        return any(address in network for network in networks)


Allowances = Annotated[tuple[Allowance, ...], Field(max_length=1_000)]


class Withheld(Model):
    """A target that the reviewed tree proposes and nobody allows."""

    target: str
    kind: Kind
    where: str
    why: str


class Contacts(Model):
    """What a review may contact, by whose word, and what the reviewed tree proposed in vain."""

    targets: tuple[Target, ...] = ()
    """Those that may be contacted."""
    allowed: tuple[Allowance, ...] = ()
    """What a request may go to, wherever it is led."""
    withheld: tuple[Withheld, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables whose values may be read, sorted."""
        return tuple(sorted({name for target in self.targets for name in target.variables}))

    def allowance(self, place: Place, variables: Iterable[str] = ()) -> Allowance | None:
        """The first that covers *place* and lets *variables* be sent there."""
        return next((one for one in self._covering(place) if set(variables) <= set(one.environment)), None)

    def admits(self, place: Place, address: IP) -> bool:
        """Whether a request to *place* may go to *address*."""
        return any(one.admits(address) for one in self._covering(place))

    def _covering(self, place: Place) -> Iterator[Allowance]:
        return (one for one in self.allowed if one.covers(place))


def _parted(host: str) -> tuple[str, int]:
    """Host and port of ``host:port``; 0 where no port is named."""
    name, sign, port = host.rpartition(":")
    if not sign or host.endswith("]"):
        return host, 0
    if not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65536 or (":" in name and name[0] != "["):
        raise ValueError(f"'{host[:60]}' has no port behind its colon; an IPv6 address stands in brackets")
    return name, int(port)
