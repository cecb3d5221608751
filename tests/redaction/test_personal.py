"""This is where it is checked that data about people is withheld, and that contacts and roles are not."""

from __future__ import annotations

import pytest

from orchestrator.redaction import redact, withholding

# Published test numbers; put together here, so that no line of this file is one.
PEOPLE = [
    ("payment-card-number", "4111 1111" + " 1111 1111"),
    ("payment-card-number", "55555555" + "55554444"),
    ("payment-card-number", "3782-822463" + "-10005"),
    ("iban", "GB82 WEST 1234" + " 5698 7654 32"),
    ("iban", "DE8937040044" + "0532013000"),
    ("social-security-number", "123-45" + "-6789"),
    ("e-mail-address", "ann.smith" + "@acme.com"),
    ("phone-number", "+44 20 7946" + " 0958"),
    ("phone-number", "+4930" + "901820123"),
]
NOBODY = [
    "4111 1111" + " 1111 1112",  # its last digit does not hold
    "id 41111111" + "111111110000",
    "0.41111111" + "11111111",
    "GB83 WEST 1234" + " 5698 7654 32",
    "000-45-6789 and 1-123-45-6789",
    "security@acme.com, on-call@acme.com, noreply@acme.com",
    "ann@example.com",
    "git clone git@github.com:acme/shop.git",
    "https://ann@git.acme.com/shop",
    "actions/checkout@v4 lodash@4.17.21 nginx@sha256:9f86d081884c7d65",
    "return this@MainActivity.applicationContext",
    "1.0.0+20130313144700 2026-01-01T00:00:00+0000 (+12, -3)",
    "call +1 212 555 0123",
]


class TestPersonal:
    @pytest.mark.parametrize(("kind", "text"), PEOPLE)
    def test_withheld(self, kind, text):
        """
        Each kind is withheld within a line, and the rest of the line stays.
        """
        said = redact(f"customer {text}, paid")

        assert f"customer [withheld {kind}, {len(text)} characters], paid" == said
        assert said == redact(said)

    @pytest.mark.parametrize("text", NOBODY)
    def test_what_is_about_nobody_stays(self, text):
        """
        Numbers whose check digits do not hold, roles, reserved domains, places and versions are evidence.
        """
        assert text == redact(text)

    def test_contacts_that_the_release_names_stay(self):
        """
        Whoever stands in readiness.yaml or CODEOWNERS stands there to be seen; a card's number never does.
        """
        card = PEOPLE[0][1]
        with withholding() as kept:
            kept.name_contacts(f"owner: Ann.Smith@acme.com, +44 20 7946 0958, {card}".encode())
            said = redact(f"ann.smith@acme.com +442079460958 bob.jones@acme.com {card}")

        assert said.startswith(
            "ann.smith@acme.com +442079460958 [withheld e-mail-address, 18 characters] [withheld pay"
        )
