"""Holds redaction to work that grows with a text and with nothing else, whatever the text repeats."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from orchestrator.redaction import (
    _commands,
    _headers,
    _inline,
    _joined,
    _known,
    _personal,
    _redact,
    _shapes,
    _urls,
    redact,
    withholding,
)
from orchestrator.redaction._personal import _PHONE

UNITS = [
    *("cookie: ", "cookie=", "cookie: a=b; ", "cookie: ;a=", "cookie: a=bcdefg1; ", 'cookie:"\\"\\"', "--cookie "),
    *("authorization: ", "authorization=", "authorization: digest ", "authorization: digest a=bcdefgh, "),
    *("authorization: digest ${a} a=bcdefgh ", "authorization: bearer abcdef12 ", "set-cookie: ", "x-auth-", "x-auth="),
    *("x-api-key: ", "a-subscription-key: abcdefgh1 ", "curl ", "curl -u a:", "curl -u a:bcde ", "password=", "_pass"),
    *("password='x' ", "password: a\n", "A_TOKEN=abcdefgh1\n", "://a:b@ ", "https://abc:hunter1234@c.com/", "a://"),
    *("masterKey ", "eyJaaaaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "discord='"),
    *(
        "abcdefgh\nabcd",
        'abcdefgh""abcd',
        "joe@corp.com ",
        "a@a.",
        "4111 1111 1111 1111 ",
        "GB82 WEST ",
        " +1 1 1 1 1 1 1",
    ),
    *(
        "mysql ",
        "mysql -p",
        "mysql -u a ",
        "docker login -p x ",
        "curl -u ",
        "sshpass -p '",
        "htpasswd -b ",
        "chpasswd |",
    ),
    *("--password ", "--password=", "--token\n", '"--password", ', "- --token\n  - ", "identified by ", "PASSWORD '"),
    *(
        "a_key=",
        "x_token,",
        "?token=",
        "&code=",
        ";password=",
        "password;",
        "host= password=",
        "name: A_TOKEN\nvalue: ",
    ),
    *(
        'A_TOKEN", value',
        "DB_PASSWORD \n",
        "token || ",
        "secret: {",
        "://a:",
        "https://a1",
        "login a password ",
        "set A_KEY ",
    ),
    *("from-literal=", " pass:", "convertto-securestring ", "sqlplus a/", "vault write a=b ", "psk=\\\n", "token is "),
    *("[withheld iban, 3 characters] password='abcd1' ", "[withheld ", "access_key\n", "\\", "\\\\n", "'", "+", "a"),
]
BEGINNING = "password='q7Zk2Wm9' "
"""So that a text is worth a look in the first place."""
SHORT, LONG = 3_000, 12_000
LOOKED_AT = 120
"""How many bytes may be looked at for each of a text; four thousand are in reach of a header."""


class Counting:
    """A pattern that counts what it looks at."""

    def __init__(self, pattern: re.Pattern[bytes], counts: list[int]) -> None:
        self._pattern, self._counts = pattern, counts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)

    def _counted(self, found: re.Match[bytes] | None, start: int, end: int) -> re.Match[bytes] | None:
        self._counts[0] += 1 + max(0, (found.end() if found else end) - start)
        return found

    def search(self, data: bytes, start: int = 0, end: int = sys.maxsize) -> re.Match[bytes] | None:
        return self._counted(self._pattern.search(data, start, end), start, min(end, len(data)))

    def match(self, data: bytes, start: int = 0, end: int = sys.maxsize) -> re.Match[bytes] | None:
        return self._counted(self._pattern.match(data, start, end), start, start)

    def finditer(self, data: bytes, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[bytes]]:
        self._counts[0] += max(0, min(end, len(data)) - start)
        return self._pattern.finditer(data, start, end)


def operations(work: Callable[[], object]) -> int:
    """How many operations of the interpreter *work* takes in the redaction room."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        if "redaction" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def repeated(unit: str, size: int) -> str:
    return BEGINNING + (unit * (size // len(unit) + 1))[:size]


class TestGrowth:
    @pytest.mark.parametrize("unit", UNITS)
    def test_looks_at_no_part_of_a_text_over_and_over(self, unit, monkeypatch):
        """
        What patterns look at stays within a multiple of the text, although a header's value may be thousands long.
        """
        counts = [0]
        for module in (_commands, _headers, _inline, _joined, _known, _personal, _redact, _shapes, _urls):
            for name, value in vars(module).copy().items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, bytes):
                    monkeypatch.setattr(module, name, Counting(value, counts))
        with withholding(b"k", {"A_TOKEN": "Xq2Lm8Vc4Tz9s"}):
            redact(repeated(unit, LONG))

        assert 0 < counts[0] <= LOOKED_AT * LONG

    @pytest.mark.parametrize("unit", UNITS)
    def test_twice_the_text_is_twice_the_work(self, unit):
        """
        Whatever else is done for each find grows with their number alone.
        """
        first, second = (
            operations(lambda size=size: redact(repeated(unit, size)))  # type: ignore[misc]  # mypy sees no default
            for size in (SHORT // 2, SHORT)
        )

        assert 0 < second <= 2.3 * first + 500


class TestPatterns:
    @pytest.mark.parametrize("pattern", [_joined._ESCAPE, _known._ESCAPED])
    def test_a_run_of_backslashes_is_gone_over_once(self, pattern):
        """
        A run that leads nowhere is tried from its beginning alone, and nothing of it is given back.
        """
        assert pattern.pattern.startswith(rb"(?<!\\)\\++")

    def test_a_number_is_taken_apart_in_one_way(self):
        """
        Digits of a telephone number belong to the group that they stand in, so that no other division is tried.
        """
        assert not re.search(rb"\\d(?:[*+?]|\{\d+,\d*\})(?!\+)", _PHONE.pattern)
        assert [b"+49 (0)151 123456"] == [found.group() for found in _PHONE.finditer(b"call +49 (0)151 123456, now")]
