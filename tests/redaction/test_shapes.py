"""What looks like a credential in a record, and what only looks as if it did."""

from __future__ import annotations

import base64
import random

import pytest

from orchestrator.redaction import find, redact, redacted

PATHS = (
    "src/main/java/com/acme/shop/checkout/internal/payments/v2/adapters/StripePaymentGateway.java",
    "manifests/setup/0alertmanagerConfigCustomResourceDefinition/0alertmanagerConfig.yaml",
    "/spec/template/spec/containers/0/env/12/valueFrom/secretKeyRef/name/a/b/c/d/E/1",
    "frontend/src/app/Administration/UserManagement/Components/PasswordStrength2/Index",
    "petclinic/src/test/java/org/springframework/samples/petclinic/system/I18nPropertiesSyncTest",
)


class TestKeyMaterial:
    @pytest.mark.parametrize("path", PATHS)
    def test_no_path(self, path):
        """
        However long a path is, it is where its reader has to look.
        """
        assert path == redact(path)
        assert f"in {path}:4" == redact(f"in {path}:4")

    def test_every_line_of_a_key(self):
        """
        Lines of base64 are withheld, whatever the bytes: ten thousand of them.
        """
        chance = random.Random(5)
        lines = [base64.b64encode(chance.randbytes(48)).decode() for _ in range(10_000)]

        assert [] == [line for line in lines if line in redact(line)]


class TestPairs:
    @pytest.mark.parametrize(
        ("pair", "kinds"),
        [
            (b'("authtoken", "0004_alter_tokenproxy_options"),', []),
            (b'("authtoken", "0004_Alter_tokenproxy_opt8f"),', ["assigned-secret"]),
            (b'("authtoken", "0004_alter-tokenproxy_Opt8f"),', ["assigned-secret"]),
            (b'authtoken = "0004_alter_tokenproxy_options"', ["assigned-secret"]),
        ],
    )
    def test_migrations(self, pair, kinds):
        """
        The migration of an app that another one depends on is a number and words, and no credential.
        """
        assert kinds == [match.kind for match in find(pair)]


class TestGiven:
    @pytest.mark.parametrize(
        "text",
        [
            "DB_PASSWORD=Winter2024key",
            "export API_TOKEN=Tr0ub4dor_token",
            "ENV MAIL_PASSWORD=acme.prod.Mail77",
            "API_KEY=x9.k2Lq7PzT4.w8",
            "SECRET_KEY=supersecret",
            "password: supersecret",
            "password=${POSTGRES_PASS:petclinic}",
            'url: "${DB_PASSWORD:-hunter2go}"',
        ],
    )
    def test_withheld(self, text):
        """
        What an environment file or a default says is a literal, whatever it looks like.
        """
        assert "[withheld " in redact(text)
        for word in ("Winter", "Tr0ub", "Mail77", "k2Lq7", "supersecret", "petclinic", "hunter2"):
            assert word not in redact(text)

    @pytest.mark.parametrize(
        "text",
        [
            "query(`WHERE email = '${email}' AND password = '${hash(req.body.password || '')}'`)",
            'password: "${DB_PASSWORD}"',
            "token: {{ .Values.token }}",
            "password = user.password",
            "secret: client_secret",
            "password: string",
            "API_TOKEN=${TOKEN}",
            "PASSWORD_KEY=true",
            "TOKEN=${OTHER:?must be set}",
        ],
    )
    def test_shown(self, text):
        """
        A reference, an expression and a type are evidence.
        """
        assert text == redact(text)


class TestMaps:
    @pytest.mark.parametrize("value", ["accounts-pwd", "Sunshine9", "Winter-Sun", "Blue7Horse", "supersecret"])
    def test_withheld(self, value):
        """
        A weak word is withheld by the name that a map gives it to, as it is in a line of text.
        """
        shapes = ({"POSTGRES_PASSWORD": value}, {"name": "DB_PASSWORD", "value": value}, {"a": [{"apiKey": value}]})

        assert [] == [shape for shape in shapes if value in str(redacted(shape))]

    @pytest.mark.parametrize(
        "shape",
        [
            {"secretName": "web-tls", "token": "string", "password": "${DB_PASSWORD}"},
            {"name": "TOKEN_URL", "value": "https://id.example/token"},
            {"secretKeyRef": {"name": "db", "key": "password"}},
            {"DB_PASSWORD": "__helm__", "API_TOKEN": "${aws_secret.db.arn}:password::", "pass_word": "changeme"},
            {"passwordPolicy": "strict-twelve", "tokens": 12, "tokenizer": "whitespace-7"},
        ],
    )
    def test_shown(self, shape):
        """
        What is named after a credential and is none stays.
        """
        assert shape == redacted(shape)
