"""Signing, anchoring and checking both from the outside."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.authority import Answer, Authority, listening
from tests.cli.command import gonogo
from tests.forging import cut, forge
from tests.repositories import SHOP, repository


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key pair and one run, signed and anchored."""
    folder = tmp_path_factory.mktemp("work")
    repository(folder / "shop", SHOP)
    assert 1 == gonogo(folder, "review", "shop", "-q").code
    for words in (
        ("sign", "keygen", "--out", "release.key"),
        ("sign", "--key", "release.key"),
        ("anchor", "--to", "file:anchors.jsonl"),
        ("anchor", "--to", "note:shop"),
        ("anchor", "--to", "tag:shop"),
    ):
        done = gonogo(folder, *words)
        assert (0, "") == (done.code, done.out), done.err
    return folder


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    return shutil.copytree(published, tmp_path / "work")


def run_of(folder: Path) -> Path:
    (found,) = (path for path in (folder / "runs").iterdir() if path.is_dir())
    return found


@pytest.fixture(scope="module")
def authority() -> Iterator[tuple[str, Authority]]:
    """A timestamp authority on the loopback, and its URL."""
    tsa = Authority()
    with listening(lambda request: Answer(tsa.answer(request))) as (url, _):
        yield url, tsa


CHECKS = ("verify", "--key", "release.key.pub", "--anchor", "file:anchors.jsonl", "--anchor", "note:shop")


class TestVerify:
    def test_everything(self, folder):
        """
        Signature and anchors are listed with what else was checked.
        """
        done = gonogo(folder, *CHECKS)

        assert 0 == done.code, done.err
        assert ["chain", "manifest", "blobs", "derived", "signed", "anchor", "anchor"] == [
            line.split()[1] for line in done.out.splitlines()[:-1]
        ]
        assert done.out.endswith("\ngenuine\n")

    def test_a_statement_that_nobody_checked(self, folder):
        """
        Without a key it is said that a statement is there, and that nothing follows from it.
        """
        done = gonogo(folder, "verify")

        assert 0 == done.code
        assert "- signed    a statement is there and was not checked; --key PUBLIC checks it\n" in done.out

    @pytest.mark.parametrize("change", [forge, cut])
    @pytest.mark.parametrize("words", [CHECKS[:3], ("verify", *CHECKS[3:5]), ("verify", *CHECKS[5:])])
    def test_another_record(self, folder, change, words):
        """
        A record written anew, or cut short, passes by itself and is found by signature, file and note, each alone.
        """
        change(run_of(folder))
        assert 0 == gonogo(folder, "verify").code
        done = gonogo(folder, *words)

        assert (7, "") == (done.code, done.out)
        assert done.err.startswith("error: ")
        assert "Traceback" not in done.err


class TestSeveral:
    def test_two_people_and_an_authority(self, folder, authority):
        """
        Two sign, one with a timestamp; the run, and its archive elsewhere, are checked with both keys and the root.
        """
        url, tsa = authority
        tsa.pem(folder)
        assert 0 == gonogo(folder, "sign", "keygen", "--out", "bob.key").code
        done = gonogo(folder, "sign", "--key", "bob.key", "--timestamp", url, "--timestamp-root", "tsa.pem")
        assert (0, "") == (done.code, done.out), done.err
        assert "/statement.tsr: " in done.err
        assert "UTC by CN=Test TSA\n" in done.err
        assert 0 == gonogo(folder, "export", "-o", "x.run.zip").code
        keys = ("--key", "release.key.pub", "--key", "bob.key.pub", "--timestamp-root", "tsa.pem")
        for words in (("verify",), ("verify", "x.run.zip")):
            done = gonogo(folder, *words, *keys, "--require", "2", "--anchor", "tag:shop")
            assert 0 == done.code, done.err
            rows = [row.split()[1] for row in done.out.splitlines()[4:-1]]
            assert ["signed", "signed", "timestamp", "anchor"] == rows

    def test_held_to_no_root(self, folder, authority):
        """
        Without a root it is said that the answer was held to none, and `verify` says that it was not checked.
        """
        done = gonogo(folder, "sign", "--key", "release.key", "--timestamp", authority[0])
        assert 0 == done.code, done.err
        assert "note: checked against no root certificate" in done.err
        done = gonogo(folder, "verify", "--key", "release.key.pub")

        assert "- timestamp one is there and was not checked; --timestamp-root CERT checks it\n" in done.out

    def test_too_few(self, folder):
        """
        Who has signed and who has not is said, with the code of a record that is not what it is taken for.
        """
        assert 0 == gonogo(folder, "sign", "keygen", "--out", "bob.key").code
        keys = ("--key", "bob.key.pub", "--key", "release.key.pub")
        done = gonogo(folder, "verify", *keys)

        assert (7, "") == (done.code, done.out)
        assert re.search(
            r"1 of 2 keys have signed, and 2 must: signed by \w+… \(release\.key\.pub\); "
            r"the statement carries no valid signature of \w+… \(bob\.key\.pub\)\n",
            done.err,
        )
        done = gonogo(folder, "verify", *keys, "--require", "1")
        assert 0 == done.code
        assert re.search(r"✔ signed    1 of 2 keys, 1 required; not by \w+… \(bob\.key\.pub\)\n", done.out)


