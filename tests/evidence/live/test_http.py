"""Nothing is fetched but what is allowed, from where it is allowed, and no more of it than asked for."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from orchestrator.domain.address import IP
from orchestrator.domain.target import Allowance, Contacts, FromEnvironment, Target
from orchestrator.evidence.live import Bounds, NotContacted, Outside
from tests.evidence.sources.toys import Served, serving

OK = b'{"state": "fine"}'
SECRET = "tr0ub4dor-and-3"


def target(url: str, **headers: str | FromEnvironment) -> Target:
    return Target(name="shop", url=url, headers={name.replace("_", "-"): value for name, value in headers.items()})


def contacts(asked: Target, *allowed: Allowance) -> Contacts:
    return Contacts(targets=(asked,), allowed=allowed)


def resolving(*addresses: str) -> Any:
    """Looks every name up to *addresses*, and remembers which it was asked for."""

    def resolve(host: str, port: int) -> Sequence[IP]:
        resolve.names.append(host)  # type: ignore[attr-defined]  # its own list
        return [ipaddress.ip_address(address) for address in addresses]

    resolve.names = []  # type: ignore[attr-defined]  # likewise
    return resolve


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every attempt to connect, none of which is let through."""
    tried: list[object] = []

    def connect(_self: object, address: object) -> None:
        tried.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


def refused(outside: Outside, asked: Target, **how: Any) -> str:
    with pytest.raises(NotContacted) as error:
        outside.get(asked, **how)
    return error.value.reason


class TestGet:
    def test_answers(self):
        """
        Status, type, body and the way there; the server hears its own name and nothing of this machine.
        """
        with serving(OK) as server:
            asked = target(f"{server.url}/health?full=1", X_Token=FromEnvironment(env="SHOP_TOKEN"))
            allowed = Allowance(host=server.url.removeprefix("http://"), environment=("SHOP_TOKEN",))
            answer = Outside(contacts(asked, allowed), {"SHOP_TOKEN": SECRET}).get(asked)

        path, headers = server.asked[0]
        assert (200, "application/json", OK, (f"{server.url}/health",)) == answer
        assert "/health?full=1" == path
        assert {
            "Host": server.url.removeprefix("http://"),
            "X-Token": SECRET,
            "User-Agent": "gonogo",
            "Accept-Encoding": "identity",
        }.items() <= headers.items()

    def test_asks_below_a_target(self):
        """
        A path and parameters are joined to the target's own.
        """
        with serving(OK) as server:
            asked = target(f"{server.url}/prometheus/?tenant=a")
            allowed = Allowance(host=server.url.removeprefix("http://"))
            Outside(contacts(asked, allowed), {}).get(asked, "/api/v1/query", {"query": "up{job='a b'}"})

        assert "/prometheus/api/v1/query?tenant=a&query=up%7Bjob%3D%27a+b%27%7D" == server.asked[0][0]

    def test_heeds_no_proxy(self, monkeypatch):
        """
        What the environment says of proxies does not lead the request elsewhere.
        """
        with serving(OK) as server, serving(b"proxy") as proxy:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
                monkeypatch.setenv(name, proxy.url)
            asked = target(server.url)
            answer = Outside(contacts(asked, Allowance(host=server.url.removeprefix("http://"))), {}).get(asked)

        assert OK == answer.body
        assert [] == proxy.asked


