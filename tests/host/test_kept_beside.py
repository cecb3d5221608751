"""What is made of gonogo's own files is kept beside them, and made anew as soon as anything of it may differ."""

import sys

import pytest

from orchestrator.host.kept import keep, kept


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A file whose folder may be written to, in a Python that keeps what it compiles."""
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "words.yaml"


class TestKept:
    def test_what_was_kept_is_had_again(self, path):
        keep(path, "one", {"a": [1, "ü"]})
        assert kept(path, "one") == {"a": [1, "ü"]}
        assert [file.parent.name for file in path.parent.rglob("*.json")] == ["__pycache__"]

    def test_what_is_of_something_else_is_not(self, path):
        keep(path, "one", [1])
        assert kept(path, "two") is None
        keep(path, "two", [2])
        assert (kept(path, "one"), kept(path, "two")) == (None, [2])

    def test_nothing_was_kept(self, path):
        assert kept(path, "one") is None

    @pytest.mark.parametrize("said", [b"", b"{", b"[]", b"7", b'{"of": "one"}', b"\xff"])
    def test_what_is_broken_counts_for_nothing(self, path, said):
        keep(path, "one", [1])
        (place,) = path.parent.rglob("*.json")
        place.write_bytes(said)
        assert kept(path, "one") is None

    def test_a_python_that_keeps_nothing_keeps_none_of_this(self, path, monkeypatch):
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        keep(path, "one", [1])
        assert list(path.parent.iterdir()) == []

    def test_nobody_may_write_there(self, path):
        (path.parent / "__pycache__").write_text("a file where the folder would be")
        keep(path, "one", [1])
        assert kept(path, "one") is None
