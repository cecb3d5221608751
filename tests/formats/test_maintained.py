"""Compares the formats of tokens with a set of rules that others maintain, installed as a package."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata
from random import Random
from typing import Any

import pytest
from kingfisher_sdk import Rules

from orchestrator.formats.tokens import HELD_AGAINST, SHAPES
from orchestrator.redaction import find, redact
from tests.formats.making import made

_KEY = r"""(?:[ \t\w.-]{0,20})[\s'"]{0,3}"""
"""How the rules write the rest of the name that a token is given to, what gives it, and where it ends."""
_GIVEN = r"""(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}"""
_END = r"""(?:\\?['"\x60]|[\s;]|\\[nr]|$)"""
NOT_TAKEN = {
    "no secret: an id, a host, an address or a key that is meant for everybody": {
        *("aikido-client-id", "algolia-application-id", "alibaba-sts-access-key-id", "artifactory-jfrog-url"),
        *("asana-client-id", "auth0-client-id.1", "auth0-domain.1", "azure-client-id", "azure-storage-account-name"),
        *("azure-tenant-id", "browserstack-username.1", "canva-client-id", "clickhouse-cloud-key-id"),
        *("cloudflare-account-id.1", "cloudinary-api-key", "cloudinary-cloud-name", "devcycle-client-sdk-key"),
        *("devcycle-mobile-sdk-key", "discord-client-id", "ebay-client-id", "exoscale-api-key"),
        *("flutterwave-public-key", "langfuse-public-key.1", "lark-app-id", "mongodb-atlas-service-account-id"),
        *("mux-access-token-id.1", "paypal-client-id.1", "planetscale-id", "plivo-auth-id", "polymarket-address"),
        *("posthog-project-api-key", "ramp-client-id", "salesforce-instance-url.1", "snowflake-account-host.1"),
        *("supabase-project-url", "tableau-personal-access-token-name.1", "tableau-server-host.1"),
        *("upstash-redis-rest-url.1", "hcpclientcredentials-client-id", "packagistorgreadtoken-repository"),
        *("packagistorgupdatetoken-repository", "miro-client-id"),
    },
    "no word to search for, or one that stands in every other line; told by the name that it is given to": {
        *("brave-search-api-key", "ionic-personal-access-token", "octopus-deploy-api-key", "resend-api-key.1"),
        *("voyageai-api-key", "zai-api-key", "kimi-api-key", "facebook-access-token", "twilio-api-key"),
    },
    "as good a name in a program as a token": {"proof-full-access-api-key", "thunderstore-api-token.1"},
    "told by structure, not by shape": {
        *("curl-auth-header", "curl-auth-user", "kubernetes-secret-yaml", "gcp-application-default-credentials"),
        *("private-key", "nuget-config-password", "bitwardenoauth2access", "generic-credential-uri"),
        *("hashicorp-tf-password", "mongodb-connection-string", "bitbucketcredentials", "codecatalystcredentials"),
        "codecommitcredentials",
    },
    "may stand lines away from the name that it is given to": {
        *("amplitude-secret-key", "bitly-access-token", "cloudinary-api-secret", "aws-session-token"),
        *("cloudflareapitoken", "freemius-secret-key", "couchbase-capella-api-key", "influxdb-api-token"),
    },
    "wider than what is issued": {
        *("deepseek-api-key", "jwt", "jwt-base64", "gitlab-incoming-mail-address-token", "postmanapikey"),
        *("sendgrid-api-token", "slack-app-token", "slack-config-access-token", "square-access-token"),
        *("slackappleveltoken", "openrouter"),
    },
    "says a name and two values at once": {
        *("azure-app-configuration-connection-string", "azure-servicebus-connection-string", "etsy-open-api-key"),
        *("aws-amazon-bedrock-api-key-short-lived", "canadian-digital-service-notify-api-key"),
        "sonar-api-token",
    },
}
LEFT_OUT = {name for names in NOT_TAKEN.values() for name in names}


@cache
def rules() -> dict[str, dict[str, Any]]:
    """Every rule of the set by its name; nothing is written to a cache, and nothing is asked over a network."""
    loaded = Rules(confidence="low", cache=False)
    return {rule["id"]: loaded.detail(rule["id"]) for rule in loaded.metadata()}


def plain(pattern: str) -> str:
    """A rule's pattern as Python writes it, with the name that a token is given to as people do."""
    text = pattern.replace(_KEY, "_api_key").replace(_GIVEN, ' = "').replace(_END, '"')
    text = text.replace("[[:alnum:]]", "[A-Za-z0-9]").replace(r"\z", r"\Z")
    return _scoped(text)


def _scoped(pattern: str) -> str:
    """``(?i)`` in the middle holds to the end of its group, which Python writes as ``(?i:…)``."""
    parts: list[str] = []
    opened = [0]
    for piece in re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?-?[a-z]+\)|.", pattern, re.DOTALL):
        if switch := re.fullmatch(r"\(\?(-?[a-z]+)\)", piece):
            opened[-1] += 1
            piece = f"(?{switch[1]}:"
        elif piece == "(":
            opened.append(0)
        elif piece == ")":
            piece = ")" * (opened.pop() + 1)
        parts.append(piece)
    return "".join(parts) + ")" * opened[0]


class TestMaintained:
    def test_is_the_set_that_the_rows_say(self):
        """
        What the rows were last held against is what is installed; a newer set is a reason to look at them again.
        """
        name, version = HELD_AGAINST.split()

        assert version == metadata.version(name)
        assert len(rules()) >= 480

    def test_every_source_exists(self):
        """
        A row that names a rule of the set names one that is there.
        """
        named = {shape.source for shape in SHAPES if not shape.source.startswith("https://")}

        assert len(named) >= 230
        assert set() == named - rules().keys()

    def test_what_was_left_out_exists(self):
        """
        No reason outlives the rule that it was given for.
        """
        assert set() == LEFT_OUT - {name.split(".", 1)[-1].removeprefix("secrets/") for name in rules()}

    def test_a_token_of_every_other_rule_is_withheld(self):
        """
        What any rule of the set tells by its own shape, or by the name that it is given to, never reaches a record.
        """
        kept = []
        for name, rule in rules().items():
            if name.split(".", 1)[-1].removeprefix("secrets/") in LEFT_OUT:
                continue
            text, secret = made(plain(rule["pattern"]), Random(name))
            if secret.strip("\"'\n") in redact(f"line\n{text}\nline\n"):
                kept.append((name, text[:80]))

        assert [] == kept

    @pytest.mark.parametrize("provider", ["airtable", "figma", "groq", "notion", "pulumi", "replicate", "supabase"])
    def test_what_it_tells_is_found_by_kind(self, provider):
        """
        A token that the set's own pattern makes is found as what it is.
        """
        for shape in SHAPES:
            rule = rules().get(shape.source)
            if rule is None or not shape.kind.startswith(provider) or shape.source.endswith("header-token"):
                continue
            text = made(plain(rule["pattern"]), Random(provider)).text

            assert shape.kind in {match.kind for match in find(f"a\n{text}\nb\n".encode())}
