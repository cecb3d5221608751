"""Several readers of one file have it parsed once, and each is told in its own way that it is malformed."""

from __future__ import annotations

import pytest

from orchestrator.errors import FormatError
from orchestrator.evidence.tree import SourceFile, entry
from orchestrator.formats import yaml


@pytest.fixture
def parsed(monkeypatch):
    """What was parsed, in order."""
    asked: list[bytes] = []
    whole = yaml.load_all

    def counted(data: bytes, *, unique_keys: bool = False) -> list[yaml.Parsed]:
        if not unique_keys:  # as files of words are read, and no others
            asked.append(data)
        return whole(data, unique_keys=unique_keys)

    yaml.load_once.cache_clear()
    monkeypatch.setattr(yaml, "load_all", counted)
    yield asked
    yaml.load_once.cache_clear()


class TestOnce:
    def test_the_same_bytes_are_parsed_once(self, parsed):
        first = yaml.load_once(b"a: 1\n---\nb: 2")
        assert yaml.load_once(bytes(bytearray(b"a: 1\n---\nb: 2"))) is first
        assert isinstance(first, list)
        assert [one.body for one in first] == [{"a": 1}, {"b": 2}]
        assert parsed == [b"a: 1\n---\nb: 2"]

    def test_only_the_last_answer_is_kept(self, parsed):
        for data in (b"a: 1", b"a: 2", b"a: 2", b"a: 1"):
            found = yaml.load_once(data)
            assert isinstance(found, list)
            assert found[0].body == {"a": int(data[-1:])}
        assert parsed == [b"a: 1", b"a: 2", b"a: 1"]

    def test_what_is_malformed_is_an_answer_as_well(self, parsed):
        error = yaml.load_once(b"a: [")
        assert isinstance(error, FormatError)
        assert yaml.load_once(b"a: [") is error
        assert parsed == [b"a: ["]

    def test_two_hands_of_one_file_share_it(self, parsed):
        file = entry("k8s/web.yaml", 4)
        assert SourceFile(file, b"a: 1").yaml() is SourceFile(file, b"a: 1").yaml()
        for _ in range(2):
            with pytest.raises(FormatError):
                SourceFile(file, b"a: {").yaml()
        assert parsed == [b"a: 1", b"a: {"]
