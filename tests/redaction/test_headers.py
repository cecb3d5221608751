"""Checks that headers lose their credentials wherever they are written, and nothing else."""

from __future__ import annotations

import pytest

from orchestrator.redaction import redact, redacted

SECRET = "q7Zk2Wm9Xc4Vb8"
WRITTEN = [
    f"Authorization: Bearer {SECRET}",
    f"authorization: token {SECRET}",
    f"Authorization: {SECRET}",
    f"Proxy-Authorization: Basic {SECRET}==",
    f'Authorization: Digest username="ann", response="{SECRET}", nonce="{SECRET}"',
    f"Authorization: AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature={SECRET}",
    f"curl -H 'Authorization: Bearer {SECRET}' https://x",
    f"curl -s -u ann:{SECRET} https://x",
    f"curl --cookie sid={SECRET} https://x",
    f'{{"Authorization": "Basic {SECRET}"}}',
    f"requests.get(u, headers={{'X-Api-Key': '{SECRET}'}})",
    f"> X-Auth-Token: {SECRET}",
    f"PRIVATE-TOKEN: {SECRET}",
    f"Ocp-Apim-Subscription-Key: {SECRET}",
    f"Cookie: theme=dark; sid={SECRET}; b=1",
    f"Set-Cookie: sid={SECRET}; Path=/; HttpOnly",
]
READABLE = [
    "Authorization: Bearer ${token}",
    "Authorization: Bearer <token>",
    "authorization: Basic authentication is required",
    "authorization: enabled",
    "headers['Authorization'] = f\"Bearer {token}\"",
    "cookie: { secure: true, maxAge: 60000 }",
    "Set-Cookie: Path=/account/orders; SameSite=Strict; Domain=shop.acme.com",
    "res.cookie('sid', id, { httpOnly: true })",
    "X-Api-Key: {{ .Values.apiKey }}",
    "curl -u $USER:$PASS https://x",
]


class TestHeaders:
    @pytest.mark.parametrize("text", WRITTEN)
    def test_values_are_withheld(self, text):
        """
        In a dump, a command, code or JSON; what stands around the value stays, and doing it twice changes nothing.
        """
        said = redact(f"GET / HTTP/1.1\n{text}\nHost: x\n")

        assert SECRET not in said
        assert "[withheld " in said
        assert said.startswith("GET / HTTP/1.1\n")
        assert said.endswith("\nHost: x\n")
        assert said == redact(said)

    def test_attributes_of_a_cookie_are_evidence(self):
        """
        Whether it is Secure and HttpOnly is still seen.
        """
        assert "Set-Cookie: sid=[withheld session-cookie, 14 characters]; Path=/; HttpOnly; Secure" == redact(
            f"Set-Cookie: sid={SECRET}; Path=/; HttpOnly; Secure"
        )

    @pytest.mark.parametrize("text", READABLE)
    def test_what_holds_no_value_stays(self, text):
        """
        Templates, words and settings are evidence.
        """
        assert text == redact(text)

    @pytest.mark.parametrize(
        "value",
        [
            {"headers": {"Authorization": f"Bearer {SECRET}"}},
            {"headers": [["cookie", f"sid={SECRET}"]]},
            {"headers": [{"name": "X-Api-Key", "value": SECRET}]},
            {f"Authorization: Bearer {SECRET}": 1},
        ],
    )
    def test_in_values(self, value):
        """
        A header is told by the key, the pair or the name that its value is given to.
        """
        said = str(redacted(value))

        assert SECRET not in said
        assert "[withheld " in said


class TestWithinAHeader:
    def test_a_token_inside_leaves_nothing_of_the_rest(self):
        """
        What stands around a token in a header's parameters is withheld with it, as what it is.
        """
        token = "gh" + "p_" + "q7Zk2Wm9Xc4Vb8Nt5Rj1Hg6Fd3Ls0PyTuEaQ"
        said = redact(f'Authorization: Digest username="bobby", response="abcdef1234zz", x={token}, y=secretvalue1')

        assert (
            "Authorization: Digest [withheld authorization-header, 45 characters][withheld github-token, 40 characters]"
            "[withheld authorization-header, 16 characters]" == said
        )

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("Authorization: Authorization: s3cretvalue12", "s3cretvalue12"),
            ("Cookie: a=Cookie: b=s3cretvalue12", "s3cretvalue12"),
            ("Cookie: a=bcdefgh1; Authorization: Bearer s3cretvalue12", "s3cretvalue12"),
            ("1Ocp-Apim-Subscription-Key: s3cretvalue12", "s3cretvalue12"),
            ("x-my-authorization-token: s3cretvalue12", "s3cretvalue12"),
        ],
    )
    def test_a_header_in_the_value_of_another(self, text, left):
        """
        One that begins where another's value ends is a header still.
        """
        assert left not in redact(text)
