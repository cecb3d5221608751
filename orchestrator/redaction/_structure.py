"""Tells which values of a document are secret: by its kind, its names and its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import ahocorasick_rs

from ._inline import WORDS as NAME_WORDS
from ._names import refers, stands_in, telling

_VALUES = frozenset((
    *("value", "Value", "default", "Default", "defaultValue", "parameterValue", "ParameterValue"),
    *("plaintext_value", "plaintextValue", "stringValue", "example"),
))  # fmt: skip
_NAMES = ("name", "Name", "key", "Key", "variable", "ParameterKey", "parameterKey", "variable_name", "id", "OptionName")
_MARKS = ("sensitive", "Sensitive", "NoEcho", "secure", "isSecret", "secret", "masked", "isSensitive")
WORDS = (
    *("noecho", "stringdata", "ssm_parameter", "ssm::parameter", '"auths"', '"sensitive":', '"secure":', '"masked":'),
    *(
        "issensitive",
        "random_string",
        "key_vault",
        "keyvault",
        "dockercfg",
        "netrc",
        "htpasswd",
        "authfile",
        "auth_file",
    ),
    *(
        "kubeconfig",
        "project_variable",
        "group_variable",
        "tfe_variable",
        "generic_secret",
        "sensitive_vars",
        "sensitive ",
    ),
)
"""Where none of these and no name that tells is in a document's lower-cased text, nothing in it is secret."""
_AUTHS = frozenset(["auth", "password", "identitytoken", "registrytoken"])
_OF_TYPE: dict[str, frozenset[str]] = {
    "aws_ssm_parameter": frozenset({"value", "value_wo", "insecure_value"}),
    "aws_secretsmanager_secret_version": frozenset({"secret_string", "secret_binary", "secret_string_wo"}),
    "azurerm_key_vault_secret": frozenset({"value", "value_wo"}),
    "google_secret_manager_secret_version": frozenset({"secret_data", "secret_data_wo"}),
    "random_password": frozenset({"result", "bcrypt_hash"}),
    "random_string": frozenset({"result"}),
    "tls_private_key": frozenset({"private_key_pem", "private_key_openssh", "private_key_pem_pkcs8"}),
    "kubernetes_secret": frozenset({"data", "binary_data"}),
    "kubernetes_secret_v1": frozenset({"data", "binary_data"}),
    "vault_generic_secret": frozenset({"data_json"}),
    "vault_kv_secret": frozenset({"data_json"}),
    "vault_kv_secret_v2": frozenset({"data_json"}),
    "github_actions_secret": frozenset({"plaintext_value"}),
    "github_actions_organization_secret": frozenset({"plaintext_value"}),
    "github_dependabot_secret": frozenset({"plaintext_value"}),
    "gitlab_project_variable": frozenset({"value"}),
    "gitlab_group_variable": frozenset({"value"}),
    "tfe_variable": frozenset({"value"}),
    "set_sensitive": frozenset({"value"}),
    "heroku_config": frozenset({"sensitive_vars"}),
    "AWS::SSM::Parameter": frozenset({"Value"}),
    "AWS::SecretsManager::Secret": frozenset({"SecretString"}),
    "Microsoft.KeyVault/vaults/secrets": frozenset({"value"}),
}
"""Which attributes of a cloud resource hold a secret, whatever they are called."""
_OF_BLOCK = {"variable": frozenset({"default"}), "output": frozenset({"value"})}
_WHOLE = re.compile(r"\.docker(?:configjson|cfg)$|(?:^|[_.])netrc$|^htpasswd$|^auth_?file$|kubeconfig$", re.IGNORECASE)
_PLAIN = re.compile(r"[\w./ -]{1,120}")
_ENCRYPTED = frozenset({"SealedSecret"})
_COUNTED = re.compile(r"pass(?:word|wd|phrase|code)|pwd|pin$", re.IGNORECASE)
"""Names whose value is a secret also where it is written as a number."""


_AUTOMATON = ahocorasick_rs.BytesAhoCorasick([word.encode() for word in (*WORDS, *NAME_WORDS)])


def may_tell(data: bytes) -> bool:
    """Whether a document may say of anything that it is secret; quick, and never wrong when it says no."""
    return bool(_AUTOMATON.find_matches_as_indexes(data.lower()))


_SHAPED = ahocorasick_rs.BytesAhoCorasick([word.encode() for word in WORDS])
_SECRET = re.compile(
    rb"""kind["']?[ \t]{0,8}:[ \t]{0,8}["']?Secret\b|secret_version|Vault/vaults/secrets|SecretsManager::"""
)


