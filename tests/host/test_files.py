"""The door to files that somebody names: plain ones only, within a limit, and over no link where none may be."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.host import files


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


ODD: dict[str, Callable[[Path], None]] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": _socket,
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


class TestRead:
    @pytest.mark.parametrize("kind", ODD)
    @pytest.mark.parametrize("way", ["itself", "a link"])
    def test_only_plain_files(self, tmp_path, monkeypatch, kind, way):
        """
        What is none is said to be what it is, and not waited for, also behind a link.
        """
        monkeypatch.chdir(tmp_path)
        ODD[kind](tmp_path / "odd")
        (tmp_path / "link").symlink_to("odd")

        with pytest.raises(files.NotPlain) as caught:
            files.read(tmp_path / ("odd" if way == "itself" else "link"), 100)
        assert f"it is {kind}, not a plain file" == caught.value.strerror

    def test_within_a_limit(self, tmp_path):
        """
        A file of the most bytes is read; one of more is not, nor is one that only claims to have them.
        """
        (tmp_path / "a").write_bytes(b"x" * 100)

        assert 100 == len(files.read(tmp_path / "a", 100))
        with pytest.raises(files.NotPlain, match="larger than 99 bytes"):
            files.read(tmp_path / "a", 99)
        with (tmp_path / "sparse").open("wb") as file:
            file.truncate(1 << 40)
        with pytest.raises(files.NotPlain, match="larger than 5 MiB"):
            files.read(tmp_path / "sparse", 5 << 20)

    def test_links(self, tmp_path):
        """
        Links are followed, but not below the folder that it must stay in: neither the file's nor one on the way.
        """
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "a").write_text("x")
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "file").symlink_to(tmp_path / "out" / "a")
        (tmp_path / "run" / "folder").symlink_to(tmp_path / "out")
        (tmp_path / "to-run").symlink_to("run")
        (tmp_path / "run" / "own").write_text("y")

        assert b"x" == files.read(tmp_path / "run" / "file", 10)
        for name in ("file", "folder/a"):
            with pytest.raises(files.NotPlain, match="a link"):
                files.read(tmp_path / "run" / name, 10, inside=tmp_path / "run")
        assert b"y" == files.read(tmp_path / "to-run" / "own", 10, inside=tmp_path / "to-run")

    def test_what_is_not_there(self, tmp_path):
        """
        That is another answer.
        """
        with pytest.raises(FileNotFoundError):
            files.read(tmp_path / "gone", 10)


class TestCrossing:
    def test_finds_the_first_link_of_the_tree(self, tmp_path):
        """
        Links inside the tree are found however the way there goes; those outside are not its author's.
        """
        tree = tmp_path / "real" / "tree"
        (tree / "plain").mkdir(parents=True)
        (tree / "link").symlink_to("/etc")
        (tree / "loop").symlink_to("loop")
        (tmp_path / "way").symlink_to("real")

        assert files.crossing(tmp_path / "way" / "tree" / "plain" / "x", tree) is None
        assert files.crossing(tmp_path / "elsewhere", tree) is None
        for path in ("link/passwd", "plain/../link", "loop/x"):
            found = files.crossing(tmp_path / "way" / "tree" / path, tmp_path / "way" / "tree")
            assert tree / path.split("/")[-2 if path != "plain/../link" else -1] == found
