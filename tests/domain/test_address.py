"""An address has one meaning, and nobody is let through to credentials or to this network by accident."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.address import METADATA, guarded, hosted, placed, untouchable


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://Shop.Example", "shop.example", 80, "/"),
        ("https://shop.example./a b".replace(" ", "%20"), "shop.example", 443, "/a%20b"),
        ("https://shop.example:8443/a?b=c&d#e", "shop.example", 8443, "/a?b=c&d"),
        ("http://[2001:DB8::1]:80/", "2001:db8::1", 80, "/"),
        ("http://my_service.local/", "my_service.local", 80, "/"),
        ("http://xn--bcher-kva.example/", "xn--bcher-kva.example", 80, "/"),
    ],
)
def test_means_one_place(url, host, port, path):
    """
    Scheme, host in its one spelling, port, and what is asked for.
    """
    assert (host, port, path) == placed(url)[1:]


@given(st.integers(0, 2**32 - 1))
def test_no_number_is_a_name(number):
    """
    What a resolver of names could take for an address is none here, but for the usual spelling of it.
    """
    parts = ipaddress.IPv4Address(number).packed
    odd = [str(number), hex(number), "0x" + parts.hex(), f"{parts[0]:#o}".replace("0o", "0") + ".1.1.0x1"]
    for spelling in odd:
        with pytest.raises(ValueError, match="host"):
            hosted(spelling)
    assert str(ipaddress.IPv4Address(number)) == hosted(str(ipaddress.IPv4Address(number)))


@given(st.sampled_from([a for a in METADATA if a.version == 4]))
def test_an_address_inside_another_is_the_same(address):
    """
    A metadata service is guarded however an IPv6 address leads to it.
    """
    number = int(address)
    inside = [
        ipaddress.IPv6Address((0xFFFF << 32) | number),
        ipaddress.IPv6Address(number),
        ipaddress.IPv6Address(f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}"),
        ipaddress.IPv6Address(f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1"),
    ]

    assert all(guarded(one) == METADATA[address] and untouchable(one) for one in inside)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.0.114.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_ones_are_anybodys(address):
    """
    Nothing stands in the way of the internet.
    """
    assert "" == guarded(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "172.16.0.1", "192.168.0.1", "127.0.0.1", "100.64.0.1", "0.0.0.0", "224.0.0.1", "fc00::1"]
)
def test_others_are_guarded_and_can_be_allowed(address):
    """
    A network from outside lets through to them, which none does to a link-local address.
    """
    assert guarded(ipaddress.ip_address(address))
    assert not untouchable(ipaddress.ip_address(address))
    assert untouchable(ipaddress.ip_address("169.254.1.1"))


@pytest.mark.parametrize(
    "url",
    [
        "http://user:password@shop.example/",
        "http://user@shop.example/",
        "https://@shop.example/",
        "http://shop.example:0/",
        "http://shop.example:65536/",
        "http://shop.example:http/",
        "http://",
        "shop.example",
        "http://shop..example/",
        "http://-shop.example/",
        "http://shop.example/" + "a" * 2_000,
        "http://shop.example/a\tb",
        "http://shop.example/ü",
        "http://shop.example/a\\b",
    ],
)
def test_what_has_no_one_meaning_is_refused(url):
    """
    With a reason that repeats nothing of it.
    """
    with pytest.raises(ValueError, match=r"^(it|its) ") as error:
        placed(url)

    assert "password" not in str(error.value).replace("a user or a password", "")


def test_a_database_has_its_user_in_its_address():
    """
    Other schemes are read where they are asked for, and lose the user.
    """
    place = placed("postgresql://app:hunter2@db.internal/shop", frozenset({"postgresql"}))

    assert ("db.internal", 5432) == place[1:3]
    assert "hunter2" not in str(place)
