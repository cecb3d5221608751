"""Holds each format of tokens to what it finds, to what it leaves alone, and to bounded work."""

from __future__ import annotations

import base64
import hashlib
from random import Random
from typing import Any
from uuid import UUID

import pytest

from orchestrator.evidence.credentials import credentials
from orchestrator.evidence.tree import entry
from orchestrator.formats.tokens import SHAPES, Shape
from orchestrator.redaction import KINDS, find, looks_secret, redact
from tests.formats.making import made
from tests.formats.weighing import steps

IDS = {id(shape): f"{shape.kind}-{number}" for number, shape in enumerate(SHAPES)}
ROWS = [pytest.param(shape, id=IDS[id(shape)]) for shape in SHAPES]
BARE = b"(?<![A-Za-z0-9_-])"
"""How the pattern of a token begins that is part of no longer run."""
WHOLE = [pytest.param(shape, id=IDS[id(shape)]) for shape in SHAPES if shape.text.startswith(BARE)]
NAMED = [pytest.param(shape, id=IDS[id(shape)]) for shape in SHAPES if b"credential|_pat)" in shape.text]
STEPS = 200_000
"""How many steps may be taken at one place; the patterns before came to 110,000."""
MISSING = (
    *("1password", "airtable", "algolia", "anthropic", "asana", "atlassian", "azure", "binance", "bitbucket"),
    *("buildkite", "circleci", "clickup", "cloudflare", "codecov", "cohere", "coinbase", "confluent", "contentful"),
    *("crates", "databricks", "datadog", "digitalocean", "discord", "docker-hub", "doppler", "dynatrace", "fastly"),
    *("figma", "fly", "google", "grafana", "groq", "heroku", "hetzner", "huggingface", "intercom", "langsmith"),
    *("launchdarkly", "linear", "mailchimp", "mailgun", "mistral", "netlify", "new-relic", "notion", "npm", "nuget"),
    *("okta", "openai", "ovh", "paypal", "perplexity", "plaid", "planetscale", "postman", "pulumi", "pypi"),
    *("replicate", "rubygems", "scaleway", "segment", "sendgrid", "sentry", "shopify", "slack", "snyk", "sonar"),
    *("square", "stripe", "supabase", "tailscale", "teams", "telegram", "tencent", "terraform", "travis", "twilio"),
    *("typeform", "vault", "vercel", "wandb", "xai", "yandex", "zendesk", "adafruit", "alibaba", "braintree"),
    *("duffel", "easypost", "frameio", "gocardless", "firebase", "age", "wireguard", "json-web", "kubernetes"),
)


class Least(Random):
    """Takes the shortest way that there is."""

    def randint(self, a: int, b: int) -> int:
        return a


class Same(Random):
    """Takes the first of whatever there is to choose from, as those do who write ``xxxxxxxx``."""

    def choice(self, seq: Any) -> Any:
        return seq[0]


def example(shape: Shape, chance: Random) -> tuple[str, str]:
    """What *shape* matches, and the credential in it."""
    return made(shape.text.decode(), chance)


def kinds(text: str) -> set[str]:
    return {match.kind for match in find(f"# first\n{text}\n# last\n".encode())}


