"""What an authority says of a signature's time is held to RFC 3161, to its root, and to the record's own times."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from orchestrator.audit.signing import Authority as Asked
from orchestrator.audit.signing import check, sign, stamp
from orchestrator.audit.signing._asking import MOST, ask
from orchestrator.errors import AuthorityUnusable, ExtraMissing, RecordBroken, UsageError
from orchestrator.journal.record import Record
from tests.audit.signing.conftest import Keys
from tests.authority import DAY, Answer, Authority, Respond, listening, parsed

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority(finished: Path) -> Authority:
    """One that is asked seven seconds after the run has ended."""
    ended = json.loads((finished / "verdict.json").read_bytes())["run"]["finished"]
    return Authority(time=datetime.fromisoformat(ended) + timedelta(seconds=7))


@pytest.fixture
def root(authority: Authority, tmp_path: Path) -> Path:
    return authority.pem(tmp_path)


def honest(authority: Authority) -> Respond:
    return lambda request: Answer(authority.answer(request))


def stamped(run: Path, key: Path, authority: Authority, roots: tuple[Path, ...] = ()) -> Path:
    """The answer of *authority* beside the run, which it was asked about on the loopback."""
    with listening(honest(authority)) as (url, _):
        return stamp(Record(run), key, Asked(url, roots)).timestamp


def files(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()}


class TestStamp:
    def test_is_laid_beside(self, run, keys, authority, root):
        """
        The answer lies beside the statement as it came; what was sent is the digest of the signature and a nonce.
        """
        with listening(honest(authority)) as (url, seen):
            done = stamp(Record(run), keys.ann.private, Asked(url, (root,)))
        (signature,) = json.loads((run / "statement.dsse.json").read_bytes())["signatures"]
        (request,) = seen

        assert run / "statement.tsr" == done.timestamp
        assert authority.time.replace(microsecond=0) == done.said.time
        assert parsed(request).imprint.endswith(hashlib.sha256(base64.b64decode(signature["sig"])).digest())
        assert parsed(request).nonce
        assert [
            ("signed", f"by key {keys.ann.id[:16]}…: ROLLBACK, 3 subjects match"),
            (
                "timestamp",
                f"{authority.time:%Y-%m-%d %H:%M:%S} UTC by CN=Test TSA over the signature of key "
                f"{keys.ann.id[:16]}… (statement.tsr), 7 s after the run ended by its own clock",
            ),
        ] == check(Record(run), [keys.ann.public], roots=[root])

    def test_several_are_kept(self, run, keys, authority, root):
        """
        Each signature has its own, one can have several, and none replaces another.
        """
        for key in (keys.ann, keys.bob, keys.bob):
            stamped(run, key.private, authority)
        names = sorted(name for name in files(run) if name.endswith(".tsr"))
        rows = check(Record(run), [keys.ann.public, keys.bob.public], roots=[root])

        assert ["statement.2.tsr", "statement.3.tsr", "statement.tsr"] == names
        assert ["statement.tsr", "statement.2.tsr", "statement.3.tsr"] == [
            said.partition("(")[2].partition(")")[0] for what, said in rows if what == "timestamp"
        ]

    def test_for_a_run_that_is_signed(self, run, keys, authority, root):
        """
        A timestamp can follow later: the signature is the same, byte for byte.
        """
        path = sign(Record(run), keys.ann.private)
        before = path.read_bytes()
        stamped(run, keys.ann.private, authority)

        assert before == path.read_bytes()
        assert 2 == len(check(Record(run), [keys.ann.public], roots=[root]))

    @pytest.mark.parametrize("order", [1, -1])
    def test_that_brings_its_root(self, run, keys, authority, root, order):
        """
        Certificates are a set: many authorities send them in another order than DER asks for, and the answer is kept as
        it came.
        """
        with listening(lambda request: Answer(authority.answer(request, order=order))) as (url, _):
            done = stamp(Record(run), keys.ann.private, Asked(url, (root,)))

        assert authority.root.public_bytes(Encoding.DER) in done.timestamp.read_bytes()
        assert 2 == len(check(Record(run), [keys.ann.public], roots=[root]))

    def test_no_room(self, run, keys, authority):
        """
        After 99 there is no name for another one, and nothing is overwritten.
        """
        (run / "statement.99.tsr").write_bytes(b"mine")

        with pytest.raises(UsageError, match="99 timestamps"):
            stamped(run, keys.ann.private, authority)
        assert b"mine" == (run / "statement.99.tsr").read_bytes()
        assert not (run / "statement.dsse.json").exists()

    def test_without_the_extra(self, run, keys, monkeypatch):
        """
        Without the package, the message says how to install it.
        """
        monkeypatch.setitem(sys.modules, "rfc3161_client", None)

        with pytest.raises(ExtraMissing):
            stamp(Record(run), keys.ann.private, Asked("http://127.0.0.1:9/"))


HOSTILE: dict[str, tuple[Callable[[Authority], Respond], str]] = {
    "nonce": (lambda a: lambda r: Answer(a.answer(r, nonce=False)), "it carries another nonce"),
    "imprint": (lambda a: lambda r: Answer(a.answer(r, imprint=b"x")), "it is over something else than the signature"),
    "refusal": (lambda a: lambda r: Answer(a.answer(r, status=2)), "it grants no timestamp: rejection"),
    "no-status": (
        lambda a: lambda r: Answer(a.answer(r, status=77)),
        "it is not a timestamp by RFC 3161|grants no timestamp: 77",
    ),
    "no-certificate": (lambda a: lambda r: Answer(a.answer(r, certificate=False)), "brings no certificate"),
    "expired": (
        lambda _: honest(Authority(begins=NOW - 90 * DAY, ends=NOW - DAY)),
        "a certificate that was not valid at its time",
    ),
    "not-yet": (
        lambda _: honest(Authority(begins=NOW + DAY, ends=NOW + 90 * DAY)),
        "a certificate that was not valid at its time",
    ),
    "no-purpose": (lambda _: honest(Authority(purpose=None)), "a certificate that is not for timestamps"),
    "other-purpose": (
        lambda _: honest(Authority(purpose=ExtendedKeyUsageOID.SERVER_AUTH)),
        "a certificate that is not for timestamps",
    ),
    "not-critical": (lambda _: honest(Authority(critical=False)), "a certificate that is not for timestamps"),
    "garbage": (lambda _: lambda r: Answer(b"<html>login</html>"), "it is not a timestamp by RFC 3161"),
    "nothing": (lambda _: lambda r: Answer(b""), "it is not a timestamp by RFC 3161"),
    "cut-off": (lambda a: lambda r: Answer(a.answer(r)[:-9]), "it is not a timestamp by RFC 3161"),
    "more-after-it": (lambda a: lambda r: Answer(a.answer(r) + b"\0"), "it is not a timestamp by RFC 3161"),
    "huge": (lambda _: lambda r: Answer(b"0" * (MOST + 1)), "answers with more than 131,072 bytes"),
    "failing": (lambda a: lambda r: Answer(a.answer(r), "500 Oops"), "answers with status 500"),
    "led-elsewhere": (
        lambda a: lambda r: Answer(a.answer(r), "302 Found", "Location: http://169.254.169.254/x\r\n"),
        "sends elsewhere, to http://169.254.169.254/x",
    ),
    "led-elsewhere-307": (
        lambda a: lambda r: Answer(b"", "307 Temporary Redirect", "Location: /other\r\n"),
        "sends elsewhere, to /other",
    ),
    "packed": (
        lambda _: lambda r: Answer(gzip.compress(b"0" * 10_000_000), headers="Content-Encoding: gzip\r\n"),
        "it is not a timestamp by RFC 3161",
    ),
    "no-http": (lambda _: lambda r: Answer(b"", "\x00\xff\r\n\r\n"), "cannot be asked|answers with status"),
}


class TestHostile:
    @pytest.mark.parametrize("kind", HOSTILE)
    @pytest.mark.parametrize("before", ["unsigned", "signed"])
    def test_writes_nothing(self, run, keys, authority, kind, before):
        """
        An answer that does not hold is one clear mistake: nothing is written, nothing is overwritten.
        """
        if before == "signed":
            stamped(run, keys.ann.private, authority)
        there = files(run)
        respond, said = HOSTILE[kind]

        with listening(respond(authority)) as (url, _), pytest.raises(AuthorityUnusable, match=said) as caught:
            stamp(Record(run), keys.bob.private, Asked(url))
        assert there == files(run)
        assert "nothing was written" in caught.value.remedy
        assert url == caught.value.where

    def test_another_root(self, run, keys, authority, tmp_path):
        """
        A root that is given is one that the answer leads back to, or the answer is none.
        """
        with pytest.raises(AuthorityUnusable, match="cannot be traced back to the root"):
            stamped(run, keys.ann.private, authority, (Authority().pem(tmp_path),))
        assert "statement.dsse.json" not in files(run)

    def test_that_is_slow(self, authority):
        """
        An authority that sends a byte now and then is given up when the time is over, though it never falls silent.
        """
        with (
            listening(lambda request: Answer(b"0" * 5000), slowly=0.05) as (url, _),
            pytest.raises(AuthorityUnusable, match=r"has not answered within 0\.3 seconds"),
        ):
            ask(url, b"x", seconds=0.3)

    @pytest.mark.parametrize("url", ["http://127.0.0.1:9/tsa", "https://127.0.0.1:9/tsa", "http://a.invalid/"])
    def test_that_is_not_there(self, run, keys, url):
        """
        Nobody listens, or nobody has that name.
        """
        with pytest.raises(AuthorityUnusable, match="cannot be asked"):
            stamp(Record(run), keys.ann.private, Asked(url))

    @pytest.mark.parametrize(
        "url",
        ["", "tsa", "file:///etc/passwd", "ftp://a/b", "http://", "http://[", "http://a:b/", "http:///x", "//a"],
    )
    def test_no_url(self, run, keys, url):
        """
        What is not an HTTP URL is a mistake of the command.
        """
        with pytest.raises(UsageError, match="not the URL of a timestamp authority"):
            stamp(Record(run), keys.ann.private, Asked(url))

    def test_a_password_in_the_url(self, run, keys):
        """
        A name, a password and parameters of the URL are not said again.
        """
        with pytest.raises(AuthorityUnusable) as caught:
            stamp(Record(run), keys.ann.private, Asked("http://ann:hunter2@127.0.0.1:9/tsa?token=hunter3"))

        assert "http://127.0.0.1:9/tsa" == caught.value.where
        assert "hunter" not in str(caught.value)


class TestTimes:
    def test_before_the_run(self, run, keys, tmp_path):
        """
        A signature that was there before the run ended was made over another record, or a clock is wrong.
        """
        early = Authority(time=NOW - 30 * DAY)
        with pytest.raises(RecordBroken, match="a clock is wrong, or the record is"):
            stamped(run, keys.ann.private, early)
        assert "statement.dsse.json" not in files(run)

    def test_before_the_run_and_laid_there_all_the_same(self, run, keys, tmp_path):
        """
        Whoever verifies finds it as well.
        """
        early = Authority(time=NOW - 30 * DAY)
        sign(Record(run), keys.ann.private)
        (run / "statement.tsr").write_bytes(early.answer(request_for(run)))

        with pytest.raises(RecordBroken, match=f"{NOW - 30 * DAY:%Y-%m-%d %H:%M:%S} already"):
            check(Record(run), [keys.ann.public], roots=[early.pem(tmp_path)])

    def test_long_after_the_run(self, run, keys, authority, tmp_path):
        """
        A record that says 2020 where the authority says 2026: the years between are the record's word alone.
        """
        late = Authority(time=authority.time + 2190 * DAY)
        stamped(run, keys.ann.private, late)
        ended = json.loads((run / "verdict.json").read_bytes())["run"]["finished"][:10]
        (_, (what, said)) = check(Record(run), [keys.ann.public], roots=[late.pem(tmp_path)])

        assert "timestamp" == what
        assert said.endswith(
            f"2,190 days after the record says that its run ended ({ended}): "
            "for any time before the timestamp there is the record's word alone"
        )


def request_for(run: Path) -> bytes:
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    (signature, *_) = json.loads((run / "statement.dsse.json").read_bytes())["signatures"]
    data = base64.b64decode(signature["sig"])
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build().as_bytes()


class TestCheck:
    @pytest.fixture
    def run(self, run: Path, keys: Keys, authority: Authority) -> Path:
        """A run with one timestamp."""
        stamped(run, keys.ann.private, authority)
        return run

    def test_of_another_signature(self, run, keys, authority, root):
        """
        A timestamp over Ann's signature says nothing of Bob's.
        """
        sign(Record(run), keys.bob.private)

        with pytest.raises(RecordBroken, match=r"statement\.tsr covers no signature of these keys"):
            check(Record(run), [keys.bob.public], roots=[root])
        assert 3 == len(check(Record(run), [keys.ann.public, keys.bob.public], roots=[root]))

    def test_of_another_record(self, run, keys, authority, root, finished):
        """
        Nor does one of another record.
        """
        other = shutil.copytree(finished, run.parent / "other")
        sign(Record(other), keys.bob.private)
        shutil.copy(run / "statement.tsr", other)

        with pytest.raises(RecordBroken, match="covers no signature of these keys"):
            check(Record(other), [keys.bob.public], roots=[root])

    def test_taken_away(self, run, keys, root):
        """
        Whoever asks for a timestamp is not content without one.
        """
        (run / "statement.tsr").unlink()

        with pytest.raises(RecordBroken, match="none lies beside the record") as caught:
            check(Record(run), [keys.ann.public], roots=[root])
        assert "--timestamp URL" in caught.value.remedy

    def test_under_another_root(self, run, keys, tmp_path):
        """
        A certificate of somebody else, of the same name, vouches for nothing.
        """
        with pytest.raises(RecordBroken, match="cannot be traced back to the root"):
            check(Record(run), [keys.ann.public], roots=[Authority().pem(tmp_path)])

    def test_with_its_own_certificate_as_root(self, run, keys, authority, tmp_path):
        """
        The authority's own certificate is not a root: what it was issued by is asked for.
        """
        path = tmp_path / "leaf.pem"
        path.write_bytes(authority.certificate.public_bytes(Encoding.PEM))

        with pytest.raises(RecordBroken, match="unable to get local issuer certificate"):
            check(Record(run), [keys.ann.public], roots=[path])

    @pytest.mark.parametrize("kind", ["nonsense", "pipe", "link", "huge", "folder"])
    def test_beside_what_does_not_hold(self, run, keys, root, kind):
        """
        What lies under the name of a timestamp and is none is named, neither waited for nor followed, and the one that
        holds counts.
        """
        path = run / "statement.2.tsr"
        if kind == "nonsense":
            path.write_bytes(b"x")
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind == "link":
            path.symlink_to(run / "statement.tsr")
        elif kind == "huge":
            path.write_bytes(b"0" * (1 << 18))
        else:
            path.mkdir()
        rows = check(Record(run), [keys.ann.public], roots=[root])

        assert ["signed", "timestamp", "timestamp"] == [what for what, _ in rows]
        assert rows[2][1].startswith("besides, statement.2.tsr ")

    def test_every_sampled_byte(self, run, keys, root):
        """
        A changed answer vouches for nothing, unless the time, the imprint and the chain are what they were.
        """
        path = run / "statement.tsr"
        data, before = path.read_bytes(), check(Record(run), [keys.ann.public], roots=[root])
        refused = 0
        for at in range(0, len(data), 7):
            changed = bytearray(data)
            changed[at] ^= 1
            path.write_bytes(bytes(changed))
            try:
                after = check(Record(run), [keys.ann.public], roots=[root])
            except RecordBroken:
                refused += 1
            else:
                assert before == after, at

        assert refused > len(range(0, len(data), 7)) * 0.9
