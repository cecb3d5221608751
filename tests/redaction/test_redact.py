"""Checks that credentials are found, that placeholders are not, and that records hold neither."""

from __future__ import annotations

import base64
import time
from random import Random

import pytest

from orchestrator.formats.tokens import SHAPES
from orchestrator.redaction import KINDS, find, fingerprint, looks_secret, redact
from tests.formats.making import made

HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
MIXED = "q7Zk2Wm9Xc4Vb8Nt5Rj1Hg6Fd3Ls0PyTuEaQoIiKxCwBnMzAsDfGhJkLpOyUtRe" * 6
UPPER = "Q7ZK2WM4XC5VB3NT6RJ2HG7FD4LSPYTUEAQOIKXCWBNMZ"
DIGITS = "7391846205918273"


def _pem(kind: str) -> str:
    return f"-----BEGIN {kind}" + " KEY-----\n" + f"{MIXED[:64]}\n{MIXED[5:69]}\n-----END {kind}" + " KEY-----\n"


# Put together here, so that no line of this file is a credential.
SAMPLES: dict[str, list[str]] = {
    "aws-access-key": ["AKI" + "A" + UPPER[:16].replace("0", "A"), "key: ASI" + "A" + UPPER[3:19]],
    "aws-secret-key": ["aws_secret_access_" + f"key = {MIXED[:40]}", "AWS_SECRET_ACCESS_" + f"KEY='{MIXED[3:43]}'"],
    "google-api-key": ["AIz" + "a" + MIXED[:35]],
    "google-service-account": ['"private_key_' + f'id": "{HEX[:40]}"'],
    "google-oauth-secret": ["GOCS" + "PX-" + MIXED[:28]],
    "google-oauth-token": ["ya2" + "9." + MIXED[:60]],
    "firebase-server-key": ["AAA" + "A" + MIXED[:7] + ":APA" + "91b" + MIXED[:134]],
    "data-protection-key": [f"<masterKey p4:requiresEncryption='true'>\n  <value>{MIXED[:64]}==</value>\n</masterKey>"],
    "azure-storage-key": ["DefaultEndpointsProtocol=https;AccountName=a;Account" + f"Key={MIXED[:86]}=="],
    "azure-shared-access-key": ["Endpoint=sb://a;SharedAccess" + f"Key={MIXED[:43]}="],
    "azure-client-secret": ["x = " + MIXED[:3] + "8Q" + "~" + MIXED[:33]],
    "github-token": ["gh" + "p_" + MIXED[:36], "github_" + "pat_" + MIXED[:82]],
    "gitlab-token": ["glp" + "at-" + MIXED[:20]],
    "slack-token": ["xox" + f"b-{DIGITS[:12]}-{DIGITS[:12]}-{MIXED[:24]}"],
    "slack-webhook": ["https://hooks.slack" + f".com/services/T{UPPER[:8]}/B{UPPER[3:11]}/{MIXED[:24]}"],
    "discord-webhook": ["https://discord.com/api/web" + f"hooks/{DIGITS}12/{MIXED[:68]}"],
    "discord-token": ["DISCORD_BOT" + f": M{MIXED[:23]}.{MIXED[:6]}.{MIXED[:27]}"],
    "telegram-token": [DIGITS[:10] + ":A" + "A" + MIXED[:33]],
    "stripe-key": ["sk_" + "live_" + MIXED[:24], "rk_" + "live_" + MIXED[:24]],
    "stripe-test-key": ["sk_" + "test_" + MIXED[:24]],
    "stripe-webhook-secret": ["whs" + "ec_" + MIXED[:32]],
    "square-token": ["sq0" + "atp-" + MIXED[:22]],
    "braintree-token": ["access_token$" + f"production${HEX[:16]}${HEX[:32]}"],
    "shopify-token": ["shp" + "at_" + HEX[:32]],
    "twilio-key": ["twi" + f"lio_auth: {HEX[:32]}"],
    "sendgrid-key": ["S" + f"G.{MIXED[:22]}.{MIXED[:43]}"],
    "mailgun-key": ["ke" + "y-" + HEX[:32]],
    "mailchimp-key": [HEX[:32] + "-u" + "s14"],
    "npm-token": ["np" + "m_" + MIXED[:36], "//registry.npmjs.org/:_auth" + f"Token={MIXED[:36]}"],
    "pypi-token": ["pypi-Ag" + "EI" + MIXED[:70]],
    "rubygems-key": ["ruby" + "gems_" + HEX[:48]],
    "docker-hub-token": ["dckr_" + "pat_" + MIXED[:27]],
    "heroku-key": [
        "HR" + "KU-" + MIXED[:36],
        "her" + f"oku_key={HEX[:8]}-{HEX[8:12]}-{HEX[12:16]}-{HEX[16:20]}-{HEX[20:32]}",
    ],
    "digitalocean-token": ["dop" + "_v1_" + HEX],
    "datadog-key": ["DD_API" + f"_KEY={HEX[:32]}"],
    "new-relic-key": ["NR" + "AK-" + UPPER[:27], HEX[:36] + "NR" + "AL"],
    "grafana-token": ["gls" + f"a_{MIXED[:32]}_{HEX[:8]}"],
    "sentry-token": ["sntr" + "ys_" + MIXED[:90]],
    "vault-token": ["hv" + "s." + MIXED[:40]],
    "terraform-cloud-token": [MIXED[:14] + ".atlas" + "v1." + MIXED[:64]],
    "databricks-token": ["da" + "pi" + HEX[:32]],
    "atlassian-token": ["ATAT" + "T3" + MIXED[:180]],
    "postman-key": ["PMA" + f"K-{HEX[:24]}-{HEX[:34]}"],
    "linear-key": ["lin_" + "api_" + MIXED[:40]],
    "doppler-token": ["dp." + "pt." + MIXED[:43]],
    "openai-key": ["sk-" + "proj-" + MIXED[:48], "sk-" + MIXED[:20] + "T3Blbk" + "FJ" + MIXED[:20]],
    "anthropic-key": ["sk-" + "ant-api03-" + MIXED[:90]],
    "huggingface-token": ["h" + "f_" + "".join(c for c in MIXED if c.isalpha())[:34]],
    "age-key": ["AGE-SECRET-" + "KEY-1" + (UPPER * 2)[:58]],
    "json-web-token": ["x = 'ey" + f"J{MIXED[:30]}.ey" + f"J{MIXED[:40]}.{MIXED[:43]}'"],
    "authorization-header": ["Authori" + f"zation: Bearer {MIXED[:40]}", '"authori' + f'zation": "Basic {MIXED[:24]}"'],
    "session-cookie": ["Coo" + f"kie: sessionid={MIXED[:32]}"],
    "private-key": [
        _pem("RSA PRIVATE"),
        _pem("PRIVATE"),
        'key = "' + _pem("EC PRIVATE").replace("\n", "\\n") + '"',
        "  tls.key: " + base64.b64encode(_pem("RSA PRIVATE").encode()).decode(),
    ],
    "dsn-password": ["postgres" + "://app:k3Jx9QwzLm@db.internal.acme.com/app", "mongodb+srv" + "://u:Zk2Wm9Xc4V@c0.acme.net"],
    "basic-auth-url": ["https" + "://bot:Zk2Wm9Xc4Vb8@git.acme.com/a.git"],
    "assigned-secret": [
        "db_pass" + "word = 'Tr0ub4dor&3'",
        '"clientSec' + f'ret": "{MIXED[:24]}"',
        "const api" + f"Key: string = `{MIXED[:32]}`;",
        "os.environ.get('SECRET_" + f"KEY', '{MIXED[:50]}')",
        "if tok" + f"en == '{MIXED[:20]}':",
    ],
    "environment-secret": [
        "export DB_PASS" + "WORD=Tr0ub4dor_3",
        "  jwtSec" + f"ret: {MIXED[:24]}",
        "- API_" + f"TOKEN={MIXED[:24]}",
    ],
}  # fmt: skip
for shape in SHAPES:
    SAMPLES.setdefault(shape.kind, []).append(made(shape.text.decode(), Random(shape.source)).text)

