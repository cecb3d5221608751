"""Whatever the contents of old files are, in which coding and of which size, they are searched or told of."""

from __future__ import annotations

import pytest

from orchestrator.evidence.past import objects, pieces, search
from tests.evidence.past.searching import LINE, TOKEN, only, searched
from tests.repositories import git, repository, write


class TestContents:
    @pytest.mark.parametrize(
        "content",
        [
            f"A=1\nGITHUB_TOKEN={TOKEN}\0\n".encode(),
            f"A=1\0GITHUB_TOKEN={TOKEN}\0B=2\0".encode(),
            f"GITHUB_TOKEN={TOKEN}\n".encode("utf-16"),
            f"GITHUB_TOKEN={TOKEN}\n".encode("utf-16-le"),
            f"GITHUB_TOKEN={TOKEN}\n".encode("utf-32-be"),
            b"\x89PNG\r\n\x1a\n\0\n" + LINE.encode(),
        ],
        ids=["one NUL", "as in the environment", "utf-16", "utf-16 unsaid", "utf-32 unsaid", "that begins as an image"],
    )
    def test_text_with_nul_bytes(self, content, tmp_path):
        """
        A file of settings is searched whatever bytes it has.
        """
        repo = repository(tmp_path / "shop", {".env": content, "a": "1"}, {".env": "A=1\n"})
        found = searched(repo)

        assert (".env", "high") == ((credential := only(found)).source.path, credential.confidence)
        assert found.complete

    def test_pairs_between_nul_bytes(self, tmp_path):
        """
        A chosen password ends where its line or its pair does.
        """
        pairs = ("A=1\0DB_PASS" + "WORD=k3Jx9QwzLm7Tb2Vn\0B=2\0").encode()
        repo = repository(tmp_path / "shop", {".env": pairs, "a": "1"}, {".env": "A=1\n"})

        assert (16, 1) == ((credential := only(searched(repo))).length, credential.source.line)

    @pytest.mark.parametrize("path", ["logo.png", "tool", "cache.pyc"])
    def test_what_is_no_text(self, path, tmp_path):
        """
        Images and programs are counted and take no pass away.
        """
        magic = {"logo.png": b"\x89PNG\r\n\x1a\n\0", "tool": b"\x7fELF\2\1\1\0", "cache.pyc": b"\x6f\r\r\n\0"}
        repo = repository(tmp_path / "shop", {path: magic[path] + LINE.encode(), "a": "1"}, {path: "gone", "a": ""})
        found = searched(repo)

        assert [("images, archives, programs and their like", 1, False)] == [
            (out.reason, out.objects, out.counts) for out in found.left_out
        ]
        assert (0, True) == (found.total, found.complete)

    def test_a_large_blob(self, tmp_path):
        """
        It is read in pieces, and what lies on their edge is found once, with its line.
        """
        key = "-----BEGIN PRIVATE " + "KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n" * 30
        edge = objects.PIECE - 800
        dump = "x = 1\n" * (edge // 6)
        text = dump + key + "-----END PRIVATE " + "KEY-----\n" + dump + LINE
        repo = repository(tmp_path / "shop", {"dump.sql": text}, {"dump.sql": ""})
        found = searched(repo)

        assert found.complete
        assert [("github-token", text[: text.index(TOKEN)].count("\n") + 1), ("private-key", edge // 6 + 1)] == sorted(
            (c.kind, c.source.line) for c in found.found
        )
        assert {len(key) + 25} == {c.length for c in found.found if c.kind == "private-key"}

    @pytest.mark.parametrize("shift", range(-3, 4))
    def test_every_edge(self, shift, tmp_path, monkeypatch):
        """
        Wherever a credential lies to the edges of pieces, it is found once and whole.
        """
        monkeypatch.setattr(objects, "PIECE", 1_000)
        monkeypatch.setattr(pieces, "OVERLAP", 300)
        monkeypatch.setattr(pieces, "MARGIN", 100)
        lines = [f'{"a" * (97 + shift)}\nT = "{TOKEN[:-3]}{number}"\n' for number in range(100, 140)]
        repo = repository(tmp_path / "shop", {"a.py": "".join(lines)}, {"a.py": ""})
        found = searched(repo)

        assert 40 == found.total
        assert list(range(2, 82, 2)) == [c.source.line for c in found.found]
        assert {40} == {c.length for c in found.found}

    def test_a_blob_beyond_the_limit(self, tmp_path, monkeypatch):
        """
        It is left out, counted, and takes the pass away; not if it only ever stood in tests.
        """
        monkeypatch.setattr(search, "MAX_BLOB", 50)
        repo = repository(tmp_path / "shop", {"tests/big.py": LINE * 2, "a": "1"}, {"tests/big.py": ""})
        aside = searched(repo)
        git(repo, "checkout", "--quiet", "-b", "other")
        write(repo, {"big.py": LINE * 3})
        git(repo, "add", "--all")
        git(repo, "commit", "--quiet", "-m", "big")
        found = searched(repo, revision="main")

        assert (True, [(1, False)]) == (aside.complete, [(out.objects, out.counts) for out in aside.left_out])
        assert (False, "1 not searched (too large)") == (found.complete, found.reason)

    def test_git_lfs(self, tmp_path):
        """
        What lies elsewhere cannot be searched.
        """
        pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
        repo = repository(tmp_path / "shop", {"dump.sql": pointer}, {"dump.sql": ""})

        assert (False, "1 not searched (in Git LFS and not here)") == ((found := searched(repo)).complete, found.reason)
