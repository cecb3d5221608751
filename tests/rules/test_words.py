"""Words of people cost something: a name, a reason of their own, an end, and a criterion that asks for them."""

from __future__ import annotations

from datetime import date

import pytest

from orchestrator.catalogue.loader import catalogue
from orchestrator.config import parse
from orchestrator.errors import ConfigError
from orchestrator.rules import check_words

TODAY = date(2026, 11, 29)
GOOD = "Two people a shift stand in the rota through March."


def check(*said: str, kind: str = "attestations") -> None:
    text = f"{kind}:\n" + "".join(f"  - {{{row}}}\n" for row in said)
    check_words(parse(text.encode()), catalogue(), TODAY)


def refused(*said: str, kind: str = "attestations") -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        check(*said, kind=kind)
    return caught.value


def row(
    criterion: str = "OBS-4.3.4", owner: str = "lee@example.com", reason: str = GOOD, expires: str = "2027-03-01"
) -> str:
    return f"criterion: {criterion}, owner: {owner!r}, reason: {reason!r}, expires: {expires}"


@pytest.mark.parametrize("kind", ["attestations", "waivers"])
class TestEach:
    def test_good(self, kind):
        """
        A word with an owner, a reason and an end within 180 days stands; so does one that has run out.
        """
        check(
            row(),
            row("OBS-4.3.5", reason="The drill of 12 November reached the phone.", expires="2025-01-01"),
            kind=kind,
        )
        check(row(expires="2027-05-28"), row("OBS-4.3.5", reason="当番表は三月末まで二人で埋まっている"), kind=kind)

    @pytest.mark.parametrize("owner", ["", " ", "-", "x", "?"])
    def test_owner(self, kind, owner):
        """
        Nobody's word is none.
        """
        assert "has no owner" in refused(row(owner=owner), kind=kind).what

    @pytest.mark.parametrize(
        "reason", ["", "x", "seen", "ok", "...", "xxxxxxxxxxxxxxxx", "seen seen seen", "1234567890 12"]
    )
    def test_reason(self, kind, reason):
        """
        A reason says something.
        """
        error = refused(row(reason=reason), kind=kind)

        assert "gives no reason" in error.what
        assert "in a sentence" in error.remedy

    @pytest.mark.parametrize("expires", ["2027-05-29", "2999-01-01", "9999-12-31"])
    def test_end(self, kind, expires):
        """
        No word lasts longer than 180 days; the message names the last day.
        """
        error = refused(row(expires=expires), kind=kind)

        assert "longer than 180 days" in error.what
        assert "2027-05-28" in error.remedy

    @pytest.mark.parametrize(
        ("one", "other"),
        [(GOOD, GOOD), (GOOD, GOOD.upper()), ("Seen OBS-4.3.4 work, run 12.", "seen OBS-4.3.5 work;  run 13")],
    )
    def test_copied(self, kind, one, other):
        """
        The same reason for two criteria is the reason of neither, whatever numbers and ids stand in it.
        """
        error = refused(row(reason=one), row("OBS-4.3.5", reason=other), kind=kind)

        assert "OBS-4.3.5 has the reason of" in error.what
        assert "readiness.yaml:3:" in error.where


def test_all_at_once():
    """
    Everything that is wrong with every word is told in one go, each at its place.
    """
    error = refused(row(owner="", reason="x", expires="2999-01-01"), row("OBS-4.3.5", owner="-"))

    assert 4 == len([error, *error.others])


def test_only_where_a_word_decides():
    """
    What a person cannot know by looking is not theirs to state; a risk of it they can still take.
    """
    error = refused(row("SEC-2.1.5"))

    assert "SEC-2.1.5 is not decided by a person's word" in error.what
    assert "what decides it" in error.remedy
    check(row("SEC-2.1.5"), kind="waivers")