class TestSign:
    def test_the_words(self, folder):
        """
        The run can be named or left out, before its options or after them; the same bytes are written.
        """
        run = run_of(folder)
        before = (run / "statement.dsse.json").read_bytes()
        for words in ((run.name, "--key", "release.key"), ("--key", "release.key", run.name), ("--key", "release.key")):
            (run / "statement.dsse.json").unlink()
            assert 0 == gonogo(folder, "sign", *words).code
            assert before == (run / "statement.dsse.json").read_bytes()

    def test_mistakes(self, folder):
        """
        What is missing or refused is said in a message, with the code of a mistake.
        """
        for words, said in (
            (("sign", "latest"), "Missing option '--key'"),
            (("sign", "keygen", "--out", "release.key"), "never overwritten"),
            (("sign", "--key", "none.key"), "cannot be read"),
            (("verify", "--key", "release.key"), "this is a private key"),
            (("anchor",), "Missing option '--to'"),
            (("anchor", "--to", "moon"), "is not a place for an anchor"),
            (("verify", "--anchor", "stdout"), "is not a place for an anchor"),
            (("verify", "--anchor", "file:none"), "not there"),
            (("verify", "--require", "1"), "--require is about signatures"),
            (("verify", "--timestamp-root", "release.key.pub"), "--timestamp-root is about signatures"),
            (("verify", "--key", "release.key.pub", "--require", "0"), "--require"),
            (("verify", "--key", "release.key.pub", "--require", "2"), "needs as many different keys"),
            (("verify", "--key", "release.key.pub", "--timestamp-root", "release.key.pub"), "no certificates"),
            (("sign", "--key", "release.key", "--timestamp-root", "x"), "add --timestamp URL"),
            (("sign", "--key", "release.key", "--timestamp", "tsa.example"), "not the URL of a timestamp authority"),
            (("sign", "--key", "release.key", "--timestamp", "http://127.0.0.1:9/"), "cannot be asked"),
        ):
            done = gonogo(folder, *words)
            assert 2 == done.code, words
            assert said in done.err

    def test_without_the_extra(self, folder, tmp_path):
        """
        Without securesystemslib, signing says how to install it and verifying the rest still works.
        """
        blocked = tmp_path / "blocked" / "securesystemslib"
        blocked.mkdir(parents=True)
        (blocked / "__init__.py").write_text("raise ImportError('not installed')\n")
        path = f"{blocked.parent}:{Path(__file__).parents[2]}"
        done = gonogo(folder, "sign", "--key", "release.key", PYTHONPATH=path)

        assert 2 == done.code
        assert "pip install 'gonogo[sign]'" in done.err
        assert 0 == gonogo(folder, "verify", "--anchor", "note:shop", PYTHONPATH=path).code


class TestAnchor:
    def test_stdout(self, folder):
        """
        One line, the same that stands in the file.
        """
        assert gonogo(folder, "anchor", "--to", "stdout").out == (folder / "anchors.jsonl").read_text()

    def test_what_is_left_to_do(self, folder):
        """
        What others need is pushed by hand: the command is printed.
        """
        for kind, ref in (("note", "refs/notes/gonogo"), ("tag", f"'refs/tags/gonogo/{run_of(folder).name}*'")):
            done = gonogo(folder, "anchor", "--to", f"{kind}:shop")
            assert f"anchored in {kind}:shop\nothers see it once it is pushed: `git push origin {ref}`\n" == done.err
