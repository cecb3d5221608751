"""Checks the rules of others: which set it is, from when, what its finds are worth, and what becomes of a failure."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import metadata

import pytest

from orchestrator.evidence import apart as processes
from orchestrator.evidence.scanner import apart, ruleset, weighing
from orchestrator.evidence.scanner.hit import Hit

TODAY = date(2026, 11, 30)
GITHUB = "ghp" + "_aZ3kQ9xW7bV2mN8cR5tY1uJ6hF4gD0sLpEoi"


class TestRuleset:
    def test_says_which_it_is(self):
        """
        The set has a name, a version, a day and a number of rules, and its word counts.
        """
        about = ruleset.loaded(date.fromisoformat(ruleset.released_on())).about

        assert (ruleset.PACKAGE, metadata.version(ruleset.PACKAGE), "") == (about.name, about.version, about.lacking)
        assert about.rules > 480
        assert about.released >= "2026-10-20"

    @pytest.mark.parametrize(("days", "counts"), [(0, True), (548, True), (549, False)])
    def test_grows_old(self, days, counts):
        """
        After eighteen months nothing passes on its word.
        """
        assert counts == (not ruleset.lacking((TODAY - timedelta(days=days)).isoformat(), TODAY))

    def test_a_day_that_nobody_knows(self):
        """
        A set that does not say when it was made counts as one that is too old.
        """
        assert "does not say when it was released" == ruleset.lacking("", TODAY)

    def test_is_not_installed(self, monkeypatch):
        """
        Without the package nothing is found, and the set says so.
        """
        monkeypatch.setattr(ruleset, "PACKAGE", "no-such-scanner")
        rules = ruleset.loaded(TODAY)

        assert ("no-such-scanner", "", "is not installed") == (
            rules.about.name,
            rules.about.version,
            rules.about.lacking,
        )
        assert [] == rules.scan(GITHUB.encode())

    @pytest.mark.parametrize(
        "text",
        [
            f'TOKEN = "{GITHUB}"'.encode(),
            f"é € {GITHUB}".encode(),
            b"\xff" + GITHUB.encode(),
        ],
    )
    def test_names_the_place_in_bytes(self, text):
        """
        A hit is where its secret stands, whatever letters stand before it.
        """
        (hit,) = ruleset.loaded(TODAY).scan(text)

        assert ("betterleaks.github-pat", GITHUB.encode(), True) == (hit.rule, text[hit.start : hit.end], hit.sure)


class TestApart:
    def test_finds_the_same(self):
        """
        What the process says is what the rules say.
        """
        text = f"a: {GITHUB}\n".encode()

        assert ruleset.loaded(TODAY).scan(text) == apart.SCANNING.hits(text)
        assert ruleset.PACKAGE == apart.SCANNING.about().name

    def test_is_begun_anew_after_its_end(self):
        """
        A process that has ended costs nothing but the next one.
        """
        scanning = apart.Scanning()
        scanning.hits(b"x")
        scanning.end()

        assert 1 == len(scanning.hits(GITHUB.encode()) or ())
        scanning.end()

    def test_a_process_that_ends_too_early_has_read_nothing(self, monkeypatch):
        """
        Without an answer a file counts as unread; after some of them nobody asks any more.
        """
        scanning = apart.Scanning()
        monkeypatch.setattr(processes, "command", lambda module: ["false"])

        assert [None] * 7 == [scanning.hits(b"x") for _ in range(7)]
        assert "cannot be started" == scanning.about().lacking


class TestWeighing:
    @pytest.mark.parametrize(
        ("rule", "kind"),
        [
            ("betterleaks.github-pat", "github-pat"),
            ("betterleaks.cloudflare-api-key.1", "cloudflare-api-key"),
            ("veles.secrets/sendgrid", "sendgrid"),
        ],
    )
    def test_what_a_find_is_called(self, rule, kind):
        """
        A kind is what the set calls its rule, without whose rule it was and which of several.
        """
        assert kind == weighing.kind(rule)

    @pytest.mark.parametrize(
        ("rule", "sure", "confidence"),
        [
            ("betterleaks.github-pat", True, "high"),
            ("betterleaks.discord-api-token", False, "medium"),
            ("betterleaks.generic-credential-uri", True, "low"),
            ("betterleaks.curl-auth-user", True, "low"),
            ("betterleaks.messagebird-client-id", True, None),
            ("betterleaks.private-key", True, None),
            ("betterleaks.jwt", True, None),
        ],
    )
    def test_what_it_is_worth(self, rule, sure, confidence):
        """
        A name of an issuer is sure; what anybody can choose is worth a look; an id is nothing.
        """
        text = GITHUB.encode()
        found = weighing.weighed([Hit(rule, 0, len(text), sure)], text)

        assert ([] if confidence is None else [confidence]) == [match.confidence for match, _ in found]

    @pytest.mark.parametrize("value", ["AKIA" + "IOSFODNN7EXAMPLE", "ghp_" + "a" * 36, ""])
    def test_a_sample_is_none(self, value):
        """
        What is published as a sample, and what is a filler, is no credential whatever rule names it.
        """
        text = value.encode()

        assert [] == weighing.weighed([Hit("betterleaks.github-pat", 0, len(text), True)], text)

    @pytest.mark.parametrize(
        ("after", "counts"),
        [
            (b"[A-Za-z0-9+/=]{40,4000}", False),
            (b"[a-z0-9]+$", False),
            (rb"\w{36}", False),
            (b"[0]", True),
            (b'", "admin"', True),
            (b"", True),
        ],
    )
    def test_what_stands_in_a_pattern_opens_nothing(self, after, counts):
        """
        What stands before a class of characters and its number begins a pattern; an index or a quote tells nothing.
        """
        value = b"bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29tq7"
        hit = Hit("betterleaks.aws-amazon-bedrock-api-key-short-lived", 0, len(value), True)

        assert counts == bool(weighing.weighed([hit], value + after))

    def test_every_rule_that_is_told_apart_exists(self):
        """
        No exception outlives its rule.
        """
        scanner, _ = ruleset._scanner()
        known = {weighing.kind(rule["id"]) for rule in scanner.rules.metadata()}

        assert set() == (weighing.NO_SECRET | weighing.BY_STRUCTURE | weighing.OWN) - known

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("[[rules]]\nid = \"aws\"\nregex = '''AKIA[A-Z0-9]{16}'''\n", True),
            ('r := config.Rule{\n  RuleID: "aws",\n  Regex: regexp.MustCompile(`AKIA`),\n}\n', True),
            ("class Aws(RegexBasedDetector):\n    secret_type = 'AWS'\n    denylist = (re.compile('AKIA'),)\n", True),
            ("rules:\n  - name: aws\n    pattern: AKIA\n", True),
            ("import re\n\nNAME = re.compile('[a-z]+')\nTOKEN = 'x'\n", False),
            ("rule_id: 4\ntoken: x\n", False),
        ],
    )
    def test_a_rule_of_a_scanner(self, text, expected):
        """
        A rule has an id of its kind and a pattern; one of the two alone makes none.
        """
        assert expected == weighing.is_rules(text.encode())
