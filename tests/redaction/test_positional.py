"""Checks that a credential is told by its place among arguments, and withheld there."""

from __future__ import annotations

import pytest

from orchestrator.redaction import drawn, redact
from orchestrator.redaction._positional import positional

TOKEN = "aZ3kQ9xW7bV2" + "mN8cR5tY1uJ6hF4g"
PASSWORD = "k3Jx9" + "QwzLm7Tb2Vn"


def values(text: str) -> list[str]:
    data = text.encode()
    return [data[match.start : match.end].decode() for match in positional(data)]


class TestPositional:
    @pytest.mark.parametrize(
        "text",
        [
            f"client = Client('mail', '{TOKEN}')",
            f'new MailClient(\n    host,\n    "{TOKEN}",\n)',
            f"Sdk(`{TOKEN}`)",
            f"connect(os.getenv('HOST'), 5432, '{TOKEN}')",
        ],
    )
    def test_what_is_drawn_by_chance(self, text):
        """
        A client is given a token, in whatever place, and nobody quotes it.
        """
        assert [TOKEN] == values(text)
        assert TOKEN not in redact(text)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"smtp.login('robot', '{PASSWORD}')", [PASSWORD]),
            (f'req.SetBasicAuth("robot", "{PASSWORD}")', [PASSWORD]),
            (f"smtp.login('{PASSWORD}')", []),
            (f"Client('mail', '{PASSWORD}')", []),
            ("login('robot', 'password')", []),
            ("getConnection('jdbc:x://h/d', 'app', 'db-1.internal:5432')", []),
        ],
    )
    def test_what_is_chosen(self, text, expected):
        """
        A login has a password behind its name; anything else may be given a word that looks like one.
        """
        assert expected == values(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Client('OrderServiceClientFactoryV2Beta')",
            "Client('https://api.x.io/v1/Orders2024Prod')",
            "Client('cache-01.prod.internal:6379')",
            "Client('your-token-goes-here-A1')",
            f"print('mail', '{TOKEN}')",
            f"Client(a) and f('{TOKEN}')",
            f"Client(1, 2, 3, 4, 5, 6, '{TOKEN}')",
        ],
    )
    def test_what_is_none(self, text):
        """
        A name, an address, a sample and what other calls are given say nothing.
        """
        assert [] == values(text)

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (TOKEN, True),
            (TOKEN[:20], True),
            (TOKEN[:19], False),
            (TOKEN.lower(), False),
            ("OrderServiceClientFactoryV2Beta", False),
            ("6f9619ff-8b86-d011-b42d-00c04fc964ff", False),
        ],
    )
    def test_drawn(self, value, expected):
        """
        Twenty signs of three kinds that change by chance are drawn by a machine.
        """
        assert expected == drawn(value.encode())
