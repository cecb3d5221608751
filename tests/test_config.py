"""`readiness.yaml` is read as it is meant, or refused with every mistake at its place."""

from __future__ import annotations

from datetime import date

import pytest

from orchestrator.config import parse
from orchestrator.errors import ConfigError


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse(text.encode())
    return caught.value


class TestParse:
    def test_nothing_is_the_default(self):
        """
        No file and an empty file change nothing.
        """
        assert parse(None).config == parse(b"").config == parse(b"# only a comment\n").config

    def test_statements(self):
        """
        Waivers and attestations carry who speaks, why, of which day, a link and an end; those of before are read too.
        """
        text = (
            "waivers:\n  - {criterion: SEC-2.2.1, who: d, reason: r, on: 2027-01-02, link: l, expires: 2027-01-31}\n"
            "attestations:\n  - {criterion: SEC-2.2.1, owner: d, reason: r, expires: 2027-01-31}\n"
        )
        read = parse(text.encode()).config
        (waiver,), (old,) = read.waivers, read.attestations

        assert ("SEC-2.2.1", "d", "r", "l") == (waiver.criterion, waiver.who, waiver.reason, waiver.link)
        assert (date(2027, 1, 2), date(2027, 1, 31)) == (waiver.on, waiver.expires)
        assert ("d", "") == (old.owner, old.who)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                "polciy: {}",
                "unknown key 'polciy'\n  --> readiness.yaml:1:1\n help: did you mean 'policy'? known here: agents, "
                "allow, attestations, exclude, issuers, people, policy, profile, release, targets, thresholds, "
                "version, waivers, workflow",
            ),
            (
                "profile:\n  databse: yes",
                "unknown profile fact 'databse'\n  --> readiness.yaml:2:3\n help: did you mean 'database'?",
            ),
            (
                "profile: {kind: app}",
                "kind 'app' is not known\n  --> readiness.yaml:1:11\n"
                " help: one of service, frontend, library, cli, static-site, infrastructure, mobile",
            ),
            (
                "profile: {database: perhaps}",
                "profile fact 'database' is 'perhaps'\n  --> readiness.yaml:1:11\n help: say yes, no or unknown",
            ),
            ("version: 2", "'version': version 2 is not known; this is gonogo's version 1\n  --> readiness.yaml:1:1"),
            ("- a", "the file must be a mapping of keys to values\n  --> readiness.yaml:1:1"),
            ("a: [", "did not find expected node content\n  --> readiness.yaml:2:1"),
            (
                "thresholds: {score: 120}",
                "'thresholds.score': Input should be less than or equal to 100\n  --> readiness.yaml:1:14",
            ),
        ],
    )
    def test_mistakes(self, text, said):
        """
        A mistake is one message with its place and, for a name, the nearest one.
        """
        assert said == str(refused(text))

    def test_all_at_once(self):
        """
        Every mistake is named in one go.
        """
        first = refused("waivers:\n  - {who: d, reason: r, expired: 2027-01-01}\n")

        assert ["'waivers.0.criterion' is missing", "unknown key 'waivers.0.expired'"] == [
            error.what for error in (first, *first.others)
        ]
