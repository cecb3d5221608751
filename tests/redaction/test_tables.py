"""Rows of the tables that say what is secret: a document, a line or an address for each."""

from __future__ import annotations

import json

import pytest

from orchestrator.redaction import redact, redacted, told
from orchestrator.redaction._structure import may_tell
from orchestrator.redaction._weighing import is_sample
from tests.journal.matrix import P

ATTRIBUTES = """
    aws_ssm_parameter value value_wo insecure_value
    aws_secretsmanager_secret_version secret_string secret_binary secret_string_wo
    azurerm_key_vault_secret value value_wo
    google_secret_manager_secret_version secret_data secret_data_wo
    random_password result bcrypt_hash
    random_string result
    tls_private_key private_key_pem private_key_openssh private_key_pem_pkcs8
    kubernetes_secret data binary_data
    kubernetes_secret_v1 data binary_data
    vault_generic_secret data_json
    vault_kv_secret data_json
    vault_kv_secret_v2 data_json
    github_actions_secret plaintext_value
    github_actions_organization_secret plaintext_value
    github_dependabot_secret plaintext_value
    gitlab_project_variable value
    gitlab_group_variable value
    tfe_variable value
    set_sensitive value
    heroku_config sensitive_vars
    AWS::SSM::Parameter Value
    AWS::SecretsManager::Secret SecretString
    Microsoft.KeyVault/vaults/secrets value
"""
CASES = [(row.split()[0], name) for row in ATTRIBUTES.strip().splitlines() for name in row.split()[1:]]
MARKS = ("sensitive", "Sensitive", "NoEcho", "secure", "isSecret", "secret", "masked", "isSensitive")
NAMED_BY = (
    "name",
    "Name",
    "key",
    "Key",
    "variable",
    "ParameterKey",
    "parameterKey",
    "variable_name",
    "id",
    "OptionName",
)
HELD_IN = """
    value Value default Default defaultValue parameterValue ParameterValue plaintext_value plaintextValue stringValue
    example
"""
ROLES = """
    abuse accounts admin alert alerting alerts api app bar billing bot build builds ci compliance conduct contact cs
    data
    deploy dev developer developers devnull devops dpo email engineering example feedback finance foo git hello help
    helpdesk hi hostmaster hr incident incidents info infra infrastructure it jobs legal list mail mailer maintainer
    maintainers marketing me monitoring name news newsletter no noc noreply notification notifications office oncall
    open
    opensource ops owner owners platform postmaster press privacy production project release releases reply report
    reports
    robot root sales sec secops security service services someone sre staff status support svc sys sysadmin system
    systems
    team test tech tester user username web webmaster you your
"""
DEVELOPMENT = """
    password passwd pass secret token test testing admin root guest user demo dev postgres mysql redis rabbit rabbitmq
    mongo letmein none null foo bar baz hunter key value qwerty default pwd p@ssw0rd p@ssword api
"""
DOCUMENTS = """
    NoEcho:true stringData: aws_ssm_parameter AWS::SSM::Parameter {"auths":{}} {"sensitive":true} {"secure":true}
    {"masked":true} isSensitive random_string azurerm_key_vault Microsoft.KeyVault .dockercfg .netrc htpasswd authFile
    auth_file kubeconfig gitlab_project_variable gitlab_group_variable tfe_variable vault_generic_secret sensitive_vars
"""


@pytest.mark.parametrize(("kind", "attribute"), CASES)
def test_attributes_of_resources(kind: str, attribute: str) -> None:
    """
    What a cloud keeps secret is withheld by the type of its resource, whatever the attribute is called.
    """
    said = redacted({"resource": {kind: {"it": {attribute: "heron", "title": "stork"}}}})

    assert "heron" not in json.dumps(said)
    assert "stork" in json.dumps(said)
    assert [(attribute, "heron")] == list(told({"Type": kind, "Properties": {attribute: "heron"}}))


@pytest.mark.parametrize("mark", MARKS)
def test_marks(mark: str) -> None:
    """
    An entry that is marked as secret is, and one that is marked as none is not.
    """
    assert "heron" not in json.dumps(redacted({"label": "a", "value": "heron", mark: True}))
    assert "heron" in json.dumps(redacted({"label": "a", "value": "heron", mark: False}))


@pytest.mark.parametrize("named_by", NAMED_BY)
@pytest.mark.parametrize("held_in", HELD_IN.split())
def test_entries(named_by: str, held_in: str) -> None:
    """
    In a list of names and values it is the name beside a value that tells.
    """
    assert "heron" not in json.dumps(redacted({named_by: f"DB_{P.upper()}", held_in: "heron"}))
    assert "heron" in json.dumps(redacted({named_by: "DB_HOST", held_in: "heron"}))


@pytest.mark.parametrize("role", ROLES.split())
def test_addresses_of_roles(role: str) -> None:
    """
    An address that a role reads is nobody's own.
    """
    said = f"write to {role}@acme.com or eu-{role}@acme.com"

    assert said == redact(said)


@pytest.mark.parametrize("word", DEVELOPMENT.split())
def test_passwords_of_everybody(word: str) -> None:
    """
    What everybody's development machine uses is nobody's secret, with an exclamation mark and a number too.
    """
    assert is_sample(f"{word.title()}_123!".encode())


@pytest.mark.parametrize("text", DOCUMENTS.split())
def test_documents_that_may_tell(text: str) -> None:
    """
    A document is looked into as soon as one of these words stands in it.
    """
    assert may_tell(text.encode())


def test_documents_that_cannot_tell() -> None:
    """
    Most documents are not looked into.
    """
    assert not may_tell(b"kind: Deployment\nspec: {replicas: 3}\n")
