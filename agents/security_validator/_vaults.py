"""Lists where a release keeps its secrets, and what is shown of each: that it is encrypted, that reads are recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from orchestrator import Block, Code, Infrastructure, Kubernetes, Signal, Source, Typed, as_flag

from .rotation import SECRETS

_APPS = Typed("resources/container-apps")
_CLUSTERS = Typed("resources/sealed-clusters")
_PARAMETERS = Typed("resources/parameters")
_TRAILS = Typed("resources/audit-trails")
_VAULTS = Typed("resources/vaults")
HASHICORP = Signal(
    id="security.hashicorp-vault",
    pattern=r"\bvault\s+(?:secrets\s+enable|server\b|kv\s+(?:get|put)|read\s)|\bVAULT_ADDR\b|\bhvac\.|"
    r"^storage\s+\"(?:raft|consul|file)\"|"
    r"\{\{-?\s*with\s+secret\s+\\?\"|vault\.hashicorp\.com/agent-inject|hashicorp/vault-action|spring\.cloud\.vault|"
    r"\bVaultClientSettings\b|"
    r"\"github\.com/hashicorp/vault/api\"",
    roles=("source", "config", "infra", "ci"),
)
AUDIT_ENABLED = Signal(
    id="security.vault-audit-enabled",
    pattern=r"\bvault\s+audit\s+enable\b|^audit\s+\"",
    roles=("source", "config", "infra", "ci"),
)
AUDIT_DISABLED = Signal(
    id="security.vault-audit-disabled",
    pattern=r"\bvault\s+audit\s+disable\b",
    roles=("source", "config", "infra", "ci"),
)
GOOGLE = Signal(
    id="security.google-secrets",
    pattern=r"\bgcloud\W{1,6}secrets\W{1,6}versions\b|SecretManagerServiceClient|@google-cloud/secret-manager|"
    r"projects/[^/\s]{1,80}/secrets/",
    roles=("source", "config", "infra", "ci"),
)
AZURE = Signal(
    id="security.azure-secrets",
    pattern=r"\bazure\.keyvault\b|Azure\.Security\.KeyVault|@azure/keyvault-secrets|AddAzureKeyVault\(|"
    r"@Microsoft\.KeyVault\(|az keyvault secret",
    roles=("source", "config", "infra", "ci"),
)
AMAZON = Signal(
    id="security.amazon-secrets",
    pattern=r"client\([\"']secretsmanager[\"']|SecretsManagerClient|GetSecretValue|secretsmanager:GetSecretValue|"
    r"\bsecretsmanager\.amazonaws",
    roles=("source", "config", "infra", "ci"),
)
VAULT_IN_CLEAR = Signal(
    id="security.vault-in-clear",
    pattern=r"\bVAULT_ADDR\b[\"']?\s*[:=]\s*[\"']?http://(?!localhost|127\.)|^tls_disable\s*=\s*[\"']?(?:1|true)\b|"
    r"vault\W{1,3}(?:address|server|uri|url)[\"']?\s*[:=]\s*[\"']?http://(?!localhost|127\.)|"
    r"--set\s+server\.extraArgs=-dev|\bvault\s+server\s+-dev\b",
    roles=("source", "config", "infra", "ci"),
)
READS = (HASHICORP, AUDIT_ENABLED, AUDIT_DISABLED, GOOGLE, AZURE, AMAZON)


class Kept(NamedTuple):
    """One place that keeps secrets."""

    name: str
    at: Source
    holds: bool | None
    """What is asked of it: True where it is shown, False where the opposite is, None where neither is."""
    because: Source | None = None
    """Where that is said."""


def audited(infrastructure: Infrastructure, code: Code) -> list[Kept]:
    """Each kind of vault in use, and whether reads of its secrets are recorded."""
    return [
        *_amazon(infrastructure, code),
        *_google(infrastructure, code),
        *_azure(infrastructure, code),
        *_vault(infrastructure, code),
    ]


def _amazon(infrastructure: Infrastructure, code: Code) -> Iterator[Kept]:
    secrets = SECRETS.among(infrastructure, "secret")
    where = [s.at() for s in secrets] or list(code[AMAZON].places)
    if not where:
        return
    trails = [t for t in _TRAILS.among(infrastructure, "trail") if _TRAILS.tells(t, "everywhere")]
    off = [t for t in trails if _TRAILS.says(t, "runs").value is False]
    shown = [t for t in trails if _TRAILS.says(t, "everywhere").value is True and t not in off]
    writing = [t for t in shown if _records_writes_alone(t)]
    shown = [t for t in shown if t not in writing and not _passes_calls_over(t)]
    if shown and not off:
        yield Kept("AWS Secrets Manager", where[0], True, shown[0].at())
    elif off or writing:
        yield Kept("AWS Secrets Manager", where[0], False, (off or writing)[0].at())
    elif left := [t for t in trails if _passes_calls_over(t)]:
        yield Kept("AWS Secrets Manager", where[0], False, left[0].at())
    else:
        yield Kept("AWS Secrets Manager", where[0], None)


def _records_writes_alone(trail: Block) -> bool:
    """Whether a trail leaves out the calls that read, of which the reads of secrets are some."""
    kinds = [str(_TRAILS.within(trail, s, "selects") or "All") for s in _TRAILS.parts(trail, "selectors")]
    return bool(kinds) and all(kind == "WriteOnly" for kind in kinds)


def _passes_calls_over(trail: Block) -> bool:
    """Whether what a trail selects leaves out the calls that manage things, of which reads of secrets are some."""
    manages = [_TRAILS.within(trail, s, "manages") for s in _TRAILS.parts(trail, "selectors")]
    return bool(manages) and all(as_flag(value) is False for value in manages)


def _google(infrastructure: Infrastructure, code: Code) -> Iterator[Kept]:
    secrets = SECRETS.among(infrastructure, "dated")
    where = [s.at() for s in secrets] or list(code[GOOGLE].places)
    if not where:
        return
    rules = [
        (rule, part)
        for rule in _TRAILS.among(infrastructure, "reads")
        if _TRAILS.value(rule, "service") in ("secretmanager.googleapis.com", "allServices")
        for part in _TRAILS.parts(rule, "logs")
        if _TRAILS.within(rule, part, "what") == "DATA_READ"
    ]
    full = [rule for rule, part in rules if not _TRAILS.within(rule, part, "spared")]
    spared = [rule for rule, part in rules if _TRAILS.within(rule, part, "spared")]
    if full:
        yield Kept("Google's Secret Manager", where[0], True, full[0].at())
    else:
        yield Kept("Google's Secret Manager", where[0], None, spared[0].at() if spared else None)


def _azure(infrastructure: Infrastructure, code: Code) -> Iterator[Kept]:
    made = _VAULTS.among(infrastructure)
    read = [b for b in infrastructure.data if b in _VAULTS]
    named: dict[str, Block] = {}
    for vault in (*made, *read):
        named.setdefault(_name(vault), vault)
    settings = _TRAILS.among(infrastructure, "setting")
    for name, vault in named.items():
        same = [v for v in (*made, *read) if _name(v) == name]
        mine = [s for s in settings if any(_is_of(s, v) for v in same)]
        said = [(s, _keeps_reads(s)) for s in mine]
        shown = next((s for s, holds in said if holds), None)
        off = next((s for s, holds in said if holds is False), None)
        because = shown or off
        yield Kept(
            f"Key Vault {name}",
            vault.at(),
            True if shown else False if off else None,
            because.at() if because else None,
        )
    if not named and code[AZURE]:
        yield Kept("Key Vault", code[AZURE].first[0], None)


def _name(vault: Block) -> str:
    return str(_VAULTS.value(vault, "title") or vault.address)


def _is_of(setting: Block, vault: Block) -> bool:
    """Whether a diagnostic setting is one of *vault*: it names it in its own folder or file."""
    target = str(_TRAILS.value(setting, "of") or "")
    return (
        setting.scope == vault.scope and re.search(rf"(?<![\w-]){re.escape(vault.label)}(?![\w-])", target) is not None
    )


def _keeps_reads(setting: Block) -> bool | None:
    """Whether a diagnostic setting of a vault keeps who read what."""
    said: list[bool] = []
    for part in (*_TRAILS.parts(setting, "logs"), *_TRAILS.parts(setting, "older_logs")):
        kind = str(_TRAILS.within(setting, part, "what") or "")
        if kind.lower() in ("auditevent", "audit", "alllogs"):
            said.append(as_flag(_TRAILS.within(setting, part, "kept")) is not False)
    return any(said) if said else None


def _vault(infrastructure: Infrastructure, code: Code) -> Iterator[Kept]:
    mounts = infrastructure.of(
        "vault_mount", "vault_kv_secret_v2", "vault_kv_secret_backend_v2", "vault_generic_secret"
    )
    used, off = code[HASHICORP].places, code[AUDIT_DISABLED].places
    where = [m.at() for m in mounts] or list(used)
    if not where:
        return
    devices = [d.at() for d in _TRAILS.among(infrastructure, "device")] + list(code[AUDIT_ENABLED].places)
    if off:
        yield Kept("Vault", where[0], False, off[0])
    elif devices:
        yield Kept("Vault", where[0], True, devices[0])
    else:
        yield Kept("Vault", where[0], None)


def encrypted(infrastructure: Infrastructure, kubernetes: Kubernetes) -> list[Kept]:
    """Each place that keeps secrets as code of infrastructure declares it, and whether it encrypts them."""
    found: list[Kept] = []
    for secret in SECRETS.among(infrastructure, "secret"):
        found.append(Kept(secret.address, secret.at(), True if SECRETS.value(secret, "key") else None))
    for parameter in _PARAMETERS.among(infrastructure):
        if _PARAMETERS.value(parameter, "plain") == "SecureString":
            found.append(Kept(parameter.address, _PARAMETERS.place(parameter, "plain"), True))
    for secret in SECRETS.among(infrastructure, "dated"):
        keyed = "kms_key_name" in str(secret.body)
        found.append(Kept(secret.address, secret.at(), True if keyed else None))
    for vault in _VAULTS.among(infrastructure):
        found.append(Kept(vault.address, vault.at(), True))
    for cluster in _CLUSTERS.among(infrastructure):
        found.append(Kept(cluster.address, cluster.at(), _encrypts_secrets(cluster)))
    for store in kubernetes.of("SecretStore", "ClusterSecretStore"):
        server = store.get("spec", "provider", "vault", "server")
        if isinstance(server, str):
            plain = server.startswith("http://")
            holds = False if plain else True if server.startswith("https://") else None
            at = store.at("spec", "provider", "vault", "server")
            found.append(Kept(f"{store.kind} {store.resource}", at, holds, at))
    return found


def written_in_apps(infrastructure: Infrastructure) -> list[Source]:
    """Where a container app of Azure has a secret of its own with the value in place."""
    found: list[Source] = []
    for app in _APPS.among(infrastructure, "template"):
        for number, secret in enumerate(_APPS.parts(app, "secrets")):
            value = secret.get("value")
            if (
                isinstance(value, str)
                and len(value) >= 6
                and not value.startswith("[")
                and not _STANDS_IN.search(value)
            ):
                found.append(app.at(*_APPS.at(app, "secrets"), number))
    for app in _APPS.among(infrastructure, "configuration"):
        reference = re.compile(rf"{_REFERENCE.pattern}|{app.type.partition('_')[0]}_\w+\.", re.IGNORECASE)
        for secret in _APPS.parts(app, "secrets"):
            value = str(secret.get("value") or "")
            if len(value) >= 6 and re.fullmatch(r"[^\s${}()\[\]]+", value) and not reference.match(value):
                found.append(_APPS.place(app, "secrets"))
    return found


_STANDS_IN = re.compile(r"change[-_]?me|example|placeholder|replace|dummy|<.{1,60}>|^x+$|\$\{", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:var|local|data|module|random_\w+)\.|change[-_]?me|example|placeholder", re.IGNORECASE)


def _encrypts_secrets(cluster: Block) -> bool | None:
    """Whether a cluster keeps Kubernetes secrets under a key; where it says nothing, that cannot be told."""
    for part in cluster.nested("encryption_config"):
        if "secrets" in str(part.get("resources")) and part.get("provider"):
            return True
    for part in cluster.nested("database_encryption"):
        return part.get("state") == "ENCRYPTED"
    return True if cluster.nested("key_management_service") else None
