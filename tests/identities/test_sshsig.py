"""Signatures of OpenSSH are checked as OpenSSH checks them: the key, what for, and of what."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from orchestrator.identities.sshsig import NotSigned, signer
from tests.identities.keys import key, signature

MESSAGE = b'{"gonogo":"attestation"}'


@pytest.fixture(scope="module", params=["ed25519", "ecdsa", "rsa"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("keys")
    return folder / "dana", key(folder, "dana", request.param)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> str:
    return key(tmp_path_factory.mktemp("keys"), "rui")


class TestSigner:
    def test_each_kind_of_key(self, pair, other):
        """
        Of several keys it is told which one signed.
        """
        private, public = pair

        assert public == signer(signature(private, MESSAGE), MESSAGE, "gonogo", [other, public])

    def test_another_message(self, pair):
        """
        A signature of something else shows nothing.
        """
        private, public = pair

        with pytest.raises(NotSigned, match="of something else"):
            signer(signature(private, MESSAGE), MESSAGE + b" ", "gonogo", [public])

    def test_another_purpose(self, pair):
        """
        Nor does one that was made for a commit, or for anything but this.
        """
        private, public = pair

        with pytest.raises(NotSigned, match="signed for 'git', not for 'gonogo'"):
            signer(signature(private, MESSAGE, "git"), MESSAGE, "gonogo", [public])

    def test_another_key(self, pair, other):
        """
        Nor one of a key that nobody lists.
        """
        private, _ = pair

        with pytest.raises(NotSigned, match="does not list"):
            signer(signature(private, MESSAGE), MESSAGE, "gonogo", [other, "ssh-ed25519", "ssh-ed25519 %%%"])

    @pytest.mark.parametrize(
        "armoured",
        [
            "",
            "dana",
            "-----BEGIN SSH SIGNATURE-----\n%%%\n-----END SSH SIGNATURE-----",
            "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----",
            "x" * 30_000,
        ],
    )
    def test_none_at_all(self, armoured):
        """
        What is no signature is told as none.
        """
        with pytest.raises(NotSigned):
            signer(armoured, MESSAGE, "gonogo", [])

    def test_no_byte_can_be_changed(self, pair):
        """
        Whatever bit of it is turned, it does not hold; nor does one that ends early or goes on.
        """
        private, public = pair
        head, *rows, foot = signature(private, MESSAGE).split("\n")[:-1]
        blob = base64.b64decode("".join(rows))
        changed = [blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :] for at in range(0, len(blob), 7)]

        for bad in (*changed, *(blob[:end] for end in range(0, len(blob), 11)), blob + b"\0"):
            text = f"{head}\n{base64.b64encode(bad).decode()}\n{foot}"
            with pytest.raises((NotSigned, ValueError)):
                signer(text, MESSAGE, "gonogo", [public])
