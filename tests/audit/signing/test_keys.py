"""A private key signs only where nobody else can have it; any other file, and the other half, are told apart."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from orchestrator.audit.signing import check, sign
from orchestrator.errors import KeyUnusable
from orchestrator.journal.beside import is_signed
from orchestrator.journal.record import Record


def private(path: Path, format_: PrivateFormat = PrivateFormat.PKCS8, password: bytes = b"") -> Path:
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    path.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, format_, encryption))
    path.chmod(0o600)
    return path


class TestPrivate:
    def test_encrypted(self, run, tmp_path):
        """
        No passphrase is asked for; the message says so, and what to do.
        """
        with pytest.raises(KeyUnusable, match="is encrypted") as caught:
            sign(Record(run), private(tmp_path / "a.key", password=b"secret"))

        assert f"(umask 077; openssl pkey -in {tmp_path}/a.key -out plain.key)" in caught.value.remedy
        assert not is_signed(run)

    def test_of_ssh(self, run, tmp_path):
        """
        A key for ssh is told from text.
        """
        with pytest.raises(KeyUnusable, match="is an ssh key"):
            sign(Record(run), private(tmp_path / "a.key", PrivateFormat.OpenSSH))

    def test_what_openssl_makes_of_it(self, run, tmp_path):
        """
        The same key without its passphrase signs.
        """
        assert sign(Record(run), private(tmp_path / "a.key")).is_file()

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o777])
    def test_open_to_others(self, run, keys, tmp_path, mode):
        """
        Any right of anybody else is too much; the message has the mode and how to fix it.
        """
        path = tmp_path / "a b.key"
        path.write_bytes(keys.ann.private.read_bytes())
        path.chmod(mode)

        with pytest.raises(KeyUnusable, match=f"mode {mode:04o}") as caught:
            sign(Record(run), path)
        assert f"`chmod 600 '{path}'`" in caught.value.remedy
        assert not is_signed(run)
        path.chmod(0o400)
        assert sign(Record(run), path)

    def test_through_a_link(self, run, keys, tmp_path):
        """
        A link is followed, as mounted secrets are links; what counts is the mode of the file.
        """
        copy = tmp_path / "copy"
        copy.write_bytes(keys.ann.private.read_bytes())
        copy.chmod(0o644)
        (tmp_path / "link").symlink_to(copy)
        with pytest.raises(KeyUnusable, match="mode 0644"):
            sign(Record(run), tmp_path / "link")
        copy.chmod(0o600)

        assert sign(Record(run), tmp_path / "link")

    def test_of_somebody_else(self, run, keys, monkeypatch):
        """
        A file that belongs to another user is theirs to read and to replace.
        """
        monkeypatch.setattr(os, "geteuid", lambda: keys.ann.private.stat().st_uid + 1)

        with pytest.raises(KeyUnusable, match="belongs to another user") as caught:
            sign(Record(run), keys.ann.private)
        assert f"`install -m 600 {keys.ann.private} own.key`" in caught.value.remedy

    def test_the_other_half(self, run, keys):
        """
        A public key in the place of the private one, and the other way round, each have a message of their own.
        """
        with pytest.raises(KeyUnusable, match="this is a public key"):
            sign(Record(run), keys.ann.public)
        sign(Record(run), keys.ann.private)
        with pytest.raises(KeyUnusable, match="this is a private key") as caught:
            check(Record(run), [keys.ann.private])

        assert "hand on no other" in caught.value.remedy


class TestAnyFile:
    @pytest.mark.parametrize("kind", ["pipe", "device", "folder", "endless", "none"])
    def test_that_is_none(self, run, keys, tmp_path, kind):
        """
        A pipe is not waited for, a device and a folder are not read, and neither is what is far too large.
        """
        path = tmp_path / "key"
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "device":
            path = Path("/dev/zero")
        elif kind == "folder":
            path.mkdir()
        elif kind == "endless":
            with path.open("wb") as file:
                file.truncate(1 << 33)
        sign(Record(run), keys.ann.private)

        for ask in (
            lambda: sign(Record(run), path),
            lambda: check(Record(run), [path]),
            lambda: check(Record(run), [keys.ann.public], roots=[path]),
        ):
            with pytest.raises(KeyUnusable, match="cannot be read"):
                ask()

    def test_no_certificate(self, run, keys):
        """
        A key in the place of a root certificate.
        """
        sign(Record(run), keys.ann.private)

        with pytest.raises(KeyUnusable, match="holds no certificates"):
            check(Record(run), [keys.ann.public], roots=[keys.ann.public])


WEAK = (
    "00" * 32,
    "01" + "00" * 31,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",
    "ee" + "ff" * 30 + "7f",
)


class TestWeak:
    @pytest.mark.parametrize("sign_bit", [0, 0x80])
    @pytest.mark.parametrize("point", WEAK)
    def test_is_refused(self, run, tmp_path, point, sign_bit):
        """
        A public key for which one signature, made without any private key, is valid over many messages.
        """
        data = bytearray.fromhex(point)
        data[-1] |= sign_bit
        key = Ed25519PublicKey.from_public_bytes(bytes(data))
        valid = 0
        for number in range(100):
            with contextlib.suppress(InvalidSignature):
                key.verify(b"\x01" + bytes(63), b"message %d" % number)
                valid += 1
        path = tmp_path / "weak.pub"
        path.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

        assert valid > 3
        with pytest.raises(KeyUnusable, match="anybody can sign for this public key"):
            check(Record(run), [path])
