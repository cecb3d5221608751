"""YAML and JSON are read with the line of every entry, and hostile documents run into limits."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import FormatError
from orchestrator.formats.json import load_json
from orchestrator.formats.yaml import MAX_BYTES, MAX_DEPTH, load, load_all

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


class TestValues:
    @pytest.mark.parametrize(
        ("text", "body"),
        [
            ("on: [push]", {"on": ["push"]}),
            ("a: yes\nb: off\nc: true\nd: ~", {"a": "yes", "b": "off", "c": True, "d": None}),
            ("a: 010\nb: 0x1f\nc: 1_000\nd: 1e3\ne: 1.10", {"a": 10, "b": 31, "c": "1_000", "d": 1000.0, "e": 1.1}),
            ("a: '1'\nb: \"true\"", {"a": "1", "b": "true"}),
            ("a: 2026-01-02\nb: 12:30:45", {"a": "2026-01-02", "b": "12:30:45"}),
            ("a: &x {b: 1}\nc: {<<: *x, d: 2}", {"a": {"b": 1}, "c": {"d": 2, "b": 1}}),
            ("a: !Ref thing\nb: !Sub [x, y]", {"a": {"!Ref": "thing"}, "b": {"!Sub": ["x", "y"]}}),
            ("1: a\ntrue: b", {"1": "a", "true": "b"}),
            ("", None),
        ],
    )
    def test_core_schema(self, text, body):
        """
        Words mean what YAML 1.2 says: `on` is a word, dates are text, tags stay visible.
        """
        assert body == load(text.encode()).body

    @given(VALUES)
    def test_json_is_read_as_json(self, value):
        """
        Whatever JSON holds comes back as it was.
        """
        assert value == load_json(json.dumps(value).encode()).body

    def test_lines(self):
        """
        Every entry knows its line and column; documents of a stream know where they begin.
        """
        first, second = load_all(b"a:\n  - x: 1\n    y/z: 2\n---\nb: 3\n")

        assert {"/a": 1, "/a/0": 2, "/a/0/x": 2, "/a/0/y~1z": 3} == first.lines
        assert 5 == first.columns["/a/0/y~1z"]
        assert {"/b": 5} == second.lines


class TestLimits:
    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"a: b: c", "mapping values are not allowed"),
            (b"a: [1, 2", "did not find expected"),
            (b"a: *nowhere", "has no anchor"),
            (b"? [a]\n: b", "a collection as a mapping key"),
            (b"\xff\xfe", "not UTF-8"),
            (b"a: \x00", ""),
            (b"[" * (MAX_DEPTH + 1), "levels deep"),
            (b"- " * 500 + b"a", "levels deep"),
            (b"a" * (MAX_BYTES + 1), "bytes are more than"),
        ],
    )
    def test_refused(self, data, said):
        """
        Malformed, too deep or too large is an error with a line, never a crash.
        """
        with pytest.raises(FormatError) as caught:
            load(data)
        assert said in caught.value.reason
        assert caught.value.line >= 1

    def test_alias_bomb(self):
        """
        Aliases are shared, and what they would expand to counts.
        """
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]

        with pytest.raises(FormatError, match="once its aliases are expanded"):
            load("\n".join(lines).encode())

    @pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 100_000, b"{", b"[1,]", b"\xff", b'{"a": NaN x}'])
    def test_json_refused(self, data):
        """
        JSON that is none is an error as well.
        """
        with pytest.raises(FormatError):
            load_json(data)

    def test_a_key_twice(self):
        """
        Configuration refuses a key that stands twice; evidence takes the last.
        """
        assert {"a": 2} == load(b"a: 1\na: 2").body
        with pytest.raises(FormatError, match="key 'a' stands twice") as caught:
            load(b"a: 1\na: 2", unique_keys=True)
        assert 2 == caught.value.line

    @given(st.binary(max_size=200))
    def test_any_bytes(self, data):
        """
        Any bytes are read or refused.
        """
        for read in (load_all, load_json):
            with contextlib.suppress(FormatError):
                read(data)
