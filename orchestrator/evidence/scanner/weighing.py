"""Says what a find of the rules of others is worth: which rules name no secret, and which are told by structure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...formats.tokens import Confidence
from ...redaction import Match, is_sample, varied
from .hit import Hit

NO_SECRET = frozenset(
    {
        *("aikido-client-id", "algolia-application-id", "alibaba-access-key-id", "alibaba-sts-access-key-id"),
        *("artifactory-jfrog-url", "asana-client-id", "auth0-client-id", "auth0-domain", "azure-client-id"),
        *("azure-storage-account-name", "azure-tenant-id", "browserstack-username", "canva-client-id"),
        *("clickhouse-cloud-key-id", "cloudflare-account-id", "cloudinary-api-key", "cloudinary-cloud-name"),
        *("devcycle-client-sdk-key", "devcycle-mobile-sdk-key", "discord-client-id", "ebay-client-id"),
        *("exoscale-api-key", "flutterwave-public-key", "langfuse-public-key", "lark-app-id", "linkedin-client-id"),
        *("lob-pub-api-key", "looker-client-id", "messagebird-client-id", "miro-client-id"),
        *("mongodb-atlas-service-account-id", "mux-access-token-id", "paypal-client-id", "plaid-client-id"),
        *("planetscale-id", "plivo-auth-id", "polymarket-address", "posthog-project-api-key", "ramp-client-id"),
        *("salesforce-instance-url", "snowflake-account-host", "sumologic-access-id", "supabase-project-url"),
        *("tableau-personal-access-token-name", "tableau-server-host", "upstash-redis-rest-url"),
        *("hcpclientcredentials-client-id", "packagistorgreadtoken-repository", "wiz-client-id", "zoho-client-id"),
        *("packagistorgupdatetoken-repository", "packagistsecret-api-key"),
    }
)
"""Rules for an id, a host, an address or a key that is meant for everybody."""
BY_STRUCTURE = frozenset(
    {
        *("bitbucketcredentials", "codecatalystcredentials", "codecommitcredentials", "curl-auth-header"),
        *("curl-auth-user", "gcp-application-default-credentials", "generic-credential-uri", "hashicorp-tf-password"),
        *("jwt-base64", "kubernetes-secret-yaml", "mongodb-connection-string", "nuget-config-password"),
        *("sidekiq-secret", "sidekiq-sensitive-url"),
    }
)
"""
Rules for what anybody can make or choose, such as a password in an address.

What is told by structure gonogo tells itself; where it says nothing of such a find, that is worth a look and no more.
"""


OWN = frozenset({"jwt", "private-key"})
"""Rules for what gonogo reads itself, which tells fillers from keys and reads what a token says of itself."""


def kind(rule: str) -> str:
    """What a find of *rule* is called: ``github-pat``."""
    return re.sub(r"\.\d+$", "", rule.rpartition("/")[2].partition(".")[2] or rule.rpartition("/")[2])


def is_issued(rule: str) -> bool:
    """Whether what *rule* finds was given out by somebody, so that it may open something wherever it stands."""
    return kind(rule) not in BY_STRUCTURE | OWN


def weighed(hits: Iterable[Hit], text: bytes) -> list[tuple[Match, str]]:
    """The finds that say something of *text*, each with its rule; documented samples and public ids are left out."""
    found = []
    for hit in hits:
        name = kind(hit.rule)
        value = text[hit.start : hit.end]
        if name in NO_SECRET | OWN or not value or is_sample(value[:200]) or not varied(value[-40:]):
            continue
        if _REPEATED.match(text, hit.end) or _REPEATED.search(value):
            continue
        confidence: Confidence = "low" if name in BY_STRUCTURE else "high" if hit.sure else "medium"
        found.append((Match(name, hit.start, hit.end, confidence), hit.rule))
    return found


_REPEATED = re.compile(rb"(?:\[[^\]\n]{1,60}\]|\\[wdSh])(?:\{\d{1,5}|\+(?:[\s\"'`?)$]|\Z))")
"""A class of characters, and how often one of them comes: what stands before it is a pattern's, and opens nothing."""
_VECTORS = re.compile(
    rb"\[\[rules\]\]|\bRuleID\s{0,20}[:=]|\bsecret_type\s{0,5}=|\bdenylist\s{0,5}=|"
    rb"^rules:\s{0,200}- (?:name|id):|\brule_id\b",
    re.MULTILINE,
)
_PATTERNS = re.compile(
    rb"\bre\.compile\(|\bregexp?\.|\bRegex\s{0,20}[:=]|^\s{0,40}(?:-\s{0,5})?(?:regex|pattern)\s{0,20}[:=]", re.M
)


def is_rules(text: bytes) -> bool:
    """Whether *text* is a rule of a scanner for secrets, beside which stand made ones that it has to find."""
    return _VECTORS.search(text) is not None and _PATTERNS.search(text) is not None
