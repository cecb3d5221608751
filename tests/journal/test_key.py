"""The key of a folder of runs is made once, kept from everybody, and never part of a run."""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orchestrator.audit.diff import compare
from orchestrator.commands.review import review
from orchestrator.conclusion.rendering import finished
from orchestrator.errors import RunsFolderUnwritable
from orchestrator.journal.key import KEY, redaction_key
from orchestrator.journal.record import Record, all_runs
from orchestrator.planning.plan import Request
from tests.repositories import SHOP, repository
from tests.words import SMALL_TEAM, waived, words


class TestKey:
    def test_is_made_once(self, tmp_path):
        """
        The first run makes it for its owner alone, in a folder that git ignores; later ones use it.
        """
        key = redaction_key(tmp_path / "runs")

        assert 32 == len(key)
        assert key == redaction_key(tmp_path / "runs")
        assert key != redaction_key(tmp_path / "others")
        assert 0o600 == stat.S_IMODE((tmp_path / "runs" / KEY).stat().st_mode)
        assert sorted([KEY, ".gitignore"]) == sorted(os.listdir(tmp_path / "runs"))
        assert [] == all_runs(tmp_path / "runs")

    def test_two_at_once_get_the_same(self, tmp_path):
        """
        Runs that begin at the same time agree on one key.
        """
        for number in range(20):
            with ThreadPoolExecutor(8) as pool:
                made = set(pool.map(lambda _: redaction_key(tmp_path / str(number)), range(8)))  # noqa: B023  # used at once

            assert 1 == len(made)

    def test_a_key_of_another_size_is_refused(self, tmp_path):
        """
        A damaged key is said, with its place and how to fix it; nothing is made in its place.
        """
        (tmp_path / KEY).write_bytes(b"short")

        with pytest.raises(RunsFolderUnwritable, match="5 bytes, expected 32") as caught:
            redaction_key(tmp_path)
        assert str(tmp_path / KEY) == caught.value.where
        assert b"short" == (tmp_path / KEY).read_bytes()

    def test_a_link_is_not_followed(self, tmp_path):
        """
        A link in its place would have the key read from, or known, elsewhere.
        """
        (tmp_path / "theirs").write_bytes(b"t" * 32)
        (tmp_path / KEY).symlink_to(tmp_path / "theirs")

        with pytest.raises(RunsFolderUnwritable, match="cannot be written"):
            redaction_key(tmp_path)

    @pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only")])
    def test_no_room(self, tmp_path, monkeypatch, number, said):
        """
        If it cannot be made, the runs folder cannot take a record; no half of it is left.
        """

        def full(*_: object) -> int:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(RunsFolderUnwritable, match=said):
            redaction_key(tmp_path)
        assert [".gitignore"] == os.listdir(tmp_path)


def _waiving(shop: Path, reason: str) -> Request:
    """A review of *shop* for which somebody takes a risk."""
    for name, text in (("words.yaml", words(waivers=[waived("CST-7.1.7", reason=reason)])), ("team.yaml", SMALL_TEAM)):
        (shop.parent / name).write_text(text)
    return Request(path=str(shop), words=(str(shop.parent / "words.yaml"),), policy=str(shop.parent / "team.yaml"))


class TestRuns:
    async def test_of_one_folder_withhold_alike(self, tmp_path):
        """
        Two runs of one tree come to the same assessments, stubs and all; one in another folder has other digests.
        """
        token = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
        shop = repository(tmp_path / "shop", SHOP | {"src/a.py": f"KEY = '{token}'\n"})
        request = _waiving(shop, f"The provider filters attacks, see {token} for the rest.")
        folders = [(await review(request, tmp_path / runs, sync=False)).folder for runs in ("a", "a", "b")]
        first, second, elsewhere = (finished(Record(folder)).result for folder in folders)

        assert first.assessments == second.assessments
        assert () == compare(first, second).statements
        assert "[withheld github-token, 40 characters, #" in (folders[0] / "verdict.json").read_text()
        assert first.assessments != elsewhere.assessments
        assert not any(KEY in path.name for folder in folders for path in folder.rglob("*"))

    async def test_values_of_the_environment_are_withheld(self, tmp_path, monkeypatch):
        """
        A review withholds what its process keeps in the environment, whoever started it.
        """
        monkeypatch.setenv("SHOP_PASSWORD", "s9Xq2Lm8Vc4Tz")
        request = _waiving(repository(tmp_path / "shop", SHOP), "With s9Xq2Lm8Vc4Tz it goes for a while longer.")
        folder = (await review(request, tmp_path / "runs", sync=False)).folder

        assert "[withheld environment-value, 13 characters, #" in (folder / "verdict.json").read_text()
        assert not [p for p in folder.rglob("*") if p.is_file() and b"s9Xq2Lm8Vc4Tz" in p.read_bytes()]
