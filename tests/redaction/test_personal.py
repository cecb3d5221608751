"""Checks that data about people is withheld, and that contacts and roles are not."""

from __future__ import annotations

import pytest

from orchestrator.redaction import looks_secret, redact, redacted, withholding

# Published test numbers; put together here, so that no line of this file is one.
PEOPLE = [
    ("payment-card-number", "4111 1111" + " 1111 1111"),
    ("payment-card-number", "55555555" + "55554444"),
    ("payment-card-number", "3782-822463" + "-10005"),
    ("iban", "GB82 WEST 1234" + " 5698 7654 32"),
    ("iban", "DE8937040044" + "0532013000"),
    ("social-security-number", "123-45" + "-6789"),
    ("e-mail-address", "ann.smith" + "@acme.com"),
    ("e-mail-address", "4217+ann" + "@users.noreply.github.com"),
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


class TestIntegers:
    CARD = 4_111_111_111_111_111

    def test_a_card_that_is_no_text_in_a_manifest(self):
        """
        A fact that holds a manifest as it is typed does not take a card's number into the record.
        """
        fact = {"body": {"env": [{"name": "CARD", "value": self.CARD}], "limits": [self.CARD, 2**40]}, "line": 3}

        said = redacted(fact)

        assert str(self.CARD) not in str(said)
        assert {"env": [{"name": "CARD", "value": STUB}], "limits": [STUB, 2**40]} == said["body"]
        assert 3 == said["line"]

    @pytest.mark.parametrize("number", [CARD + 1, 10**15, 10**30, True, -CARD, 1_763_700_000_000_000])
    def test_another_number_stays(self, number):
        """
        Sizes, times and counters stay numbers.
        """
        assert [number] == redacted([number])

    def test_it_is_looked_for(self):
        """
        JSON with such a number in it is worth a look.
        """
        assert looks_secret(b'{"value":%d}' % self.CARD)


STUB = "[withheld payment-card-number, 16 characters]"