class TestRows:
    @pytest.mark.parametrize("shape", ROWS)
    def test_is_found_and_withheld(self, shape):
        """
        A token of each row is found between other lines, told quickly, and no part of it that says anything is kept.
        """
        for turn in range(3):
            text, secret = example(shape, Random(f"{shape.source} {turn}"))

            assert shape.kind in kinds(text)
            assert looks_secret(text.encode())
            assert secret not in redact(f"# first\n{text}\n# last\n")

    @pytest.mark.parametrize("shape", ROWS)
    def test_no_filling_is_found(self, shape):
        """
        What was filled with one and the same character stands in for a token.
        """
        assert shape.kind not in kinds(example(shape, Same(0))[0])

    @pytest.mark.parametrize("shape", ROWS)
    def test_no_example_is_found(self, shape):
        """
        A token that says of itself that it is an example is none.
        """
        text, secret = example(shape, Random(shape.source))
        for word in ("EXAMPLE", "example", "xxxxxxxx"):
            middle = min(len(secret) // 2, 100)
            said = secret[:middle] + word + secret[middle + len(word) :]
            found = shape.pattern.search(text.replace(secret, said).encode())

            assert found is None or shape.kind not in kinds(text.replace(secret, said))

    @pytest.mark.parametrize("shape", WHOLE)
    def test_neither_shorter_nor_part_of_more(self, shape):
        """
        One character less than the issuer writes, or one before it, and it is something else.
        """
        text = example(shape, Least(shape.source))[0]

        assert shape.kind in kinds(text)
        assert not any(known.pattern.fullmatch(text[:-1].encode()) for known in SHAPES if known is shape)
        assert not any(known.pattern.search(b"a" + text.encode()) for known in SHAPES if known is shape)

    @pytest.mark.parametrize("shape", NAMED)
    def test_no_other_name_makes_a_token(self, shape):
        """
        The same value given to an id, a reference to it, and a name of the program itself are not tokens.
        """
        secret = example(shape, Random(shape.source))[1]
        word = shape.words[0].decode().strip("_-")

        assert shape.kind not in kinds(f'{word}_account = "{secret}"')
        assert shape.kind not in kinds(f"{word}_api_key = get2{'FromTheEnvironment' * 3}{secret[:9]}(vault)")
        assert shape.kind not in kinds(f"{word}_api_key: ${{{{ secrets.{word.upper()}_API_KEY }}}}")

    @pytest.mark.parametrize("shape", ROWS)
    def test_work_at_a_place_is_bounded(self, shape):
        """
        A pattern is tried once at each of its words, looks back a known way, and takes no more than so many steps.
        """
        assert steps(shape.text) <= STEPS
        assert 0 <= shape.back <= 100
        assert min(map(len, shape.words)) >= 2

    @pytest.mark.parametrize(
        ("pattern", "at_least"),
        [
            (rb"a{0,900}a{0,900}b", STEPS),
            (rb"(?:a{1,90}b?){1,99}a{0,90}c", 90 * 99),
            (rb"[^\n]{0,900}?x{0,900}y", STEPS),
        ],
    )
    def test_what_is_bounded_tells_what_is_not(self, pattern, at_least):
        """
        Repeats that share a byte are weighed as the product that they are.
        """
        assert steps(pattern) > at_least


class TestSet:
    def test_names_where_each_row_is_from(self):
        """
        Each row says which rule of the maintained set it follows, or on which page the issuer says so; no row is twice.
        """
        assert all(s.source.startswith(("betterleaks.", "veles.secrets/", "https://")) for s in SHAPES)
        assert len(SHAPES) == len({(s.kind, s.text, s.back) for s in SHAPES})

    def test_says_whose_a_token_is(self):
        """
        The kind that says whose a token is stands when a name and a shape tell the same value equally surely.
        """
        value = hashlib.sha1(b"a token").hexdigest()

        assert {"wandb-key"} == kinds(f'WANDB_API_{"KEY"} = "{value}"')

    def test_most_rows_are_whole(self):
        """
        Rows of both sorts are there to be tested.
        """
        assert len(WHOLE) >= 190
        assert len(NAMED) >= 100

    def test_knows_many_providers(self):
        """
        Ninety were asked for.
        """
        assert len({shape.kind for shape in SHAPES}) >= 270
        assert {shape.kind for shape in SHAPES} <= set(KINDS)

    @pytest.mark.parametrize("provider", MISSING)
    def test_each_is_known_by_what_is_withheld_and_by_what_is_found(self, provider):
        """
        One list serves both: a token is withheld from a record, and found in a file of the tree as what it is.
        """
        shapes = [shape for shape in SHAPES if shape.kind.startswith(provider + "-")]

        assert shapes
        for shape in shapes:
            text, secret = example(shape, Random(shape.source))
            found = credentials(entry("deploy/settings.conf", len(text)), f"a\n{text}\nb\n".encode())

            assert secret not in redact(text)
            assert shape.kind in {credential.kind for credential in found}
            assert "low" not in {credential.confidence for credential in found if credential.kind == shape.kind}


class TestLookAlikes:
    def test_nothing_is_found_in_what_files_are_full_of(self):
        """
        Commits, digests, locks, images, versions and minified code hold no token, ten thousand lines of them.
        """
        chance = Random(11)
        lines = [line for _ in range(400) for line in look_alikes(chance)]

        assert len(lines) > 10_000
        assert [] == [
            (match.kind, line)
            for line in lines
            for match in find(f"a\n{line}\nb\n".encode())
            if match.kind in {shape.kind for shape in SHAPES}
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "AKIAIOSFODNN7" + "EXAMPLE",
            "sk_live_" + "x" * 24,
            "ghp_" + "0" * 36,
            "Authorization: Bearer <your-token>",
            "HEROKU_API_KEY=00000000-0000-0000-0000-000000000000",
            "export NETLIFY_AUTH_TOKEN=your-netlify-token-goes-here-please-1234",
            "docker swarm join --token SWMTKN-1-3pu6hszjas19xyp7ghgosyx9k8atbfcr8p2is99znpy26u2lkl-"
            + "7p73s1dx5in4tatdymyhg9hu2",
            "video_box.ico-7a388b69018576d24b59331fd60aab0c.png",
            "uses: cloudflare/wrangler-action@da0e0dfe58b7a431659754fdf3f186c529afbe65",
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        ],
    )
    def test_what_documents_show(self, text):
        """
        Samples that everybody knows, and names that merely begin like a token.
        """
        assert set() == kinds(text) & {shape.kind for shape in SHAPES}