class TestNames:
    def test_the_connection_goes_to_what_was_looked_up(self):
        """
        A name is looked up once, and the server is asked under its name at the address that was checked.
        """
        resolve = resolving("127.0.0.1")
        with serving(OK) as server:
            asked = target(f"http://shop.example:{server.server_port}/")
            allowed = Allowance(host=f"shop.example:{server.server_port}", addresses=("127.0.0.0/8",))
            Outside(contacts(asked, allowed), {}, resolve=resolve).get(asked)

        assert ["shop.example"] == resolve.names
        assert f"shop.example:{server.server_port}" == server.asked[0][1]["Host"]

    def test_a_certificate_is_of_the_name(self, tmp_path):
        """
        Over TLS the server is asked for the name, and its certificate is held to that and not to the address.
        """
        trust, context, asked_for = certified(tmp_path, "shop.example")
        for name, holds in (("shop.example", True), ("other.example", False)):
            with serving(OK) as server:
                server.socket = context.wrap_socket(server.socket, server_side=True)
                asked = target(f"https://{name}:{server.server_port}/")
                allowed = Allowance(host=f"{name}:{server.server_port}", addresses=("127.0.0.1/32",))
                outside = Outside(contacts(asked, allowed), {}, resolve=resolving("127.0.0.1"), trust=trust)
                if holds:
                    assert OK == outside.get(asked).body
                else:
                    assert "cannot be reached" in refused(outside, asked)

        assert ["shop.example", "other.example"] == asked_for

    @pytest.mark.parametrize(
        "addresses",
        [
            ["127.0.0.1"],
            ["10.0.0.5"],
            ["192.168.1.1"],
            ["169.254.169.254"],
            ["100.100.100.200"],
            ["168.63.129.16"],
            ["0.0.0.0"],
            ["::1"],
            ["fe80::1"],
            ["fd00:ec2::254"],
            ["::ffff:169.254.169.254"],
            ["64:ff9b::a9fe:a9fe"],
            ["2002:a9fe:a9fe::1"],
            ["203.0.114.1", "10.0.0.5"],
        ],
        ids="-".join,
    )
    def test_that_stand_at_a_guarded_address_are_refused(self, addresses, offline):
        """
        A name whose owner lets it stand at this machine, in its network or at a metadata service gets nothing.
        """
        asked = target("http://shop.example/")
        outside = Outside(contacts(asked, Allowance(host="shop.example")), {}, resolve=resolving(*addresses))

        assert "which is not allowed by itself" in refused(outside, asked)
        assert [] == offline

    @pytest.mark.parametrize("network", ["0.0.0.0/0", "169.254.0.0/16", "169.254.169.252/30"])
    def test_no_network_lets_through_to_metadata(self, network, offline):
        """
        Only the very address does, and nobody writes that by accident.
        """
        asked = target("http://shop.example/")
        allowed = Allowance(host="shop.example", addresses=(network,))
        outside = Outside(contacts(asked, allowed), {}, resolve=resolving("169.254.169.254"))

        assert "the metadata service of most clouds, which is not allowed" in refused(outside, asked)
        assert [] == offline

    def test_that_nobody_knows(self):
        """
        A name that cannot be looked up is said by its name.
        """
        asked = target("http://shop.example/")

        def fails(_host: str, _port: int) -> Sequence[IP]:
            raise OSError("no")

        outside = Outside(contacts(asked, Allowance(host="shop.example")), {}, resolve=fails)
        assert "the name 'shop.example' cannot be looked up" == refused(outside, asked)


HOSTILE = {
    "dotted": "http://169.254.169.254/latest/meta-data/",
    "decimal": "http://2852039166/",
    "hexadecimal": "http://0xa9fea9fe/",
    "octal": "http://0251.0376.0251.0376/",
    "short": "http://169.254.43518/",
    "mixed": "http://169.0xfe.43518/",
    "mapped": "http://[::ffff:169.254.169.254]/",
    "mapped-hexadecimal": "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "translated": "http://[64:ff9b::169.254.169.254]/",
    "named": "http://metadata.google.internal/computeMetadata/v1/",
    "trailing-dot": "http://169.254.169.254./",
    "user": "http://shop.example@169.254.169.254/",
    "backslash": "http://shop.example\\@169.254.169.254/",
    "zone": "http://[fe80::a9fe:a9fe%25eth0]/",
    "wide": "http://１６９.254.169.254/",
    "encoded": "http://%31%36%39.254.169.254/",
    "other-scheme": "gopher://169.254.169.254:80/_GET",
    "file": "file:///etc/passwd",
}
"""Ways to write an address that leads to credentials, or past a check that reads it otherwise."""


class TestHostile:
    @pytest.mark.parametrize("url", HOSTILE.values(), ids=HOSTILE)
    def test_no_spelling_gets_through(self, url, offline):
        """
        However it is written, and though every public host is allowed, nobody connects.
        """
        asked = target(url)
        allowed = (Allowance(host="shop.example"), Allowance(host="*.google.internal"))
        outside = Outside(contacts(asked, *allowed), {}, resolve=resolving("169.254.169.254"))

        assert refused(outside, asked)
        assert [] == offline

    @pytest.mark.parametrize("url", HOSTILE.values(), ids=HOSTILE)
    def test_no_redirect_gets_through(self, url):
        """
        Nor where a host that is allowed leads on to it.
        """
        with serving(lambda asked: asked.say(b"", 302, Location=url.encode("utf-8").decode("latin-1"))) as server:
            asked = target(server.url)
            outside = Outside(contacts(asked, Allowance(host=server.url.removeprefix("http://"))), {})

            reason = refused(outside, asked)

        assert "is not allowed" in reason or "is refused" in reason
        assert 1 == len(server.asked)


