"""Finds credentials that a deployment writes out: in Secrets, ConfigMaps and environments."""

from __future__ import annotations

import base64
import re
from collections.abc import Container, Iterator

from orchestrator import Code, Kubernetes, Places, Resource, Signal, Source, together

from ._lines import at_work, production

Keys = tuple[str | int, ...]

PLAIN_PASSWORD = Signal(
    id="security.plain-password",
    pattern=r"^(?:-\s+)?(?:export\s+)?[\"']?(?-i:(?!AWS_)[A-Z][A-Z0-9_]*_(?:PASSWORD|PASSWD|SECRET|SECRET_KEY|"
    r"SECRET_ACCESS_KEY))[\"']?"
    r"(?:=|:\s+)[\"']?(?!\S{0,40}(?:replace|change[-_]?me|example|placeholder|your[-_]))(?!true\b|false\b|yes\b|"
    r"no\b|null\b|none\b|\d+\b|/)[\w.!@#%^&*+-]{4,64}[\"']?\s*(?:#.*)?$",
    roles=("infra", "config"),
)
"""A setting of a deployment that gives a password a plain word, too weakly shaped to be a credential for sure."""
EVERYBODYS = Signal(
    id="security.everybodys-password",
    pattern=r"(?:password|passwd|passphrase|secret_?key\w{0,6}|auth_?token)[\"']?\s*[:=]\s*[\"']?"
    r"(?:change[-_]?(?:me|it)|admin|letmein|123456\d{0,4})[\"']?\s*(?:[,}#].*)?$",
    roles=("infra", "config"),
)
"""A setting of a deployment that has the word with which everybody begins."""
FALLBACK_KEY = Signal(
    id="security.fallback-key",
    pattern=r"(?:environ|getenv|env\b|ENV\b|config\()[^\n]{0,60}(?:secret_?key(?:_base)?|jwt_secret|"
    r"session_secret)[\"'\])]{0,4}\s?"
    r"(?:\bor\b|\|\||\?\?|,)\s?(?:default\s?=\s?)?[\"'](?=[^\"'\s]{8})[^\"'${}]{8,200}[\"']",
    roles=("source", "config"),
)
"""A key that signs sessions where the environment gives none: whoever reads the source has it."""
_SAMPLE = re.compile(r"(?:^|[/._-])(?:examples?|template|tmpl|tpl|skel)(?:[/._-]|$)|\.dist$", re.IGNORECASE)
SENSITIVE = re.compile(r"pass|secret|token|key|credential|dsn|url|conn|auth|private|cert", re.IGNORECASE)
_SURE = re.compile(
    r"passw(?:or)?d$|passphrase$|(?:^|[_.-])secret$|(?:secret|private|access|api)_?key$|token$", re.IGNORECASE
)
_CHOSEN = re.compile(r"pass", re.IGNORECASE)
_STAND_IN = re.compile(
    r"^$|change[-_ ]?me|example|placeholder|your[-_ ]|<.{1,80}>|\$[{(]|\{\{|__\w+__|replace|dummy|redacted|^x+$|"
    r"^ENC\[|^\$ANSIBLE_VAULT;|^-----BEGIN AGE ENCRYPTED",
    re.IGNORECASE,
)
_RUN = frozenset(
    {"DeploymentConfig", "Deployment", "StatefulSet", "DaemonSet", "Rollout", "ReplicaSet", "Job", "CronJob", "Pod"}
)
_SETTING = re.compile(
    r"true|false|yes|no|none|null|optional|required|\d{1,4}|/[\w./-]+|[\w-]+\.[\w.-]+\.\w+", re.IGNORECASE
)


def written_out(secret: Resource) -> list[tuple[str, str]]:
    """The keys under which a Secret holds a value of its own."""
    if secret.get("type") in ("kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"):
        return []
    return [
        (part, key)
        for part in ("stringData", "data")
        for key, value in secret.section(part).items()
        if isinstance(value, str)
        and len(value.strip()) >= (3 if _CHOSEN.search(key) else 6)
        and not _STAND_IN.search(value)
        and not (part == "data" and _STAND_IN.search(_decoded(value)))
        and SENSITIVE.search(key)
    ]


def _decoded(value: str) -> str:
    """What base64 stands for; the text itself where it is none."""
    try:
        return base64.b64decode(value[:4_000], validate=True).decode()
    except ValueError:
        return value


def plain(code: Code) -> Places:
    """Settings that give a password a plain word, and keys to fall back on; development, tests and samples left out."""
    found = together(*(production(code[signal]) for signal in (PLAIN_PASSWORD, EVERYBODYS, FALLBACK_KEY)))
    return found.under(lambda path: not _SAMPLE.search(path)).bare()


def in_place(kubernetes: Kubernetes, known: Container[Source]) -> list[tuple[Resource, Keys]]:
    """The places where objects not for development hold a password or key of their own, apart from *known* ones."""
    return [
        (resource, keys)
        for resource in kubernetes.written()
        if not at_work(resource.path)
        for keys in _of(resource)
        if resource.at(*keys) not in known
    ]


def _of(resource: Resource) -> Iterator[Keys]:
    if resource.kind == "Secret":
        yield from (keys for keys in written_out(resource) if _SURE.search(keys[1]))
    elif resource.kind == "ConfigMap":
        yield from (("data", k) for k, v in resource.section("data").items() if _chosen(k, v))
    elif resource.kind in _RUN:
        yield from (keys for keys, name, value in _variables(resource) if _chosen(name, value))


def handed_over(kubernetes: Kubernetes) -> list[Source]:
    """The places where a manifest gives a container a password or key, even a placeholder, not by way of a Secret."""
    return [
        resource.at(*keys)
        for resource in kubernetes.written(*_RUN)
        for keys, name, value in _variables(resource)
        if value and _SURE.search(name) and not _SETTING.fullmatch(value)
    ]


def _variables(resource: Resource) -> Iterator[tuple[Keys, str, str]]:
    """The variables of a workload's containers whose value stands in place, with the keys to each and its name."""
    for keys, container in resource.containers():
        variables = container.get("env")
        for number, variable in enumerate(variables if isinstance(variables, list) else []):
            if isinstance(variable, dict) and isinstance(variable.get("value"), str):
                yield (*keys, "env", number), str(variable.get("name")), variable["value"]


def _chosen(name: str, value: object) -> bool:
    """Whether *value* is a password that stands there as it is used."""
    return (
        isinstance(value, str)
        and 4 <= len(value) <= 200
        and " " not in value
        and _SURE.search(name) is not None
        and (_CHOSEN.search(name) is not None or (len(value) >= 12 and re.search(r"\d", value) is not None))
        and not _STAND_IN.search(value)
        and not _SETTING.fullmatch(value)
    )