def look_alikes(chance: Random) -> list[str]:
    """Lines as they stand in lock files, workflows, bundles and documents."""
    digest = hashlib.sha512(chance.randbytes(9)).digest()
    commit, mark, long = digest[:20].hex(), base64.b64encode(digest[:32]).decode(), base64.b64encode(digest).decode()
    name = str(UUID(bytes=digest[:16]))
    plain = long.replace("+", "x").replace("/", "y").rstrip("=")
    return [
        commit,
        name,
        f'"integrity": "sha512-{long}"',
        f"github.com/heroku/x v1.0.0 h1:{mark}",
        f"golang.org/x/oauth2 v0.0.1/go.mod h1:{mark}",
        f"image: registry.acme.com/datadog/agent@sha256:{digest[:32].hex()}",
        f"uses: twilio/deploy@{commit}",
        f"- uses: snyk/actions/node@{commit}  # v1",
        f'<img src="data:image/png;base64,{long * 3}">',
        f"url(data:font/woff2;base64,{plain * 4})",
        f'"etag": "{digest[:16].hex()}"',
        f"  resolved: https://codeload.github.com/segmentio/x/tar.gz/{commit}",
        f"ETag: {digest[:16].hex()}-us-east",
        f"sourceMappingURL=app.{digest[:10].hex()}.js",
        f"!function(e,t){{var n=t.pat{plain[:6]},r=e.sk,i=n.hf_{plain[:5]};r[i]=[{digest[0]},{digest[1]}]}}(a,b);",
        f'cloudflare_zone_id = "{digest[:16].hex()}"',
        f"okta_group_id: 00g{plain[:17]}",
        f"vault_mount_path = kv/{commit}",
        f"sentry release {commit}",
        f"Subproject commit {commit}",
        f"x-request-id: {name}",
        f"slack_channel_id: C{plain[:10].upper()}",
        f"stripe_price: price_{plain[:24]}",
        f"pk_live_{plain[:24]}",
        f"arn:aws:kms:eu-west-1:123456789012:key/{name}",
        f"azure subscription {name}",
        f"nuget content hash {long}",
    ]