PLACEHOLDERS = [
    "AKIAIOSFODNN7" + "EXAMPLE",
    "aws_secret_access_" + "key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
    "password = 'changeme'",
    "PASSWORD=<your-password>",
    "password: ${DB_PASSWORD}",
    "password: {{ .Values.db.password }}",
    "token = 'xxxxxxxxxxxxxxxxxxxxxxxx'",
    "api_key = '00000000000000000000000000000000'",
    "secret = os.environ['SECRET']",
    "const token = process.env.TOKEN",
    "token: ${{ secrets.DEPLOY_TOKEN }}",
    "password = generate_password(32)",
    "password = get_secret('db/password')",
    "password: str = ''",
    "password = request.form['password']",
    "<input type='password' name='password'>",
    "PASSWORD_RESET_URL = '/account/password/reset-v2'",
    "throw new Error('Invalid token: expected 3 parts')",
    "POSTGRES_PASSWORD: postgres",
    "postgres" + "://postgres:postgres@localhost:5432/app",
    "redis" + "://:devpass1@redis:6379",
    "https" + "://user:password@example.com/x",
    "-----BEGIN RSA PRIVATE " + "KEY-----\n...\n-----END RSA PRIVATE KEY-----",
    "AUTH_TOKEN_ALGORITHM = 'RS256-with-sha256'",
    "csrf_token = 'q7Zk2Wm9Xc4Vb8Nt5Rj1Hg6F'",
    "secretName: db-credentials-2",
    "max_tokens = 128000",
    "token_pattern = r'[A-Za-z0-9]{32}'",
    "tokenizer: 'BPE-32k-v2-lowercase'",
    "passwordHash: '$2b$12$abcdefghijklmnopqrstuv'",
    "match '/set_password' => 'login#set_password'",
    '"password": "Contraseña"',
    '"password": "Jelszó"',
    "SECRET_VALUE = 'c29tZSBsb25nIHdvcmRz'  # some long words",
]