def structural(data: bytes) -> bool:
    """Whether a document may say by its structure alone, whatever its names, that something in it is secret."""
    if b"ecret" in data and _SECRET.search(data) is not None:  # of which each alternative has it
        return True
    return bool(_SHAPED.find_matches_as_indexes(data.lower()))


class Rule(NamedTuple):
    """Which entries of mappings below hold secrets, and how many mappings deep that goes."""

    names: frozenset[str] = frozenset()
    depth: int = 0


NO_RULE, NOT_LOOKED_INTO = Rule(), Rule(depth=-1)


class Told(NamedTuple):
    """A value that a document says is secret."""

    name: str
    value: str


def hidden(mapping: Mapping[Any, Any], rule: Rule = NO_RULE) -> frozenset[Any]:
    """The keys of *mapping* below which every value is secret, references apart."""
    if rule is NOT_LOOKED_INTO:
        return frozenset()
    found = {key for key in mapping if key in rule.names} if rule.names else set()
    kind = mapping.get("kind")
    if "stringData" in mapping or (kind == "Secret" and "data" in mapping):
        found |= {"data", "stringData"} & mapping.keys()
    if isinstance(kind, str) and kind in _ENCRYPTED:
        return frozenset()
    values = _VALUES & mapping.keys()
    if values:
        named = any(_is_named(mapping[key]) for key in _NAMES if key in mapping)
        if named or any(str(mapping.get(mark)).lower() == "true" for mark in _MARKS if mark in mapping):
            found |= {key for key in values if not (isinstance(mapping[key], str) and stands_in(mapping[key]))}
    for key, item in mapping.items():
        if isinstance(item, str):
            if isinstance(key, str) and _tells(key) and not stands_in(item):
                found.add(key)
        elif isinstance(item, int | float) and not isinstance(item, bool):
            if isinstance(key, str) and abs(item) > 999 and _COUNTED.search(key) and _is_named(key) and "/" not in key:
                found.add(key)
        elif isinstance(item, list) and isinstance(key, str) and telling(key) and _are_texts(item):
            found.add(key)
    return frozenset(found)


@lru_cache(maxsize=8_192)
def _tells(key: str) -> bool:
    """Whether what stands under *key* is a secret as a whole; the same keys stand in document after document."""
    return telling(key) or _WHOLE.search(key) is not None


def below(mapping: Mapping[Any, Any], key: Any, rule: Rule = NO_RULE) -> Rule:
    """The rule for what lies under *key* of *mapping*."""
    said = mapping.get("kind")
    if rule is NOT_LOOKED_INTO or (isinstance(said, str) and said in _ENCRYPTED):
        return NOT_LOOKED_INTO
    if key == "auths":
        return Rule(_AUTHS, 2)
    if isinstance(key, str):
        if key in _OF_TYPE:
            return Rule(_OF_TYPE[key], 2)
        if telling(key):
            return Rule(_VALUES, 1)
    if key in ("Properties", "properties", "body", "attributes", "instances", "values"):
        kind = mapping.get("Type") or mapping.get("type")
        if isinstance(kind, str) and kind in _OF_TYPE:
            return Rule(_OF_TYPE[kind], 2)
        block = mapping.get("block")
        if isinstance(block, str) and block in _OF_BLOCK:
            body, label = mapping.get("body"), mapping.get("label")
            marked = isinstance(body, dict) and str(body.get("sensitive")).lower() == "true"
            if marked or (isinstance(label, str) and telling(label)):
                return Rule(_OF_BLOCK[block], 1)
    return Rule(rule.names, rule.depth - 1) if rule.depth > 1 else NO_RULE


def _are_texts(items: list[Any]) -> bool:
    return all(isinstance(item, str) for item in items)


def _is_named(name: object) -> bool:
    return isinstance(name, str) and _PLAIN.fullmatch(name) is not None and telling(name)


def told(body: Any) -> Iterator[Told]:
    """Every value that *body* says is secret, references apart; without recursion, however deep it is."""
    todo: list[tuple[Any, Rule, str | None]] = [(body, NO_RULE, None)]
    while todo:
        value, rule, name = todo.pop()
        if isinstance(value, dict):
            keys = hidden(value, rule) if name is None else ()
            for key, item in value.items():
                said = str(key) if name is not None or key in keys else None
                todo.append((item, below(value, key, rule) if isinstance(item, dict | list) else NO_RULE, said))
        elif isinstance(value, list):
            todo.extend((item, rule, name) for item in value)
        elif name is not None and isinstance(value, str | int | float) and not isinstance(value, bool):
            text = str(value)
            if text.strip() and not refers(text):
                yield Told(name, text)
