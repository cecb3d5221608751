"""Rows that were kept are the rows of their file, in all that anybody can ask of them."""

import json
import sys

import pytest

from orchestrator.vocabulary import names, reading
from orchestrator.vocabulary.compiled import compiled, digest, loaded
from orchestrator.vocabulary.reading import FOLDER, rows


@pytest.mark.parametrize("name", names())
def test_they_come_back_as_they_were(name):
    written = rows(FOLDER / f"{name}.yaml", shipped=True)
    back = loaded(json.loads(json.dumps(compiled(written))))
    assert back == written
    assert [repr(row) for row in back] == [repr(row) for row in written]
    assert [row.model_fields_set for row in back] == [row.model_fields_set for row in written]


def test_they_are_read_once_and_again_when_their_file_changes(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(reading, "FOLDER", tmp_path)

    def read(path, *, shipped):
        asked.append(path.name)
        return rows(path, shipped=shipped)

    monkeypatch.setattr(reading, "rows", read)
    source = (FOLDER / f"{names()[0]}.yaml").read_bytes()
    file = tmp_path / "own.yaml"
    file.write_bytes(source)
    first = reading._rows.__wrapped__("own")
    assert reading._rows.__wrapped__("own") == first
    assert asked == ["own.yaml"]
    file.write_bytes(source + b"# held again\n")
    assert reading._rows.__wrapped__("own") == first
    assert asked == ["own.yaml"] * 2


def test_a_digest_is_of_every_byte():
    assert digest(b"a") != digest(b"a ")
