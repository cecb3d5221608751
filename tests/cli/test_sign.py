"""Signing, anchoring and checking both from the outside."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

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
            (("anchor", "--to", "moon"), "no place for an anchor"),
            (("verify", "--anchor", "stdout"), "no place for an anchor"),
            (("verify", "--anchor", "file:none"), "not there"),
        ):
            done = gonogo(folder, *words)
            assert 2 == done.code, words
            assert said in done.err

    def test_without_the_extra(self, folder, tmp_path):
        """
        Where securesystemslib is not installed, signing says how to install it and verifying the rest still works.
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
