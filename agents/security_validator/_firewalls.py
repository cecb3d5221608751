"""Reads the inbound rules of cloud firewalls, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any

from orchestrator import Block, Source, Typed

_PORTS = {
    22: "SSH",
    23: "Telnet",
    445: "SMB",
    1433: "SQL Server",
    1521: "Oracle",
    2375: "Docker",
    3306: "MySQL",
    3389: "RDP",
    5432: "PostgreSQL",
    5984: "CouchDB",
    6379: "Redis",
    9200: "Elasticsearch",
    11211: "memcached",
    27017: "MongoDB",
}
_WORLD = frozenset({"*", "internet", "any"})
"""Words for everyone on the internet."""
_MOST_BITS = 3
"""Of a network that is so large that it is meant for everyone: an eighth of the internet."""
_MOST_SOURCES = 500


def world(sources: Iterable[Any]) -> bool:
    """Whether *sources* are everyone on the internet, or large parts of it, by a word, one network or several."""
    found: list[IPv4Network] = []
    others: list[IPv6Network] = []
    for source in list(sources)[:_MOST_SOURCES]:
        text = str(source).strip().lower()
        if text in _WORLD:
            return True
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            continue
        (found if isinstance(network, IPv4Network) else others).append(network)  # type: ignore[arg-type]  # by version
    whole: list[IPv4Network | IPv6Network] = [*collapse_addresses(found), *collapse_addresses(others)]
    return any(network.prefixlen <= _MOST_BITS for network in whole)


def open_rules(block: Block) -> Iterator[tuple[str, Source]]:
    """What of administration and databases a firewall opens to the world, in a few words, with the rule's place."""
    for rule, place in _rules(block):
        ports = _open_ports(rule)
        if len(ports) == len(_PORTS):
            yield "every port", place
        elif ports:
            yield ", ".join(ports[:3]), place


FIREWALLS = Typed("resources/firewalls")


def _rules(block: Block) -> Iterator[tuple[dict[str, Any], Source]]:
    """The rules of *block*, with what they say at their top, where Azure has it one level further in."""
    kind, at = FIREWALLS.kind(block), FIREWALLS.at(block, "rules")
    if kind == "several":
        for number, rule in enumerate(listed(block.get(*at))):
            if isinstance(rule, dict):
                inner = rule.get("properties")
                yield inner if isinstance(inner, dict) else rule, block.at(*at, number)
    elif kind == "single" and block.get("type", default="ingress") == "ingress":
        body = block.get(*at) if at else block.body
        if isinstance(body, dict):
            yield body, block.at()
    elif kind == "allowed" and block.get("direction", default="INGRESS") == "INGRESS":
        for number, allow in enumerate(block.nested(*map(str, at))):
            yield {**allow, "source_ranges": block.get("source_ranges")}, block.at(*at, number)


_FROM = (
    "cidr_blocks",
    "ipv6_cidr_blocks",
    "cidr_ipv4",
    "cidr_ipv6",
    "source_address_prefix",
    "source_address_prefixes",
    "source_ranges",
    "sourceAddressPrefix",
    "sourceAddressPrefixes",
    "CidrIp",
    "CidrIpv6",
)


def _open_ports(rule: dict[str, Any]) -> list[str]:
    """What of administration and databases *rule* opens to the world."""
    allowed = str(rule.get("access", "Allow")).lower() == "allow"
    if not allowed or str(rule.get("direction", "Inbound")).lower() != "inbound":
        return []
    if not world(source for key in _FROM for source in listed(rule.get(key))):
        return []
    spans = [rule.get("destination_port_range"), *listed(rule.get("destination_port_ranges"))]
    spans += [rule.get("destinationPortRange"), *listed(rule.get("destinationPortRanges")), *listed(rule.get("ports"))]
    first, last = rule.get("from_port", rule.get("FromPort")), rule.get("to_port", rule.get("ToPort"))
    if first is not None and last is not None:
        spans.append(f"{first}-{last}")
    protocol = str(rule.get("protocol", rule.get("ip_protocol", rule.get("IpProtocol", ""))))
    if protocol in ("-1", "all") and (protocol == "-1" or not rule.get("ports")):
        spans.append("0-65535")
    opened = [_span(str(s)) for s in spans if s]
    return [name for port, name in _PORTS.items() if any(low <= port <= high for low, high in opened)]


def listed(value: Any) -> list[Any]:
    """*value* as a list."""
    return value if isinstance(value, list) else [value]


def _span(text: str) -> tuple[int, int]:
    if text == "*":
        return 0, 65535
    low, _, high = text.partition("-")
    return (int(low), int(high or low)) if low.isdecimal() and (high or low).isdecimal() else (-1, -1)