class TestRedirects:
    def pair(self, first: Served, second: Served) -> tuple[Allowance, ...]:
        return tuple(
            Allowance(host=server.url.removeprefix("http://"), environment=("SHOP_TOKEN",))
            for server in (first, second)
        )

    def test_are_followed_where_both_are_allowed(self):
        """
        What is sent along stays with the host that it was meant for.
        """
        with serving(OK) as second, serving(lambda asked: asked.say(b"", 307, Location=second.url)) as first:
            asked = target(first.url, Authorization=FromEnvironment(env="SHOP_TOKEN"))
            outside = Outside(contacts(asked, *self.pair(first, second)), {"SHOP_TOKEN": SECRET})
            answer = outside.get(asked)

        assert (f"{first.url}/", f"{second.url}/") == answer.places
        assert SECRET == first.asked[0][1]["Authorization"]
        assert SECRET not in str(second.asked)

    def test_stay_on_their_host_with_what_is_sent(self):
        """
        A relative one is of the same host.
        """
        with serving(
            lambda asked: asked.say(OK) if asked.path == "/b" else asked.say(b"", 301, Location="b")
        ) as server:
            asked = target(f"{server.url}/a", Authorization=FromEnvironment(env="SHOP_TOKEN"))
            Outside(contacts(asked, *self.pair(server, server)), {"SHOP_TOKEN": SECRET}).get(asked)

        assert [SECRET] * 2 == [headers["Authorization"] for _, headers in server.asked]

    def test_are_bounded(self):
        """
        A host that leads on for ever is left after a few times.
        """
        with serving(lambda asked: asked.say(b"", 302, Location=asked.path + "a")) as server:
            asked = target(server.url)
            outside = Outside(contacts(asked, Allowance(host=server.url.removeprefix("http://"))), {})

            assert "leads on more than 3 times" in refused(outside, asked, bounds=Bounds(redirects=3))

        assert 4 == len(server.asked)

    def test_are_looked_up_and_checked_hop_by_hop(self):
        """
        A second name of an allowed domain that stands in this network is refused like a first one.
        """
        with serving(lambda asked: asked.say(b"", 302, Location="http://b.shop.example/")) as server:
            asked = target(server.url)
            allowed = (Allowance(host=server.url.removeprefix("http://")), Allowance(host="*.shop.example"))
            outside = Outside(contacts(asked, *allowed), {}, resolve=resolving("10.0.0.5"))

            assert "b.shop.example stands at a private address" in refused(outside, asked)


class TestBounds:
    def test_of_a_body(self):
        """
        More bytes than wanted are not an answer.
        """
        with serving(b"x" * 2_000) as server:
            asked = target(server.url)
            outside = Outside(contacts(asked, Allowance(host=server.url.removeprefix("http://"))), {})

            assert "answers with more than 1,000 bytes" in refused(outside, asked, bounds=Bounds(bytes=1_000))

    def test_of_what_unpacks(self):
        """
        An answer that is packed although nobody asked for that is not unpacked.
        """
        with serving(lambda asked: asked.say(b"\x1f\x8b", Content_Encoding="gzip")) as server:
            asked = target(server.url)
            outside = Outside(contacts(asked, Allowance(host=server.url.removeprefix("http://"))), {})

            assert "in an encoding that was not asked for" in refused(outside, asked)

    @pytest.mark.parametrize("said", [b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200_000, b""])
    def test_of_a_head(self, said):
        """
        What is not HTTP, or has headers without end, is not an answer.
        """

        def reply(asked: Any) -> None:
            asked.wfile.write(said)
            asked.close_connection = True

        with serving(reply) as server:
            asked = target(server.url)
            outside = Outside(contacts(asked, Allowance(host=server.url.removeprefix("http://"))), {})

            assert "gives no answer that can be read" in refused(outside, asked)


class TestAllowed:
    def test_a_target_that_is_not_listed(self, offline):
        """
        Only what was allowed is asked, whoever asks.
        """
        outside = Outside(contacts(target("http://shop.example/"), Allowance(host="shop.example")), {})

        assert "is none of those that may be contacted" in refused(outside, target("http://shop.example/other"))
        assert [] == offline

    @pytest.mark.parametrize(
        "allowance",
        [
            Allowance(host="other.example", environment=("SHOP_TOKEN",)),
            Allowance(host="shop.example:8080", environment=("SHOP_TOKEN",)),
            Allowance(host="*.shop.example", environment=("SHOP_TOKEN",)),
            Allowance(host="shop.example", environment=("OTHER_TOKEN",)),
            Allowance(report="shop.example"),
        ],
    )
    def test_another_host_port_or_variable(self, allowance, offline):
        """
        Host, port and each variable have to be allowed together.
        """
        asked = target("http://shop.example/", Authorization=FromEnvironment(env="SHOP_TOKEN"))
        outside = Outside(contacts(asked, allowance), {"SHOP_TOKEN": SECRET}, resolve=resolving("203.0.114.1"))

        assert "http://shop.example, with SHOP_TOKEN sent along, is not allowed" in refused(outside, asked)
        assert [] == offline


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext, list[str]]:
    """Who trusts a certificate of *name*, who has it, and the names that were asked for over TLS."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(own, own, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    certificate = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    certificate.write_bytes(built.public_bytes(Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str] = []
    lock = threading.Lock()

    def heard(_socket: object, server_name: str, _context: object) -> None:
        with lock:
            names.append(server_name)

    context.sni_callback = heard
    return ssl.create_default_context(cafile=str(certificate)), context, names
