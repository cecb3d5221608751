"""A signed run cannot be replaced by another one that holds together, and anybody's tools can check the signature."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_public_key

from orchestrator.audit.replay import verify
from orchestrator.audit.signing import KeyPair, check, generate, sign
from orchestrator.commands.review import review
from orchestrator.conclusion.rendering import finished
from orchestrator.errors import ExtraMissing, KeyUnusable, RecordBroken
from orchestrator.journal.beside import is_signed
from orchestrator.journal.record import Record
from orchestrator.planning.plan import Request
from tests.forging import cut, forge
from tests.repositories import SHOP, git, repository, write


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("repos") / "shop", SHOP)


@pytest.fixture(scope="module")
def run(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(review(Request(path=str(shop)), tmp_path_factory.mktemp("runs"), sync=False)).folder


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    return generate(tmp_path_factory.mktemp("keys") / "release.key")


@pytest.fixture
def signed(run: Path, keys: KeyPair, tmp_path: Path) -> Path:
    """A copy of the run with its statement."""
    copy = shutil.copytree(run, tmp_path / run.name)
    sign(Record(copy), keys.private)
    return copy


def payload(folder: Path) -> dict[str, Any]:
    envelope = json.loads((folder / "statement.dsse.json").read_bytes())
    said: dict[str, Any] = json.loads(base64.b64decode(envelope["payload"]))
    return said


SIGNATURES = ("[]", "[1]", "{}", "null", '[{"keyid":[],"sig":"aaaa"}]', '[{"keyid":"a","sig":"a"}]', '[{"sig":""}]')
NONSENSE = [
    *("", "[]", "null", "{}", '{"payload": 1, "payloadType": 2, "signatures": 3}', "\x00\xff"),
    *(bracket * 100_000 for bracket in ("[", '{"a":', "9")),
    *(f'{{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":{s}}}' for s in SIGNATURES),
]


class TestGenerate:
    def test_only_the_owner_reads_it(self, keys):
        """
        The private key has mode 0600; the public one lies beside it.
        """
        assert 0o600 == keys.private.stat().st_mode & 0o777
        assert "release.key.pub" == keys.public.name
        assert isinstance(load_pem_public_key(keys.public.read_bytes()), Ed25519PublicKey)

    @pytest.mark.parametrize("there", ["a.key", "a.key.pub"])
    def test_overwrites_nothing(self, tmp_path, there):
        """
        A file in the place of either key is left as it is, and the other one is not written.
        """
        (tmp_path / there).write_text("mine")

        with pytest.raises(KeyUnusable, match="never overwritten"):
            generate(tmp_path / "a.key")
        assert [there] == [path.name for path in tmp_path.iterdir()]
        assert "mine" == (tmp_path / there).read_text()

    def test_nowhere(self, tmp_path):
        """
        A folder that is not there is named.
        """
        with pytest.raises(KeyUnusable, match="cannot be written"):
            generate(tmp_path / "nowhere" / "a.key")


class TestSign:
    def test_the_statement(self, signed, shop):
        """
        It names the commit, both derived files, and the outcome as a verification summary, in the record's own time.
        """
        said = payload(signed)
        verdict = json.loads((signed / "verdict.json").read_bytes())
        predicate = said["predicate"]

        assert "https://in-toto.io/Statement/v1" == said["_type"]
        assert "https://slsa.dev/verification_summary/v1" == said["predicateType"]
        assert [
            {"name": "shop", "digest": {"gitCommit": git(shop, "rev-parse", "HEAD")}},
            *(
                {"name": name, "digest": {"sha256": hashlib.sha256((signed / name).read_bytes()).hexdigest()}}
                for name in ("verdict.json", "report.html")
            ),
        ] == said["subject"]
        assert "FAILED" == predicate["verificationResult"]
        assert verdict["run"]["finished"] == predicate["timeVerified"]
        assert finished(Record(signed)).end.head == "sha256:" + predicate["inputAttestations"][0]["digest"]["sha256"]
        assert verdict["run"]["digests"]["policy"] == "sha256:" + predicate["policy"]["digest"]["sha256"]
        keys = {"run", "verdict", "exit_code", "score", "band", "basis", "head", "events", "digests"}
        assert keys == set(predicate["gonogo"])
        assert verdict["basis"] == predicate["gonogo"]["basis"]

    def test_twice_is_the_same(self, signed, keys):
        """
        No clock and no chance: the same key signs the same record to the same bytes.
        """
        before = (signed / "statement.dsse.json").read_bytes()

        assert before == sign(Record(signed), keys.private).read_bytes()

    def test_a_folder_without_commits(self, tmp_path, keys):
        """
        What is not in git is named by the digest of its tree.
        """
        write(tmp_path / "plain", SHOP)
        run = asyncio.run(review(Request(path=str(tmp_path / "plain")), tmp_path / "runs", sync=False)).folder
        sign(Record(run), keys.private)

        assert ["gonogoTree"] == list(payload(run)["subject"][0]["digest"])
        assert check(Record(run), [keys.public])

    def test_refuses_what_is_not_genuine(self, run, keys, tmp_path):
        """
        A damaged record and an unfinished one are not signed.
        """
        copy = shutil.copytree(run, tmp_path / run.name)
        (copy / "verdict.json").write_text("{}")
        with pytest.raises(RecordBroken):
            sign(Record(copy), keys.private)
        with pytest.raises(RecordBroken, match="not come to a verdict"):
            sign(Record(cut(copy)), keys.private)

        assert not is_signed(copy)

    def test_keys_that_will_not_do(self, run, keys, tmp_path):
        """
        A missing file, a public key, text and another kind of key are refused with what to do.
        """
        rsa = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / "rsa").write_bytes(rsa)
        (tmp_path / "text").write_text("hello")

        for path, said in [
            (tmp_path / "none", "cannot be read"),
            (keys.public, "this is a public key"),
            (tmp_path / "text", "no unencrypted private key"),
            (tmp_path / "rsa", "not Ed25519"),
        ]:
            with pytest.raises(KeyUnusable, match=said):
                sign(Record(run), path)
        with pytest.raises(KeyUnusable, match="this is a private key"):
            check(Record(run), [keys.private])

    @pytest.mark.parametrize("package", ["securesystemslib.dsse", "cryptography.hazmat.primitives.serialization"])
    def test_without_the_extra(self, run, keys, tmp_path, monkeypatch, package):
        """
        Without the packages, the message says how to install them.
        """
        monkeypatch.setitem(sys.modules, package, None)

        with pytest.raises(ExtraMissing) as caught:
            sign(Record(run), keys.private)
        assert "pip install 'gonogo[sign]'" == caught.value.remedy


class TestCheck:
    def test_untouched(self, signed, keys):
        """
        Who signed it, and what was decided.
        """
        ((what, found),) = check(Record(signed), [keys.public])

        assert "signed" == what
        assert f"by key {keys.id[:16]}…: ROLLBACK, 3 subjects match" == found

    def test_a_forged_record(self, signed, keys):
        """
        A record written anew holds together; only the signature tells that it is not the one that was signed.
        """
        forge(signed)

        assert verify(Record(signed))
        with pytest.raises(RecordBroken, match="not the one that was signed") as caught:
            check(Record(signed), [keys.public])
        for name in ("predicate.gonogo.head", "predicate.gonogo.exit_code", "subject[verdict.json].digest.sha256"):
            assert name in caught.value.what

    def test_a_forged_record_signed_by_the_forger(self, signed, keys, tmp_path):
        """
        A signature by another key is none, even under the name of the right one.
        """
        other = generate(tmp_path / "other.key")
        (signed / "statement.dsse.json").unlink()
        path = sign(Record(forge(signed)), other.private)
        with pytest.raises(RecordBroken, match="no valid signature"):
            check(Record(signed), [keys.public])
        path.write_text(path.read_text().replace(other.id, keys.id))

        with pytest.raises(RecordBroken, match="no valid signature"):
            check(Record(signed), [keys.public])

    def test_an_end_cut_off(self, signed, keys):
        """
        An unfinished record beside the statement of a finished one.
        """
        cut(signed)

        assert verify(Record(signed))
        with pytest.raises(RecordBroken, match="its end is gone"):
            check(Record(signed), [keys.public])

    def test_no_statement(self, run, keys):
        """
        Whoever asks for a signature is not content without one.
        """
        with pytest.raises(RecordBroken, match="never signed"):
            check(Record(run), [keys.public])

    def test_a_statement_of_another_run(self, signed, shop, keys, tmp_path):
        """
        A genuine statement says nothing about another run.
        """
        other = asyncio.run(review(Request(path=str(shop)), tmp_path / "others", sync=False)).folder
        shutil.copy(signed / "statement.dsse.json", other)

        with pytest.raises(RecordBroken, match="not the one that was signed"):
            check(Record(other), [keys.public])

    def test_every_sampled_byte_of_the_envelope(self, signed, keys):
        """
        A changed statement is not accepted, unless the change is in the key's name, which is only a hint.
        """
        path = signed / "statement.dsse.json"
        data = path.read_bytes()
        hint = data.index(keys.id.encode())
        for at in range(0, len(data) - 1, 23):
            if hint <= at < hint + 64 or data[at + 1 : at + 2] == b"=":  # half of such a digit means nothing in base64
                continue
            changed = bytearray(data)
            changed[at] ^= 2
            path.write_bytes(bytes(changed))
            with pytest.raises(RecordBroken):
                check(Record(signed), [keys.public])

    @pytest.mark.parametrize("text", NONSENSE)
    def test_nonsense(self, signed, keys, text):
        """
        Whatever lies there is no statement, and never a traceback.
        """
        (signed / "statement.dsse.json").write_text(text)

        with pytest.raises(RecordBroken):
            check(Record(signed), [keys.public])


class TestWithoutUs:
    def test_by_hand(self, signed, keys):
        """
        The envelope is verified with an Ed25519 library and ten lines, as any tool for DSSE and in-toto would.
        """
        envelope = json.loads((signed / "statement.dsse.json").read_bytes())
        kind, body = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"], validate=True)
        encoded = b" ".join([b"DSSEv1", str(len(kind)).encode(), kind, str(len(body)).encode(), body])
        (signature,) = envelope["signatures"]
        public = load_pem_public_key(keys.public.read_bytes())
        assert isinstance(public, Ed25519PublicKey)

        public.verify(base64.b64decode(signature["sig"], validate=True), encoded)
        with pytest.raises(InvalidSignature):
            public.verify(base64.b64decode(signature["sig"]), encoded.replace(b"FAILED", b"PASSED"))
        assert b"application/vnd.in-toto+json" == kind
        for subject in json.loads(body)["subject"][1:]:
            data = (signed / subject["name"]).read_bytes()
            assert subject["digest"]["sha256"] == hashlib.sha256(data).hexdigest()