class TestFind:
    def test_every_kind_has_a_sample(self):
        """
        No shape goes in without a sample of it here.
        """
        assert sorted(SAMPLES) == sorted(KINDS)

    @pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAMPLES.items() for text in texts])
    def test_finds_each_kind(self, kind, text):
        """
        Each kind is found between other lines, and the cheap test does not rule it out.
        """
        data = f"# first\n{text}\n# last\n".encode()

        assert kind in [match.kind for match in find(data)]
        assert looks_secret(data)

    @pytest.mark.parametrize("text", [*PLACEHOLDERS, '("password", "mysql_native_password", "caching_sha2_password")'])
    def test_placeholders_are_no_credentials(self, text):
        """
        What stands in for a credential, or is computed, is not one.
        """
        assert [] == find(f"x\n{text}\ny\n".encode())

    def test_a_credential_is_told_once(self):
        """
        A token given to a name is the token, not the assignment too.
        """
        assert ["github-token"] == [m.kind for m in find(f"api_{'token'} = '{SAMPLES['github-token'][0]}'".encode())]

    def test_fingerprint_of_a_chosen_password_is_short(self):
        """
        A digest that would let a password be guessed is not kept.
        """
        token, password = (SAMPLES[kind][0].encode() for kind in ("github-token", "assigned-secret"))

        assert 16 == len(fingerprint(find(token)[0], token))
        assert 4 == len(fingerprint(find(password)[0], password))

    @pytest.mark.parametrize(
        "unit",
        ["token=", "password: '", "eyJaaaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "://a:b", "cookie: ", "secret"],
    )
    def test_work_grows_with_size_only(self, unit):
        """
        A hostile line of a megabyte takes a moment, not minutes.
        """
        data = (unit * (1_000_000 // len(unit))).encode()
        started = time.process_time()
        find(data)
        redact(data.decode())

        assert time.process_time() - started < 10


class TestRedact:
    @pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAMPLES.items() for text in texts])
    def test_withholds_each_kind(self, kind, text):
        """
        Nothing that is found survives redaction, the rest of the line does, and doing it twice changes nothing.
        """
        match = find(text.encode())[0]
        secret = text.encode()[match.start : match.end].decode()
        redacted = redact(f"before {text} after" if kind != "environment-secret" else text)

        assert secret not in redacted
        assert f"[withheld {match.kind}, {len(secret)} characters]" in redacted
        assert redacted == redact(redacted)

    @pytest.mark.parametrize("text", ["password = 'changeme'", "DB_PASSWORD=postgres", "login(token='abc')"])
    def test_errs_towards_withholding(self, text):
        """
        A weak or sample password is withheld too.
        """
        assert "[withheld" in redact(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Deployment web has no readiness probe",
            "password = request.form['password']",
            "token: str | None = None",
            "image: nginx@sha256:" + HEX,
            "key = os.environ['API_KEY']",
        ],
    )
    def test_leaves_the_rest_alone(self, text):
        """
        Evidence stays verbatim where there is nothing to withhold.
        """
        assert text == redact(text)

    def test_lines_of_a_key_without_its_head(self):
        """
        The middle of a private key is withheld as well, and a lone end takes everything before it along.
        """
        body = _pem("RSA PRIVATE").split("\n", 1)[1]

        assert MIXED[5:60] not in redact(body)
        assert MIXED[5:60] not in redact(MIXED[5:69])
        assert MIXED[5:60] not in redact(_pem("RSA PRIVATE")[:90])
