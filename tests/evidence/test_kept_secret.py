"""Asks each format what it says is secret, weak words and what is encoded included."""

from __future__ import annotations

import base64
import json

import pytest

from orchestrator.evidence.kept_secret import kept_secret, wanted
from orchestrator.evidence.tree import entry
from tests.journal.matrix import P, S, T


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


CONFIG = json.dumps({"auths": {"r.acme.io": {"auth": coded("bot:heron")}}})
CASES = {
    "k8s/a.yaml": f"kind: Secret\ndata:\n  a: {coded('heron')}\n",
    "k8s/b.yaml": f"kind: ConfigMap\n---\nkind: List\nitems:\n- kind: Secret\n  data: {{b: {coded('heron')}}}\n",
    "k8s/c.yaml": f"kind: Secret\ndata:\n  .dockerconfigjson: {coded(CONFIG)}\n",
    "k8s/d.json": json.dumps({"kind": "Secret", "stringData": {"a": "heron"}}),
    "chart/templates/a.yaml": "kind: Secret\ndata:\n  a: heron\n{{ if .Values.x }}\n  b: {{ .Values.x }}\n{{ end }}\n",
    "config.json": CONFIG,
    "main.tf": f'variable "db_{P}" {{\n  type = string\n  default = "heron"\n}}\n',
    "output.tf": 'output "a" {\n  sensitive = true\n  value = "heron"\n}\n',
    "ssm.tf": 'resource "aws_ssm_parameter" "a" {\n  value = "heron"\n}\n',
    "a.tfvars": f'db_{P} = "heron"\n',
    "a.tfstate": json.dumps({"outputs": {"a": {"value": "heron", "sensitive": True}}}),
    "cfn.yaml": "Parameters:\n  A:\n    NoEcho: true\n    Default: heron\n",
    "app.json": json.dumps({"env": {f"API_{T.upper()}": {"value": "heron"}}}),
    "web.config": f'<configuration><add key="Db{P.title()}" value="heron"/></configuration>',
    "settings.xml": f"<settings><server><{P}>heron</{P}></server></settings>",
    ".env": f'export DB_{P.upper()}="heron"\n',
    "app.properties": f"spring.datasource.{P} = heron\n",
    "home/.pgpass": "db:5432:app:app:heron\n",
}


class TestKeptSecret:
    @pytest.mark.parametrize("path", CASES)
    def test_told(self, path):
        """
        A format's secret is told with what it stands for.
        """
        assert wanted(entry(path, 1))
        assert "heron" in {value for _, value in kept_secret(path, CASES[path].encode(), set())}

    def test_a_variable_is_marked_elsewhere(self):
        """
        What a file of values gives a variable that another file marks as sensitive is secret, whatever it is called.
        """
        marked: set[str] = set()
        list(kept_secret("a.tf", b'variable "ledger" {\n  sensitive = true\n}\n', marked))

        assert {"ledger"} == marked
        assert {("ledger", "heron")} == set(kept_secret("a.tfvars", b'ledger = "heron"\nother = "x"\n', marked))

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("a.yaml", f"kind: SealedSecret\nspec:\n  encryptedData:\n    {P}: AgBy3i4OJSWK\n"),
            ("a.yaml", f"{P}: ENC[AES256_GCM,data:heron,type:str]\nsops: {{}}\n"),
            ("a.yaml", f"kind: Secret\ndata:\n  {P}: '{{{{ .Values.heron }}}}'\n"),
            ("a.tf", f'resource "a" "b" {{\n  {P} = random_{P}.a.result\n  {S}_name = "heron"\n}}\n'),
            ("a.env", f"DB_{P.upper()}=${{HERON}}\nDB_{P.upper()}_FILE=/run/heron\n"),
            ("a.yaml", "image: heron\nname: heron\n"),
        ],
    )
    def test_not_told(self, path, text):
        """
        Ciphertext, references, names and what nothing calls a secret are none.
        """
        assert [] == list(kept_secret(path, text.encode(), set()))

    def test_program_code_is_told_by_its_shapes(self):
        """
        An expression is not a value.
        """
        assert not wanted(entry("src/a.py", 1))
        assert not wanted(entry("src/a.go", 1))
